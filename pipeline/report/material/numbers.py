"""Numbers and dates as readers expect them: units, 万元, percentage points, no digit that the data lack."""

from collections.abc import Iterable
from datetime import date
from functools import reduce

import pandas as pd
from babel.dates import get_month_names

from pipeline.catalog import Catalog, Metric
from pipeline.report.page.table_block import MISSING, format_number, is_missing
from pipeline.texts import Texts

POINT_DIGITS = 1  # points come in halves and in rates of whole points: a second decimal would be noise
RATE_DIGITS = 1
CORRELATION_DIGITS = 2  # statistics.md: never three
YUAN_PER_WANYUAN = 10_000
WANYUAN_DIGITS = 2


def quantity(value: object, unit: str, digits: int, texts: Texts, *, signed: bool = False) -> str:
    """Return ``value`` with its unit in words (``720.4 箱``, ``98.5%``); a dash when it is missing."""
    if is_missing(value):
        return MISSING
    number = format_number(value, digits, signed=signed)
    if number.lstrip("+−") == "1" and texts.has(f"quantity_one.{unit}"):
        return texts(f"quantity_one.{unit}", number=number)
    return texts(f"quantity.{unit}", number=number)


def metric_value(value: object, metric: Metric, catalog: Catalog, texts: Texts) -> str:
    """Return a value of ``metric``; sums of money of 10,000 yuan and more in the large unit of the language.

    A price such as revenue per case is a quotient and stays in yuan.
    """
    is_sum = catalog.measures[metric.measure].aggregate == "sum"
    if metric.unit == "yuan" and is_sum and not is_missing(value) and abs(_number(value)) >= YUAN_PER_WANYUAN:
        return _large_money(_number(value), texts)
    return quantity(value, metric.unit, metric.decimals, texts)


def metric_change(change: object, metric: Metric, texts: Texts) -> str:
    """Return a change against last year: percentage points for a rate, per cent for everything else."""
    unit = "pp" if metric.unit == "pct" else "pct"
    return quantity(change, unit, RATE_DIGITS, texts, signed=True)


def points_text(value: object, texts: Texts, *, signed: bool = False) -> str:
    """Return points with their unit."""
    return quantity(value, "points", POINT_DIGITS, texts, signed=signed)


def rate_text(value: object, texts: Texts) -> str:
    """Return a percentage."""
    return quantity(value, "pct", RATE_DIGITS, texts)


def correlation_text(value: object) -> str:
    """Return a correlation with two decimals; a dash when it is missing."""
    return MISSING if is_missing(value) else format_number(value, CORRELATION_DIGITS)


def month_text(month: pd.Period, texts: Texts) -> str:
    """Return a month with its year."""
    return texts("period.month", year=month.year, month=month.month)


def short_month_text(month: pd.Period, texts: Texts) -> str:
    """Return a month of a year that is known from the context."""
    name: str = get_month_names("abbreviated", context="stand-alone", locale=texts.lang)[month.month]
    return name


def quarter_text(quarter: pd.Period, texts: Texts) -> str:
    """Return a quarter with its year."""
    return texts("period.quarter", year=quarter.year, quarter=texts(f"period.quarter_{quarter.quarter}"))


def date_text(day: date, texts: Texts) -> str:
    """Return a day."""
    return texts("period.date", year=day.year, month=day.month, day=day.day)


def printed_change(after: object, before: object, digits: int) -> float | None:
    """Return the difference of two numbers as they are printed; None where one is missing.

    A reader who subtracts one from the other finds it: 77.1 less 71.0 is 6.1, also where they are 77.06 and 71.03.
    """
    if is_missing(after) or is_missing(before):
        return None
    return round(round(_number(after), digits) - round(_number(before), digits), digits)


def listed(parts: Iterable[str], texts: Texts) -> str:
    """Join words into a list."""
    return texts("list.separator").join(parts)


def span_text(low: int, high: int, texts: Texts) -> str:
    """Return the smallest and the largest of some counts in words; one number where they are the same."""
    return f"{low:,}" if low == high else texts("number.span", low=f"{low:,}", high=f"{high:,}")


def joined(sentences: Iterable[str], texts: Texts) -> str:
    """Join sentences into one paragraph, with a blank between them where the language wants one."""
    parts = [sentence for sentence in sentences if sentence]
    return reduce(lambda first, second: texts("list.sentences", first=first, second=second), parts) if parts else ""


def _large_money(yuan: float, texts: Texts) -> str:
    unit = texts("number.large_money_unit")
    if unit == "wanyuan":
        return quantity(yuan / YUAN_PER_WANYUAN, unit, WANYUAN_DIGITS, texts)
    return quantity(yuan, unit, 0, texts)


def _number(value: object) -> float:
    return float(value)  # type: ignore[arg-type]
