"""Cells that do not hold what their column wants: days, months, numbers, shares, answers, numbers of matters."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from tests.generator.mistakes.planting import Ground, Planter, Spot
from tests.generator.sheets import Position, Sheet, Value

CASES = "专卖案件台账"
SHOPS = "无证户整治台账"
OPINIONS = "群众意见台账"
DECISIONS = "支部决议台账"
TRAINING = "党员培训台账"
PLEDGES = "党员承诺台账"
DUTIES = "设岗定责台账"
FRONTLINE = "党员到一线台账"
GUIDANCE = "零售户帮扶台账"
POINTS = "积分明细"
ACTIVITIES = "活动台账"
QUIZ = "答题成绩"
SALES = "卷烟销售月报"
SHELVES = "新品上柜月报"
TARGETS = "计划目标表"


@dataclass(frozen=True)
class WrongCell:
    """A column of a workbook, found by a part of its path and its suffix, and what stands in it by mistake."""

    book: str
    column: str
    wrong: Value
    suffix: str = ""
    beside: tuple[str, str] | None = None  # a column, and the word that stands there in the row


def spoil(mistake: WrongCell, ground: Ground) -> Spot:
    """Put the wrong value in the place of a right one."""
    book, sheet, position = ground.pick(mistake.book, mistake.column, suffix=mistake.suffix)
    while mistake.beside is not None and not _stands_beside(sheet, position, *mistake.beside):
        book, sheet, position = ground.pick(mistake.book, mistake.column, suffix=mistake.suffix)
    right = sheet.cells.pop(position)
    sheet.put(*position, mistake.wrong)
    return ground.mark(book, sheet, position, f"应为{right}")


def _stands_beside(sheet: Sheet, position: Position, column: str, word: str) -> bool:
    """Tell whether a word stands in the row of a cell, in a column that is known by the facts written there."""
    places = (place for (_, name), place in sheet.anchors.items() if name == column and place[0] == position[0])
    return any(sheet.cells.get(place) == word for place in places)


DAYS = {
    "bad_date.month_13": WrongCell(TRAINING, "held_on", "2019-13-05"),
    "bad_date.no_leap_year": WrongCell(ACTIVITIES, "held_on", "2019.2.29", ".xls"),
    "bad_date.day_31_of_april": WrongCell(CASES, "filed_on", "20210431"),
    "bad_date.to_be_set": WrongCell(DECISIONS, "due_on", "待定"),
    "bad_date.day_of_the_week": WrongCell(SHOPS, "found_on", "上周三"),
    "bad_date.two_days": WrongCell(GUIDANCE, "visited_on", "3.5、3.6"),
    "bad_date.month_only": WrongCell(FRONTLINE, "visited_on", "2020年3月"),
    "bad_date.row_number": WrongCell(OPINIONS, "due_on", 5),
    "bad_date.year_2109": WrongCell(SHOPS, "found_on", "2109.3.5"),
    "bad_date.last_night": WrongCell(QUIZ, "submitted_on", "昨晚8点", ".csv"),
    "bad_date.time_of_no_day": WrongCell(QUIZ, "submitted_on", "2019/2/30 20:11", ".csv"),
    "outside_period.begins_after_its_end": WrongCell(OPINIONS, "collected_on", "2091-03-05"),
    "outside_period.digits_swapped": WrongCell(TRAINING, "held_on", "2091-03-05"),
    "ambiguous_date.lost_zero": WrongCell(GUIDANCE, "visited_on", 1.2),
    "out_of_range.century": WrongCell(OPINIONS, "collected_on", "1919-03-05"),
    "bad_month.range": WrongCell(POINTS, "month", "1-3月"),
    "bad_month.month_13": WrongCell(POINTS, "month", "2021年13月"),
    "bad_month.quarter": WrongCell(POINTS, "month", "一季度"),
    "bad_month.last_month": WrongCell(DUTIES, "month", "上月"),
    "bad_year.last_year": WrongCell("年度总评表", "year", "去年"),
}
NUMBERS = {
    "bad_number.letter_o": WrongCell(CASES, "counterfeit_tiao", "3O"),
    "bad_number.word": WrongCell(CASES, "case_value_yuan", "一百"),
    "bad_number.two_numbers": WrongCell(CASES, "genuine_tiao", "12/13"),
    "bad_number.broken_thousands": WrongCell(CASES, "case_value_yuan", "1,23"),
    "bad_number.other_unit": WrongCell(CASES, "counterfeit_tiao", "3担"),
    "bad_number.became_a_day": WrongCell(CASES, "genuine_tiao", date(2019, 1, 5)),
    "bad_number.range": WrongCell(TRAINING, "score", "80-90"),
    "bad_number.share": WrongCell(TRAINING, "score", "85%"),
    "bad_number.grade": WrongCell(QUIZ, "score", "优秀", ".csv"),
    "bad_integer.half_a_person": WrongCell(ACTIVITIES, "present", 4.5, ".xls"),
    "bad_integer.half_a_time": WrongCell(DUTIES, "duty_count", 2.5),
    "out_of_range.negative_count": WrongCell(DUTIES, "duty_count", -3),
    "out_of_range.in_brackets": WrongCell(DUTIES, "duty_count", "（5）"),
    "out_of_range.points": WrongCell(POINTS, "points", 500),
    "out_of_range.extra_digit": WrongCell(QUIZ, "score", 950, ".csv"),
    "out_of_range.rating": WrongCell("互评表", "专卖综合", 930),
    "out_of_range.shelf_rate": WrongCell(SHELVES, "shelf_rate_pct", "140%"),
    "bad_percentage.word": WrongCell(SHELVES, "shelf_rate_pct", "四成"),
    "bad_percentage.verdict": WrongCell(SALES, "plan_rate_pct", "达标"),
    "bad_duration.half_a_day": WrongCell(QUIZ, "duration_s", "半天", ".csv"),
    "error_cell.lost_reference": WrongCell(CASES, "case_value_yuan", "#REF!"),
    "error_cell.not_found": WrongCell(TARGETS, "inspections_plan", "#N/A"),
    "error_cell.old_format": WrongCell(SALES, "revenue_yuan", "#VALUE!", ".xls"),
    "formula_without_value.sum": WrongCell(CASES, "total_wansticks", "=(F4+G4)*0.02", ".xlsx"),
}
ANSWERS = {
    "bad_boolean.maybe": WrongCell(CASES, "is_courier", "可能"),
    "bad_boolean.to_follow": WrongCell(ACTIVITIES, "has_record", "待补", ".xls"),
    "bad_boolean.question_mark": WrongCell(DUTIES, "is_pioneer", "？"),
    "bad_leave.no_reason": WrongCell(ACTIVITIES, "excused_count", "王五"),
    "bad_leave.unknown_reason": WrongCell(ACTIVITIES, "excused_count", "王五(有事)"),
    "bad_identifier.became_a_day": WrongCell(CASES, "case_no", date(2019, 1, 5)),
    "identifier_too_long.case": WrongCell(CASES, "case_no", 4521012345678901),
    "identifier_too_long.retailer": WrongCell(GUIDANCE, "retailer_no", 4521012345678901),
    "missing_value.empty": WrongCell(OPINIONS, "due_on", None),
    "missing_value.dash": WrongCell(DECISIONS, "decided_on", "—"),
    "missing_value.no_score": WrongCell(QUIZ, "score", None, ".csv"),
    "missing_value.no_unit": WrongCell(SALES, "party_group", None),
    "missing_value.no_member": WrongCell("积分表", "member", None),
    "missing_value.no_type": WrongCell(ACTIVITIES, "activity_type", None),
    "unknown_activity.other_words": WrongCell(ACTIVITIES, "activity_type", "碰头会"),
    "unknown_status.half": WrongCell(PLEDGES, "status", "基本做到", beside=("status", "未兑现")),
    "not_counted.who_came": WrongCell(ACTIVITIES, "present", None, beside=("activity_type", "党小组会")),
    "not_counted.no_picture": WrongCell(ACTIVITIES, "has_record", None, beside=("activity_type", "特色活动")),
    "counted_once.two_shops": WrongCell(GUIDANCE, "retailer_no", "LS00001、LS00002"),
    "other_points.two_at_once": WrongCell(POINTS, "points", 2, beside=("item", "M4")),
    "void_row.remark": WrongCell(SHOPS, "note", "作废"),
    "unknown_item.mistyped": WrongCell(POINTS, "item", "D9"),
    "unknown_item.scored_elsewhere": WrongCell(POINTS, "item", "A1"),
}
VALUES: Mapping[str, Planter] = {kind: partial(spoil, wrong) for kind, wrong in (DAYS | NUMBERS | ANSWERS).items()}
