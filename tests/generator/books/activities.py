"""活动台账: a workbook a year, a sheet a month, and a way of writing dates that changes with the year."""

from collections.abc import Callable, Mapping
from datetime import date

from tests.generator.attendance import CALLED, NAMES_SINCE
from tests.generator.books.frames import BRANCH, sign, start_sheet
from tests.generator.calendar import month_of, years_of
from tests.generator.records import Activity
from tests.generator.rendering import bare, bare_number, dotted, full_width, or_empty, yes_no
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

LEVELS = ("序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员", "议题", "图片")
COLUMNS = (
    "",
    "held_on",
    "party_group",
    "activity_type",
    "theme",
    "expected",
    "present",
    "excused_count",
    "topic",
    "has_record",
)
NAMES = {"attendees": "参加人员", "absentees": "无故缺席人员"}  # of the sheets since people are written down
SEPARATORS = ("、", "、", "，", "、\n")
DATE_STYLES: tuple[Callable[[date], Value], ...] = (dotted, bare, bare_number, lambda day: day)


def build(world: World) -> list[Book]:
    """Return one workbook a year; the second year is a true BIFF .xls."""
    books = []
    for index, (year, months) in enumerate(years_of(world.months).items()):
        style = DATE_STYLES[index % len(DATE_STYLES)]
        sheets = [_month_sheet(world, month, style) for month in months]
        books.append(Book(f"党建/{year}年活动台账.{'xls' if index == 1 else 'xlsx'}", sheets))
    return books


def key_of(activity: Activity) -> str:
    """Return what identifies an activity; two of a kind on one day share it."""
    return f"{activity.activity_type} {activity.party_group} {activity.held_on}"


def _month_sheet(world: World, month: date, style: Callable[[date], Value]) -> Sheet:
    title = f"{BRANCH}{month.year}年{month.month}月活动台账"
    names = NAMES if month >= NAMES_SINCE else {}
    sheet = start_sheet(f"{month.month}月", title, [*LEVELS, *names.values()], (f"编制单位：{BRANCH}",))
    full_names = {spec.party_group: spec.other_names[0] for spec in world.people.groups}
    activities = [a for a in world.process.activities if month_of(a.held_on) == month]
    for number, activity in enumerate(activities, start=1):
        cells = [*_cells(number, activity, style, full_names), *(_names(number, activity) if names else ())]
        sheet.add_row(cells, key_of(activity), [*COLUMNS, *names])
    if month.month % 2:
        sign(sheet)
    return sheet


def _cells(
    number: int, activity: Activity, style: Callable[[date], Value], full_names: Mapping[str, str]
) -> tuple[Value, ...]:
    """Return one row; every fifth group is written out in full, every seventh head count in full-width digits."""
    name = full_names[activity.party_group] if number % 5 == 0 else activity.party_group
    expected: Value = activity.expected
    if activity.expected is not None and number % 7 == 0:
        expected = full_width(activity.expected)
    absences = "、".join(f"{absence.member}({absence.reason})" for absence in activity.absences)
    has_headcount = activity.expected is not None
    return (
        number,
        style(activity.held_on),
        name,
        activity.activity_type,
        activity.theme,
        or_empty(expected, "/"),
        or_empty(activity.present, "/"),
        absences or ("无" if has_headcount else None),
        or_empty(activity.topic),
        yes_no(activity.has_record, "有", "无"),
    )


def _names(number: int, activity: Activity) -> tuple[Value, Value]:
    """Return who came and who stayed away, where the ledger asks for it; names are separated now this way, now that."""
    separator = SEPARATORS[number % len(SEPARATORS)]
    nobody = "无" if activity.activity_type in CALLED else None
    return separator.join(activity.attendees) or None, separator.join(activity.absentees) or nobody
