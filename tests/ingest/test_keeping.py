"""A reading that was kept is the reading itself; whatever is not the same any more, the workbooks are read."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.files.childprocess import ChildProcess
from pipeline.ingest.files.grids import FileGrids
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.keeping import READING_FILE, find_reading, move_kept
from pipeline.ingest.reading import read_bureau
from pipeline.texts import load_texts
from tests.hand_made import CATALOG, Rows, write_bureau, write_xlsx
from tests.hostile import Hostile

TEXTS = load_texts("zh")
SHELF: Rows = [["单位", "零售户数", "上柜户数"], ["营销管理", 100, 50], ["某组", "多", 50]]


@pytest.fixture
def bureau(tmp_path: Path) -> Path:
    folder = tmp_path / "bureau"
    folder.mkdir()
    write_bureau(folder)
    write_xlsx(folder / "2019年1月上柜.xlsx", {"甲": SHELF})
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def read(folder: Path, cache: Path) -> Reading:
    return read_bureau(folder, CATALOG, TEXTS, cache)


def found(folder: Path, cache: Path) -> Reading | None:
    return find_reading(folder, CATALOG, TEXTS, cache)


def assert_same(one: Reading, other: Reading) -> None:
    for name in ("bureau", "files", "issues", "faults"):
        assert getattr(one, name) == getattr(other, name)
    assert list(one.tables) == list(other.tables)
    for name, table in one.tables.items():
        pd.testing.assert_frame_equal(other.tables[name], table, check_exact=True)


def test_what_is_kept_of_the_sample_is_the_whole_reading(repository: Path, cache: Path) -> None:
    folder = repository / "data" / "raw" / "sample"
    first = read(folder, cache)
    kept = found(folder, cache)
    assert kept is not None
    assert_same(first, kept)
    assert_same(first, read(folder, cache))
    assert_same(first, read_bureau(folder, CATALOG, TEXTS))


def test_what_is_kept_of_many_mistakes_is_the_whole_reading(tmp_path: Path, cache: Path) -> None:
    Hostile(0).write(tmp_path / "hostile")
    (tmp_path / "hostile" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    first = read(tmp_path / "hostile", cache)
    assert len({fault.code for fault in first.faults}) > 5
    assert_same(first, read(tmp_path / "hostile", cache))
    assert_same(first, read_bureau(tmp_path / "hostile", CATALOG, TEXTS))


def test_a_folder_that_may_not_be_looked_into_costs_time_and_not_the_reading(
    bureau: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = read(bureau, cache)
    plain_stat = Path.stat

    def refused(path: Path, **options: bool) -> os.stat_result:
        if path.is_relative_to(cache):
            raise PermissionError(13, "Permission denied", str(path))
        return plain_stat(path, **options)

    monkeypatch.setattr(Path, "stat", refused)
    assert_same(first, read(bureau, cache))


def test_nothing_is_opened_a_second_time(bureau: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(bureau, cache)
    assert first.faults
    monkeypatch.setattr(Reader, "read", lambda reader, path: pytest.fail(f"{path.name} was opened"))
    assert_same(first, read(bureau, cache))


def test_a_reading_is_found_only_as_long_as_all_is_the_same(bureau: Path, cache: Path) -> None:
    read(bureau, cache)
    shelf = bureau / "2019年1月上柜.xlsx"
    assert found(bureau, cache)
    assert find_reading(bureau, CATALOG, load_texts("en"), cache) is None
    assert find_reading(bureau, replace(CATALOG, fingerprint="other"), TEXTS, cache) is None
    other = bureau.rename(bureau.with_name("other"))  # the name of its folder is the name of a bureau
    assert found(other, cache) is None
    other.rename(bureau)
    shelf.rename(bureau / "2019年2月上柜.xlsx")
    assert found(bureau, cache) is None
    (bureau / "2019年2月上柜.xlsx").rename(shelf)
    assert found(bureau, cache)
    (bureau / "又一.csv").write_text("姓名,得分\n", encoding="utf-8")
    assert found(bureau, cache) is None


def test_a_reading_is_kept_under_the_bytes_that_were_read(
    bureau: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, read_each = bureau / "2019年1月上柜.xlsx", Reader.read_each

    def read_and_change(reader: Reader, paths: Iterable[Path]) -> Iterator[FileGrids]:
        for file in read_each(reader, paths):
            if file.path == shelf:
                write_xlsx(shelf, {"甲": [*SHELF[:2], ["专卖综合", 10, 5]]})
            yield file

    with monkeypatch.context() as changing:
        changing.setattr(Reader, "read_each", read_and_change)
        before = read(bureau, cache)
    assert found(bureau, cache) is None
    after = read(bureau, cache)
    assert len(before.issues) == len(after.issues) + 2
    kept = found(bureau, cache)
    assert kept is not None
    assert_same(after, kept)


@pytest.mark.parametrize("damage", ["cut", "changed", "foreign", "missing"])
def test_a_damaged_file_counts_as_none(bureau: Path, cache: Path, damage: str) -> None:
    first = read(bureau, cache)
    path = cache / READING_FILE
    data = path.read_bytes()
    middle = len(data) // 2
    changed = {
        "cut": data[:middle],
        "changed": data[:middle] + bytes([data[middle] ^ 255]) + data[middle + 1 :],
        "foreign": b"PAR1 of somebody else PAR1",
    }
    path.unlink() if damage == "missing" else path.write_bytes(changed[damage])
    assert found(bureau, cache) is None
    assert_same(first, read(bureau, cache))
    assert path.read_bytes() == data


def test_a_worker_that_died_may_live_the_next_time(bureau: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as dying:
        dying.setattr("pipeline.ingest.files.sandbox._cause_of_death", lambda worker: "timeout")
        dying.setattr(ChildProcess, "answer", lambda *_: None)
        assert {file.status for file in read(bureau, cache).files} == {"refused"}
    assert not (cache / READING_FILE).exists()
    assert "read" in {file.status for file in read(bureau, cache).files}


def test_no_place_is_made_for_a_bureau_of_which_nothing_is_kept(bureau: Path, tmp_path: Path) -> None:
    read(bureau, tmp_path / "processed" / "bureau" / "cache")
    assert not (tmp_path / "processed").exists()


def test_what_was_kept_elsewhere_is_handed_over(bureau: Path, cache: Path, tmp_path: Path) -> None:
    first = read(bureau, cache)
    move_kept(cache, tmp_path / "processed" / "cache")  # there is no such folder, and none is made
    assert not (tmp_path / "processed").exists()
    (tmp_path / "processed").mkdir()
    move_kept(cache, tmp_path / "processed" / "cache")
    kept = found(bureau, tmp_path / "processed" / "cache")
    assert kept is not None
    assert_same(first, kept)
    assert sorted(path.name for path in (tmp_path / "processed" / "cache").iterdir()) == ["grids.parquet", READING_FILE]
