"""Headers and titles: columns missing, misspelt or doubled; units, months and groups not or wrongly stated."""

from collections.abc import Mapping
from functools import partial

from tests.generator.books.frames import BRANCH, start_sheet
from tests.generator.books.ledgers import FRONTLINE as FRONTLINE_LEDGER
from tests.generator.books.ledgers import POINTS as POINTS_LEDGER
from tests.generator.books.ledgers import Ledger
from tests.generator.books.reviews import QUARTER_COLUMNS, QUARTER_LEVELS
from tests.generator.mistakes.planting import Fact, Ground, Planter, Spot, first, header_bottom, header_of
from tests.generator.mistakes.values import ACTIVITIES, CASES, OPINIONS, PLEDGES, QUIZ, SALES, SHOPS, TRAINING
from tests.generator.sheets import Book, Value

UNITS_SET = ("销量单位", "金额单位")


def _misspell_required(ground: Ground) -> Spot:
    """A column without which no row counts has a header that nobody knows."""
    book, sheet = ground.own_sheet(TRAINING)
    position = header_of(sheet, "held_on")
    sheet.cells[position] = "受训那天"
    return ground.mark(book, sheet, (position[0], 1), "日期误写为受训那天")


def _lose_header(ground: Ground) -> Spot:
    """The header of a ledger was deleted."""
    book, sheet = ground.own_sheet(PLEDGES)
    bottom, _ = header_bottom(sheet, "member")
    sheet.cells = {place: value for place, value in sheet.cells.items() if place[0] != bottom}
    return ground.mark(book, sheet, None, "没有表头")


def _misspell(part: str, column: str, wrong: str, suffix: str, ground: Ground) -> Spot:
    """A header nearly is the right one."""
    book, sheet = ground.own_sheet(part, suffix)
    position = header_of(sheet, column)
    right = sheet.cells[position]
    sheet.cells[position] = wrong
    return ground.mark(book, sheet, position, f"{right}误写为{wrong}")


def _double(part: str, column: str, header: str, replaced: str, ground: Ground) -> Spot:
    """Another header claims the same column; ``replaced`` is the column that loses its own, "" for a new one."""
    book, sheet = ground.own_sheet(part)
    if replaced:
        position = header_of(sheet, replaced)
        sheet.cells[position] = header
        return ground.mark(book, sheet, position, f"{header}与另一列相同")
    row, number = header_of(sheet, column)
    width = max(c for r, c in sheet.cells if r == row)
    for r, c in [place for (_, name), place in sheet.anchors.items() if name == column]:
        sheet.put(r, width + 1, sheet.cells.get((r, c)))
    sheet.put(row, width + 1, header)
    return ground.mark(book, sheet, (row, width + 1), f"{header}与第{number}列相同")


def _forget_unit(ground: Ground) -> Spot:
    """One month of sales states no unit, and neither do the settings."""
    book = ground.book("单位设置")
    settings = book.sheets[0]
    for row in [row for (row, column), value in settings.cells.items() if column == 1 and value in UNITS_SET]:
        settings.cells.pop((row, 1))
        settings.cells.pop((row, 2))
    book, sheet = ground.own_sheet(SALES)
    line = first((place for place, value in sheet.cells.items() if str(value).startswith("单位：")), "line of units")
    sheet.cells.pop(line)
    return ground.mark(book, sheet, header_bottom(sheet, "volume_xiang"), "未写单位")


def _write_bare_share(column: str, header: str, share: float, ground: Ground) -> Spot:
    """A share stands without a sign among shares with one, under a header that does not tell what it is."""
    book, sheet = ground.own_sheet(f"{ground.middle_year}年*{SALES}", ".xlsx")
    for name in (column, f"ytd_{column}"):
        if any(name == known for _, known in sheet.anchors):
            sheet.cells[header_of(sheet, name)] = header
    position = max(place for (_, name), place in sheet.anchors.items() if name == column)
    sheet.cells[position] = share
    return ground.mark(book, sheet, position, "未写百分号")


def _name_other_month(ground: Ground) -> Spot:
    """The title of last month's sheet was kept."""
    book, sheet = ground.own_sheet("专卖检查月报")
    title = str(sheet.cells[1, 1])
    month = sheet.name
    sheet.cells[1, 1] = title.replace(month, "1月" if month != "1月" else "2月")
    return ground.mark(book, sheet, None, f"工作表名为{month}")


def _keep_old_title(ground: Ground) -> Spot:
    """The title of a group's points speaks of another year than the name of the file."""
    book, sheet = ground.own_sheet("年*积分表")
    title = str(sheet.cells[1, 1])
    year = first((year for year in ground.years if f"{year}年" in title), "year in a title")
    sheet.cells[1, 1] = title.replace(f"{year}年", f"{year - 1}年")
    return ground.mark(book, sheet, None, "标题年份与文件名不同")


