"""群众意见台账 and 支部决议台账: what was asked or decided, by when, and when it was done."""

from tests.generator.books.frames import BRANCH, add_rows, sign, start_sheet
from tests.generator.calendar import years_of
from tests.generator.records import Decision, Opinion
from tests.generator.rendering import dashed, dotted, or_empty
from tests.generator.sheets import Book, Sheet, Value
from tests.generator.world import World

OPINION_LEVELS = (
    "编号",
    "收集日期",
    "收集人",
    "党小组",
    "来源",
    "类别",
    "内容",
    "承办",
    "期限",
    "办结日期",
    "满意度",
)
OPINION_COLUMNS = (
    "opinion_no",
    "collected_on",
    "collector",
    "party_group",
    "source",
    "category",
    "content",
    "handler",
    "due_on",
    "closed_on",
    "satisfaction",
)
DECISION_LEVELS = ("编号", "会议日期", "承办党小组", "议题", "决议", "责任人", "期限", "办结日期")
DECISION_COLUMNS = ("decision_no", "decided_on", "party_group", "topic", "decision", "owner", "due_on", "closed_on")


def build(world: World) -> list[Book]:
    """Return two workbooks a year; a year without an entry has none."""
    books = []
    for year in years_of(world.months):
        opinions = [entry for entry in world.process.opinions if entry.collected_on.year == year]
        decisions = [entry for entry in world.process.decisions if entry.decided_on.year == year]
        if opinions:
            books.append(Book(f"党建/群众意见台账（{year}年）.xlsx", [_opinion_sheet(opinions, year)]))
        if decisions:
            books.append(Book(f"党建/{year}年支部决议台账.xlsx", [_decision_sheet(decisions, year)]))
    return books


def _opinion_sheet(opinions: list[Opinion], year: int) -> Sheet:
    sheet = start_sheet("意见", f"{year}年群众意见台账", OPINION_LEVELS, (f"编制单位：{BRANCH}",))
    add_rows(sheet, [(entry.opinion_no, _opinion_cells(entry)) for entry in opinions], OPINION_COLUMNS)
    sign(sheet)
    return sheet


def _opinion_cells(entry: Opinion) -> tuple[Value, ...]:
    return (
        entry.opinion_no,
        dashed(entry.collected_on),
        entry.collector,
        entry.party_group,
        entry.source,
        entry.category,
        entry.content,
        entry.handler,
        dashed(entry.due_on),
        dashed(entry.closed_on) if entry.closed_on else None,
        or_empty(entry.satisfaction),
    )


def _decision_sheet(decisions: list[Decision], year: int) -> Sheet:
    sheet = start_sheet("决议", f"{year}年支部决议台账", DECISION_LEVELS, (f"编制单位：{BRANCH}",))
    add_rows(sheet, [(entry.decision_no, _decision_cells(entry)) for entry in decisions], DECISION_COLUMNS)
    sign(sheet, "支部书记签字：", "记录人：")
    return sheet


def _decision_cells(entry: Decision) -> tuple[Value, ...]:
    return (
        entry.decision_no,
        entry.decided_on,
        entry.party_group,
        entry.topic,
        entry.decision,
        entry.owner,
        dotted(entry.due_on),
        dotted(entry.closed_on) if entry.closed_on else "—",
    )
