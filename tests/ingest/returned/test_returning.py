"""Faulty workbooks go back, and what comes in again is compared with them."""

import shutil
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.returned import returning
from pipeline.ingest.returned.copier import Outcome
from pipeline.ingest.returned.memory import MEMORY, Compared, Memory, read_memory
from pipeline.ingest.returned.orders import Order
from pipeline.ingest.returned.returning import write_returned
from tests.hand_made import Rows, write_xlsx

ROWS: Rows = (["编号", "真烟"], ["1", "约30"], ["2", 4], ["3", "许多"])


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "returned"


def sources(raw: Path) -> dict[str, Path]:
    return {path.relative_to(raw).as_posix(): path for path in sorted(raw.rglob("*")) if path.is_file()}


def names(out: Path) -> set[str]:
    return {path.name for path in out.iterdir()} - {MEMORY}


@pytest.mark.process
def test_only_workbooks_with_faults_go_back(issue, raw: Path, out: Path) -> None:
    for name in ("台账.xlsx", "好的.xlsx", "整份.xlsx"):
        write_xlsx(raw / name, {"台账": ROWS})
    whole_file = issue(None, sheet=None, file="整份.xlsx", code="duplicate_file")
    elsewhere = issue("B2", file="花名册")
    memory = write_returned(sources(raw), [issue("B2"), issue("B4"), whole_file, elsewhere], out)
    assert names(out) == {"台账.xlsx"}
    assert (memory.copies, memory.not_copied, memory.compared) == (1, (), ())
    assert read_memory(out) == memory
    marked = openpyxl.load_workbook(out / "台账.xlsx")["台账"]
    assert [cell.coordinate for row in marked for cell in row if cell.comment] == ["B2", "B4"]


def test_without_faults_the_folder_holds_the_memory_alone(raw: Path, out: Path) -> None:
    assert write_returned({}, [], out) == Memory()
    assert [path.name for path in out.iterdir()] == [MEMORY]


@pytest.mark.process
def test_a_resubmission_is_compared_and_a_mended_one_drops_out(issue, raw: Path, out: Path) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    write_returned(sources(raw), [issue("B2"), issue("B4", seen="许多")], out)
    book = openpyxl.load_workbook(out / "台账.xlsx")
    book["台账"]["B2"] = 30
    book["台账"].insert_rows(3)
    book["台账"]["B3"] = "新"
    book.save(raw / "台账.xlsx")

    memory = write_returned(sources(raw), [issue("B5", seen="许多"), issue("B3", seen="新")], out)
    assert memory.compared == (Compared("台账.xlsx", mended=1, still_open=1, new=1),)
    lines = openpyxl.load_workbook(out / "台账.xlsx")["问题清单"]
    assert [(row[2].value, row[7].value) for row in lines.iter_rows(min_row=4)] == [
        ("B5", "仍未改"),
        ("B3", "新发现"),
        ("B2", "已改"),
    ]

    write_xlsx(raw / "台账.xlsx", {"台账": [["编号", "真烟"], ["1", 30]]})
    memory = write_returned(sources(raw), [], out)
    assert memory == Memory((), (Compared("台账.xlsx", mended=2, still_open=0, new=0),))
    assert names(out) == set()


