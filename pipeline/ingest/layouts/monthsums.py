"""Sums over months in a table with months across (合计, 上半年, 一季度): checked with the months, then left out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline import periods
from pipeline.ingest.cells.amounts import number_in
from pipeline.ingest.cells.columns import Words
from pipeline.ingest.checking.reconcile import comes_to, decimals_of, is_additive, shown_number
from pipeline.ingest.layouts.findings import MonthSum
from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import brackets_of, header_form

MONTHS_A_YEAR = 12
SPANS = {"上半年": range(1, 7), "下半年": range(7, 13), "全年": range(1, MONTHS_A_YEAR + 1)}
YEAR = "年度"  # alone it stands above years: 年度合计 is a sum
RATES = ("%", "率", "比")  # in the brackets of a header: 上半年(%) is no sum
SINCE_THE_LAST = "小计"  # a sum of the months since the sum before


@dataclass(frozen=True)
class SumColumn:
    """A column of sums: the columns of the months that it sums, and whether a month without a number leaves it open."""

    months: tuple[int, ...]
    is_whole_year: bool = False


def find_sum_columns(labels: Mapping[int, str], months: Mapping[int, int], words: Words) -> Mapping[int, SumColumn]:
    """Return the columns that sum months; ``labels``: column -> the header that may say so, ``months``: column -> month
    of the year, both of one amount.

    None where a month has two columns, as in a table of two years. A sum of months that have no column says nothing.
    """
    found: dict[int, SumColumn] = {}
    if len(set(months.values())) < len(months):
        return found
    for number in sorted(labels):
        label = header_form(labels[number])
        wanted = _months_summed(labels[number], words)
        if label == SINCE_THE_LAST:
            after = max((column for column in found if column < number), default=-1)
            parts = tuple(column for column in months if after < column < number)
        elif wanted is None:
            continue
        else:
            parts = tuple(column for column, month in months.items() if month in (wanted or months.values()))
        if len(parts) > 1 and len(parts) >= len(wanted or ()):
            found[number] = SumColumn(parts, wanted is not None and len(wanted) == MONTHS_A_YEAR)
    return found


def find_sums_to_date(until: Mapping[int, pd.Period | None], months: Mapping[int, int]) -> Mapping[int, SumColumn]:
    """Return the columns that sum all months up to one (``until``: column -> that month), where all have a column."""
    if len(set(months.values())) < len(months):
        return {}
    found = {}
    for number, last in until.items():
        parts = tuple(column for column, month in months.items() if last is not None and month <= last.month)
        if last is not None and len(parts) == last.month:
            found[number] = SumColumn(parts)
    return found


def _months_summed(label: str, words: Words) -> Sequence[int] | None:
    """Return the months of the year that a header sums, none for all that there are; ``None`` where it is no sum.

    It may say the span and that it is a sum, and nothing else: 上半年同比, 全年计划 and 年度 are other things.
    """
    form, rest = header_form(label), periods.without_periods(header_form(label))
    if any(word in aside for aside in brackets_of(label) for word in (*words["other_amount"], *RATES)):
        return None
    if _is_total(form, words):
        return ()
    for span, months in SPANS.items():
        if rest == span or (rest.startswith(span) and _is_total(rest.removeprefix(span), words)):
            return months
    if rest and not _is_total(rest, words):
        is_year = rest.startswith(YEAR) and _is_total(rest.removeprefix(YEAR), words)
        return SPANS["全年"] if is_year else None
    quarter = periods.find_quarter(form, periods.ANY_YEAR)
    return None if quarter is None else [month.month for month in periods.months_of(quarter)]


def _is_total(label: str, words: Words) -> bool:
    """Tell whether a word is that of a sum over the months of its row: no mean, no 全市."""
    is_other = any(word in label for word in words["mean"]) or label in words["beyond"] - {periods.TO_DATE}
    return label in words["total"] and not is_other


def check_month_sums(result: SheetRows, sums: Iterable[MonthSum]) -> None:
    """Note the sums that are not those of their months, as exactly as they are printed; rates have none."""
    for one in sums:
        column = result.columns[one.column]
        printed = number_in(cell_at(result.sheet.grid, *one.place))
        cells = [cell_at(result.sheet.grid, *place) for place in one.parts]
        parts = list(map(number_in, cells))
        is_known = all(part is not None or cell is None for part, cell in zip(parts, cells, strict=True))
        held = [part for part in parts if part is not None]
        if printed is None or not held or not is_known or not is_additive(column):
            continue
        if one.needs_all and len(held) < len(parts):
            continue  # a year whose months are not all planned yet
        decimals = decimals_of(cell_at(result.sheet.grid, *one.place))
        if not comes_to(held, printed, decimals):
            seen, expected = shown_number(printed, decimals), shown_number(sum(held), decimals)
            result.sheet_fault("total_mismatch", seen, expected, one.place, (column,))
