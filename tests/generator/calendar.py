"""Months as the first day of each: a small calendar of its own, so that the truth does not lean on what it tests."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta


def parse_month(text: str) -> date:
    """Return the first day of a month written 2018-11; raises `ValueError` for anything else."""
    year, _, month = text.partition("-")
    return date(int(year), int(month), 1)


def month_of(day: date) -> date:
    return day.replace(day=1)


def shift(month: date, by: int) -> date:
    """Return the month that lies ``by`` months later (earlier for a negative number)."""
    years, index = divmod(month.month - 1 + by, 12)
    return date(month.year + years, index + 1, 1)


def months_between(first: date, last: date) -> tuple[date, ...]:
    """Return every month from ``first`` to ``last``, both included."""

    def walk() -> Iterator[date]:
        month = first
        while month <= last:
            yield month
            month = shift(month, 1)

    return tuple(walk())


def month_end(month: date) -> date:
    return shift(month, 1) - timedelta(days=1)


def on_day(month: date, day: int) -> date:
    """Return a day of ``month``, the last one where the month is shorter."""
    return month.replace(day=min(day, monthrange(month.year, month.month)[1]))


def quarter_number(month: date) -> int:
    return (month.month - 1) // 3 + 1


def quarters_of(months: tuple[date, ...]) -> dict[tuple[int, int], tuple[date, ...]]:
    """Group months by (year, quarter), in order; the first and the last quarter may be short."""
    quarters: dict[tuple[int, int], tuple[date, ...]] = {}
    for month in months:
        key = (month.year, quarter_number(month))
        quarters[key] = (*quarters.get(key, ()), month)
    return quarters


def years_of(months: tuple[date, ...]) -> dict[int, tuple[date, ...]]:
    """Group months by year, in order."""
    return {year: tuple(month for month in months if month.year == year) for year in sorted({m.year for m in months})}


def chinese_months() -> tuple[str, ...]:
    """Return 一月 to 十二月."""
    numerals = (*"一二三四五六七八九十", "十一", "十二")
    return tuple(f"{numeral}月" for numeral in numerals)
