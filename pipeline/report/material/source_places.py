"""Where rows came from, in few words: the file, the sheet, and the rows as ranges of cells."""

from collections.abc import Iterable
from itertools import groupby

import pandas as pd

from pipeline.texts import Texts

LINEAGE = ("source_file", "source_sheet", "source_row", "source_cell")
Place = tuple[str, str, int, str]  # what the columns of `LINEAGE` say of one row


def places_text(rows: pd.DataFrame, texts: Texts) -> str:
    """Return where ``rows`` stand: 2021年活动台账.xlsx [1月] A5–A12（8 行）; "" for no rows.

    ``rows`` has the lineage columns source_file, source_sheet, source_row, source_cell. A row that occurs twice counts
    once, and rows that follow each other in a sheet are a range.
    """
    return named_places(places_of(rows), texts)


def places_of(rows: pd.DataFrame) -> list[Place]:
    """Return where every one of ``rows`` stands, in their order."""
    return list(zip(*(rows[name].tolist() for name in LINEAGE), strict=True))


def named_places(places: Iterable[Place], texts: Texts) -> str:
    """Return places in words; see `places_text`."""
    cells: dict[tuple[str, str, int], str] = {}
    for file, sheet, row, cell in places:
        if isinstance(file, str) and isinstance(sheet, str):  # what was computed stands in no sheet
            cells.setdefault((file, sheet, row), cell)
    found = [
        _sheet_text(file, sheet, [row for _, _, row in keys], [cells[key] for key in keys], texts)
        for (file, sheet), keys in (
            (of, list(own)) for of, own in groupby(sorted(cells), key=lambda key: (key[0], key[1]))
        )
    ]
    return texts("list.clauses").join(found)


def _sheet_text(file: str, sheet: str, rows: list[int], cells: list[str], texts: Texts) -> str:
    place = f"{file} [{sheet}] {texts('list.separator').join(_ranges(rows, cells))}"
    return place if len(rows) == 1 else texts("places.rows", place=place, count=len(rows))


def _ranges(rows: list[int], cells: list[str]) -> Iterable[str]:
    """Yield a cell for a row alone, and the first and last cell of rows that follow each other."""
    start = 0
    for position in range(1, len(rows) + 1):
        if position == len(rows) or rows[position] != rows[position - 1] + 1:
            yield cells[start] if position - start == 1 else f"{cells[start]}–{cells[position - 1]}"
            start = position
