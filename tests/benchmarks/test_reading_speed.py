"""How fast a large ledger is read, and in how much memory, beside pandas on the same file; and what small files cost.

Every figure comes from a process of its own. Peak memory is the largest resident size of a process (``ru_maxrss``),
Python and its libraries included: of the process that reads, and of one that does what its worker does. The resulting
table is the one that a bureau with this ledger gets, as pandas tells its size.
"""

import csv
import datetime
import json
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

ROWS = 100_000
HEADER = (
    *("立案号", "立案日期", "案由", "查获地点", "办案部门", "真烟(条)", "假烟(条)"),
    *("走私(条)", "合计(万支)", "案值(元)", "是否寄递", "结案日期"),
)
MIN_RATIO = 6.0  # times as fast as pandas with openpyxl
TABLES, MEGABYTES = 3.0, 200.0  # peak memory: so many times the resulting table, and so much on top
TIAO_PER_WAN_ZHI = 50  # domain.md section 4: 1 条 is 200 支

PRELUDE = """
import json, resource, sys, time
from pathlib import Path
from pipeline.catalog import load_catalog
from pipeline.ingest.files.sandbox import Reader
from pipeline.ingest.reading import check_paths, read_bureau
from pipeline.texts import load_texts
catalog, texts = load_catalog(), load_texts("zh")
paths = [Path(argument) for argument in sys.argv[1:]]
"""
CHECK = """
started = time.perf_counter()
files, issues = check_paths(paths, catalog, texts)
seconds, peak = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([seconds, sum(sheet.used for sheet in files[0].sheets), peak * 1024]))
"""
BUREAU = """
reading = read_bureau(paths[0], catalog, texts)
table = reading.tables["cases"]
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps([len(table), int(table.memory_usage(deep=True).sum()), peak * 1024]))
"""
WORKER = """
import json, resource, sys
from pathlib import Path
from pipeline.ingest.files.packing import pack_grids
from pipeline.ingest.files.wire import encode_file
from pipeline.ingest.files.workbooks import read_file
file = read_file(Path(sys.argv[1]))
message = encode_file(file, pack_grids(file.grids))
print(json.dumps([len(message), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))
"""
PANDAS = """
import json, sys, time
import pandas
started = time.perf_counter()
frame = pandas.{call}
print(json.dumps([time.perf_counter() - started, len(frame)]))
"""
READERS = """
def read_all(cache=None):
    started = time.perf_counter()
    with Reader(cache=cache) as reader:
        first = reader.read(paths[1])
        warm = time.perf_counter()
        for path in paths[1:]:
            reader.read(path)
        return time.perf_counter() - started, time.perf_counter() - warm
cache = paths[0]
alone, kept, again = read_all(), read_all(cache), read_all(cache)
print(json.dumps([alone[0], alone[1], kept[0], again[0]]))
"""


def in_new_process(code: str, *paths: Path) -> list[float]:
    """Run code in a process of its own and return the numbers that it prints."""
    arguments = [sys.executable, "-c", code, *map(str, paths)]
    done = subprocess.run(arguments, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2])
    return json.loads(done.stdout.splitlines()[-1])


def ledger_rows() -> Iterator[list[str | float | datetime.date]]:
    """Cases as a bureau writes them down; few of its texts are new, all of its numbers are."""
    chance = random.Random(1)
    for number in range(ROWS):
        filed = datetime.date(2019, 1, 1) + datetime.timedelta(days=number % 1500)
        genuine, counterfeit = chance.randint(0, 60), round(chance.random() * 40, 1)
        yield [
            *(f"×烟立[2019]第{number}号", filed, "无证运输", f"某街{number % 3000}号"),
            *(("专卖综合", "驮卢片区")[number % 2], genuine, counterfeit, 0),
            *(round((genuine + counterfeit) / TIAO_PER_WAN_ZHI, 4), round(chance.random() * 30_000, 2)),
            *("否" if number % 5 else "是", filed + datetime.timedelta(days=number % 40)),
        ]


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ledger") / "专卖案件台账.xlsx"
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("案件")
    for row in (HEADER, *ledger_rows()):
        sheet.append(row)
    workbook.save(path)
    return path


@pytest.mark.benchmark
def test_a_large_ledger_is_read_six_times_as_fast_as_by_openpyxl(ledger: Path) -> None:
    ours, used, _ = in_new_process(PRELUDE + CHECK, ledger)
    calamine, _ = in_new_process(PANDAS.format(call='read_excel(sys.argv[1], engine="calamine")'), ledger)
    slow, rows = in_new_process(PANDAS.format(call='read_excel(sys.argv[1], engine="openpyxl")'), ledger)
    print(f"\n{ROWS:,} x {len(HEADER)} cells of xlsx, recognised, cleaned, checked and accounted for: {ours:.2f} s")
    print(f"  pandas with openpyxl {slow:.2f} s, {slow / ours:.1f} times that")
    print(f"  pandas with calamine {calamine:.2f} s, {calamine / ours:.1f} times that")
    assert used == rows == ROWS
    assert slow / ours >= MIN_RATIO


@pytest.mark.benchmark
def test_a_large_text_file_beside_pandas(tmp_path: Path) -> None:
    path = tmp_path / "专卖案件台账.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows((HEADER, *ledger_rows()))
    ours, used, _ = in_new_process(PRELUDE + CHECK, path)
    theirs, rows = in_new_process(PANDAS.format(call="read_csv(sys.argv[1])"), path)
    print(f"\n{ROWS:,} x {len(HEADER)} cells of csv, recognised, cleaned, checked and accounted for: {ours:.2f} s")
    print(f"  pandas without any of that {theirs:.2f} s")
    assert used == rows == ROWS


@pytest.mark.benchmark
def test_memory_is_bounded_by_the_table(ledger: Path) -> None:
    _, _, peak = in_new_process(PRELUDE + CHECK, ledger)
    message, worker = in_new_process(WORKER, ledger)
    rows, table, whole = in_new_process(PRELUDE + BUREAU, ledger.parent)
    bound = TABLES * table + MEGABYTES * 2**20
    print(f"\npeak memory for a table of {table / 2**20:.0f} MB, allowed {bound / 2**20:.0f} MB")
    print(f"  reading process {peak / 2**20:.0f} MB, its worker {worker / 2**20:.0f} MB")
    print(f"  answer of the worker {message / 2**20:.0f} MB")
    print(f"  a whole bureau with that ledger, tables built and held against the dictionary {whole / 2**20:.0f} MB")
    assert rows == ROWS
    assert peak <= bound
    assert worker <= bound


@pytest.mark.benchmark
@pytest.mark.parametrize("what", ["the sample bureau", "the large ledger"])
def test_what_a_warm_worker_and_a_kept_file_cost(what: str, repository: Path, ledger: Path, tmp_path: Path) -> None:
    sample = sorted(path for path in (repository / "data" / "raw" / "sample").rglob("*") if path.is_file())
    paths = sample if what == "the sample bureau" else [ledger]
    alone, warm, kept, again = in_new_process(PRELUDE + READERS, tmp_path / "cache", *paths)
    print(f"\n{what}, {len(paths)} files parsed: {alone:.2f} s with the start of a worker")
    print(f"  by a warm worker {1000 * warm / len(paths):.1f} ms a file")
    print(f"  kept for the next run as well {kept:.2f} s, read again unchanged {again:.3f} s")
    assert again < warm  # a file that did not change is not parsed again
