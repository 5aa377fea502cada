"""Measuring the unit costs: reports of three sizes, a large ledger, and the simulations."""

import json
import resource
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

from tests.benchmarks.scale.costs import Cost
from tests.benchmarks.scale.simulations import PUBLISHED
from tests.benchmarks.speed.batches import batch
from tests.benchmarks.speed.bureaus import as_root, fleet, of_size
from tests.benchmarks.speed.clock import ronghe, run
from tests.benchmarks.speed.plan import QUARTER
from tests.benchmarks.test_reading_speed import CHECK, HEADER, PRELUDE, ROWS, in_new_process, ledger_rows

REAL_BUREAUS = 4  # whose results stand for many in the simulations
# (groups, first month) of the reports that the cost of a report is fitted to; each to the same last month
REPORT_SIZES = ((3, "2020-01"), (17, "2020-01"), (3, "2012-01"))
MEMBERS_A_GROUP = 5
MODULE = "python -m tests.benchmarks.scale.simulations"
Say = Callable[[str], None]


def report_costs(cache: Path, work: Path, say: Say) -> Iterator[Cost]:
    """Yield processor seconds, peak memory and bytes of one report of each size."""
    for groups, first in REPORT_SIZES:
        bureau = of_size(cache, groups, MEMBERS_A_GROUP * groups, first)
        out = work / f"report-{groups}-{first}"
        places = ("--processed", out / "processed", "--figures", out / "figures")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        ran = run(ronghe("report", "--bureau", bureau, "--quarter", QUARTER, *places))
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        size, how = f"{groups} groups, from {first}", "ronghe report"
        yield Cost(f"report: processor time, {size}", spent, "s", how)
        yield Cost(f"report: wall time, {size}", ran.seconds, "s", how)
        yield Cost(f"report: published, {size}", _bytes(out / "figures") / 1e6, "MB", how)
        yield Cost(f"report: tables, {size}", _bytes(out / "processed", "*/*/*.parquet") / 1e6, "MB", how)
        files = sum(path.is_file() for path in out.rglob("*"))
        yield Cost(f"report: files, {size}", files, "files", how)
        page = next(out.glob("figures/*/*/report.html"))
        yield Cost(f"report: page, {size}", page.stat().st_size / 1e6, "MB", how)
        say(f"one report, {size}: {spent:.1f} s of a processor")
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    yield Cost("report: peak memory of its largest process", peak, "MB", "ronghe report")


def reading_costs(work: Path) -> Iterator[Cost]:
    """Yield how many rows of a workbook are read a second: a large ledger, checked in every cell."""
    path = work / "专卖案件台账.xlsx"
    workbook = openpyxl.Workbook(write_only=True)
    sheet = workbook.create_sheet("案件")
    for row in (HEADER, *ledger_rows()):
        sheet.append(row)
    workbook.save(path)
    seconds, rows, peak = in_new_process(PRELUDE + CHECK, path)
    how = "make bench (test_reading_speed)"
    yield Cost("reading: rows a second", rows / seconds, "rows/s", how)
    yield Cost(f"reading: peak memory, {ROWS:,} x {len(HEADER)} cells", peak / 2**20, "MB", how)


def simulated_costs(cache: Path, work: Path, sizes: dict[str, tuple[int, ...]], say: Say) -> Iterator[Cost]:
    """Yield what each simulation found at each of its sizes, the peak memory of its process included."""
    batch(as_root(fleet(cache, REAL_BUREAUS), work / "root"), work / PUBLISHED, "--workers", "2")
    for name, counts in sizes.items():
        for count in counts:
            folder = work / f"{name}-{count}"
            folder.mkdir()
            (folder / PUBLISHED).symlink_to(work / PUBLISHED)
            words = ["tests.benchmarks.scale.simulations", name, str(count), str(folder)]
            ran = run([sys.executable, "-m", *words], watch_memory=True, allowed=(0,))
            found = json.loads(ran.output.splitlines()[-1])
            say(f"{name} {count}: {found}, {ran.peak_mb:.0f} MB")
            how = f"{MODULE} {name} {count} FOLDER"
            for what, value in found.items():
                unit = "MB" if what.endswith("_mb") else "s"
                yield Cost(f"{name}: {what.removesuffix('_mb')}, {count}", value, unit, how)
            yield Cost(f"{name}: peak memory, {count}", ran.peak_mb, "MB", how)
            shutil.rmtree(folder)


def _bytes(folder: Path, pattern: str = "**/*") -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())
