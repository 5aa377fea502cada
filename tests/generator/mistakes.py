"""Honest mistakes: each changes one cell, row or file, and is written down with the place where a reader must find it.

None of them changes what the groups' points come to: rows that a reader rejects are rows too many, and cells that it
cannot use feed no item. So the oracle's points hold for the bureau with mistakes as well as for the one without.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

from tests.generator.activities import MEETING
from tests.generator.books import ledgers, points_sheets, reviews
from tests.generator.books import sales as sales_books
from tests.generator.books.activities import key_of as activity_key
from tests.generator.calendar import years_of
from tests.generator.enforcement import CASE_DAYS
from tests.generator.sheets import Book, Position, Sheet, Value, address, find_cell
from tests.generator.world import World


@dataclass(frozen=True)
class PlantedIssue:
    """A mistake and the one issue that it must become; sheet and cell are empty where the whole file is meant."""

    file: str
    sheet: str
    cell: str
    code: str
    note: str
    spoils: tuple[str, date, str] | None = None  # (party group, month, metric) whose value nobody can know any more


Fact = TypeVar("Fact")
Planter = Callable[[list[Book], World], PlantedIssue]


def plant(books: list[Book], world: World, codes: Iterable[str]) -> list[PlantedIssue]:
    """Change ``books`` and return what was planted; raises `ValueError` for a code without a planter.

    Raises `LookupError` where a bureau is too small or too young to hold the mistake.
    """
    chosen = list(codes)
    unknown = sorted(set(chosen) - set(PLANTERS))
    if unknown:
        raise ValueError(f"no mistake is called {', '.join(unknown)}: expected some of {', '.join(PLANTERS)}")
    return [planter(books, world) for code, planter in PLANTERS.items() if code in chosen]


def _first(facts: Iterable[Fact], what: str) -> Fact:
    """Return the first of some facts; raises `LookupError` where the bureau has none."""
    for fact in facts:
        return fact
    raise LookupError(f"this bureau has no {what} to spoil")


def _middle_year(world: World) -> int:
    """Return the second year where there is one; the ledgers of that year get most of the mistakes."""
    years = list(years_of(world.months))
    return years[min(1, len(years) - 1)]


def _note(book: Book, sheet: Sheet, position: Position, code: str, note: str) -> PlantedIssue:
    return PlantedIssue(book.path, sheet.name, address(position), code, note)


def _repeat(sheet: Sheet, key: str, anchor: str, changes: Mapping[str, Value]) -> int:
    """Insert a copy of a fact's row below it, some columns changed; ``anchor`` is any of them. Returns the new row."""
    row = sheet.anchors[key, anchor][0]
    values = sheet.row_values(row)
    for column, value in changes.items():
        position = sheet.anchors[key, column][1]
        values[position - 1] = value
    sheet.insert_row(row + 1, values)
    return row + 1


def _misspell_member(books: list[Book], world: World) -> PlantedIssue:
    """A second attempt under a misspelt name."""
    attempt = _first((a for a in world.process.quiz if a.session_on.year == _middle_year(world)), "quiz attempt")
    key = f"{attempt.member} {attempt.submitted_at}"
    book, sheet, (_, column) = find_cell(books, key, "member")
    wrong = attempt.member + "儿"
    row = _repeat(sheet, key, "member", {"member": wrong})
    return _note(book, sheet, (row, column), "unknown_member", f"{attempt.member}误写为{wrong}")


def _misspell_group(books: list[Book], world: World) -> PlantedIssue:
    """A row that earns no points, under a misspelt group."""
    year = list(years_of(world.months))[-1]
    name = world.people.groups[-1].party_group
    meetings = (a for a in reversed(world.process.activities) if (a.party_group, a.activity_type) == (name, MEETING))
    activity = _first((a for a in meetings if a.held_on.year == year), "meeting")
    key = activity_key(activity)
    book, sheet, (_, column) = find_cell(books, key, "party_group")
    wrong = activity.party_group.replace("驮", "驼") if "驮" in activity.party_group else activity.party_group + "二组"
    row = _repeat(sheet, key, "party_group", {"party_group": wrong, "activity_type": "学习交流", "topic": "—"})
    return _note(book, sheet, (row, column), "unknown_group", f"{activity.party_group}误写为{wrong}")