@pytest.mark.process
def test_the_same_file_again_changes_nothing(issue, raw: Path, out: Path) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    write_returned(sources(raw), [issue("B2")], out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    memory = write_returned(sources(raw), [issue("B2")], out)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert memory.compared == ()


@pytest.mark.process
def test_a_copy_put_in_place_of_an_xls_is_its_resubmission(issue, raw: Path, out: Path) -> None:
    (raw / "台账.csv").write_text("编号,真烟\n1,约30\n", encoding="utf-8")
    write_returned(sources(raw), [issue("B2", sheet="台账", file="台账.csv")], out)
    (raw / "台账.csv").unlink()
    shutil.copy(out / "台账.xlsx", raw / "补交.xlsx")
    memory = write_returned(sources(raw), [issue("B2", file="补交.xlsx")], out)
    assert memory.compared == (Compared("补交.xlsx", mended=0, still_open=1, new=0),)
    assert [file.path for file in memory.files] == ["补交.xlsx"]


@pytest.mark.process
def test_a_file_that_is_gone_is_not_mended(issue, raw: Path, out: Path) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    write_returned(sources(raw), [issue("B2")], out)
    absent = write_returned({}, [], out)
    assert absent.compared == (Compared("台账.xlsx", mended=0, still_open=1, new=0, is_absent=True),)
    assert (names(out), absent.copies, absent.not_copied) == (set(), 0, ())
    assert write_returned({}, [], out).compared == ()
    write_xlsx(raw / "台账.xlsx", {"台账": [["编号", "真烟"], ["1", 30]]})
    assert write_returned(sources(raw), [], out).compared == (Compared("台账.xlsx", 1, 0, 0),)


@pytest.mark.process
def test_what_others_put_there_stays(issue, raw: Path, out: Path) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    out.mkdir()
    (out / "台账.xlsx").write_text("别人的", encoding="utf-8")
    write_returned(sources(raw), [issue("B2")], out)
    assert names(out) == {"台账.xlsx", "台账_2.xlsx"}
    assert (out / "台账.xlsx").read_text(encoding="utf-8") == "别人的"
    (out / "台账_2.xlsx").write_text("正在改", encoding="utf-8")  # a copy that somebody works on
    write_returned(sources(raw), [issue("B2")], out)
    assert names(out) == {"台账.xlsx", "台账_2.xlsx", "台账_3.xlsx"}


@pytest.mark.process
def test_the_memory_of_another_folder_can_be_given(issue, raw: Path, out: Path, tmp_path: Path) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    last = write_returned(sources(raw), [issue("B2")], out)
    write_xlsx(raw / "台账.xlsx", {"台账": [*ROWS, ["4", 1]]})
    memory = write_returned(sources(raw), [issue("B2")], tmp_path / "new", last)
    assert memory.compared == (Compared("台账.xlsx", 0, 1, 0),)
    assert names(out) == {"台账.xlsx"}


class Failing:
    """A copier that can make copies in some ways only."""

    ways: tuple[str, ...] = ()
    otherwise: Outcome = "impossible"

    def __enter__(self) -> "Failing":
        return self

    def __exit__(self, *_error: object) -> None: ...

    def make(self, order: Order) -> Outcome:
        if order.way in self.ways:
            Path(order.target).write_bytes(b"x")
        return "made" if order.way in self.ways else self.otherwise


@pytest.mark.parametrize(
    ("ways", "copy"),
    [
        (("plain", "grid"), "台账.xlsx"),
        (("grid", "excerpt"), "台账.xlsx"),
        (("excerpt",), "台账（摘录）.xlsx"),
        ((), None),
    ],
)
def test_the_best_way_that_works_is_taken(
    issue, raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch, ways: tuple[str, ...], copy: str | None
) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    monkeypatch.setattr(Failing, "ways", ways)
    monkeypatch.setattr(returning, "Copier", Failing)
    memory = write_returned(sources(raw), [issue("B2")], out)
    assert [file.copy for file in memory.files] == [copy]
    assert memory.not_copied == (() if copy else ("台账.xlsx",))
    assert names(out) == ({copy} if copy else set())


def test_an_original_that_is_too_much_is_not_loaded_twice(
    issue, raw: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_xlsx(raw / "台账.xlsx", {"台账": ROWS})
    monkeypatch.setattr(Failing, "ways", ("plain", "excerpt"))
    monkeypatch.setattr(Failing, "otherwise", "exhausted")
    monkeypatch.setattr(returning, "Copier", Failing)
    memory = write_returned(sources(raw), [issue("B2")], out)
    assert [file.copy for file in memory.files] == ["台账（摘录）.xlsx"]
