"""Rows on many bureaus: beside the command line, beside no notebook at all, on Dask, and four times as many."""

import filecmp
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE
from tests.benchmarks.rivals.command_line import make_reports
from tests.benchmarks.speed.bureaus import as_root, fleet, turn, workbooks
from tests.benchmarks.speed.clock import Ran, load, peak_mb, ronghe, run, timed
from tests.benchmarks.speed.plan import QUARTER, Plan
from tests.benchmarks.speed.rows import Bar, Row
from tests.benchmarks.speed.spread import Spread, rates, ratios
from tests.runs.dask_cluster import DaskCluster, wait_for

PAGES = (REPORT_FILE, APPENDIX_FILE, ANNUAL_FILE, BOARD_FILE)
PER_MINUTE = "/min"
OURS, COMMAND_LINE, NO_NOTEBOOK, DASK = "ours", "command line", "no notebook", "dask"
REGISTERED = "Registered to"  # what a worker of Dask writes when it can be given work
WITHOUT_GRAMMAR = "command line without grammar"
Say = Callable[[str], None]


def batch(root: Path, out: Path, *options: str, watch: Callable[[int], float] | None = None) -> Ran:
    """Run ``ronghe batch`` on the bureaus under ``root`` into folders of ``out``; every report must be published.

    Raises `CommandFailed` when the command does not end well.
    """
    places = ("--processed", str(out / "processed"), "--figures", str(out / "figures"))
    return run(ronghe("batch", root, "--quarter", QUARTER, *options, *places), watch=watch, allowed=(0,))


@dataclass
class Rounds:
    """Reports a minute of every contestant, by round; ``is_same``: those who make the same pages made them so."""

    rates: Mapping[str, list[float]]
    is_same: bool
    notes: tuple[str, ...]


def fleet_rows(plan: Plan, cache: Path, work: Path, say: Say) -> Iterator[Row]:
    """Yield the rows on the fleet beside the command line and beside no notebook."""
    bureaus = fleet(cache, plan.bureaus)
    root = as_root(bureaus, work / "fleet")
    contestants = {
        OURS: partial(_ours, root, len(bureaus), "--workers", str(plan.workers)),
        COMMAND_LINE: partial(_command_line, plan, bureaus, without_grammar=False),
        NO_NOTEBOOK: partial(_no_notebook, root, len(bureaus), plan.workers),
        WITHOUT_GRAMMAR: partial(_command_line, plan, bureaus, without_grammar=True),
    }
    found = _rounds(plan, contestants, NO_NOTEBOOK, work, say)
    size = f"{len(bureaus)} bureaus, {workbooks(bureaus)} files; the command line {plan.rival_bureaus} of them a round"
    yield _row("fleet", found, OURS, COMMAND_LINE, Bar("at_least", 20), (size, *found.notes))
    yield _row("fleet_without_grammar", found, OURS, WITHOUT_GRAMMAR, Bar("at_least", 12))
    yield _row("no_notebook", found, OURS, NO_NOTEBOOK, Bar("at_least", 0.6), is_sound=found.is_same)


def dask_rows(plan: Plan, cache: Path, work: Path, say: Say) -> Iterator[Row]:
    """Yield the row on a scheduler and its workers on this machine, which stand while they are measured."""
    bureaus = fleet(cache, plan.bureaus)
    root = as_root(bureaus, work / "fleet")
    with DaskCluster(work / "dask") as cluster:
        names = [f"bench-{number}" for number in range(plan.workers)]
        for name in names:
            cluster.add_worker(name)
        wait_for(lambda: all(REGISTERED in (work / "dask" / f"{name}.log").read_text("utf-8") for name in names))
        contestants = {
            OURS: partial(_ours, root, len(bureaus), "--workers", str(plan.workers)),
            DASK: partial(_ours, root, len(bureaus), "--scheduler", cluster.address),
        }
        found = _rounds(plan, contestants, DASK, work, say)
    yield _row("dask", found, DASK, OURS, Bar("at_least", 0.8), found.notes, is_sound=found.is_same)


def _ours(root: Path, bureaus: int, option: str, value: str, _: int, out: Path) -> float:
    return _rate(bureaus, batch(root, out, option, value).seconds)


