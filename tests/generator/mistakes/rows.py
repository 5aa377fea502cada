"""Rows that contradict themselves, other rows or the total that is printed for them; and rows nobody sees."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from tests.generator.mistakes.planting import Ground, Planter, Spot, column_of, first
from tests.generator.mistakes.values import ACTIVITIES, CASES, DECISIONS, DUTIES, GUIDANCE, OPINIONS, SALES, SHELVES
from tests.generator.sheets import Book, Position, Sheet, Value

INSPECTIONS = "专卖检查月报"
RATINGS = "互评表"


def _raise(book: Book, sheet: Sheet, position: Position, by: int, ground: Ground) -> Spot:
    """Print more than the rows come to."""
    right = sheet.cells[position]
    if not isinstance(right, int | float):
        raise LookupError(f"{sheet.name} prints no total to change")
    sheet.cells[position] = right + by
    return ground.mark(book, sheet, position, f"应为{right}")


def _miscount(part: str, key_word: str, column: str, ground: Ground) -> Spot:
    """A printed total or mean at the bottom of a sheet is wrong; an empty ``column`` stands for the last group's."""
    column = column or ground.world.people.groups[-1].party_group
    book, sheet = ground.own_sheet(part)
    position = first(
        (place for (key, name), place in sheet.anchors.items() if key_word in key and name == column), f"{key_word} row"
    )
    return _raise(book, sheet, position, 10, ground)


def _add_wrong_total(ground: Ground) -> Spot:
    """A total is written below a ledger that has none, five too high."""
    book, sheet = ground.own_sheet(DUTIES)
    number = column_of(sheet, "duty_count")
    counts = [sheet.cells[place] for (_, name), place in sheet.anchors.items() if name == "duty_count"]
    total = sum(count for count in counts if isinstance(count, int))
    row = ground.append(book, sheet, ["合计", *[None] * (number - 2), total + 5])
    return ground.mark(book, sheet, (row, number), f"应为{total}")


def exceed(part: str, column: str, by: int, ground: Ground) -> Spot:
    """A number is more than the others of its row allow."""
    book, sheet, position = ground.pick(part, column)
    return _raise(book, sheet, position, by, ground)


def _shift_point(part: str, column: str, factor: int, ground: Ground) -> Spot:
    """A number has digits too many."""
    book, sheet, position = ground.pick(part, column, suffix=".xlsx")
    right = sheet.cells[position]
    if not isinstance(right, int | float):
        raise LookupError(f"{sheet.name} holds no number to change")
    sheet.cells[position] = right * factor
    return ground.mark(book, sheet, position, f"应为{right}")


def repeat(part: str, column: str, changes: Mapping[str, Value], ground: Ground) -> Spot:
    """A matter is entered twice, the second time in other words."""
    book, sheet, position = ground.append_copy(part, column, changes)
    return ground.mark(book, sheet, position, f"{sheet.cells[position]}重复登记")


def _end_before_beginning(part: str, begin: str, end: str, ground: Ground) -> Spot:
    """A matter is closed, or due, before it begins."""
    book, sheet, (row, number) = ground.pick(part, begin)
    began = sheet.cells[row, number]
    day = began if isinstance(began, date) else date.fromisoformat(str(began))
    position = (row, column_of(sheet, end))
    sheet.cells[position] = day - timedelta(days=40)
    return ground.mark(book, sheet, position, f"{day}才开始")


def _hide_row(part: str, suffix: str, ground: Ground) -> Spot:
    """A row with data is hidden."""
    book, sheet = ground.own_sheet(part, suffix)
    sheet.hidden_rows.add(max(row for row, _ in sheet.anchors.values()))
    return ground.mark(book, sheet, None, "隐藏了一行数据")


def _hide_column(part: str, suffix: str, column: str, ground: Ground) -> Spot:
    """A column with data is hidden."""
    book, sheet = ground.own_sheet(part, suffix)
    sheet.hidden_columns.add(column_of(sheet, column))
    return ground.mark(book, sheet, None, "隐藏了一列数据")


