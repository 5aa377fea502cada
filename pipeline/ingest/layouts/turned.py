"""Columns beside a form: a further record of a table on its side, or an explanation of how to fill the form in."""

import re
from collections.abc import Iterable, Iterator, Sequence

from pipeline.catalog import Column
from pipeline.catalog.records import Dtype
from pipeline.ingest.cells.columns import ColumnHints
from pipeline.ingest.cells.values import convert_column
from pipeline.ingest.files.grids import Cell, CellError
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact, header_form

WORDED: frozenset[Dtype] = frozenset({"text", "identifier", "subject", "member_list", "ground"})  # any text fits these
NAMED: frozenset[Dtype] = frozenset({"party_group", "member"})
MAX_NAME = 12  # characters of a group or a member with a title; a longer text is a sentence
HEADINGS = frozenset({"填写说明", "填报说明", "填表说明", "填写要求", "说明", "示例", "填写示例", "样例", "备注"})
_SPOKEN = re.compile(r"[:,;。、!?“”]")
_AMOUNT = re.compile(r"[-+]?\d")
# Whatever a year or a percentage lacks is settled once the table is read: here only the kind of value counts.
_HINTS = ColumnHints(default_year=2000, month_means_first_day=True)  # a leap year

Values = Sequence[tuple[Column, Cell | CellError]]


def fits_as_well(values: Values, first: Values, vocabulary: Vocabulary) -> bool:
    """Tell whether values fit their columns at least as well as those of the first record, or most of them fit.

    A record with one wrong day stays a record, so that the day is told.
    """
    judged = list(_judged(values, vocabulary))
    wrong = judged.count(False)
    return 2 * wrong < len(judged) or wrong <= list(_judged(first, vocabulary)).count(False)


def _judged(values: Values, vocabulary: Vocabulary) -> Iterator[bool]:
    """Yield for every filled cell whether it is a value of its column, where not any text would be."""
    for column, cell in values:
        if cell is None or column.dtype in WORDED:
            continue
        is_read = not convert_column([cell], column, _HINTS, vocabulary.words).faults
        yield is_read and (column.dtype not in NAMED or _may_be_name(cell))


def _may_be_name(cell: Cell | CellError) -> bool:
    return isinstance(cell, str) and len(text := compact(cell)) <= MAX_NAME and not _SPOKEN.search(text)


def is_explained(above: Iterable[Cell | CellError]) -> bool:
    """Tell whether one of the cells at the top of a column heads explanations or remarks: 填写说明, 示例."""
    return any(isinstance(cell, str) and header_form(cell) in HEADINGS for cell in above)


def holds_amounts(cells: Iterable[Cell | CellError]) -> bool:
    """Tell whether any of some cells is a number or a day, as such or as a text that begins with one."""
    return any(cell is not None and not (isinstance(cell, str) and not _AMOUNT.match(compact(cell))) for cell in cells)
