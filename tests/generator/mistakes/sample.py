"""The mistakes of the shipped sample; it keeps exactly these.

None of them changes what the groups' points come to: rows that a reader rejects are rows too many, and cells that it
cannot use feed no item. So the oracle's points hold for the sample with its mistakes as well as without them.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from tests.generator.activities import MEETING
from tests.generator.books import ledgers, points_sheets, reviews
from tests.generator.books import sales as sales_books
from tests.generator.books.activities import key_of as activity_key
from tests.generator.enforcement import CASE_DAYS
from tests.generator.mistakes.planting import Ground, Planter, Spot, first
from tests.generator.sheets import Book, Sheet, Value, find_cell


def _repeat(sheet: Sheet, key: str, anchor: str, changes: Mapping[str, Value]) -> int:
    """Insert a copy of a fact's row below it, some columns changed; ``anchor`` is any of them. Returns the new row."""
    row = sheet.anchors[key, anchor][0]
    values = sheet.row_values(row)
    for column, value in changes.items():
        position = sheet.anchors[key, column][1]
        values[position - 1] = value
    sheet.insert_row(row + 1, values)
    return row + 1


def _misspell_member(ground: Ground) -> Spot:
    """A second attempt under a misspelt name."""
    attempt = first((a for a in ground.world.process.quiz if a.session_on.year == ground.middle_year), "quiz attempt")
    key = f"{attempt.member} {attempt.submitted_at}"
    book, sheet, (_, column) = find_cell(ground.books, key, "member")
    wrong = attempt.member + "儿"
    row = _repeat(sheet, key, "member", {"member": wrong})
    return ground.mark(book, sheet, (row, column), f"{attempt.member}误写为{wrong}")


def _misspell_group(ground: Ground) -> Spot:
    """A row that earns no points, under a misspelt group."""
    year = ground.years[-1]
    name = ground.world.people.groups[-1].party_group
    meetings = (
        a for a in reversed(ground.world.process.activities) if (a.party_group, a.activity_type) == (name, MEETING)
    )
    activity = first((a for a in meetings if a.held_on.year == year), "meeting")
    key = activity_key(activity)
    book, sheet, (_, column) = find_cell(ground.books, key, "party_group")
    wrong = activity.party_group.replace("驮", "驼") if "驮" in activity.party_group else activity.party_group + "二组"
    row = _repeat(sheet, key, "party_group", {"party_group": wrong, "activity_type": "学习交流", "topic": "—"})
    return ground.mark(book, sheet, (row, column), f"{activity.party_group}误写为{wrong}")


