"""Names that the roster does not know, or does not know there and then; and mistakes in the roster itself."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from tests.generator.books.roster import COLUMNS as ROSTER_COLUMNS
from tests.generator.books.sales import TOTAL
from tests.generator.mistakes.planting import Ground, Planter, Spot, column_of, first
from tests.generator.mistakes.values import ACTIVITIES, CASES, DECISIONS, FRONTLINE, GUIDANCE, POINTS, SALES, TRAINING
from tests.generator.records import Membership
from tests.generator.rendering import spaced
from tests.generator.sheets import Value

ROSTER = "党员花名册"


def rename(part: str, column: str, rename: Callable[[str], str], ground: Ground) -> Spot:
    """Write a name wrongly."""
    book, sheet, position = ground.pick(part, column)
    right = str(sheet.cells[position])
    sheet.cells[position] = rename(right)
    return ground.mark(book, sheet, position, f"{right}误写为{rename(right)}")


def _misname_rated_group(ground: Ground) -> Spot:
    """A group's name is misspelt on top of a mutual review."""
    group = ground.world.people.groups[-1].party_group
    book, sheet = ground.own_sheet("互评表")
    position = (min(row for row, _ in sheet.anchors.values()) - 1, column_of(sheet, group))
    sheet.cells[position] = "某片区"
    return ground.mark(book, sheet, position, f"{group}误写为某片区")


def _repeat_nothing(ground: Ground) -> Spot:
    """A score of a mutual review is a sign for the cell above, as only a list may hold it."""
    book, sheet = ground.own_sheet("互评表")
    position = first((place for place, value in sheet.cells.items() if isinstance(value, int | float)), "score")
    sheet.cells[position] = "〃"
    return ground.mark(book, sheet, position, "评分写成同上")


def _misname_total(ground: Ground) -> Spot:
    """The label of a total is misspelt, so that it reads as the name of a unit."""
    book, sheet = ground.own_sheet(SALES, ".xlsx")
    position = first((place for place, value in sheet.cells.items() if value == TOTAL), "total")
    sheet.cells[position] = "合汁"
    return ground.mark(book, sheet, position, f"{TOTAL}误写为合汁")


def _visit_before_joining(ground: Ground) -> Spot:
    """A visit by somebody who joined later."""
    newcomer = _first_stay(ground, lambda stay: stay.joined_on > ground.world.months[0] and stay.note == "新调入")
    return _visit_as(ground, newcomer.member, ground.years[0], f"{newcomer.joined_on}才入组")


def _visit_after_leaving(ground: Ground) -> Spot:
    """A visit by somebody who had left."""
    leaver = _first_stay(ground, lambda stay: stay.left_on is not None and stay.note == "调出")
    return _visit_as(ground, leaver.member, ground.years[-1], f"{leaver.left_on}已离组")


def _visit_as(ground: Ground, member: str, year: int, note: str) -> Spot:
    book, sheet, position = ground.pick(f"{FRONTLINE}{year}", "member")
    sheet.cells[position] = member
    return ground.mark(book, sheet, position, note)


def _score_in_other_group(ground: Ground) -> Spot:
    """A member of the second group stands on the first group's sheet of points."""
    one, other = ground.world.people.groups[:2]
    stranger = _first_stay(ground, lambda stay: stay.party_group == other.party_group and stay.left_on is None)
    book, sheet, position = ground.pick("积分表", "member", sheet=one.party_group)
    sheet.cells[position] = stranger.member
    return ground.mark(book, sheet, position, f"{stranger.member}属于{other.party_group}")


