"""Several months at once, as titles and names speak of them: 上半年, 1-5月, 前三季度, 2018年7月至2019年6月."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

import pandas as pd

from pipeline import periods

REMEMBERED = 2**10  # names and titles: those of a sheet are searched again for each table on it
MONTHS_A_QUARTER = 3
_HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_NUMBERS = {text: n for n, text in enumerate([*"一二三四五六七八九十", "十一", "十二"], start=1)} | {"元": 1, "两": 2}
_YEAR = r"(?<!\d)((?:19|20)\d{2})"
_MONTH = r"(?<![\d十])(0?[1-9]|1[0-2]|十[一二]|[元一二三四五六七八九十])"
_QUARTER = "([一二三四1-4])"
_TO = r"(?:[-—–―~]+|至|到)"
_QUARTERS = re.compile(rf"前([二两三23])个?季度|第?{_QUARTER}季?度?(?:{_TO}|[、,和及])第?{_QUARTER}季度")
_SPAN = re.compile(  # without 月 both years must stand there, or it may be a day
    rf"(?:{_YEAR}[年./-]?)?{_MONTH}月?份?{_TO}(?:{_YEAR}[年./-]?)?{_MONTH}月"
    rf"|{_YEAR}[年./-]{_MONTH}{_TO}{_YEAR}[年./-]{_MONTH}(?!\d)"
)

Span = tuple[int, int, int, int]  # year and month of the first and of the last month


@lru_cache(maxsize=REMEMBERED)
def find_span(text: str, default_year: int | None = None) -> tuple[pd.Period, pd.Period] | None:
    """Find the one span of months of a title or name, as its first and last month.

    Without a year it takes the one year of the same text, else ``default_year``, else the answer is ``None``.
    """
    clean = "".join(unicodedata.normalize("NFKC", text).split())
    found = set(_spans(clean, periods.find_year(text) or default_year))
    if len(found) != 1 or None in found:
        return None
    year, month, last_year, last_month = next(iter(found))  # type: ignore[misc]
    first, last = (pd.Period(year=y, month=m, freq="M") for y, m in ((year, month), (last_year, last_month)))
    return (first, last) if first <= last else None


def _spans(clean: str, year: int | None) -> Iterator[Span | None]:
    """Yield the spans of a text; ``None`` for one whose year nobody knows."""
    parts = [months for half, months in _HALVES.items() if half in clean]
    for found in _QUARTERS.finditer(clean):
        first, last = (1, _number(found[1])) if found[1] else (_number(found[2]), _number(found[3]))
        parts.append((MONTHS_A_QUARTER * (first - 1) + 1, MONTHS_A_QUARTER * last))
    for first, last in parts:
        yield None if year is None else (year, first, year, last)
    for found in _SPAN.finditer(clean):
        first_year, month, last_year, last_month = found.groups()[:4] if found[2] else found.groups()[4:]
        begins = int(first_year) if first_year else year
        ends = int(last_year) if last_year else begins
        if begins is None or ends is None:
            yield None
        else:
            yield begins, _number(month), ends, _number(last_month)


def _number(text: str) -> int:
    return _NUMBERS.get(text) or int(text)