def _miscount_total(ground: Ground) -> Spot:
    """The printed total of a month's volume is 100 箱 too high."""
    month = ground.world.months[len(ground.world.months) // 2]
    book, sheet, position = find_cell(ground.books, sales_books.key_of("合计", month), "volume_xiang")
    right = sheet.cells[position]
    if not isinstance(right, float):
        raise LookupError(f"no total of {month:%Y-%m} to change")
    sheet.cells[position] = round(right + 100, 1)
    return ground.mark(book, sheet, position, f"合计应为{right}")


def _impossible_date(ground: Ground) -> Spot:
    """A frontline visit on 30 February."""
    year = ground.years[-1 if len(ground.years) < 4 else 2]
    key = ledgers.fact_key(ledgers.FRONTLINE.title, 1, year)
    book, sheet, (_, column) = find_cell(ground.books, key, "visited_on")
    wrong = f"{year}.2.30"
    row = _repeat(sheet, key, "visited_on", {"visited_on": wrong})
    return ground.mark(book, sheet, (row, column), f"{wrong}不存在")


def _rough_number(ground: Ground) -> Spot:
    """约30 where a number belongs."""
    cases = (c for c in ground.world.results.cases if c.filed_on.year == ground.middle_year)
    case = first((c for c in cases if c.genuine_tiao), "case of genuine cigarettes")
    book, sheet, position = find_cell(ground.books, case.case_no, "genuine_tiao")
    sheet.cells[position] = "约30"
    issue = ground.mark(book, sheet, position, f"应为{case.genuine_tiao}")
    return replace(issue, spoils=(case.party_group, case.filed_on.replace(day=1), "seized_tiao"))


def _slipped_decimal(ground: Ground) -> Spot:
    """A committee score of ten times itself."""
    scores = (e for e in ground.world.appraisal.committee if (e.year, e.quarter) >= (ground.middle_year, 2))
    entry = first(scores, "committee score")
    key = reviews.quarter_key(entry.party_group, (entry.year, entry.quarter))
    book, sheet, position = find_cell(ground.books, key, "committee_score")
    sheet.cells[position] = round(10 * entry.score)
    return ground.mark(book, sheet, position, f"应为{entry.score}")


def _repeat_case(ground: Ground) -> Spot:
    """One case entered twice, the same in every cell."""
    year = ground.years[-1]
    case = first((c for c in ground.world.results.cases if c.filed_on.year == year), "case")
    book, sheet, (original, column) = find_cell(ground.books, case.case_no, "case_no")
    row = _repeat(sheet, case.case_no, "case_no", {})
    ground.taken.add((book.path, sheet.name, original))  # another mistake in it would make them differ
    return ground.mark(book, sheet, (row, column), f"{case.case_no}重复登记")


def _close_before_filing(ground: Ground) -> Spot:
    """A case closed three days before it was filed; it is so young that its closing earns nothing yet."""
    limit = ground.world.as_of - timedelta(days=CASE_DAYS - 1)
    case = first((c for c in ground.world.results.cases if c.filed_on > limit), "young case")
    book, sheet, position = find_cell(ground.books, case.case_no, "filed_on")
    position = (position[0], sheet.anchors[case.case_no, "closed_on"][1])
    sheet.cells[position] = case.filed_on - timedelta(days=3)
    return ground.mark(book, sheet, position, "结案日期早于立案日期")


def _divide_by_zero(ground: Ground) -> Spot:
    """#DIV/0! where a formula met an empty base."""
    name = first((spec.party_group for spec in reversed(ground.world.people.groups) if spec.sells), "sales")
    book, sheet, position = find_cell(ground.books, sales_books.key_of(name, ground.world.months[0]), "yoy_pct")
    sheet.cells[position] = "#DIV/0!"
    return ground.mark(book, sheet, position, "公式出错")


def _lose_zero(ground: Ground) -> Spot:
    """The number 2019.1, which is January or an October that lost its zero."""
    year = ground.middle_year
    key = ledgers.fact_key(ledgers.POINTS.title, 1, year)
    book, sheet, (_, column) = find_cell(ground.books, key, "month")
    row = _repeat(sheet, key, "month", {"month": year + 0.1, "item": "D1", "points": 2, "ground": "县局先进集体表彰"})
    return ground.mark(book, sheet, (row, column), f"{year}.1是1月还是10月")


def _copy_file(ground: Ground) -> Spot:
    """The same workbook a second time under another name."""
    path = points_sheets.path_of(ground.world.months[len(ground.world.months) // 2])
    book = first((b for b in ground.books if b.path == path), "points workbook")
    copy = Book(path.replace(".xlsx", "(最终版).xlsx"), book.sheets)
    ground.add(copy)
    return Spot(copy.path, "", "", f"与{book.path}内容相同")


# Rows are inserted first, each in a sheet of its own kind, so that every address written down stays right.
SAMPLE: Mapping[str, Planter] = {
    "unknown_member.second_attempt": _misspell_member,
    "unknown_group.wrong_character": _misspell_group,
    "bad_date.no_such_day": _impossible_date,
    "copied_row.case": _repeat_case,
    "ambiguous_month.lost_zero": _lose_zero,
    "total_mismatch.total_on_top": _miscount_total,
    "bad_number.about": _rough_number,
    "out_of_range.slipped_decimal": _slipped_decimal,
    "date_order.closed_before_filed": _close_before_filing,
    "error_cell.division_by_zero": _divide_by_zero,
    "duplicate_file.final_version": _copy_file,
}
