"""计划目标表, 新品上柜月报 and 专卖检查月报: what was planned and what was counted, by month and unit."""

from datetime import date

from tests.generator.books.frames import BUREAU, merge_runs, sign, start_sheet
from tests.generator.calendar import chinese_months, years_of
from tests.generator.records import InspectionMonth, ShelfMonth
from tests.generator.rendering import EMPTY, chinese_month, percent_text
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

TARGET_LEVELS = (
    "月份",
    "党小组",
    "销量计划(箱)",
    "单箱目标(元)",
    "新品上柜率目标(%)",
    "检查计划(户次)",
)
TARGET_COLUMNS = (
    "month",
    "party_group",
    "volume_plan_xiang",
    "revenue_per_case_target_yuan",
    "shelf_rate_target_pct",
    "inspections_plan",
)
SHELF_LEVELS = ("月份", "单位", "零售户数", "上柜户数", "上柜率")
SHELF_COLUMNS = ("month", "party_group", "retailers", "stocking_retailers", "shelf_rate_pct")
INSPECTION_LEVELS = ("单位", "市场检查(户次)", "寄递检查(户次)", "违规户(户)")
INSPECTION_COLUMNS = ("party_group", "market_inspections", "courier_inspections", "offending_retailers")


def build(world: World) -> list[Book]:
    """Return up to three workbooks a year: reports that no group of the bureau has to make are left out."""
    sells = any(spec.sells for spec in world.people.groups)
    enforces = any(spec.enforces for spec in world.people.groups)
    books = []
    for year, months in years_of(world.months).items():
        books.append(Book(f"考核/{year}年计划目标表.xlsx", [_target_sheet(world, year, months)]))
        if sells:
            books.append(Book(f"经营/{year}年新品上柜月报.xlsx", [_shelf_sheet(world, year, months)]))
        if enforces:
            sheets = [_inspection_sheet(world, month) for month in months]
            books.append(Book(inspection_path(year), sheets))
    return books


def inspection_path(year: int) -> str:
    return f"专卖/{year}年专卖检查月报.xlsx"


def _target_sheet(world: World, year: int, months: tuple[date, ...]) -> Sheet:
    sheet = start_sheet("目标", f"{year}年计划目标表", TARGET_LEVELS, (f"编制单位：{BUREAU}",))
    sales = {(row.party_group, row.month): row for row in world.results.sales}
    shelves = {(row.party_group, row.month): row for row in world.results.shelves}
    inspections = {(row.party_group, row.month): row for row in world.results.inspections}
    first = sheet.next_row
    for month in months:
        for spec in world.people.groups:
            key = (spec.party_group, month)
            values: list[Value] = [f"{month.month}月", spec.party_group, EMPTY, EMPTY, EMPTY, EMPTY]
            if spec.sells:
                values[2:5] = [
                    sales[key].plan_xiang,
                    sales[key].revenue_per_case_target_yuan,
                    shelves[key].target_pct,
                ]
            if spec.enforces:
                values[5] = inspections[key].plan
            sheet.add_row(values, f"target {spec.party_group} {month}", TARGET_COLUMNS)
    merge_runs(sheet, 1, first, sheet.next_row - 1)
    return sheet


def _shelf_sheet(world: World, year: int, months: tuple[date, ...]) -> Sheet:
    sheet = start_sheet("上柜", f"{year}年新品上柜月报", SHELF_LEVELS, (f"填报单位：{BUREAU}",))
    units = {spec.party_group: spec.sales_unit for spec in world.people.groups}
    names = chinese_months() if year % 2 else None
    rows = sorted(
        (row for row in world.results.shelves if row.month in months),
        key=lambda row: (row.month, list(units).index(row.party_group)),
    )
    first = sheet.next_row
    for row in rows:
        label = names[row.month.month - 1] if names else f"{row.month.month}月"
        sheet.add_row(_shelf_cells(row, label, units), f"shelf {row.party_group} {row.month}", SHELF_COLUMNS)
    merge_runs(sheet, 1, first, sheet.next_row - 1)
    sign(sheet)
    return sheet


def _shelf_cells(row: ShelfMonth, label: str, units: dict[str, str]) -> tuple[Value, ...]:
    rate = percent_text(row.stocking_retailers / row.retailers)
    return (label, units[row.party_group], row.retailers, row.stocking_retailers, rate)


def _inspection_sheet(world: World, month: date) -> Sheet:
    title = f"{chinese_month(month)}专卖检查月报"
    sheet = start_sheet(f"{month.month}月", title, INSPECTION_LEVELS, (f"填报单位：{BUREAU}",))
    units = {spec.party_group: spec.inspection_unit for spec in world.people.groups}
    rows = [row for row in world.results.inspections if row.month == month]
    for row in rows:
        values = (units[row.party_group], *_counts(row))
        sheet.add_row(values, f"inspections {row.party_group} {month}", INSPECTION_COLUMNS)
    totals = [sum(column) for column in zip(*map(_counts, rows), strict=True)]
    sheet.add_row(("合 计", *totals), f"inspections 合计 {month}", INSPECTION_COLUMNS)
    sign(sheet, "分管领导：", "填报人：")
    return sheet


def _counts(row: InspectionMonth) -> tuple[int, int, int]:
    return (row.market_inspections, row.courier_inspections, row.offending_retailers)
