"""How people write values down: spaced names, bare dates, full-width digits, dashes for nothing."""

from datetime import date

from tests.generator.sheets import Value

NUMERALS = "一二三四五六七八九十"
MOST_NUMERAL = 19
EMPTY = "—"
FULL_WIDTH = str.maketrans("0123456789", "０１２３４５６７８９")
SYNTHETIC = "（示例数据）"  # every title says that its numbers are made up
AMBIGUOUS_DAYS = (1, 2, 3, 10, 20, 30)  # as decimals these lose or may have lost a zero


def numeral(number: int) -> str:
    """1 to 19 as 一 to 十九."""
    return NUMERALS[number - 1] if number <= len(NUMERALS) else NUMERALS[-1] + NUMERALS[number - len(NUMERALS) - 1]


def dotted(day: date) -> str:
    """2019-01-05 as 2019.1.5."""
    return f"{day.year}.{day.month}.{day.day}"


def bare(day: date) -> str:
    """2019-01-08 as 1.8; the year stands in the title."""
    return f"{day.month}.{day.day}"


def bare_number(day: date) -> Value:
    """2019-01-08 as the number 1.8, as an unformatted cell keeps it; days that a number cannot hold stay text."""
    return f"{day.month}月{day.day}日" if day.day in AMBIGUOUS_DAYS else float(bare(day))


def chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def dashed(day: date) -> str:
    return day.isoformat()


def compact(day: date) -> str:
    return f"{day:%Y%m%d}"


def chinese_month(month: date) -> str:
    return f"{month.year}年{month.month}月"


def or_empty(value: Value, empty: Value = EMPTY) -> Value:
    """Return ``empty`` for a missing value or an empty text."""
    return empty if value is None or value == "" else value


def spaced(name: str) -> str:
    """Pad a name of two characters to three, as rosters do: 张　三."""
    return f"{name[0]}\u3000{name[1]}" if len(name) == 2 else name


def full_width(number: int) -> str:
    return str(number).translate(FULL_WIDTH)


def percent_text(ratio: float, decimals: int = 1) -> str:
    return f"{100 * ratio:.{decimals}f}%"


def yes_no(value: bool, yes: str = "是", no: str = "否") -> str:
    return yes if value else no
