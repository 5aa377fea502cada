"""P6: what is hashed is what is parsed; a copy that broke off is refused, or read and said to be cut off."""

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pipeline.ingest import opening
from pipeline.ingest.bureau import Reading
from pipeline.ingest.files import loading, sandbox
from pipeline.ingest.files.containers import recognise_container
from pipeline.ingest.files.grids import FileGrids
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.files.workbooks import read_file
from pipeline.ingest.ledger import FileLedger
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.store import cache_of
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, ROSTER, InProcessReader, Rows, write_xlsx
from tests.hostile_files.whole import whole_files

TEXTS = load_texts("zh")
BLOCK = 512  # of a disk, and of an OLE file
TOLD = {"cut_off", "unrecognised_sheet", "missing_column"}  # the others: nothing of the file is used, and that is told


EXCHANGE = """
from pathlib import Path
from pipeline.ingest.files import workbooks
recognise = workbooks.recognise_container
def exchange(name, data):
    (Path({new!r}).parents[1] / "上柜.xlsx").write_bytes(Path({new!r}).read_bytes())
    return recognise(name, data)
workbooks.recognise_container = exchange
"""


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def shelf(folder: Path, stocked: int) -> bytes:
    """A workbook of one row that says how many shops stock something."""
    rows: Rows = [["单位", "零售户数", "上柜户数"], ["营销管理", 100, stocked]]
    return write_xlsx(folder / f"{stocked}.xlsx", {"甲": rows}).read_bytes()


@pytest.fixture
def versions(tmp_path: Path) -> tuple[bytes, bytes]:
    return shelf(tmp_path / "versions", 50), shelf(tmp_path / "versions", 60)


def stocked(reading: Reading) -> list[float]:
    return [float(value) for value in reading.tables["shelf_rates_by_group_month"]["stocking_retailers"]]


class Swapping(InProcessReader):
    """A reader before which, and after which, somebody puts another version in the place of the file."""

    def __init__(self, before: bytes, after: bytes) -> None:
        super().__init__()
        self._before, self._after = before, after

    def __call__(self, *_args: object, **_kwargs: object) -> "Swapping":
        return self

    def read(self, path: Path) -> FileGrids:
        """Read one file between two changes."""
        path.write_bytes(self._before)
        found = super().read(path)
        path.write_bytes(self._after)
        return found


