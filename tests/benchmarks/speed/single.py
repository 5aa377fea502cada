"""Rows on one report: cold beside the command line, again with nothing changed, and again with one changed cell."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.texts import load_texts
from tests.benchmarks.rivals.command_line import environment, make_report
from tests.benchmarks.speed.clock import REPOSITORY, Ran, ronghe, run, timed
from tests.benchmarks.speed.plan import QUARTER, Plan
from tests.benchmarks.speed.rows import Bar, Row
from tests.benchmarks.speed.spread import Spread, ratios

SAMPLE = REPOSITORY / "data" / "raw" / "sample"
# What is changed, each in a workbook of the reported quarter: the word in the file's name, the sheet, the row that a
# text begins or holds, the header under which the cell stands.
CHANGES: Mapping[str, tuple[str, str, str, str]] = {
    "a sales value": ("2021年10-12月卷烟销售月报", "11月", "城区", "销量"),
    "an activity": ("2021年活动台账", "11月", "党小组会", "实到"),
    "a points sheet": ("2021年11月党小组积分表", "营销管理", "张三", "活动"),
}


def single_rows(plan: Plan, work: Path, say: Callable[[str], None]) -> Iterator[Row]:
    """Yield the rows on one report of the shipped sample; every round begins from nothing."""
    found: dict[str, list[float]] = {name: [] for name in ("first", "rival", "unchanged", *CHANGES)}
    silent: list[str] = []
    for round_ in range(plan.rounds):
        silent += _round(work / f"single-{round_}", found, is_first=round_ % 2 == 0)
        say(f"round {round_ + 1} of {plan.rounds}: " + ", ".join(f"{n} {v[-1]:.2f} s" for n, v in found.items()))
        shutil.rmtree(work / f"single-{round_}")
    first = found["first"]
    yield _row("cold", first, found["rival"], 1 / 3)
    yield _row("unchanged", found["unchanged"], first, 0.05, silent=[text for text in silent if "unchanged" in text])
    worst = max(CHANGES, key=lambda name: Spread.of(found[name]).median)
    notes = tuple(f"{name}: {Spread.of(ratios(found[name], first)).median:.2f} of the first run" for name in CHANGES)
    silent = [text for text in silent if "unchanged" not in text]
    yield _row("changed", found[worst], first, 1 / 3, notes, silent=silent)


def _round(work: Path, found: dict[str, list[float]], *, is_first: bool) -> list[str]:
    """Run everything once and add the seconds to ``found``; return the runs that did not say why they did what."""
    bureau = work / "bureau" / SAMPLE.name
    shutil.copytree(SAMPLE, bureau)

    def rival() -> None:
        found["rival"].append(timed(lambda: make_report(SAMPLE, QUARTER, work / "rival", environment())))

    if not is_first:
        rival()
    found["first"].append(_report(bureau, work).seconds)
    again = _report(bureau, work)
    found["unchanged"].append(again.seconds)
    why = load_texts("zh")("run.unchanged", run_at="\0").partition("\0")[0]
    silent = [] if why in again.output else ["unchanged: the output does not say why nothing was done"]
    for name, (word, *cell) in CHANGES.items():
        changed = change_one_cell(bureau, word, *cell)
        ran = _report(bureau, work)
        found[name].append(ran.seconds)
        if changed.name not in ran.output:
            silent.append(f"{name}: the output does not name the changed workbook")
    if is_first:
        rival()
    return silent


def _report(bureau: Path, work: Path) -> Ran:
    places = ("--processed", work / "processed", "--figures", work / "figures")
    return run(ronghe("report", "--bureau", bureau, "--quarter", QUARTER, *places))


def change_one_cell(bureau: Path, word: str, sheet: str, row_text: str, header: str) -> Path:
    """Add 1 to one number of one workbook of a bureau and return the workbook.

    Raises `LookupError` where the cell cannot be found, or holds no number.
    """
    (path,) = [path for path in bureau.rglob("*.xlsx") if word in path.name]
    book = openpyxl.load_workbook(path)
    cell = _find(book[sheet], row_text, header)
    cell.value = cell.value + 1
    book.save(path)
    return path


def _find(sheet: Worksheet, row_text: str, header: str):
    """Return the first number of a row with a text, under a header."""
    column = next((cell.column for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == header), None)
    if column is not None:
        for row in sheet.iter_rows():
            if any(cell.value == row_text for cell in row) and isinstance(row[column - 1].value, int | float):
                return row[column - 1]
    raise LookupError(f"no number in {sheet.title} in a row with {row_text} under {header}")


def _row(
    name: str,
    ours: list[float],
    beside: list[float],
    bound: float,
    notes: tuple[str, ...] = (),
    *,
    silent: list[str] | None = None,
) -> Row:
    ratio, bar = Spread.of(ratios(ours, beside)), Bar("at_most", bound)
    told = (*notes, *(silent or ()))
    return Row(name, "s", Spread.of(ours), Spread.of(beside), ratio, bar, len(ours), told, not silent)
