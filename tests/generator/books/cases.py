"""专卖案件台账 and 无证户整治台账: a workbook each a year, with units in the headers and dashes for nothing."""

from datetime import date

from tests.generator.books.frames import BUREAU, add_rows, sign, start_sheet
from tests.generator.calendar import years_of
from tests.generator.records import Case, UnlicensedShop
from tests.generator.rendering import compact, dashed, dotted, yes_no
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

CASE_LEVELS = (
    "立案号",
    "立案日期",
    "案由",
    "查获地点",
    "办案部门",
    "真烟(条)",
    "假烟(条)",
    "走私(条)",
    "合计(万支)",
    "案值(元)",
    "是否寄递",
    "处理结果",
    "结案日期",
    "移送",
)
CASE_COLUMNS = (
    "case_no",
    "filed_on",
    "cause",
    "place",
    "party_group",
    "genuine_tiao",
    "counterfeit_tiao",
    "smuggled_tiao",
    "total_wansticks",
    "case_value_yuan",
    "is_courier",
    "result",
    "closed_on",
    "transferred",
)
SHOP_LEVELS = (
    "序号",
    "乡镇",
    "经营者",
    "发现日期",
    "来源",
    "措施(办证/劝退/取缔)",
    "责任人",
    "办结日期",
    "备注",
)
SHOP_COLUMNS = ("", "township", "operator", "found_on", "source", "remedy", "owner", "closed_on", "note")
WANSTICKS_PER_TIAO = 0.02  # 1 条 = 200 支


def build(world: World) -> list[Book]:
    """Return two workbooks a year; a year without a case or a shop has none."""
    offices = {spec.party_group: spec.office for spec in world.people.groups}
    books = []
    for year in years_of(world.months):
        cases = [case for case in world.results.cases if case.filed_on.year == year]
        shops = [shop for shop in world.results.unlicensed if shop.found_on.year == year]
        if cases:
            books.append(Book(f"专卖/{year}年专卖案件台账.xlsx", [_case_sheet(cases, year, offices)]))
        if shops:
            books.append(Book(f"专卖/无证户整治台账{year}.xlsx", [_shop_sheet(shops, year)]))
    return books


def shop_key(shop: UnlicensedShop) -> str:
    return f"shop {shop.operator} {shop.found_on}"


def _case_sheet(cases: list[Case], year: int, offices: dict[str, str]) -> Sheet:
    sheet = start_sheet("案件", f"{year}年专卖案件台账", CASE_LEVELS, (f"编制单位：{BUREAU}",))
    rows = [(case.case_no, _case_cells(case, offices)) for case in cases]
    add_rows(sheet, rows, CASE_COLUMNS)
    sign(sheet, "审核人：", "填表人：")
    return sheet


def _case_cells(case: Case, offices: dict[str, str]) -> tuple[Value, ...]:
    number = int(case.case_no.rpartition("第")[2].removesuffix("号"))
    result = "在办" if case.closed_on is None else "移送公安机关" if case.is_transferred else "行政处罚"
    value: Value = f"{case.case_value_yuan:,}" if number % 4 == 0 else case.case_value_yuan
    return (
        case.case_no,
        dashed(case.filed_on) if case.filed_on.year % 2 else case.filed_on,
        case.cause,
        case.place,
        offices[case.party_group],
        case.genuine_tiao,
        case.counterfeit_tiao,
        case.smuggled_tiao or "/",
        round(case.seized_tiao * WANSTICKS_PER_TIAO, 3),
        value,
        yes_no(case.is_courier),
        result,
        _closing(case.closed_on, number),
        yes_no(case.is_transferred),
    )


def _closing(closed_on: date | None, number: int) -> Value:
    """Return the closing date, now and then as eight digits; a dash or an empty cell where there is none."""
    if closed_on is None:
        return "—" if number % 2 else None
    return compact(closed_on) if number % 5 == 0 else closed_on


def _shop_sheet(shops: list[UnlicensedShop], year: int) -> Sheet:
    sheet = start_sheet("无证户", f"{year}年无证户整治台账", SHOP_LEVELS, (f"编制单位：{BUREAU}", f"{year}年"))
    rows = [(shop_key(shop), _shop_cells(number, shop)) for number, shop in enumerate(shops, start=1)]
    add_rows(sheet, rows, SHOP_COLUMNS)
    sign(sheet)
    return sheet


def _shop_cells(number: int, shop: UnlicensedShop) -> tuple[Value, ...]:
    return (
        number,
        shop.township,
        shop.operator,
        dotted(shop.found_on),
        shop.source,
        shop.remedy,
        shop.owner,
        dotted(shop.closed_on) if shop.closed_on else None,
        None if shop.closed_on else "继续跟进",
    )