def _no_notebook(root: Path, bureaus: int, workers: int, _: int, out: Path) -> float:
    words = [str(root), str(out), "--quarter", QUARTER, "--workers", str(workers)]
    ran = run([sys.executable, "-m", "tests.benchmarks.rivals.straight_line", *words], allowed=(0,))
    return _rate(bureaus, ran.seconds)


def _command_line(plan: Plan, bureaus: Sequence[Path], round_: int, out: Path, *, without_grammar: bool) -> float:
    own = turn(bureaus, plan.rival_bureaus, round_)
    make = partial(make_reports, own, QUARTER, out, at_once=plan.workers, without_grammar=without_grammar)
    return _rate(len(own), timed(make))


def _rounds(
    plan: Plan, contestants: Mapping[str, Callable[[int, Path], float]], same: str, work: Path, say: Say
) -> Rounds:
    """Let everyone do each round, forwards and backwards in turn, so that nobody always comes after the same one.

    ``same`` names who has to make the same pages as ours.
    """
    found: dict[str, list[float]] = {name: [] for name in contestants}
    is_same, notes = True, []
    for round_ in range(plan.rounds):
        out = work / f"round-{round_}"
        notes.append(f"load before round {round_ + 1}: {load()}")
        for name in list(contestants)[:: -1 if round_ % 2 else 1]:
            found[name].append(contestants[name](round_, out / name))
            say(f"round {round_ + 1} of {plan.rounds}, {name}: {found[name][-1]:.1f} reports a minute")
        different = different_pages(out / OURS / "figures", out / same / "figures")
        is_same = is_same and not different
        notes += [f"not the same page, {same}: {page}" for page in different]
        shutil.rmtree(out)
    return Rounds(found, is_same, tuple(notes))


def different_pages(ours: Path, theirs: Path) -> list[str]:
    """Return the pages of every bureau that are not the same bytes in both folders, or missing in one."""
    bureaus = sorted(folder.parent.relative_to(ours) for folder in ours.glob(f"*/*/{REPORT_FILE}"))
    assert bureaus, "no report was published"
    pages = [str(bureau / page) for bureau in bureaus for page in PAGES]
    _, different, missing = filecmp.cmpfiles(ours, theirs, pages, shallow=False)
    return different + missing


def _row(
    name: str, found: Rounds, ours: str, rival: str, bar: Bar, notes: tuple[str, ...] = (), *, is_sound: bool = True
) -> Row:
    mine, its = found.rates[ours], found.rates[rival]
    ratio = Spread.of(ratios(mine, its))
    return Row(name, PER_MINUTE, Spread.of(mine), Spread.of(its), ratio, bar, len(mine), notes, is_sound)


def _rate(bureaus: int, seconds: float) -> float:
    return rates(bureaus, [seconds])[0]


def many_rows(plan: Plan, cache: Path, work: Path, say: Say) -> Iterator[Row]:
    """Yield the rows that compare many bureaus with few: time a bureau, and the peak memory of the batch's process."""
    bureaus = fleet(cache, min(plan.bureaus, plan.many))
    roots = {count: as_root(bureaus, work / f"many-{count}", count) for count in (plan.few, plan.many)}
    ran: dict[int, list[Ran]] = {count: [] for count in roots}
    for round_ in range(plan.many_rounds):
        for count in list(roots)[:: -1 if round_ % 2 else 1]:
            out = work / f"many-out-{count}"
            ran[count].append(batch(roots[count], out, "--workers", str(plan.workers), watch=peak_mb))
            say(f"{count} bureaus: {ran[count][-1].seconds:.1f} s, {ran[count][-1].peak_mb:.0f} MB")
            shutil.rmtree(out)
    each = {count: [one.seconds / count for one in ran[count]] for count in roots}
    peaks = {count: [one.peak_mb for one in ran[count]] for count in roots}
    note = f"{plan.many} against {plan.few} bureaus; where there are more than {len(bureaus)}, some come again"
    for name, unit, values in (("many_time", "s", each), ("many_memory", "MB", peaks)):
        ours, few = values[plan.many], values[plan.few]
        ratio = Spread.of(ratios(ours, few))
        yield Row(name, unit, Spread.of(ours), Spread.of(few), ratio, Bar("at_most", 1.10), plan.many_rounds, (note,))