def _miscount_total(books: list[Book], world: World) -> PlantedIssue:
    """The printed total of a month's volume is 100 箱 too high."""
    month = world.months[len(world.months) // 2]
    book, sheet, position = find_cell(books, sales_books.key_of("合计", month), "volume_xiang")
    right = sheet.cells[position]
    if not isinstance(right, float):
        raise LookupError(f"no total of {month:%Y-%m} to change")
    sheet.cells[position] = round(right + 100, 1)
    return _note(book, sheet, position, "total_mismatch", f"合计应为{right}")


def _impossible_date(books: list[Book], world: World) -> PlantedIssue:
    """A frontline visit on 30 February."""
    year = list(years_of(world.months))[-1 if len(years_of(world.months)) < 4 else 2]
    key = ledgers.fact_key(ledgers.FRONTLINE.title, 1, year)
    book, sheet, (_, column) = find_cell(books, key, "visited_on")
    wrong = f"{year}.2.30"
    row = _repeat(sheet, key, "visited_on", {"visited_on": wrong})
    return _note(book, sheet, (row, column), "bad_date", f"{wrong}不存在")


def _rough_number(books: list[Book], world: World) -> PlantedIssue:
    """约30 where a number belongs."""
    cases = (c for c in world.results.cases if c.filed_on.year == _middle_year(world))
    case = _first((c for c in cases if c.genuine_tiao), "case of genuine cigarettes")
    book, sheet, position = find_cell(books, case.case_no, "genuine_tiao")
    sheet.cells[position] = "约30"
    issue = _note(book, sheet, position, "bad_number", f"应为{case.genuine_tiao}")
    return replace(issue, spoils=(case.party_group, case.filed_on.replace(day=1), "seized_tiao"))


def _slipped_decimal(books: list[Book], world: World) -> PlantedIssue:
    """A committee score of ten times itself."""
    scores = (e for e in world.appraisal.committee if (e.year, e.quarter) >= (_middle_year(world), 2))
    entry = _first(scores, "committee score")
    key = reviews.quarter_key(entry.party_group, (entry.year, entry.quarter))
    book, sheet, position = find_cell(books, key, "committee_score")
    sheet.cells[position] = round(10 * entry.score)
    return _note(book, sheet, position, "out_of_range", f"应为{entry.score}")


def _repeat_case(books: list[Book], world: World) -> PlantedIssue:
    """One case entered twice."""
    year = list(years_of(world.months))[-1]
    case = _first((c for c in world.results.cases if c.filed_on.year == year), "case")
    book, sheet, (_, column) = find_cell(books, case.case_no, "case_no")
    row = _repeat(sheet, case.case_no, "case_no", {})
    return _note(book, sheet, (row, column), "duplicate_key", f"{case.case_no}重复登记")


def _close_before_filing(books: list[Book], world: World) -> PlantedIssue:
    """A case closed three days before it was filed; it is so young that its closing earns nothing yet."""
    limit = world.as_of - timedelta(days=CASE_DAYS - 1)
    case = _first((c for c in world.results.cases if c.filed_on > limit), "young case")
    book, sheet, position = find_cell(books, case.case_no, "filed_on")
    position = (position[0], sheet.anchors[case.case_no, "closed_on"][1])
    sheet.cells[position] = case.filed_on - timedelta(days=3)
    return _note(book, sheet, position, "date_order", "结案日期早于立案日期")


def _divide_by_zero(books: list[Book], world: World) -> PlantedIssue:
    """#DIV/0! where a formula met an empty base."""
    name = _first((spec.party_group for spec in reversed(world.people.groups) if spec.sells), "sales")
    book, sheet, position = find_cell(books, sales_books.key_of(name, world.months[0]), "yoy_pct")
    sheet.cells[position] = "#DIV/0!"
    return _note(book, sheet, position, "error_cell", "公式出错")


def _lose_zero(books: list[Book], world: World) -> PlantedIssue:
    """The number 2019.1, which is January or an October that lost its zero."""
    year = _middle_year(world)
    key = ledgers.fact_key(ledgers.POINTS.title, 1, year)
    book, sheet, (_, column) = find_cell(books, key, "month")
    row = _repeat(sheet, key, "month", {"month": year + 0.1, "item": "D1", "points": 2, "ground": "县局先进集体表彰"})
    return _note(book, sheet, (row, column), "ambiguous_month", f"{year}.1是1月还是10月")


def _copy_file(books: list[Book], world: World) -> PlantedIssue:
    """The same workbook a second time under another name."""
    path = points_sheets.path_of(world.months[len(world.months) // 2])
    book = _first((b for b in books if b.path == path), "points workbook")
    copy = Book(path.replace(".xlsx", "(最终版).xlsx"), book.sheets)
    books.append(copy)
    return PlantedIssue(copy.path, "", "", "duplicate_file", f"与{book.path}内容相同")


# Rows are inserted first, each in a sheet of its own kind, so that every address written down stays right.
PLANTERS: Mapping[str, Planter] = {
    "unknown_member": _misspell_member,
    "unknown_group": _misspell_group,
    "bad_date": _impossible_date,
    "duplicate_key": _repeat_case,
    "ambiguous_month": _lose_zero,
    "total_mismatch": _miscount_total,
    "bad_number": _rough_number,
    "out_of_range": _slipped_decimal,
    "date_order": _close_before_filing,
    "error_cell": _divide_by_zero,
    "duplicate_file": _copy_file,
}
