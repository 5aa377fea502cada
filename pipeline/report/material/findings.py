"""The issues of a reading as managers may see them: where, what became of it, never what stood in the cell."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from pipeline.ingest.ledger import Issue, Severity
from pipeline.report.material.privacy import Redactor

Outcome = Literal["sheet", "column", "row", "cell", "setting", "skipped", "unused", "checked", "absent"]
CARRIED_ON = "carried_on"
ROW_PLACE = ("source_file", "source_sheet", "source_row")
RowPlace = tuple[str, str, int]  # file, sheet, row as the spreadsheet shows it

# What became of a fault that is not in one cell, or whose outcome does not depend on the cell
OUTCOMES: Mapping[str, Outcome] = {
    "missing_column": "sheet",
    "only_to_date": "sheet",
    "context_missing": "sheet",
    "context_without_year": "sheet",
    "context_conflict": "sheet",
    "unit_missing": "sheet",
    "unrecognised_sheet": "sheet",
    "duplicate_column": "column",
    "unused_column": "column",
    "wrong_unit": "column",
    "column_without_unit": "column",
    "unused_cells": "unused",
    "missing_months": "absent",
    "never_handed_in": "absent",
    "contents_missing": "absent",
    "duplicate_file": "skipped",
    "copied_sheet": "skipped",
    "overlapping_file": "skipped",
    "correction_sheet": "skipped",
    "wrong_setting": "setting",
}
_ROW = re.compile(r"[A-Z]+(\d+)")


@dataclass(frozen=True)
class Finding:
    """One issue without the content of its cell; ``outcome`` says what became of the sheet, row or cell.

    ``periods`` are those that nobody handed in, as the reader wrote them, where the issue is about some;
    ``carried_on`` is how many rows of the sheet another one carries on, where they count.
    """

    file: str
    sheet: str | None
    cell: str | None
    severity: Severity
    code: str
    outcome: Outcome
    periods: str = ""
    carried_on: int = 0

    @property
    def row(self) -> int | None:
        """The row of the sheet that the issue stands in, as the spreadsheet shows it; None where it is in none."""
        found = _ROW.fullmatch(self.cell or "")
        return int(found[1]) if found else None


def to_finding(issue: Issue, used_rows: frozenset[RowPlace], redact: Redactor) -> Finding:
    """Return the issue as a finding: a cell may hold anybody's name, so neither it nor its sentence is kept."""
    sheet = redact(issue.sheet) if issue.sheet is not None else None
    outcome = outcome_of(issue, used_rows)
    periods = issue.seen if issue.code == "missing_months" else ""
    carried_on = int(issue.seen) if issue.code == CARRIED_ON else 0
    return Finding(redact(issue.file), sheet, issue.cell, issue.severity, issue.code, outcome, periods, carried_on)


def outcome_of(issue: Issue, used_rows: frozenset[RowPlace]) -> Outcome:
    """Tell what became of an issue; a row that stands in a table lost one cell only, any other was lost whole."""
    if issue.code in OUTCOMES:
        return OUTCOMES[issue.code]
    if issue.severity == "warning":
        return "checked"
    row = _ROW.fullmatch(issue.cell or "")
    if row is None or issue.sheet is None:
        return "unused"
    return "cell" if (issue.file, issue.sheet, int(row[1])) in used_rows else "row"


def rows_in_tables(tables: Mapping[str, pd.DataFrame], issues: Iterable[Issue]) -> frozenset[RowPlace]:
    """Return file, sheet and number of those rows with an issue that gave a row of an input table."""
    numbers = {int(row[1]) for issue in issues if (row := _ROW.fullmatch(issue.cell or ""))}
    found: set[RowPlace] = set()
    for frame in tables.values():
        if set(frame.columns).issuperset(ROW_PLACE):
            is_named = frame["source_row"].isin(numbers).to_numpy(dtype=bool)
            if is_named.any():
                found |= set(zip(*(frame[name].array[is_named].tolist() for name in ROW_PLACE), strict=True))
    return frozenset(found)
