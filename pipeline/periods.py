"""Months, quarters and days in every spelling that workbooks use, and the two festivals that move between them.

Two families of functions: ``parse_*`` read one cell and raise a `PeriodError` that says what was expected; ``find_*``
search a title, a sheet name or a file name and answer ``None`` unless exactly one such period stands there. Nothing is
guessed.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

FESTIVAL_FIRST_DAY = -14  # the sales window around the lunar new year (Census genhol; statistics.md): 21 days in all
FESTIVAL_LAST_DAY = 6
LAST_FESTIVAL_MONTH = 2  # the new year falls between 21 January and 20 February, so its window ends by the 26th
EXCEL_EPOCH = date(1899, 12, 30)  # day 0 of the 1900 date system, as it counts from March 1900 on
EXCEL_EPOCH_1904 = date(1904, 1, 1)  # day 0 of the 1904 date system, the former default of Excel for Mac
SERIAL_YEARS = range(2000, 2100)  # their serials are clear of months (1-12), 201901 and 20190105 in both systems
ANY_YEAR = 2000  # for those who ask whether a month or quarter is named: which year it has does not matter
REMEMBERED = 2**12  # names and titles: a sheet's are searched again for each table on it, and for each check of it

MONTH_FORMS = "2019年1月, 2019-01, 2019.01, 201901"
TO_DATE = "累计"  # of a year so far
QUARTER_FORMS = "2021Q4"
DATE_FORMS = "2019-01-05, 2019.1.5, 2019年1月5日, 20190105"

_DIGIT = {"〇": "0", "○": "0", "零": "0"} | {text: str(n) for n, text in enumerate("一二三四五六七八九", start=1)}
_NUMBER = {text: str(n) for n, text in enumerate([*"一二三四五六七八九十", "十一", "十二"], start=1)}
_YEAR = r"(?<!\d)((?:19|20)\d{2})"
_MONTH = r"(0?[1-9]|1[0-2])"
_TO = r"(?:[-—–―~]+|至|到)"
_CHINESE_YEAR = re.compile(r"[一二][〇○零一二三四五六七八九]{3}(?=年)")
_CHINESE_MONTH = re.compile(rf"(?:十[一二]|[一二三四五六七八九十])(?=月|{_TO}(?:\d|[一二三四五六七八九十]){{1,2}}月)")
_JANUARY = re.compile(r"(?:^|(?<=年))元月")
_SPACE_AROUND_UNIT = re.compile(r"\s*([年月日号第季度])\s*")
_FILED_ON = re.compile(r"(?:填报|填表|制表|编制|上报|报送|提交|打印)(?:日期|时间):?\s*[\d年月日./-]+")
_RANGE = re.compile(
    rf"(?:{_YEAR}[年./-]?)?(?<!\d)(\d{{1,2}})月?{_TO}(?:(?:19|20)\d{{2}}[年./-])?(\d{{1,2}})月"
    rf"|{_YEAR}[年./-]?(\d{{1,2}})月?{_TO}(?:19|20)\d{{2}}[年./-]?\d{{1,2}}(?!\d)"
    r"|(?:(?:19|20)\d{2}[年./-])?(?<!\d)\d{1,2}月[份末底]?累计"
    r"|(?:(?:19|20)\d{2}年)?(?<!\d)\d{1,2}月?(?:[、,和及]\d{1,2}月)+"
)
_TIME = r"(?:\(?(?:星期|周)[一二三四五六日天]\)?)?(?:[T ]?\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?秒?)?分?)?"
_DATE = re.compile(rf"{_YEAR}(?:([年./-]){_MONTH}[月./-](\d{{1,2}})[日号]?|(0[1-9]|1[0-2])([0-3]\d))(?!\d)")
# 2021年1季度, 2021年2次会议, 2021年12人 and 2021年3、4月 count something else than one month
_SIGNED = r"(?:年(?=\d{1,2}(?:月|(?![\d、,\u4e00-\u9fff])))|[./-](?!\d{1,2}[季次人个期号、]))"
_YEAR_MONTH = re.compile(rf"{_YEAR}(?:{_SIGNED}{_MONTH}(?!\d)(?:月份?)?|(0[1-9]|1[0-2])(?!\d))")
_STORED_NUMBER = re.compile(r"\d{5}(?:\.\d+)?|(?:\d{6}|\d{8})\.0+")  # as text: 43470, 43470.84, 20190105.0
_BARE_MONTH = re.compile(rf"(?<!\d){_MONTH}月份?")
_BARE_DATE = re.compile(rf"{_MONTH}(?:月|[./-])(\d{{1,2}})[日号]?{_TIME}")
_SHORT_YEAR = re.compile(r"(?<!\d)(\d{2})年(?=\d{1,2}月)")  # 19年10月
_YEAR_SIGNED = re.compile(rf"{_YEAR}(?:年|(?={_TO}(?:19|20)\d{{2}}年))")
_YEAR_ANY = re.compile(rf"{_YEAR}(?![\d元箱条户支人件])")
_ONE_QUARTER = r"(?<!前)(?<![一二三四][至到、及和-])(?<!\D[1-4][至到、及和-])第?([一二三四1-4])季度"  # of no span
_QUARTER = re.compile(rf"(?:(?<!\d)((?:19|20)\d{{2}})[年\s_-]*)?(?:{_ONE_QUARTER}|(?<![A-Za-z])[Qq]([1-4])(?!\d))")
_DAY_OF_MONTH = re.compile(rf"(?<!\d){_MONTH}月\d{{1,2}}[日号]")
_TO_DATE = re.compile(rf"((?:19|20)\d{{2}}年)?(?<![\d.])0?1月?{_TO}(\d{{1,2}})月份?(?:累计)?")
_PERIOD = re.compile(rf"(?:{_YEAR}年)?{_MONTH}月份?|{_YEAR}年度?|{_QUARTER.pattern}|(?:{_RANGE.pattern})(?:累计)?")


class PeriodError(ValueError):
    """Raised when a cell or an argument is not the month, quarter or day that was expected."""


class BareMonth(PeriodError):
    """Raised when a month or a day stands without its year and no default year is known."""


class NotAMonth(PeriodError):
    """Raised when a cell names no single month: a range, a total to date, a quarter, or something else."""


class AmbiguousMonth(PeriodError):
    """Raised when a number such as 2019.1 may be January or an October that lost its zero."""


class AmbiguousDate(PeriodError):
    """Raised when a number such as 1.2 may be 2 January or 20 January that lost its zero."""


def parse_month(text: str | float | date, default_year: int | None = None, epoch: date = EXCEL_EPOCH) -> pd.Period:
    """Read one cell as a month.

    Takes 2019年1月(份), 2019.01, 2019-1, 2019/1, 201901, 十二月, full-width digits, dates and serials counted from
    ``epoch`` (their month).
    A bare month (1月, 一月, 1) takes ``default_year`` or raises `BareMonth`. Ranges, 累计, quarters raise `NotAMonth`.
    The *number* 2019.1 raises `AmbiguousMonth`, since 2019.10 is stored alike; the *text* "2019.1" kept what was typed
    and is January (a reader whose text was once a number, such as a csv export, passes the float).
    """
    if isinstance(text, bool) or pd.isna(text):  # an empty pandas date is a date without a year
        raise _not_a_month(text)
    if isinstance(text, date):
        return _month(text.year, text.month)
    if isinstance(text, int | float):
        return _month_from_number(float(text), default_year, epoch)
    clean = _normalise(text)
    if found := _YEAR_MONTH.fullmatch(clean):
        return _month_of_match(found)
    if _STORED_NUMBER.fullmatch(clean):
        return _month_from_number(float(clean), default_year, epoch)
    if found := _DATE.match(clean):
        return _month_from_date(text, epoch)
    if found := re.fullmatch(rf"{_MONTH}(?:月份?)?", clean):
        return _with_year(text, int(found[1]), default_year)
    raise _not_a_month(text)


@lru_cache(maxsize=REMEMBERED)
def find_month(text: str, default_year: int | None = None) -> pd.Period | None:
    """Find the one month that a title, sheet or file name speaks of; ``None`` for none, several, or a range.

    A month without a year takes the one year of the same text, else ``default_year``. A day counts as its month only
    when no month stands alone; a filing date (填报日期：...) never counts.
    """
    clean = _RANGE.sub(" ", _FILED_ON.sub(" ", _normalise(text)))
    without_days = _DATE.sub(" ", clean)
    months = {_month_of_match(found) for found in _YEAR_MONTH.finditer(without_days)}
    if not months:
        year = find_year(text) or default_year
        bare = {int(found[1]) for found in _BARE_MONTH.finditer(without_days)}
        months = {_month(year, number) for number in bare} if year else set()
    if not months:
        months = {_month(day.year, day.month) for day in _days_in(clean)}
    return months.pop() if len(months) == 1 else None


def speaks_of_months(text: str) -> bool:
    """Tell whether a title speaks of several months at once: 2019年1-3月."""
    return _RANGE.search(_FILED_ON.sub(" ", _normalise(text))) is not None


def names_day(text: str) -> bool:
    """Tell whether a text holds a day, with its year or without: 截至11月5日, 2019-01-05."""
    clean = _normalise(text)
    return _DATE.search(clean) is not None or _DAY_OF_MONTH.search(clean) is not None


def is_period(text: str) -> bool:
    """Tell whether a text is nothing but a month, a quarter, a year or several months: 10月, 一季度, 1-3月."""
    return _PERIOD.fullmatch(_normalise(text)) is not None


def without_periods(text: str) -> str:
    """Return a text without its months, quarters and years: 一、2018年结转 gives 一、结转."""
    return _PERIOD.sub("", _YEAR_MONTH.sub("", _normalise(text)))


def find_to_date(text: str) -> tuple[str, str] | None:
    """Find the span from January on that a header names: (last month, text with the span as 累计).

    1-10月累计销量 gives ("10月", "累计销量"), 2021年1-10月 ("2021年10月", "累计"); ``None`` for any other text.
    """
    clean = _normalise(text)
    found = _TO_DATE.search(clean)
    if found is None or not 1 < int(found[2]) <= 12:
        return None
    return f"{found[1] or ''}{found[2]}月", f"{clean[: found.start()]}{TO_DATE}{clean[found.end() :]}"


@lru_cache(maxsize=REMEMBERED)
def find_year(text: str) -> int | None:
    """Find the one year of a title or name; years before 年 win over bare ones; ``None`` for none or several."""
    clean = _FILED_ON.sub(" ", _normalise(text))
    for pattern in (_YEAR_SIGNED, _YEAR_ANY, _YEAR_MONTH, _DATE):
        years = {int(found[1]) for found in pattern.finditer(clean)}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


@lru_cache(maxsize=REMEMBERED)
def find_quarter(text: str, default_year: int | None = None) -> pd.Period | None:
    """Find the one quarter of a title or name: 一季度, 2019Q1, or the range 1-3月.

    A quarter without a year takes the one year of the same text, else ``default_year``, else the answer is ``None``.
    """
    clean = _FILED_ON.sub(" ", _normalise(text))
    numbers = {_quarter_number(found) for found in _QUARTER.finditer(clean)}
    for found in _RANGE.finditer(clean):
        if found[2] and int(found[3]) in (3, 6, 9, 12) and int(found[2]) == int(found[3]) - 2:
            numbers.add(int(found[3]) // 3)
    year = find_year(text) or default_year
    if year is None or len(numbers) != 1:
        return None
    return _quarter(year, numbers.pop())


@lru_cache(maxsize=REMEMBERED)
def find_date(text: str) -> date | None:
    """Find the one possible day in a name or title, such as 答题成绩_20190115.csv; ``None`` for none or several.

    The months of a range (2019年1-3月) are no day.
    """
    days = set(_days_in(_RANGE.sub(" ", _normalise(text))))
    return days.pop() if len(days) == 1 else None


def parse_quarter(text: str) -> pd.Period:
    """Read a quarter: 2021Q4, 2021-Q4, 2021年四季度, 2021年第4季度; anything else raises `PeriodError`."""
    found = _QUARTER.fullmatch(_normalise(text))
    if found is None or found[1] is None:
        raise PeriodError(f"{text!r} is not a quarter: expected a form such as {QUARTER_FORMS}")
    return _quarter(int(found[1]), _quarter_number(found))


def parse_date(cell: str | float | date, default_year: int | None = None, epoch: date = EXCEL_EPOCH) -> date:
    """Read one cell as a day; a time of day is dropped.

    Takes dates, serials counted from ``epoch`` (43470, as a number or as text), 20190105, 2019.1.5, 2019-01-09,
    2019/1/15 20:11, 2019年1月5日, and 1.8 or 1月8日 with ``default_year`` (else `BareMonth`). The *number* 1.2 raises
    `AmbiguousDate` (1.20 is stored alike). An impossible day (2020.2.30) and everything else raise `PeriodError`.
    """
    if isinstance(cell, bool) or pd.isna(cell):
        raise _not_a_date(cell)
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        return _date_from_number(float(cell), default_year, epoch)
    clean = _normalise(cell)
    if _STORED_NUMBER.fullmatch(clean):
        return _date_from_number(float(clean), default_year, epoch)
    if (found := _DATE.match(clean)) and re.fullmatch(_TIME, clean[found.end() :].strip()):
        return _day(cell, *_parts_of(found))
    if found := _BARE_DATE.fullmatch(clean):
        if default_year is None:
            raise BareMonth(f"{cell!r} is a day without a year: expected a form such as {DATE_FORMS}")
        return _day(cell, default_year, int(found[1]), int(found[2]))
    raise _not_a_date(cell)


def months_of(quarter: pd.Period) -> list[pd.Period]:
    """Return the three months of a quarter, in order."""
    return month_range(quarter.asfreq("M", how="start"), quarter.asfreq("M", how="end"))


def quarter_of(month: pd.Period) -> pd.Period:
    """Return the calendar quarter that holds a month."""
    return month.asfreq("Q")


def month_range(first: pd.Period, last: pd.Period) -> list[pd.Period]:
    """Return every month from ``first`` to ``last``, both included; empty when ``last`` is earlier."""
    return list(pd.period_range(first, last, freq="M"))


def spring_festival(year: int) -> date:
    """Return the first day of the lunar new year that begins in ``year`` (1900 to 2099)."""
    return _lunar_day(year, month=1, day=1)


def mid_autumn(year: int) -> date:
    """Return the Mid-Autumn day of ``year``; it moves between the third and the fourth quarter."""
    return _lunar_day(year, month=8, day=15)


def spring_festival_share(month: pd.Period) -> float:
    """Return the share, 0 to 1, of the 21-day window around the lunar new year that falls in ``month``."""
    if month.month > LAST_FESTIVAL_MONTH:
        return 0.0
    new_year = spring_festival(month.year)
    days = [new_year + timedelta(days=offset) for offset in range(FESTIVAL_FIRST_DAY, FESTIVAL_LAST_DAY + 1)]
    return sum(day.month == month.month for day in days) / len(days)


def festival_regressor(
    months: Sequence[pd.Period] | Iterable[pd.Period],
) -> npt.NDArray[np.float64]:
    """Return the Spring Festival share of each month less the mean share of the same calendar month among ``months``.

    Shape (len(months),). Centred so, the regressor holds only what the month dummies cannot: the festival moving.
    """
    months = list(months)
    shares = np.array([spring_festival_share(month) for month in months], dtype=np.float64)
    calendar_month = np.array([month.month for month in months], dtype=np.int64)
    total, count = np.bincount(calendar_month, shares, 13), np.bincount(calendar_month, minlength=13)
    return shares - (total / np.maximum(count, 1))[calendar_month]


def _normalise(text: str) -> str:
    """Return text with half-width forms, arabic months and years, and no blanks around 年, 月, 日."""
    if text.isascii():
        return text.strip()
    clean = _SPACE_AROUND_UNIT.sub(r"\1", unicodedata.normalize("NFKC", text).strip())
    clean = _CHINESE_YEAR.sub(lambda found: "".join(_DIGIT[digit] for digit in found[0]), clean)
    clean = _CHINESE_MONTH.sub(lambda found: _NUMBER[found[0]], _JANUARY.sub("1月", clean))
    return _SHORT_YEAR.sub(r"20\1年", clean)


def _month(year: int, month: int) -> pd.Period:
    return pd.Period(year=year, month=month, freq="M")


def _quarter(year: int, quarter: int) -> pd.Period:
    return pd.Period(year=year, quarter=quarter, freq="Q")


def _month_of_match(found: re.Match[str]) -> pd.Period:
    return _month(int(found[1]), int(found[2] or found[3]))


def _quarter_number(found: re.Match[str]) -> int:
    digit: str = found[2] or found[3]
    return int(_NUMBER.get(digit, digit))


def _with_year(seen: object, month: int, default_year: int | None) -> pd.Period:
    if default_year is None:
        raise BareMonth(f"{seen!r} is a month without a year: expected a form such as {MONTH_FORMS}")
    return _month(default_year, month)


def _month_from_number(number: float, default_year: int | None, epoch: date) -> pd.Period:
    """Read 1 to 12, 201901, 2019.01, a date serial or 20190105 that a cell holds as a number."""
    if not np.isfinite(number):
        raise _not_a_month(number)
    if 1 <= number <= 12 and number.is_integer():
        return _with_year(number, int(number), default_year)
    if number.is_integer():
        digits = str(int(number))
        found = _YEAR_MONTH.fullmatch(digits) if len(digits) == 6 else None
        return _month_of_match(found) if found else _month_from_date(number, epoch)
    found = re.fullmatch(rf"{_YEAR}\.{_MONTH}", repr(number))
    if found is None:
        return _month_from_date(number, epoch)
    if found[2] == "1":
        raise AmbiguousMonth(f"the number {number!r} may be January or October: expected a form such as {MONTH_FORMS}")
    return _month_of_match(found)


def _month_from_date(cell: str | float, epoch: date) -> pd.Period:
    try:
        day = parse_date(cell, epoch=epoch)
    except PeriodError as error:
        raise _not_a_month(cell) from error
    return _month(day.year, day.month)


def _date_from_number(number: float, default_year: int | None, epoch: date) -> date:
    """Read a serial (a fraction is a time of day), 20190105 or month.day that a cell holds as a number."""
    if not np.isfinite(number):
        raise _not_a_date(number)
    if 0 < number <= (date.max - epoch).days and (day := epoch + timedelta(days=int(number))).year in SERIAL_YEARS:
        return day
    if number.is_integer() and (found := _DATE.fullmatch(str(int(number)))):
        return _day(number, *_parts_of(found))
    found = re.fullmatch(rf"{_MONTH}\.(\d{{1,2}})", repr(number))
    if found is None or found[2] == "0":
        raise _not_a_date(number)
    month, decimals = int(found[1]), found[2]
    if default_year is None:
        raise BareMonth(f"{number!r} is a day without a year: expected a form such as {DATE_FORMS}")
    if decimals in ("1", "2") or (decimals == "3" and month != 2):  # February has no 30th
        raise AmbiguousDate(f"the number {number!r} may have lost a zero: expected a form such as {DATE_FORMS}")
    return _day(number, default_year, month, int(decimals))


def _parts_of(found: re.Match[str]) -> tuple[int, int, int]:
    return int(found[1]), int(found[3] or found[5]), int(found[4] or found[6])


def _day(seen: object, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise PeriodError(f"{seen!r} is no day of the calendar") from error


def _days_in(clean: str) -> list[date]:
    """Return the days written in normalised text; groups of digits that are no day of the calendar are passed over."""
    days: list[date] = []
    for found in _DATE.finditer(clean):
        try:
            days.append(date(*_parts_of(found)))
        except ValueError:
            continue  # 20190231 is a number, not a day
    return days


def _lunar_day(year: int, month: int, day: int) -> date:
    from lunardate import (
        LunarDate,
    )  # imported here: reading months needs no lunar calendar

    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def _not_a_month(seen: object) -> NotAMonth:
    return NotAMonth(f"{seen!r} is not one month: expected a form such as {MONTH_FORMS}")


def _not_a_date(seen: object) -> PeriodError:
    return PeriodError(f"{seen!r} is not a day: expected a form such as {DATE_FORMS}")
