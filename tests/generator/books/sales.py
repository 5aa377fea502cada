"""卷烟销售月报: a workbook a quarter, a sheet a month, the total on top, equal sub-headers under 本月 and 累计."""

from dataclasses import dataclass
from datetime import date

from tests.generator.books.frames import Levels, sign, start_sheet
from tests.generator.calendar import months_between, quarters_of, shift
from tests.generator.records import SalesMonth
from tests.generator.rendering import chinese_month, percent_text
from tests.generator.sheets import PERCENT, Book, Sheet, Value
from tests.generator.world import World

TOTAL = "合计"
COLUMNS = (
    "party_group",
    "volume_xiang",
    "volume_last_year_xiang",
    "yoy_pct",
    "plan_rate_pct",
    "revenue_yuan",
    "ytd_volume_xiang",
    "ytd_volume_last_year_xiang",
    "ytd_yoy_pct",
    "ytd_revenue_per_case_yuan",
    "class1_volume_xiang",
)
RATIOS = ("yoy_pct", "plan_rate_pct", "ytd_yoy_pct")
# How a year writes percentages: as text, as fractions under a plain header, as numbers under a header with %.
HEADERS = {"text": ("同比%", "完成率"), "fraction": ("同比", "完成率"), "number": ("同比%", "完成率(%)")}
STYLES = ("text", "text", "fraction", "number")


@dataclass(frozen=True)
class Line:
    """The sums behind one printed row."""

    label: str
    volume: float
    last_year: float
    plan: float
    revenue: int
    ytd_volume: float
    ytd_last_year: float
    ytd_revenue: int
    class1: float


def build(world: World) -> list[Book]:
    """Return one workbook a quarter; the first full quarter is a true BIFF .xls. Empty where no group sells."""
    if not any(spec.sells for spec in world.people.groups):
        return []
    years = sorted({month.year for month in world.months})
    books = []
    for index, ((year, _), months) in enumerate(quarters_of(world.months).items()):
        style = STYLES[years.index(year) % len(STYLES)]
        span = f"{months[0].month}-{months[-1].month}月" if len(months) > 1 else f"{months[0].month}月"
        suffix = "xls" if index == 1 else "xlsx"
        sheets = [_month_sheet(world, month, style) for month in months]
        books.append(Book(f"经营/{year}年{span}卷烟销售月报.{suffix}", sheets))
    return books


def key_of(party_group: str, month: date) -> str:
    return f"sales {party_group} {month}"


def _month_sheet(world: World, month: date, style: str) -> Sheet:
    yoy, rate = HEADERS[style]
    levels: Levels = [
        "单位",
        ("本月", ["销量", "同期", yoy, rate, "销售额"]),
        ("累计", ["销量", "同期", yoy, "单箱"]),
        "一类烟",
    ]
    sheet = start_sheet(
        f"{month.month}月", f"{chinese_month(month)}卷烟销售月报", levels, ("单位：箱、元", chinese_month(month))
    )
    rows = {(row.party_group, row.month): row for row in (*world.results.history, *world.results.sales)}
    lines = {
        spec.party_group: _line(rows, spec.party_group, spec.sales_unit, month)
        for spec in world.people.groups
        if spec.sells
    }
    _add_line(sheet, _total(list(lines.values())), key_of(TOTAL, month), style)
    for name, line in lines.items():
        _add_line(sheet, line, key_of(name, month), style)
    sign(sheet)
    return sheet


def _line(rows: dict[tuple[str, date], SalesMonth], name: str, label: str, month: date) -> Line:
    now, before = rows[name, month], rows[name, shift(month, -12)]
    this_year = [rows[name, m] for m in months_between(month.replace(month=1), month)]
    last_year = [rows[name, shift(row.month, -12)] for row in this_year]
    return Line(
        label=label,
        volume=now.volume_xiang,
        last_year=before.volume_xiang,
        plan=now.plan_xiang,
        revenue=now.revenue_yuan,
        ytd_volume=round(sum(row.volume_xiang for row in this_year), 1),
        ytd_last_year=round(sum(row.volume_xiang for row in last_year), 1),
        ytd_revenue=sum(row.revenue_yuan for row in this_year),
        class1=now.class1_volume_xiang,
    )


def _total(lines: list[Line]) -> Line:
    return Line(
        label=TOTAL,
        volume=round(sum(line.volume for line in lines), 1),
        last_year=round(sum(line.last_year for line in lines), 1),
        plan=sum(line.plan for line in lines),
        revenue=sum(line.revenue for line in lines),
        ytd_volume=round(sum(line.ytd_volume for line in lines), 1),
        ytd_last_year=round(sum(line.ytd_last_year for line in lines), 1),
        ytd_revenue=sum(line.ytd_revenue for line in lines),
        class1=round(sum(line.class1 for line in lines), 1),
    )


def _add_line(sheet: Sheet, line: Line, key: str, style: str) -> None:
    values: list[Value] = [
        line.label,
        line.volume,
        line.last_year,
        _ratio(line.volume / line.last_year - 1, style, 2),
        _ratio(line.volume / line.plan, style, 1),
        line.revenue,
        line.ytd_volume,
        line.ytd_last_year,
        _ratio(line.ytd_volume / line.ytd_last_year - 1, style, 2),
        round(line.ytd_revenue / line.ytd_volume),
        line.class1,
    ]
    row = sheet.add_row(values, key, COLUMNS)
    if style == "fraction":
        for column in RATIOS:
            sheet.formats[row, COLUMNS.index(column) + 1] = PERCENT


def _ratio(ratio: float, style: str, decimals: int) -> Value:
    if style == "text":
        return percent_text(ratio, decimals)
    return round(ratio, decimals + 2) if style == "fraction" else round(100 * ratio, decimals)