def _join_twice(ground: Ground) -> Spot:
    """A transfer is entered without an end in the old group."""
    there = ground.world.people.groups[1].party_group
    stay = _plain_stay(ground, 0, 0)
    joined_on = ground.world.months[len(ground.world.months) // 2]
    return append_stay(ground, stay, "joined_on", there, joined_on, "原小组未填离组时间")


def _list_twice(ground: Ground) -> Spot:
    """A line of the roster stands in it twice."""
    stay = _plain_stay(ground, 1, 0)
    return append_stay(ground, stay, "member", stay.party_group, stay.joined_on, "重复登记")


def append_stay(ground: Ground, stay: Membership, column: str, party_group: str, joined_on: date, note: str) -> Spot:
    """Add a line to the roster and return its cell of ``column``."""
    book = ground.book(ROSTER)
    sheet = book.sheets[0]
    values: dict[str, Value] = {
        "member": spaced(stay.member),
        "gender": stay.gender,
        "post": stay.post,
        "party_group": party_group,
        "joined_on": joined_on,
        "status": "在组",
    }
    row = ground.append(book, sheet, [values.get(name) for name in ROSTER_COLUMNS])
    return ground.mark(book, sheet, (row, ROSTER_COLUMNS.index(column) + 1), note)


def _leave_before_joining(ground: Ground) -> Spot:
    """The day of leaving lies before the day of joining."""
    book = ground.book(ROSTER)
    sheet = book.sheets[0]
    stay = _plain_stay(ground, 0, 1)
    position = sheet.anchors[f"{stay.member} {stay.joined_on}", "left_on"]
    sheet.cells[position] = f"{stay.joined_on.year - 1}.5.1"
    return ground.mark(book, sheet, position, "离组时间早于入组时间")


def _misname_group_of_all(ground: Ground) -> Spot:
    """The name of a group, merged over all its members, is wrong; the members are known all the same."""
    group = ground.world.people.groups[-1].party_group
    stay = _first_stay(ground, lambda stay: stay.party_group == group)
    return _spoil_stay(ground, stay, "party_group", "驮卢站")


def _join_on_no_day(ground: Ground) -> Spot:
    """The day of joining is in no calendar, so that nobody knows since when the member belongs to the group."""
    return _spoil_stay(ground, _plain_stay(ground, 1, 1), "joined_on", "2018.13.1")


def _spoil_stay(ground: Ground, stay: Membership, column: str, wrong: Value) -> Spot:
    book = ground.book(ROSTER)
    sheet = book.sheets[0]
    position = sheet.anchors[f"{stay.member} {stay.joined_on}", column]
    right = sheet.cells[position]
    sheet.cells[position] = wrong
    return ground.mark(book, sheet, position, f"应为{right}")


def _plain_stay(ground: Ground, group: int, index: int) -> Membership:
    """Return one of those in a group who never led it, nor came late nor left."""
    founders = ground.world.people.plain_members(ground.world.people.groups[group].party_group)
    return first(founders[index:], "member of long standing")


def _first_stay(ground: Ground, fits: Callable[[Membership], bool]) -> Membership:
    return first((stay for stay in ground.world.people.memberships if fits(stay)), "member of that kind")


NAMES: Mapping[str, Planter] = {
    "unknown_member.typing_slip": partial(rename, TRAINING, "member", lambda name: name + "儿"),
    "unknown_member.title": partial(rename, DECISIONS, "owner", lambda name: f"{name[0]}所长"),
    "unknown_member.with_role": partial(rename, TRAINING, "member", lambda name: f"{name}（代签）"),
    "nothing_above.score": _repeat_nothing,
    "several_members.two_names": partial(rename, FRONTLINE, "member", lambda name: f"{name}、某某"),
    "unknown_member.ledger": partial(rename, POINTS, "subject", lambda name: f"{name}科"),
    "several_groups.all": partial(rename, ACTIVITIES, "party_group", lambda _: "各党小组"),
    "unknown_group.department": partial(rename, CASES, "party_group", lambda _: "城管大队"),
    "unknown_group.territory": partial(rename, SALES, "party_group", lambda _: "西城区"),
    "unknown_group.assessment": partial(rename, "季度考核表", "party_group", lambda name: f"{name[:2]}组管"),
    "unknown_group.matrix": _misname_rated_group,
    "unknown_group.total": _misname_total,
    "unknown_member.guidance": partial(rename, GUIDANCE, "member", lambda name: f"{name}某"),
    "not_a_member_then.not_yet": _visit_before_joining,
    "not_a_member_then.gone": _visit_after_leaving,
    "not_a_member_then.other_group": _score_in_other_group,
    "overlapping_membership.transfer": _join_twice,
    "duplicate_key.roster_line": _list_twice,
    "date_order.left_before_joining": _leave_before_joining,
    "unknown_group.roster": _misname_group_of_all,
    "bad_date.roster": _join_on_no_day,
}
