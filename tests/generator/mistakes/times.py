"""Months that nobody handed in, reports that came late, and rows that belong to another month or year."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from tests.generator.calendar import month_end, shift
from tests.generator.mistakes.planting import Ground, Planter, Spot, first
from tests.generator.mistakes.rows import INSPECTIONS, RATINGS
from tests.generator.mistakes.values import ACTIVITIES, CASES, SALES, SHOPS

DAYS_LATE = 40  # more than any kind that is handed in monthly allows


def _skip_month(ground: Ground) -> Spot:
    """One month of a yearly workbook is missing, which goes on after it."""
    book, sheet = ground.own_sheet(f"{ground.years[-2]}年{INSPECTIONS}", sheet="6月")
    book.sheets.remove(sheet)
    return Spot(book.path, "", "", f"{ground.years[-2]}年6月未报送")


def _skip_quarter(ground: Ground) -> Spot:
    """One quarter's workbook is missing."""
    book, _ = ground.own_sheet(RATINGS)
    ground.books.remove(book)
    return _newest("互评", f"未报送{book.path}", ground)


def _leave_month_empty(ground: Ground) -> Spot:
    """One month's sheet is handed in without a row."""
    book, sheet = ground.own_sheet(f"{ground.years[-2]}年*{SALES}", ".xlsx")
    top = min(row for row, _ in sheet.anchors.values())
    sheet.cells = {place: value for place, value in sheet.cells.items() if place[0] < top}
    return _newest(SALES, f"{book.path}的{sheet.name}没有一行数据", ground)


def _newest(part: str, note: str, ground: Ground) -> Spot:
    return Spot([book.path for book in ground.books if part in book.path][-1], "", "", note)


def _file_late(ground: Ground) -> Spot:
    """The line above a month's report says that it was filed weeks after the month."""
    book, sheet = ground.own_sheet(INSPECTIONS)
    month = _month_of(sheet.name, book.path, ground)
    filed = month_end(month) + timedelta(days=DAYS_LATE)
    sheet.cells[2, 3] = f"填报日期：{filed.year}年{filed.month}月{filed.day}日"
    return ground.mark(book, sheet, (2, 3), "逾期报送")


def _enter_in_other_month(ground: Ground) -> Spot:
    """An activity of the next month stands on this month's sheet."""
    book, sheet, position = ground.pick(ACTIVITIES, "held_on", suffix=".xls")
    day = shift(_month_of(sheet.name, book.path, ground), 1).replace(day=8)
    sheet.cells[position] = day
    return ground.mark(book, sheet, position, f"{day}不在本月")


def _enter_in_other_year(name: str, column: str, ground: Ground) -> Spot:
    """A row keeps the year of the last workbook; ``name`` is the workbook's, {year} its year."""
    book, sheet, position = ground.pick(name.format(year=ground.years[-1]), column)
    day = date(ground.years[-1] - 1, 12, 5)
    sheet.cells[position] = day
    return ground.mark(book, sheet, position, f"{day}不在本年")


def _month_of(sheet: str, path: str, ground: Ground) -> date:
    """Return the month of a sheet named after it, in a workbook named after its year."""
    return first((m for m in ground.world.months if sheet == f"{m.month}月" and str(m.year) in path), f"month {sheet}")


TIMES: Mapping[str, Planter] = {
    "missing_months.one_month": _skip_month,
    "missing_months.one_quarter": _skip_quarter,
    "missing_months.empty_sheet": _leave_month_empty,
    "late_report.weeks_late": _file_late,
    "outside_period.next_month": _enter_in_other_month,
    "outside_period.case_of_last_year": partial(_enter_in_other_year, f"{{year}}年{CASES}", "filed_on"),
    "outside_period.shop_of_last_year": partial(_enter_in_other_year, f"{SHOPS}{{year}}", "found_on"),
}
