"""The frame around every sheet: title, reporting line, header, rows, signatures."""

from collections.abc import Sequence

from tests.generator.rendering import SYNTHETIC
from tests.generator.sheets import Sheet, Value

Levels = Sequence[str | tuple[str, Sequence[str]]]
BRANCH = "示例县局（营销部）党支部"
BUREAU = "示例县烟草专卖局"


def start_sheet(name: str, title: str, levels: Levels, line: Sequence[str] = ()) -> Sheet:
    """Return a sheet with title, an optional reporting line spread over the width, and header."""
    width = sum(1 if isinstance(entry, str) else len(entry[1]) for entry in levels)
    sheet = Sheet(name)
    sheet.add_title(title + SYNTHETIC, width)
    if line:
        step = max(1, width // len(line))
        sheet.add_line({1 + index * step: text for index, text in enumerate(line)})
    sheet.add_header(levels)
    return sheet


def add_rows(sheet: Sheet, rows: Sequence[tuple[str, Sequence[Value]]], columns: Sequence[str]) -> None:
    """Write facts as rows, each (key, values); ``columns`` names the values ("" for a mere number of the row)."""
    for key, values in rows:
        sheet.add_row(values, key, columns)


def sign(sheet: Sheet, left: str = "负责人签字：", right: str = "制表人：") -> None:
    """Leave a row free and write who signs."""
    sheet.next_row += 1
    sheet.add_line({1: f"{left}            {right}"})


def merge_runs(sheet: Sheet, column: int, first_row: int, last_row: int) -> None:
    """Merge every run of equal values of a column."""
    start = first_row
    for row in range(first_row + 1, last_row + 2):
        if row > last_row or sheet.cells.get((row, column)) != sheet.cells.get((start, column)):
            sheet.merge_down(column, start, row - 1)
            start = row