def _lose_group(ground: Ground) -> Spot:
    """Neither the sheet nor its title says which group's points these are."""
    book, sheet = ground.own_sheet("积分表")
    sheet.cells[1, 1] = str(sheet.cells[1, 1]).replace(sheet.name, "")
    sheet.name = "Sheet1"
    return ground.mark(book, sheet, None, "未写党小组")


def _copy_title(ground: Ground) -> Spot:
    """A group's sheet was copied from another group's, with its title."""
    book, sheet = ground.own_sheet("积分表")
    names = [spec.party_group for spec in ground.world.people.groups]
    other = first((name for name in names if name != sheet.name), "second group")
    sheet.cells[1, 1] = str(sheet.cells[1, 1]).replace(sheet.name, other)
    return ground.mark(book, sheet, None, f"工作表名为{sheet.name}，标题为{other}")


def _rename_session(name: str, ground: Ground) -> Spot:
    """The results of a quiz are saved under a name that tells no day."""
    book, sheet = ground.own_sheet(QUIZ)
    book.path, sheet.name = f"答题/{name}.csv", name
    return ground.mark(book, sheet, None, "文件名未写明日期")


def _visit_without_year(ground: Ground) -> Spot:
    visit = first(ground.world.appraisal.frontline, "frontline visit")
    return _omit_year(FRONTLINE_LEDGER, visit, "2019.3.5", "3.8", ground)


def _points_without_year(ground: Ground) -> Spot:
    entry = first(ground.world.process.ledger, "entry of points")
    return _omit_year(POINTS_LEDGER, entry, "2019年3月", "3月", ground)


def _omit_year(ledger: Ledger[Fact], fact: Fact, right: str, wrong: str, ground: Ground) -> Spot:
    """A few rows are handed in late, in a workbook that names no year."""
    sheet = start_sheet("补报", f"{ledger.title}补报", ["序号", *ledger.levels], (f"编制单位：{BRANCH}",))
    for number, day in enumerate((right, wrong), start=1):
        cells: list[Value] = [day, *ledger.cells(fact)[1:-1], f"补报{number}"]
        sheet.add_row([number, *cells])
    book = ground.add(Book(f"党建/{ledger.title}（补报）.xlsx", [sheet]))
    return ground.mark(book, sheet, (sheet.next_row - 1, 2), "未写年份")


def _name_no_quarter(ground: Ground) -> Spot:
    """A quarter's assessment is kept in a list with a column of quarters, one of which says nothing."""
    book, sheet = ground.own_sheet("季度考核表")
    year = first((year for year in ground.years if str(year) in book.path), "year in a path")
    label = sheet.name
    book.sheets.remove(sheet)
    listed = start_sheet("汇总", "季度考核汇总", ["季度", *QUARTER_LEVELS[1:]])
    for (_, column), (row, _) in sorted(sheet.anchors.items(), key=lambda entry: entry[1]):
        if column == "party_group":
            listed.add_row([f"{year}年{label}", *sheet.row_values(row)[1:]], sheet.name + str(row), QUARTER_COLUMNS)
    position = (listed.next_row - 1, 1)
    listed.cells[position] = "上季"
    added = ground.add(Book("考核/季度考核汇总.xlsx", [listed]))
    return ground.mark(added, listed, position, f"应为{year}年{label}")


HEADERS: Mapping[str, Planter] = {
    "missing_column.unknown_header": _misspell_required,
    "unrecognised_sheet.no_header": _lose_header,
    "unused_column.expected": partial(_misspell, ACTIVITIES, "expected", "应到会人", ".xlsx"),
    "unused_column.closed_on": partial(_misspell, OPINIONS, "closed_on", "办结的日期", ""),
    "duplicate_column.score": partial(_double, TRAINING, "score", "考核成绩", ""),
    "duplicate_column.day": partial(_double, SHOPS, "found_on", "排查日期", "remedy"),
    "wrong_unit.shelf": partial(_misspell, "上柜", "shelf_rate_pct", "上柜率（百分点）", ""),
    "unit_missing.seizures": partial(_misspell, CASES, "genuine_tiao", "真烟", ""),
    "ambiguous_percentage.growth": partial(_write_bare_share, "yoy_pct", "同比", 0.05),
    "ambiguous_percentage.plan_rate": partial(_write_bare_share, "plan_rate_pct", "完成率%", 1.01),
    "context_conflict.title_of_last_month": _name_other_month,
    "context_conflict.title_of_last_year": _keep_old_title,
    "context_missing.group": _lose_group,
    "context_conflict.copied_sheet": _copy_title,
    "context_missing.session": partial(_rename_session, "答题成绩"),
    "context_missing.no_such_day": partial(_rename_session, "答题成绩_20190231"),
    "bare_date.no_year": _visit_without_year,
    "bare_month.no_year": _points_without_year,
    "bad_quarter.last_quarter": _name_no_quarter,
}
WITHOUT_UNITS: Mapping[str, Planter] = {"unit_missing.sales": _forget_unit}