def test_the_ledger_has_the_hash_of_what_was_parsed(
    tmp_path: Path, versions: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A when it is listed, B when it is read, A when somebody looks: the rows are those of B, and so is the hash."""
    old, new = versions
    path = tmp_path / "bureau" / "2019年1月上柜.xlsx"
    path.parent.mkdir()
    path.write_bytes(old)
    monkeypatch.setattr(opening, "Reader", Swapping(before=new, after=old))
    reading = read_bureau(path.parent, CATALOG, TEXTS)
    assert path.read_bytes() == old
    assert ([file.sha256 for file in reading.files], stocked(reading)) == ([digest(new)], [60])


@pytest.mark.parametrize("is_worker", [False, True], ids=["in this process", "in the worker"])
def test_the_bytes_that_are_hashed_are_the_bytes_that_are_parsed(
    tmp_path: Path, versions: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch, is_worker: bool
) -> None:
    """The file is exchanged as soon as it has been loaded, so that whoever opened it again would see the other one."""
    old, new = versions
    path = tmp_path / "上柜.xlsx"
    path.write_bytes(old)
    if is_worker:
        (tmp_path / "sitecustomize.py").write_text(EXCHANGE.format(new=str(tmp_path / "versions" / "60.xlsx")), "utf-8")
        monkeypatch.setenv("PYTHONPATH", str(tmp_path))
        with Reader() as reader:
            file = reader.read(path)
    else:

        def recognise_and_exchange(name: str, data: bytes) -> str:
            path.write_bytes(new)
            return recognise_container(name, data)

        monkeypatch.setattr("pipeline.ingest.files.workbooks.recognise_container", recognise_and_exchange)
        file = read_file(path)
    assert path.read_bytes() == new
    assert (file.sha256, file.grids[0].rows[1]) == (digest(old), ("营销管理", 100, 50))


def test_what_is_kept_is_known_by_the_bytes_that_were_parsed(
    tmp_path: Path, versions: tuple[bytes, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A is read and kept; B takes its place between the look into the cache and the next reading, and A comes back."""
    old, new = versions
    bureau, processed = tmp_path / "bureau", tmp_path / "processed"
    bureau.mkdir()
    processed.mkdir()
    path = bureau / "2019年1月上柜.xlsx"
    seen = []
    for data in (old, new, old):
        path.write_bytes(data)
        reading = read_bureau(bureau, CATALOG, TEXTS, cache_of(processed))
        seen.append(([file.sha256 for file in reading.files], stocked(reading)))
    assert seen == [([digest(old)], [50]), ([digest(new)], [60]), ([digest(old)], [50])]
    hashed = loading.hash_file

    def hash_and_exchange(path: Path) -> str:
        found = hashed(path)
        path.write_bytes(new)
        return found

    monkeypatch.setattr(sandbox, "hash_file", hash_and_exchange)
    path.write_bytes(b"PK" + old[2:] + b" ")  # a name that is known, with bytes that are not: they go to the worker
    with Reader(cache=cache_of(processed)) as reader:
        file = reader.read(path)
    assert (file.sha256, file.grids[0].rows[1][2]) == (digest(new), 60)


def cuts(data: bytes) -> Iterator[int]:
    """Yield where copies break off: at 10, 20 ... 90 %, and at the borders of blocks near the end."""
    places = {len(data) * tenth // 10 for tenth in range(1, 10)}
    blocks = range(BLOCK, len(data), BLOCK)
    yield from sorted(places | set(blocks[:4]) | set(blocks[-4:]))


def read_cut(container: str, data: bytes, folder: Path) -> tuple[FileLedger, frozenset[str]]:
    """Return what the ledger says of a file of a bureau, and the codes of its issues."""
    folder.mkdir()
    suffix = container if container in ("xlsx", "xlsb", "ods") else "csv" if container == "text" else "xls"
    path = folder / f"党员花名册.{suffix}"
    path.write_bytes(data)
    reading = read_bureau(folder, CATALOG, TEXTS)
    (file,) = reading.files
    return file, frozenset(issue.code for issue in reading.issues)


def is_at_the_end_of_a_row(data: bytes) -> bool:
    """Tell whether a text that was cut ends with a row, or in the last field of one."""
    lines = data.decode("gb18030", "ignore").splitlines()
    return data.endswith(b"\n") or lines[-1].count(",") == max(line.count(",") for line in lines)


def test_a_copy_that_broke_off_is_never_read_short_without_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tell: Callable[[str], None]
) -> None:
    monkeypatch.setattr(opening, "Reader", InProcessReader)
    ended: Counter[str] = Counter()
    silent: list[tuple[str, int]] = []
    for container, (data, rows) in whole_files(tmp_path / "whole").items():
        file, issues = read_cut(container, data, tmp_path / container)
        assert (sum(sheet.physical for sheet in file.sheets), "cut_off" in issues) == (rows, False), container
        for place in cuts(data):
            file, issues = read_cut(container, data[:place], tmp_path / f"{container}-{place}")
            read = sum(sheet.physical for sheet in file.sheets)
            is_told = file.status == "refused" or not issues.isdisjoint(TOLD)
            at_end = read == rows or (container == "text" and is_at_the_end_of_a_row(data[:place]))
            ended[
                "refused" if file.status == "refused" else "read and told" if is_told else "at the end of a line"
            ] += 1
            assert file.reason or file.status == "read"
            if not is_told and not at_end:
                silent.append((container, place))
    tell(
        f"P6: {ended.total()} copies of 8 containers that broke off: {dict(sorted(ended.items()))}, "
        f"{len(silent)} read short without a word"
    )
    assert silent == []
    assert ended["refused"] >= 60


SKIPPED = {
    "~$花名册.xlsx": (b"\x05admin", "lock_file"),
    ".~花名册.xlsx": (b"\x05admin", "lock_file"),
    ".~lock.花名册.xlsx#": (b",admin", "lock_file"),
    "空.xlsx": (b"", "empty"),
    "预留.xlsx": (bytes(9_000), "not_arrived"),
    ".销售月报.xlsx.icloud": (b"bplist00", "placeholder"),
    "案件台账.xls.nextcloud": (b"", "placeholder"),
    "答题.csv.crdownload": ("姓名,得分\n".encode(), "unfinished"),
    "上柜.xlsx.part": (b"PK\x03\x04", "unfinished"),
    "上柜.xlsx.baiduyun.p.downloading": (b"PK\x03\x04", "unfinished"),
    "意见.ods.downloading": (b"PK\x03\x04", "unfinished"),
    "决议.xlsx.tmp": (b"PK\x03\x04", "unfinished"),
    ".决议.xlsx.a1B2c3": (b"PK\x03\x04", "unfinished"),
    ".备用.xlsx": (b"PK\x03\x04", "hidden"),
}


def test_what_stands_in_for_a_workbook_is_in_the_ledger(
    tmp_path: Path, read: Callable[[Path], Reading], tell: Callable[[str], None]
) -> None:
    for name, (data, _) in SKIPPED.items():
        (tmp_path / name).write_bytes(data)
    with (tmp_path / "稀疏.xlsx").open("wb") as stream:
        stream.truncate(1_000_000)  # room without a block
    (tmp_path / ".DS_Store").write_bytes(b"x")
    expected = {name: TEXTS(f"skipped.{code}") for name, (_, code) in SKIPPED.items()}
    expected["稀疏.xlsx"] = TEXTS("skipped.not_arrived")
    files = {file.path: file for file in read(tmp_path).files}
    skipped = sum(file.status == "skipped" and bool(file.reason) for file in files.values())
    tell(f"P6: {len(files)} locks, placeholders and copies under way: {skipped} skipped with a reason")
    assert {name: file.reason for name, file in files.items()} == expected
    assert {file.status for file in files.values()} == {"skipped"}


def test_a_file_that_is_written_while_it_is_read_is_refused_and_told(
    tmp_path: Path, read: Callable[[Path], Reading], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_xlsx(tmp_path / "花名册.xlsx", {"甲": ROSTER})
    fstat = os.fstat
    monkeypatch.setattr(os, "fstat", lambda handle: (path.write_bytes(b"PK"), fstat(handle))[1])
    (file,) = read(tmp_path).files
    assert (file.status, file.reason, file.sha256) == ("refused", TEXTS("refused.changed"), "")
