"""A bureau with party groups of 6, 5, 4 and 1 members, and a reader who tries to compute what one member scored.

The reader is the worst there can be: they know who took part in every quiz, and put every published mean down as an
equation in the scores of those people. What the equations determine is told, whichever way they are combined: a group
less the others, a quarter less its months, a quarter less the one before.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import lxml.html
import numpy as np
import openpyxl
import pandas as pd

from tests.generator import generate_bureau, people

QUARTER, FIRST_MONTH, LAST_MONTH = "2021Q4", "2021-01", "2021-12"
# As founded; one of the first group moves to the last in July, and one of the second is replaced in June
FOUNDED = (7, 4, 1, 4)
HIDDEN_SHEET, HIDDEN_TEXT = "不给人看", "藏在隐藏表里的话"
SEAT = ["member", "session_on"]
QUIZ_ITEM = "A5"
MEAN_HEADERS, QUARTER_HEADER = ("均分 分", "均分 (分)", "均分"), "季度"
QUARTERS = {f"2021年{numeral}季度": f"2021Q{number}" for number, numeral in enumerate("一二三四", start=1)}
SHOWN_MEAN = re.compile(r"([\d.]+) 分 →")


@dataclass(frozen=True)
class Shown:
    """A table of a published file: its caption, its header and its rows as text."""

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Mean:
    """A published mean of the best attempts of a group in some months."""

    group: str
    months: tuple[pd.Period, ...]
    value: float


def write_small_bureau(folder: Path) -> None:
    """Write the workbooks; one of them has a hidden sheet besides."""
    sizes = iter(FOUNDED)
    found = people._found_group

    def sized(spec, size, *rest):
        return found(spec, next(sizes), *rest)

    with patch.object(people, "_found_group", sized):
        generate_bureau(
            folder,
            groups=len(FOUNDED),
            members=sum(FOUNDED),
            first=FIRST_MONTH,
            last=LAST_MONTH,
            seed=5,
            effects={},
            mistakes="none",
        )
    path = folder / "党建" / "党员花名册.xlsx"
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet(HIDDEN_SHEET)
    sheet.append([HIDDEN_TEXT])
    sheet.sheet_state = "hidden"
    book.save(path)


def publish(repository: Path, home: Path) -> None:
    """Run the main job on the bureau into ``home``."""
    write_small_bureau(home / "raw" / "sample")
    places = {"--bureau": home / "raw" / "sample", "--figures": home / "figures", "--processed": home / "processed"}
    command = [sys.executable, "-m", "pipeline", "report", "--quarter", QUARTER, "--lang", "zh"]
    made = subprocess.run(
        [*command, *(str(part) for pair in places.items() for part in pair)],
        cwd=repository,
        env={**os.environ, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert made.returncode in (0, 1), made.stderr


def tables_of(path: Path) -> Iterator[Shown]:
    """Yield the tables of a published page, executed notebook or workbook."""
    if path.suffix == ".html":
        yield from _html_tables(path.read_text(encoding="utf-8"))
    elif path.suffix == ".ipynb":
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            for output in cell.get("outputs", ()):
                yield from _html_tables("".join(output.get("data", {}).get("text/html", "")))
    elif path.suffix == ".xlsx":
        for sheet in openpyxl.load_workbook(path):
            rows = [["" if value is None else str(value) for value in row] for row in sheet.values]
            yield from (Shown(sheet.title, row, rows[place + 1 :]) for place, row in enumerate(rows[:10]))


def _html_tables(text: str) -> Iterator[Shown]:
    if "<table" not in text:
        return
    for table in lxml.html.fromstring(text).iter("table"):
        rows = [[cell.text_content().strip() for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        caption = table.find("caption")
        yield Shown("" if caption is None else caption.text_content(), rows[0] if rows else [], rows[1:])


def published_means(folder: Path, groups: Sequence[str], quarter: pd.Period) -> list[Mean]:
    """Return every quiz mean that the files below ``folder`` show: of ``quarter`` or one that they name, of months."""
    shown = (table for path in sorted(folder.rglob("*")) if path.is_file() for table in tables_of(path))
    return [mean for table in shown for mean in _means_of(table, groups, quarter)]


def _means_of(table: Shown, groups: Sequence[str], quarter: pd.Period) -> Iterator[Mean]:
    months = pd.period_range(quarter.start_time, quarter.end_time, freq="M")
    place = next((i for i, name in enumerate(table.header) if name in MEAN_HEADERS), None)
    of_caption = next((group for group in groups if table.caption.startswith(group)), None)
    for row in table.rows:
        group = next((group for group in groups if group in row), None)
        if place is not None and group and place < len(row) and re.fullmatch(r"[\d.]+", row[place]):
            yield Mean(group, tuple(_named_months(table.header, row) or months), float(row[place]))
        if of_caption and row and row[0].startswith(QUIZ_ITEM):
            of_month = {f"{month.month}月": month for month in months}
            for header, cell in zip(table.header, row, strict=False):
                if header in of_month and (found := SHOWN_MEAN.match(cell)):
                    yield Mean(of_caption, (of_month[header],), float(found[1]))


def _named_months(header: Sequence[str], row: Sequence[str]) -> list[pd.Period]:
    """Return the months of the quarter that a row names; none where its table is of one quarter."""
    if QUARTER_HEADER not in header:
        return []
    written = row[list(header).index(QUARTER_HEADER)]
    quarter = pd.Period(QUARTERS.get(written, written), "Q-DEC")
    return list(pd.period_range(quarter.start_time, quarter.end_time, freq="M"))


def best_attempts(quiz: pd.DataFrame) -> pd.DataFrame:
    """Return a row a member and session: party_group, month and best score."""
    best = quiz.groupby([*SEAT, "party_group"], sort=True)["score"].max().reset_index()
    return best.assign(month=best["session_on"].dt.to_period("M"))


def small_seats(seats: pd.DataFrame, fewest: int) -> dict[tuple[str, pd.Period], pd.DataFrame]:
    """Return the seats of every group and month in which fewer than ``fewest`` members took part."""
    grouped = seats.groupby(["party_group", "month"], sort=True)
    found = {}
    for (group, month), own in grouped:
        if own["member"].nunique() < fewest:
            found[str(group), pd.Period(str(month), "M")] = own
    return found


def attack(means: Iterable[Mean], seats: pd.DataFrame, targets: Mapping[str, np.ndarray]) -> list[str]:
    """Return the names of the ``targets`` that the means determine.

    A target is a weighting of the seats: a single one is a member's score, all of a small group's month its mean.
    """
    rows = [_weights(seats, mean.group, mean.months) for mean in means]
    if not rows:
        return []
    equations = np.array(rows).T  # one column an equation
    told = []
    for name, target in targets.items():
        combination = np.linalg.lstsq(equations, target, rcond=None)[0]
        if np.allclose(equations @ combination, target, atol=1e-9):
            told.append(name)
    return told


def targets_of(seats: pd.DataFrame, fewest: int) -> dict[str, np.ndarray]:
    """Return what nobody may compute: the score of each seat, and the mean of each small group and month."""
    single = np.eye(len(seats))
    found = {f"{row.member} {row.session_on:%Y-%m-%d}": single[place] for place, row in enumerate(seats.itertuples())}
    for group, month in small_seats(seats, fewest):
        found[f"{group} {month}"] = _weights(seats, group, (month,))
    return found


def _weights(seats: pd.DataFrame, group: str, months: Sequence[pd.Period]) -> np.ndarray:
    chosen = ((seats["party_group"] == group) & seats["month"].isin(months)).to_numpy(dtype=float)
    return chosen / max(chosen.sum(), 1.0)
