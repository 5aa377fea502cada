"""Folders and single files: what is read, what is not, and that every row is accounted for."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingest import opening, reading
from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.checks import check_date_order
from pipeline.ingest.checking.coverage import list_coverage
from pipeline.ingest.checking.references import Membership, Names, resolve_names
from pipeline.ingest.files.grids import CellError
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.sheetrows import sheet_ledger
from pipeline.ingest.ledger import ROW_CLASSES
from pipeline.ingest.reading import check_paths
from pipeline.ingest.tables import build_tables
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, VOCABULARY, InProcessReader, Rows, make_grid, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
QUIZ: Rows = [["姓名", "得分", "用时", "提交时间"], ["路人", 95, "3分", None]]
POINTS: Rows = [["姓名", "落实决议/会议", "特色活动/活动", "合计", "名次"], ["路人", 6, 5, 11, 1]]


@pytest.fixture(autouse=True)
def no_child_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "Reader", InProcessReader)


def test_an_empty_folder_gives_every_table_without_rows(tmp_path: Path, read: Read) -> None:
    reading = read(tmp_path)
    assert set(reading.tables) == {name for name, table in CATALOG.tables.items() if table.stage == "input"} | {
        "printed_totals",
        "coverage",
    }
    assert all(frame.empty for frame in reading.tables.values())
    assert (reading.files, reading.issues) == ((), ())


@pytest.mark.parametrize("name", ["县局", "示例县局/a.txt"])
def test_a_bureau_that_is_no_folder_is_an_error_in_words(name: str, tmp_path: Path) -> None:
    (tmp_path / "示例县局").mkdir()
    (tmp_path / "示例县局" / "a.txt").write_text("", encoding="utf-8")
    with pytest.raises(NotADirectoryError, match="文件"):
        reading.read_bureau(tmp_path / name, CATALOG, load_texts("zh"))


def test_what_is_refused_or_skipped_is_in_the_ledger_with_its_reason(tmp_path: Path, read: Read) -> None:
    (write_bureau(tmp_path) / "空.xlsx").write_bytes(b"")
    (tmp_path / "说明.txt.bak").write_text("备份", encoding="utf-8")
    (tmp_path / ".hidden").write_text("x", encoding="utf-8")
    reading = read(tmp_path)
    found = {file.path: (file.status, file.reason) for file in reading.files}
    assert found["空.xlsx"][0] == "skipped"
    assert found["说明.txt.bak"][0] == "skipped"
    assert all(reason for status, reason in found.values() if status != "read")
    assert ".hidden" not in found


def test_check_takes_any_workbook(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "随便.xlsx", {"甲": [["随便什么"], [1, 2]], "乙": []})
    (file,), issues = check_paths([path], CATALOG, load_texts("zh"))
    assert (file.path, file.status, file.kind, issues) == ("随便.xlsx", "read", None, ())
    assert [(sheet.physical, sheet.unrecognised) for sheet in file.sheets] == [(2, 2), (0, 0)]


def test_check_knows_names_only_with_a_roster(tmp_path: Path) -> None:
    write_xlsx(tmp_path / "a" / "答题成绩_20190115.xlsx", {"甲": QUIZ})
    write_xlsx(tmp_path / "a" / "2019年1月积分表.xlsx", {"某某小组": POINTS})
    assert check_paths([tmp_path / "a"], CATALOG, load_texts("zh"))[1] == ()
    write_bureau(tmp_path / "a")
    _, issues = check_paths([tmp_path / "a"], CATALOG, load_texts("zh"))
    assert [issue.code for issue in issues] == ["context_missing", "unknown_member", "unknown_member"]


@pytest.mark.parametrize(
    ("name", "rows", "said"),
    [("2019年1月答题成绩", QUIZ, "要写到哪一天，如 2019-01-05；只写到月份不够。"), ("积分表", POINTS, "列。")],
)
def test_a_sheet_that_says_its_month_hears_that_a_day_is_needed(
    name: str, rows: Rows, said: str, tmp_path: Path
) -> None:
    path = write_xlsx(tmp_path / f"{name}.xlsx", {"甲": rows})
    messages = [issue.message for issue in check_paths([path], CATALOG, load_texts("zh"))[1]]
    assert messages
    assert all(message.endswith(said) for message in messages)


def test_check_without_a_roster_hears_a_title_that_names_a_group(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "2019年1月积分表.xlsx", {"Sheet1": [["营销管理党小组积分表"], *POINTS]})
    (file,), issues = check_paths([path], CATALOG, load_texts("zh"))
    assert ([issue.code for issue in issues], file.sheets[0].used) == ([], 1)


def test_paths_are_shown_as_given_when_there_are_several(tmp_path: Path) -> None:
    first, second = (write_xlsx(tmp_path / name / "a.xlsx", {"甲": [["x"]]}) for name in ("一", "二"))
    files, _ = check_paths([first, second.parent], CATALOG, load_texts("zh"))
    assert [file.path for file in files] == [first.as_posix(), second.as_posix()]


def test_messages_come_in_the_language_asked_for(tmp_path: Path) -> None:
    rows: Rows = [["姓名", "得分", "用时", "提交时间"], ["路人", None, "3分", None]]
    path = write_xlsx(tmp_path / "答题成绩_20190115.xlsx", {"甲": rows})
    (zh,) = check_paths([path], CATALOG, load_texts("zh"))[1]
    (en,) = check_paths([path], CATALOG, load_texts("en"))[1]
    assert (zh.cell, zh.expected) == ("B2", "填写“得分”")
    assert en.expected == "“Score (得分)” filled in"
    assert zh.message == "必填项“得分”为空，这一行未计入。请补填。"
    assert en.message == "The required “Score (得分)” is empty, and the row was not used. Fill it in."


STAY = Membership("营销管理", date(2018, 11, 1), None)
LABELS = sorted(
    {part for synonym in CATALOG.synonyms for part in synonym.header.split("/")}
    | {word.word for word in CATALOG.words}
    | {"评价小组＼被评小组", "营销管理", "张三", "单位：箱、元", "2019年1月", "", "　"}
)
CELLS = st.one_of(
    st.none(),
    st.sampled_from(LABELS),
    st.integers(-10, 10**17),
    st.floats(),
    st.dates(date(1900, 1, 1), date(9999, 12, 31)),
    st.booleans(),
    st.times(),
    st.just(CellError("#REF!")),
    st.text(max_size=8),
)
HEADERS = st.sampled_from(
    [
        [header for synonym in CATALOG.synonyms if synonym.kind == kind for header in [synonym.header]]
        for kind in CATALOG.kinds
    ]
)


@settings(max_examples=60)
@given(
    above=st.lists(st.lists(CELLS, max_size=4), max_size=3),
    header=HEADERS,
    below=st.lists(st.lists(CELLS, max_size=12), max_size=8),
    merges=st.lists(
        st.tuples(*[st.integers(0, 12)] * 4).map(lambda m: (m[0], m[1], m[0] + m[2], m[1] + m[3])), max_size=4
    ),
    name=st.sampled_from(["1月", "2019年1月", "营销管理", "Sheet1"]),
)
def test_any_sheet_is_accounted_for_row_by_row(
    above: Rows, header: list[str], below: Rows, merges: list[tuple[int, int, int, int]], name: str
) -> None:
    grid = make_grid([*above, header, *below], merges, name)
    found = recognise(grid, SheetNames("2019年活动台账.xlsx", name), VOCABULARY)
    if isinstance(found, Recognised):
        rows = extract_sheet(found, VOCABULARY, Surroundings({"营销管理": "营销管理"}, {}))
        resolve_names(rows, Names({"营销管理": "营销管理"}, {"张三": "张三"}, {"张三": (STAY,)}))
        check_date_order(rows)
        ledger = sheet_ledger(rows.sheet.grid, [rows.outcomes()])
        assert ledger.balances(), {name: getattr(ledger, name) for name in ROW_CLASSES}
        assert len(build_tables([rows], CATALOG)[found.kind.table]) == len(rows.kept())
        list_coverage([rows], CATALOG)


def test_a_workbook_that_lacks_a_column_keeps_its_kind(repository: Path, tmp_path: Path) -> None:
    source = repository / "data" / "raw" / "sample" / "党建" / "2021年支部决议台账.xlsx"
    book = openpyxl.load_workbook(source)
    renamed = [cell for row in book.worksheets[0].iter_rows(max_row=6) for cell in row if cell.value == "期限"]
    for cell in renamed:
        cell.value = "应做到的日子"
    book.save(tmp_path / source.name)
    files, issues = check_paths([tmp_path], CATALOG, load_texts("zh"))
    assert renamed
    assert [file.kind for file in files] == ["decisions"]
    assert not any(sheet.used for sheet in files[0].sheets)
    assert [issue.code for issue in issues] == ["missing_column"]


@pytest.mark.parametrize("step", ["opening.find_tables", "reading.extract_sheet"])
def test_a_fault_of_this_program_costs_one_file(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name = step.split(".")
    place = {"opening": opening, "reading": reading}[module]
    right = getattr(place, name)

    def stumble(first: Any, *rest: Any) -> Any:
        grid = getattr(first, "grid", first)
        if grid.name == "坏":
            raise IndexError("张三")
        return right(first, *rest)

    monkeypatch.setattr(place, name, stumble)
    paths = [write_xlsx(tmp_path / f"答题成绩_2019011{n}.xlsx", {sheet: QUIZ}) for n, sheet in enumerate("好坏")]
    (good, bad), _ = check_paths(paths, CATALOG, load_texts("zh"))
    assert (good.status, bad.status, bad.sheets) == ("read", "refused", ())
    assert "IndexError, test_reading.py:" in str(bad.reason)
    assert "张三" not in str(bad.reason)  # an error may quote a cell, and reasons are published
