"""党员花名册: one sheet, a group's name merged over its members; a transfer and a change of leader as two rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from tests.generator.books.frames import BRANCH, merge_runs, sign, start_sheet
from tests.generator.people import People
from tests.generator.records import LeaderTerm, Membership
from tests.generator.rendering import chinese, dotted, or_empty, spaced
from tests.generator.sheets import Book, Value
from tests.generator.world import World

LEVELS = ("序号", "姓名", "性别", "职务", "党小组", "党内职务", "任期", "入组时间", "离组时间", "状态", "备注")
COLUMNS = (
    "",
    "member",
    "gender",
    "post",
    "party_group",
    "party_role",
    "term",
    "joined_on",
    "left_on",
    "status",
    "note",
)
LEADER = "组长"


@dataclass(frozen=True)
class Line:
    """One row: a stay in a group, or the part of it before or after a change of leader."""

    stay: Membership
    term: LeaderTerm | None
    joined_on: date
    left_on: date | None


def build(world: World) -> list[Book]:
    """Return the roster as it stands on the last day."""
    sheet = start_sheet(
        "花名册", f"{BRANCH}党小组花名册", LEVELS, (f"编制单位：{BRANCH}", f"填报日期：{chinese(world.as_of)}")
    )
    order = {spec.party_group: index for index, spec in enumerate(world.people.groups)}
    entries = sorted(world.people.memberships, key=lambda entry: order[entry.party_group])
    lines = [line for entry in entries for line in _lines(entry, world.people)]
    first = sheet.next_row
    for number, line in enumerate(lines, start=1):
        sheet.add_row(_cells(number, line, world), f"{line.stay.member} {line.joined_on}", COLUMNS)
    merge_runs(sheet, COLUMNS.index("party_group") + 1, first, sheet.next_row - 1)
    sign(sheet)
    return [Book("党建/党员花名册.xlsx", [sheet])]


def _lines(stay: Membership, people: People) -> Iterator[Line]:
    """Yield a stay cut where the member began or ceased to lead the group."""
    own = [term for term in people.terms if (term.party_group, term.member) == (stay.party_group, stay.member)]
    days = {day for term in own for day in (term.started_on, term.ended_on) if day and day > stay.joined_on}
    bounds: list[date | None] = [stay.joined_on, *sorted(days), stay.left_on]
    for begin, end in pairwise(bounds):
        if begin is not None:
            yield Line(stay, next((term for term in own if _holds(term, begin)), None), begin, end)


def _holds(term: LeaderTerm, day: date) -> bool:
    return term.started_on <= day and (term.ended_on is None or day < term.ended_on)


def _cells(number: int, line: Line, world: World) -> tuple[Value, ...]:
    stay, term = line.stay, line.term
    is_founder = line.joined_on == world.months[0]
    joined: Value = f"{line.joined_on.year}.{line.joined_on.month}" if is_founder else line.joined_on
    is_cut = line.left_on is not None and line.left_on != stay.left_on
    spec = next(spec for spec in world.people.groups if spec.party_group == stay.party_group)
    return (
        number,
        spaced(stay.member),
        stay.gender,
        spec.leader_post if term else spec.member_post,
        stay.party_group,
        or_empty(LEADER if term else ""),
        _term_text(term) if term else None,
        joined,
        dotted(line.left_on) if line.left_on else None,
        "换届" if is_cut else "离组" if line.left_on else "在组",
        stay.note or None,
    )


def _term_text(term: LeaderTerm) -> str:
    """Return a term as 2018.11—2020.8, or 2020.9起 where it has not ended."""
    begin = f"{term.started_on.year}.{term.started_on.month}"
    if term.ended_on is None:
        return f"{begin}起"
    last = term.ended_on - timedelta(days=1)
    return f"{begin}—{last.year}.{last.month}"
