"""Files that did not change are not parsed again; whatever is wrong with what was kept, they are read."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.ingest.files import sandbox
from pipeline.ingest.files.cache import CACHE_FILE, GridCache
from pipeline.ingest.files.grids import FileGrids
from pipeline.ingest.files.loading import hash_file
from pipeline.ingest.files.sandbox import Reader
from tests.raw_files import xlsx_bytes

CELL = '<row r="1"><c r="A1"><v>{}</v></c></row>'


class NoWorker:
    """Stands in for a worker where none may be started."""

    def __init__(self) -> None:
        pytest.fail("a file was parsed")


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "台账.xlsx"
    path.write_bytes(xlsx_bytes(CELL.format(1)))
    return path


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def read(cache: Path, *paths: Path) -> list[FileGrids]:
    with Reader(cache=cache) as reader:
        return [reader.read(path) for path in paths]


def names_in(cache: Path) -> list[str]:
    return sorted(pq.read_table(cache / CACHE_FILE)["name"].to_pylist())


def test_an_unchanged_file_is_not_parsed_again(workbook: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = read(cache, workbook)
    monkeypatch.setattr(sandbox, "ChildProcess", NoWorker)
    assert read(cache, workbook) == first
    assert first[0].grids[0].rows == ((1.0,),)


def test_a_changed_file_is_parsed(workbook: Path, cache: Path) -> None:
    read(cache, workbook)
    workbook.write_bytes(xlsx_bytes(CELL.format(2)))
    assert read(cache, workbook)[0].grids[0].rows == ((2.0,),)
    assert names_in(cache) == ["台账.xlsx"]


def test_the_same_bytes_under_another_name_are_another_file(tmp_path: Path, cache: Path) -> None:
    paths = [tmp_path / "一月.csv", tmp_path / "二月.csv"]
    for path in paths:
        path.write_text("姓名,得分\n张三,9\n", encoding="utf-8")
    for _ in range(2):
        assert [file.grids[0].name for file in read(cache, *paths)] == ["一月", "二月"]


def test_a_refused_file_is_judged_anew(tmp_path: Path, cache: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.write_bytes(b"PK\x03\x04")
    for _ in range(2):
        assert read(cache, path)[0].status == "refused"
    assert not (cache / CACHE_FILE).exists()


def test_what_a_run_did_not_come_across_is_dropped(workbook: Path, tmp_path: Path, cache: Path) -> None:
    other = tmp_path / "其他.xlsx"
    other.write_bytes(xlsx_bytes(CELL.format(3)))
    read(cache, workbook, other)
    assert names_in(cache) == ["其他.xlsx", "台账.xlsx"]
    read(cache, other)
    assert names_in(cache) == ["其他.xlsx"]


def test_a_run_that_ends_early_drops_nothing(workbook: Path, tmp_path: Path, cache: Path) -> None:
    read(cache, workbook)
    before = (cache / CACHE_FILE).read_bytes()
    with pytest.raises(KeyboardInterrupt), Reader(cache=cache):
        raise KeyboardInterrupt
    assert (cache / CACHE_FILE).read_bytes() == before


def with_flipped_byte(content: bytes, place: float) -> bytes:
    at = int(len(content) * place)
    return content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]


@pytest.mark.parametrize("place", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.999])
def test_a_damaged_file_counts_as_none_and_is_written_anew(workbook: Path, cache: Path, place: float) -> None:
    first = read(cache, workbook)
    kept = cache / CACHE_FILE
    whole = kept.read_bytes()
    kept.write_bytes(with_flipped_byte(whole, place))
    assert read(cache, workbook) == first
    assert pq.read_table(kept).equals(pq.read_table(pa.BufferReader(whole)))


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 4, b"\0" * 100])
def test_what_is_no_parquet_counts_as_none(workbook: Path, cache: Path, content: bytes) -> None:
    cache.mkdir()
    (cache / CACHE_FILE).write_bytes(content)
    assert read(cache, workbook)[0].status == "read"
    assert names_in(cache) == ["台账.xlsx"]


def test_a_file_of_another_reader_counts_as_none(workbook: Path, cache: Path) -> None:
    (first,) = read(cache, workbook)
    table = pq.read_table(cache / CACHE_FILE)
    assert GridCache(cache).find(workbook, first.sha256) is not None
    for foreign in (table.replace_schema_metadata({"reader": "older"}), table.drop_columns(["head"]), pa.table({})):
        pq.write_table(foreign, cache / CACHE_FILE)
        assert GridCache(cache).find(workbook, first.sha256) is None


def test_two_runs_at_once_leave_the_later_one_whole(workbook: Path, tmp_path: Path, cache: Path) -> None:
    other = tmp_path / "其他.xlsx"
    other.write_bytes(xlsx_bytes(CELL.format(3)))
    with Reader(cache=cache) as one, Reader(cache=cache) as another:
        one.read(workbook)
        another.read(other)
    assert names_in(cache) == ["台账.xlsx"]  # `one` ended last
    assert [path.name for path in cache.iterdir()] == [CACHE_FILE]


def test_no_folder_is_made_for_a_bureau_of_which_nothing_is_kept(workbook: Path, tmp_path: Path) -> None:
    cache = tmp_path / "processed" / "cache"
    assert read(cache, workbook)[0].status == "read"
    assert not cache.parent.exists()


def test_only_a_file_with_a_known_name_is_hashed(workbook: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hashed: list[str] = []

    def note(path: Path) -> str:
        hashed.append(path.name)
        return hash_file(path)

    monkeypatch.setattr(sandbox, "hash_file", note)
    first = read(cache, workbook)
    assert hashed == []
    assert read(cache, workbook) == first
    assert hashed == [workbook.name]