def _merge_amount(part: str, column: str, ground: Ground) -> Spot:
    """One number is merged over the last two rows above the total."""
    book, sheet = ground.own_sheet(part)
    number = column_of(sheet, column)
    last = max(row for (key, _), (row, found) in sheet.anchors.items() if found == number and "合计" not in key)
    sheet.put(last - 1, number, 75)
    sheet.merge_down(number, last - 1, last)
    return ground.mark(book, sheet, (last - 1, number), "两行合并成一个数")


def _write_beside(part: str, suffix: str, values: list[Value], ground: Ground) -> Spot:
    """Something is written right of the table, under no header."""
    book, sheet = ground.own_sheet(part, suffix)
    row = max(row for row, _ in sheet.anchors.values())
    column = 2 + max(column for _, column in sheet.cells)
    for offset, value in enumerate(values):
        sheet.put(row, column + offset, value)
    return ground.mark(book, sheet, (row, column), "表格以外写了内容")


def _hide_sheet(part: str, suffix: str, ground: Ground) -> Spot:
    """A sheet with data is hidden."""
    book, sheet = ground.own_sheet(part, suffix)
    sheet.is_hidden = True
    return ground.mark(book, sheet, None, "隐藏了工作表")


ROWS: Mapping[str, Planter] = {
    "total_mismatch.total_below": partial(_miscount, INSPECTIONS, "合计", "market_inspections"),
    "total_mismatch.group_mean": partial(_miscount, "积分表", "平均", "meeting_points"),
    "total_mismatch.mean_of_ratings": partial(_miscount, RATINGS, "平均", ""),
    "total_mismatch.total_added": _add_wrong_total,
    "row_total_mismatch.seizures": partial(exceed, CASES, "total_wansticks", 1),
    "impossible_ratio.sales": partial(_shift_point, SALES, "revenue_yuan", 100),
    "more_than_whole.present": partial(exceed, ACTIVITIES, "present", 20),
    "more_than_whole.stocking": partial(exceed, SHELVES, "stocking_retailers", 5000),
    "repeated_row.guidance": partial(repeat, GUIDANCE, "visited_on", {}),
    "duplicate_key.opinion": partial(repeat, OPINIONS, "opinion_no", {"content": "同一意见再次登记"}),
    "duplicate_key.decision": partial(repeat, DECISIONS, "decision_no", {"decision": "同一决议再次登记"}),
    "duplicate_key.post_duty": partial(repeat, DUTIES, "member", {"duty_count": 99}),
    "date_order.closed_before_collected": partial(_end_before_beginning, OPINIONS, "collected_on", "closed_on"),
    "date_order.closed_before_decided": partial(_end_before_beginning, DECISIONS, "decided_on", "closed_on"),
    "due_before_start.opinion": partial(_end_before_beginning, OPINIONS, "collected_on", "due_on"),
    "due_before_start.decision": partial(_end_before_beginning, DECISIONS, "decided_on", "due_on"),
    "merged_amount.checks": partial(_merge_amount, INSPECTIONS, "courier_inspections"),
    "hidden_rows.one_row": partial(_hide_row, DECISIONS, ""),
    "hidden_rows.old_format": partial(_hide_row, ACTIVITIES, ".xls"),
    "hidden_columns.one_column": partial(_hide_column, INSPECTIONS, "", "market_inspections"),
    "hidden_columns.old_format": partial(_hide_column, ACTIVITIES, ".xls", "present"),
    "unused_cells.remark": partial(_write_beside, INSPECTIONS, "", ["补2户"]),
    "unused_cells.old_format": partial(_write_beside, ACTIVITIES, ".xls", ["2019.5.6", "驮卢片区", "党小组会"]),
    "hidden_sheet.month": partial(_hide_sheet, INSPECTIONS, ""),
    "hidden_sheet.old_format": partial(_hide_sheet, SALES, ".xls"),
}
