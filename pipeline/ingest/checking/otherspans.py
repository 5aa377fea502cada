"""Columns of a month's report with amounts of another time, which nobody reads: 累计检查户次, 9月销量 in October."""

import re
from collections.abc import Iterable

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.amounts import number_in
from pipeline.ingest.layouts.headers import MONTH, NUMBER_DTYPES, POINTS, SEVERAL_MONTHS
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.layouts.unused import filled_cells_of, unread_columns
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact

_RATE = re.compile(r"率|%|比")  # 累计完成率, 累计占比: what they are made of is told, where it is not read


def note_other_spans(sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> None:
    """Note the columns of other months and of several months that are not read, once for the like sheets of a file."""
    told: set[tuple[str, str]] = set()
    for rows in sheets:
        if not rows.kept() or rows.sheet.relaid is not None or not _is_of_months(rows):
            continue  # a table with months across tells itself what it leaves out
        header = rows.sheet.header
        spans = [
            number
            for number in unread_columns(rows, vocabulary)
            if header.paths[number] not in vocabulary.words["year_column"]
            and _is_of_other_time(compact(header.label(number)), rows, vocabulary)
            and any(number_in(cell) is not None for cell in filled_cells_of(rows, number))
        ]
        seen = " / ".join(map(header.label, spans))
        if spans and (rows.file, periods.without_periods(seen)) not in told:
            told.add((rows.file, periods.without_periods(seen)))
            rows.sheet_fault("other_span", seen, place=(header.bottom, spans[0]))


def _is_of_months(rows: SheetRows) -> bool:
    """Tell whether a table holds amounts by month."""
    return MONTH in rows.columns and any(
        one.dtype in NUMBER_DTYPES and one.unit not in ("", POINTS) for one in rows.columns.values()
    )


def _is_of_other_time(label: str, rows: SheetRows, vocabulary: Vocabulary) -> bool:
    """Tell whether a header speaks of several months or of another one than that of all rows, and neither of a day, a
    rate nor an amount that no column of the kind holds: 累计计划 in a table of results.
    """
    kind, spans = rows.sheet.kind, vocabulary.words["sum_period"]
    others = [word for word in vocabulary.words["other_amount"] - spans if word in label]
    if _RATE.search(label) or not all(any(word in form for form in vocabulary.forms[kind.kind]) for word in others):
        return False
    if any(word in label for word in spans) or SEVERAL_MONTHS.search(label) is not None:
        return True
    month = periods.find_month(label, periods.ANY_YEAR)
    if month is None or periods.names_day(label):
        return False
    own = {one for one in rows.values[MONTH] if isinstance(one, pd.Period)}
    return any(one.month != month.month or month.year not in (periods.ANY_YEAR, one.year) for one in own)
