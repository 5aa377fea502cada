"""The measured table: ``python -m tests.benchmarks.speed``, also printed by ``make bench``.

Sizes are environment variables (`plan.Plan`): RONGHE_BENCH_BUREAUS=48, RONGHE_BENCH_ROUNDS=4 and so on;
RONGHE_BENCH_QUICK=1 only tries whether everything runs. Run it on a machine that does nothing else.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from tests.benchmarks.speed.batches import dask_rows, fleet_rows, many_rows
from tests.benchmarks.speed.clock import CommandFailed, machine
from tests.benchmarks.speed.growth import group_rows, statistics_rows
from tests.benchmarks.speed.pasting import paste
from tests.benchmarks.speed.plan import Plan, cache_folder
from tests.benchmarks.speed.rows import Row, Table
from tests.benchmarks.speed.single import single_rows

SAVED = "measured.json"  # in the cache folder: the last whole table
PARTS: Mapping[str, tuple[str, ...]] = {
    "fleet": ("fleet", "fleet_without_grammar", "no_notebook"),
    "dask": ("dask",),
    "single": ("cold", "unchanged", "changed"),
    "many": ("many_time", "many_memory"),
    "groups": ("groups",),
    "statistics": ("statistics",),
}


def measure(plan: Plan, cache: Path, parts: Iterable[str], say: Callable[[str], None]) -> Table:
    """Measure the chosen parts and return the table; a part that could not be measured is left out, with its reason."""
    cache.mkdir(parents=True, exist_ok=True)
    found: list[Row] = []
    left_out: dict[str, str] = {}
    seen = machine()
    for part in parts:
        with tempfile.TemporaryDirectory(dir=cache, prefix="work-") as work:
            try:
                found += _rows(part, plan, cache, Path(work), say)
            except CommandFailed as error:
                left_out |= dict.fromkeys(PARTS[part], str(error))
    return Table(tuple(found), left_out, {**seen, "sizes": str(plan)})


def _rows(part: str, plan: Plan, cache: Path, work: Path, say: Callable[[str], None]) -> Iterator[Row]:
    measures: Mapping[str, Callable[[], Iterator[Row]]] = {
        "fleet": lambda: fleet_rows(plan, cache, work, say),
        "dask": lambda: dask_rows(plan, cache, work, say),
        "single": lambda: single_rows(plan, work, say),
        "many": lambda: many_rows(plan, cache, work, say),
        "groups": lambda: group_rows(plan, cache, work, say),
        "statistics": lambda: statistics_rows(plan, say),
    }
    return measures[part]()


def main(arguments: list[str] | None = None) -> int:
    """Measure, or load what was measured, then print it and paste it where asked; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=list(PARTS), default=list(PARTS), metavar="PART")
    parser.add_argument("--saved", action="store_true", help="measure nothing: take the table that was measured last")
    parser.add_argument(
        "--renew", action="store_true", help="put what is measured into the table that was measured last"
    )
    parser.add_argument("--paste", type=Path, nargs="+", default=[], help="files with the marks of the speed table")
    options = parser.parse_args(arguments)
    cache = cache_folder()
    saved = cache / SAVED
    table = Table.load(saved) if options.saved else measure(Plan.of(os.environ), cache, options.only, _say)
    if options.renew:
        table = Table.load(saved).renewed(table)
    if options.renew or (not options.saved and options.only == list(PARTS)):
        table.save(saved)
    print(table.markdown("en"))
    for note in table.notes():
        print(note)
    for path in options.paste:
        paste(path, table.markdown("zh" if ".zh." in path.name else "en"))
    return int(bool(table.missed()))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
