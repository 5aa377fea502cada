"""党员花名册: one sheet, a group's name merged over its members, a transfer as two rows."""

from tests.generator.books.frames import BRANCH, merge_runs, sign, start_sheet
from tests.generator.records import Membership
from tests.generator.rendering import chinese, dotted, or_empty, spaced
from tests.generator.sheets import Book, Value
from tests.generator.world import World

LEVELS = ("序号", "姓名", "性别", "职务", "党小组", "党内职务", "入组时间", "离组时间", "状态", "备注")
COLUMNS = ("", "member", "gender", "post", "party_group", "party_role", "joined_on", "left_on", "status", "note")


def build(world: World) -> list[Book]:
    """Return the roster as it stands on the last day."""
    sheet = start_sheet(
        "花名册", f"{BRANCH}党小组花名册", LEVELS, (f"编制单位：{BRANCH}", f"填报日期：{chinese(world.as_of)}")
    )
    order = {spec.party_group: index for index, spec in enumerate(world.people.groups)}
    entries = sorted(world.people.memberships, key=lambda entry: order[entry.party_group])
    first = sheet.next_row
    for number, entry in enumerate(entries, start=1):
        sheet.add_row(_cells(number, entry, world), f"{entry.member} {entry.joined_on}", COLUMNS)
    merge_runs(sheet, COLUMNS.index("party_group") + 1, first, sheet.next_row - 1)
    sign(sheet)
    return [Book("党建/党员花名册.xlsx", [sheet])]


def _cells(number: int, entry: Membership, world: World) -> tuple[Value, ...]:
    is_founder = entry.joined_on == world.months[0]
    joined: Value = f"{entry.joined_on.year}.{entry.joined_on.month}" if is_founder else entry.joined_on
    return (
        number,
        spaced(entry.member),
        entry.gender,
        entry.post,
        entry.party_group,
        or_empty(entry.party_role),
        joined,
        dotted(entry.left_on) if entry.left_on else None,
        "离组" if entry.left_on else "在组",
        entry.note or None,
    )
