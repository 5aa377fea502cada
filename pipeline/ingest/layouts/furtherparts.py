"""Rows below one that begins with 其中: the further parts of what stands above it, which rarely say so themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice, takewhile

from pipeline.ingest.cells.amounts import number_in
from pipeline.ingest.checking.reconcile import comes_to, decimals_of, is_additive
from pipeline.ingest.layouts.findings import Recognised
from pipeline.ingest.layouts.headers import GROUP_DTYPE
from pipeline.ingest.layouts.rows import ClassifiedRows, cell_at
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import compact

MAX_PARTS = 30  # routes or types into which a territory is parted; below them other territories stand

Amounts = Mapping[int, tuple[float, int]]  # column -> number and the decimals that it shows


def with_further_parts(
    sheet: Recognised, classified: ClassifiedRows, group_names: Mapping[str, str], vocabulary: Vocabulary
) -> ClassifiedRows:
    """Return the rows with all parts of a 其中 marked as such: those below it which, with it, come to the row above it.

    城区, 其中：城东线路, 城西线路: read as rows of the table, the last would be an unknown group and make totals wrong.
    A row of a known group is none, whatever it comes to.
    """
    columns = vocabulary.columns_of(sheet.kind)
    keys = [n for n, name in sheet.columns.items() if name in columns and columns[name].dtype == GROUP_DTYPE]
    numbers = [n for n, name in sheet.columns.items() if name != DROP and is_additive(columns[name])]
    if not classified.among or not numbers:
        return classified
    filled = [row for row, class_ in classified.classes.items() if class_ in ("data", "total")]
    further: set[int] = set()
    for place, row in enumerate(filled):
        if row in classified.among and place and filled[place - 1] not in classified.among:
            next_ones = islice(filled, place + 1, place + MAX_PARTS)
            below = [row, *takewhile(lambda row: not _names_group(sheet, row, keys, group_names), next_ones)]
            further.update(_parts(sheet, filled[place - 1], below, classified, numbers))
    return replace(classified, among=classified.among | further)


def _names_group(sheet: Recognised, row: int, keys: Sequence[int], group_names: Mapping[str, str]) -> bool:
    cells = (cell_at(sheet.grid, row, number) for number in keys)
    return any(isinstance(cell, str) and compact(cell) in group_names for cell in cells)


def _parts(
    sheet: Recognised, whole: int, below: Sequence[int], classified: ClassifiedRows, numbers: Sequence[int]
) -> Sequence[int]:
    """Return the first rows of ``below`` that together come to ``whole`` in every column; none where no rows do."""
    wanted = _amounts(sheet, whole, numbers)
    found: list[Amounts] = []
    for count, row in enumerate(below, 1):
        if classified.classes[row] != "data":
            break
        found.append(_amounts(sheet, row, numbers))
        sums = ((part, [amounts[n][0] for amounts in found if n in amounts]) for n, part in wanted.items())
        if wanted and all(comes_to(parts, *whole_amount) for whole_amount, parts in sums):
            return below[:count]
    return ()


def _amounts(sheet: Recognised, row: int, numbers: Sequence[int]) -> Amounts:
    cells = ((number, cell_at(sheet.grid, row, number)) for number in numbers)
    return {number: (amount, decimals_of(cell)) for number, cell in cells if (amount := number_in(cell))}
