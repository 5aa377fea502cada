"""Measuring the unit costs: reports of three sizes, a large ledger, and the simulations."""

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl

from pipeline.report.page.files import REPORT_FILE
from tests.benchmarks.scale.costs import Cost
from tests.benchmarks.scale.simulations import PUBLISHED
from tests.benchmarks.speed.batches import batch
from tests.benchmarks.speed.bureaus import as_root, fleet, of_size
from tests.benchmarks.speed.clock import largest_peak_mb, peak_mb, run
from tests.benchmarks.speed.plan import QUARTER
from tests.benchmarks.test_reading_speed import CHECK, HEADER, PRELUDE, ROWS, in_new_process, ledger_rows

REAL_BUREAUS = 4  # whose results stand for many in the simulations
# (groups, first month) of the reports that the cost of a report is fitted to; each to the same last month
REPORT_SIZES = ((3, "2020-01"), (17, "2020-01"), (3, "2012-01"))
MEMBERS_A_GROUP = 5
COPIES = 3
BATCH = "ronghe batch --workers 1"
MODULE = "python -m tests.benchmarks.scale.simulations"
Say = Callable[[str], None]


def report_costs(cache: Path, work: Path, say: Say) -> Iterator[Cost]:
    """Yield time, peak memory and bytes of one more report of each size in a batch of one worker.

    One more: a batch of some copies of a bureau less a batch of one, so that its start is not in it.
    """
    peaks = []
    for groups, first in REPORT_SIZES:
        bureau, size = of_size(cache, groups, MEMBERS_A_GROUP * groups, first), f"{groups} groups, from {first}"
        ran = {}
        for count in (1, COPIES):
            root, out = work / f"root-{groups}-{first}-{count}", work / f"out-{groups}-{first}-{count}"
            ran[count] = batch(as_root([bureau], root, count), out, "--workers", "1", watch=largest_peak_mb)
            peaks.append(ran[count].peak_mb)
        each = (ran[COPIES].seconds - ran[1].seconds) / (COPIES - 1)
        say(f"one more report, {size}: {each:.1f} s")
        yield Cost(f"report: time of one processor, {size}", each, "s", BATCH)
        yield from _sizes(out, size)
    yield Cost("report: peak memory of its largest process", max(peaks), "MB", BATCH)


def _sizes(out: Path, size: str) -> Iterator[Cost]:
    """Yield what one of the published reports takes on disk."""
    folder = next(out.glob(f"figures/*/{QUARTER}"))
    tables = out / "processed" / folder.parent.name
    yield Cost(f"report: published, {size}", _bytes(folder) / 1e6, "MB", BATCH)
    yield Cost(f"report: tables, {size}", _bytes(tables) / 1e6, "MB", BATCH)
    files = sum(path.is_file() for place in (folder, tables) for path in place.rglob("*"))
    yield Cost(f"report: files, {size}", files, "files", BATCH)
    yield Cost(f"report: page, {size}", (folder / REPORT_FILE).stat().st_size / 1e6, "MB", BATCH)


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
            ran = run([sys.executable, "-m", *words], watch=peak_mb, allowed=(0,))
            found = json.loads(ran.output.splitlines()[-1])
            say(f"{name} {count}: {found}, {ran.peak_mb:.0f} MB")
            how = f"{MODULE} {name} {count} FOLDER"
            for what, value in found.items():
                unit = "MB" if what.endswith("_mb") else "s"
                yield Cost(f"{name}: {what.removesuffix('_mb')}, {count}", value, unit, how)
            yield Cost(f"{name}: peak memory, {count}", ran.peak_mb, "MB", how)
            shutil.rmtree(folder)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
