"""Where rows came from, in few words: the file, the sheet, and the rows as ranges of cells."""

from collections.abc import Iterable

import pandas as pd

from pipeline.texts import Texts


def places_text(rows: pd.DataFrame, texts: Texts) -> str:
    """Return where ``rows`` stand: 2021年活动台账.xlsx [1月] A5–A12（8 行）; "" for no rows.

    ``rows`` has the lineage columns source_file, source_sheet, source_row, source_cell. A row that occurs twice counts
    once, and rows that follow each other in a sheet are a range.
    """
    once = rows.drop_duplicates(["source_file", "source_sheet", "source_row"])
    ordered = once.sort_values(["source_file", "source_sheet", "source_row"])
    found = [
        _sheet_text(str(file), str(sheet), own["source_row"].tolist(), own["source_cell"].tolist(), texts)
        for (file, sheet), own in ordered.groupby(["source_file", "source_sheet"], sort=False)
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
