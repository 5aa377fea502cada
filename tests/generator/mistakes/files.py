"""Files and sheets too many or too few: copies, altered copies, scratch sheets, letters, and what never came."""

from collections.abc import Mapping
from copy import deepcopy

from tests.generator.mistakes.names import ROSTER
from tests.generator.mistakes.planting import Ground, Planter, Spot, column_of
from tests.generator.mistakes.values import FRONTLINE, SHELVES
from tests.generator.sheets import Book, Sheet

POINTS_SHEETS = "积分表"


def _copy_to_other_format(ground: Ground) -> Spot:
    """A workbook is handed in again, saved in another format."""
    book, _ = ground.own_sheet(POINTS_SHEETS, ".xlsx")
    ground.whole |= {(book.path, sheet.name) for sheet in book.sheets}
    copy = ground.add(Book(book.path.replace(".xlsx", "-副本.xls"), deepcopy(book.sheets)))
    return Spot(copy.path, "", "", f"与{book.path}内容相同")


def _alter_copy(ground: Ground) -> Spot:
    """A ledger is handed in again with one place changed."""
    book, _ = ground.own_sheet(FRONTLINE)
    copy = ground.add(Book(book.path.replace(".xlsx", "-修改2.xlsx"), deepcopy(book.sheets)))
    sheet = copy.sheets[0]
    sheet.cells[max(row for row, _ in sheet.anchors.values()), column_of(sheet, "place")] = "另一处"
    return ground.mark(copy, sheet, None, f"与{book.path}大半相同")


def _alter_month(ground: Ground) -> Spot:
    """One group's points are handed in again with another standing."""
    book, sheet = ground.own_sheet(POINTS_SHEETS, ".xlsx")
    copy = ground.add(Book(book.path.replace(".xlsx", "-修改2.xlsx"), [deepcopy(sheet)]))
    altered = copy.sheets[0]
    altered.cells[max(place for (_, name), place in altered.anchors.items() if name == "standing")] = 9
    return ground.mark(copy, altered, None, f"与{book.path}大半相同")


def _copy_sheet(ground: Ground) -> Spot:
    """A sheet was copied within its workbook, to be filled in next time."""
    book, sheet = ground.own_sheet(POINTS_SHEETS, ".xlsx")
    copy = deepcopy(sheet)
    copy.name = f"{sheet.name} (2)"
    book.sheets.append(copy)
    return ground.mark(book, copy, None, f"与工作表{sheet.name}相同")


def _hand_in_letter(ground: Ground) -> Spot:
    """A letter lies among the workbooks."""
    sheet = Sheet("通知")
    for text in ("关于报送台账的通知", "各党小组：", "请于每月5日前报送上月台账。"):
        sheet.add_row([text])
    return ground.mark(ground.add(Book("党建/报送通知.xlsx", [sheet])), sheet, None, "不是台账")


def _leave_scratch_sheet(ground: Ground) -> Spot:
    """A sheet of sums stayed in a workbook."""
    book = ground.book(SHELVES)
    sheet = Sheet("Sheet2")
    for values in ((12, 15), (27, None)):
        sheet.add_row(values)
    book.sheets.append(sheet)
    return ground.mark(book, sheet, None, "演算草稿")


def _forget_roster(ground: Ground) -> Spot:
    """The roster was not handed in."""
    ground.books.remove(ground.book(ROSTER))
    return Spot(ROSTER, "", "", "未报送")


def _forget_shelves(ground: Ground) -> Spot:
    """Nobody ever hands in which retailers have the new products; the mistake shows at the name of the kind."""
    for book in [book for book in ground.books if SHELVES in book.path]:
        ground.books.remove(book)
    return Spot("新品上柜月报", "", "", "从未报送")


FILES: Mapping[str, Planter] = {
    "duplicate_file.other_format": _copy_to_other_format,
    "overlapping_file.altered_ledger": _alter_copy,
    "overlapping_file.altered_month": _alter_month,
    "copied_sheet.to_fill_in": _copy_sheet,
    "unrecognised_sheet.letter": _hand_in_letter,
    "unrecognised_sheet.scratch": _leave_scratch_sheet,
}
NEVER_SENT: Mapping[str, Planter] = {"missing_roster": _forget_roster, "never_handed_in": _forget_shelves}
