"""What the worst files cost the process that recognises and checks them, beside the contract of 10 s and 1.5 GB a file.

Its worker has limits of its own (`pipeline.ingest.files.worker`); a file that comes through it must not cost more here.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.files.limits import CPU_SECONDS, MAX_CELLS, MAX_WORDS, MEMORY_BYTES

MEASURE = """
import json, resource, sys, time
from pathlib import Path
from pipeline.catalog import load_catalog
from pipeline.ingest.reading import check_paths
from pipeline.texts import load_texts
catalog, texts = load_catalog(), load_texts("zh")
started = time.process_time()
files, issues = check_paths([Path(sys.argv[1])], catalog, texts)
seconds, peak = time.process_time() - started, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
balanced = all(sheet.balances() for sheet in files[0].sheets)
print(json.dumps([files[0].status, seconds, peak, len(issues), balanced]))
"""
CASES = "案号,立案日期,办案单位,假烟(条),案值(元),是否寄递,结案日期\n"
VISITS = "日期,党员,地点,事项\n"
SHEET_WIDTH = 16_384
WIDE_ROWS = 300
MOST_ISSUES = 2_000  # of one file: a few hundred of each sort in each of its columns


def many(header: str, line: Callable[[int], str], count: int) -> Iterator[str]:
    yield header
    yield from map(line, range(count))


# what -> (file, its lines, whether it is read)
LEDGERS: dict[str, tuple[str, Callable[[], Iterator[str]], str]] = {
    "every cell wrong and another": (
        "案件台账.csv",
        lambda: many(CASES, lambda n: f"甲{n},坏{n},某{n},x{n},y{n},z{n},w{n}\n", MAX_WORDS // 7 - 1),
        "read",
    ),
    "every cell wrong in the same way": (
        "案件台账.csv",
        lambda: many(CASES, lambda n: f"甲{n},坏,某,x,y,z,w\n", MAX_CELLS // 7 - 1),
        "read",
    ),
    "1,048,000 x 7 wrong cells": (
        "案件台账.csv",
        lambda: many(CASES, lambda n: f"甲{n},坏{n},某{n},x{n},y{n},z{n},w{n}\n", 1_048_000),
        "refused",
    ),
    "1,048,000 x 12 texts": (
        "案件台账.csv",
        lambda: many(CASES, lambda n: ",".join(f"{n}甲{c}" for c in range(12)) + "\n", 1_048_000),
        "refused",
    ),
    "one row a million times": (
        "一线台账.csv",
        lambda: many(VISITS, lambda _: "2019-01-08,张三,甲村,走访\n", 10**6),
        "read",
    ),
    "one header 400,000 times": ("案件台账.csv", lambda: many(CASES, lambda _: CASES, 400_000), "read"),
    "100,000 tables": (
        "案件台账.csv",
        lambda: many("", lambda n: f"{CASES}甲{n},2019-01-05,专卖,1,5,否,2019-02-01\n\n", 100_000),
        "read",
    ),
    "16,384 columns": (
        "案件台账.csv",
        lambda: many(CASES, lambda n: ",".join(f"甲{n}" for _ in range(SHEET_WIDTH)) + "\n", WIDE_ROWS),
        "read",
    ),
    "2,340 tables side by side": (
        "案件台账.csv",
        lambda: many((CASES.strip() + ",") * 2_340 + "\n", lambda n: ",".join(["乙"] * 16_380) + "\n", WIDE_ROWS),
        "read",
    ),
    "a clean ledger of 1,000,000 x 5": (
        "案件台账.csv",
        lambda: many(
            "立案号,立案日期,案由,办案部门,案值(元)\n",
            lambda n: f"甲{n},2019-01-{n % 28 + 1:02d},无证运输,专卖,{n % 999}\n",
            10**6,
        ),
        "read",
    ),
}


@pytest.mark.benchmark
@pytest.mark.parametrize("what", LEDGERS)
def test_a_file_that_comes_through_stays_within_the_limits(what: str, tmp_path: Path) -> None:
    name, lines, expected = LEDGERS[what]
    path = tmp_path / name
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.writelines(lines())
    assert measured(what, path) == expected


@pytest.mark.benchmark
@pytest.mark.parametrize(("sheets", "merged"), [(1_000, 0), (1, 50_000)])
def test_sheets_and_merged_cells_stay_within_the_limits(sheets: int, merged: int, tmp_path: Path) -> None:
    path = tmp_path / "案件台账.xlsx"
    workbook = openpyxl.Workbook(write_only=True)
    for number in range(sheets):
        sheet = workbook.create_sheet(f"案件{number}")
        sheet.append(CASES.strip().split(","))
        for row in range(2, 2 * merged + 2, 2):
            sheet.append([f"甲{row}", "2019-01-05", "专卖"])
            sheet.append([])
            sheet.merged_cells.ranges.add(f"A{row}:A{row + 1}")
    workbook.save(path)
    assert measured(f"{sheets:,} sheets, {merged:,} merged ranges", path) == "read"


def measured(what: str, path: Path) -> str:
    """Check a file in a process of its own, print and test what that cost, and return what became of the file."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    status, seconds, peak, issues, is_balanced = json.loads(done.stdout.splitlines()[-1])
    print(
        f"\n{what}: {status}, {seconds:.1f} of {CPU_SECONDS:.0f} s, {peak / 2**20:.0f} of {MEMORY_BYTES / 2**20:.0f} MB"
    )
    assert seconds <= CPU_SECONDS
    assert peak <= MEMORY_BYTES
    assert issues <= MOST_ISSUES
    assert is_balanced
    return str(status)
