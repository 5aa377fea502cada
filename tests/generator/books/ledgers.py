"""The plain ledgers: 请假, 培训, 承诺, 设岗定责, 一线, 帮扶, 积分明细 and 积分更正; one workbook each a year."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from tests.generator.books.frames import BRANCH, add_rows, sign, start_sheet
from tests.generator.calendar import years_of
from tests.generator.records import (
    Correction,
    FrontlineVisit,
    GuidanceVisit,
    Leave,
    LedgerEntry,
    Pledge,
    PostDuty,
    Training,
)
from tests.generator.rendering import bare, chinese, dashed, dotted, or_empty, spaced, yes_no
from tests.generator.sheets import Book, Value
from tests.generator.world import World

Fact = TypeVar("Fact")
LONG_LEAVE_DAYS = 15  # which the branch's secretary cannot grant


@dataclass(frozen=True)
class Ledger(Generic[Fact]):
    """How one kind of fact is written: file name, header, columns of the dictionary, its year, its cells."""

    path: str
    title: str
    levels: Sequence[str]
    columns: Sequence[str]
    year_of: Callable[[Fact], int]
    cells: Callable[[Fact], Sequence[Value]]


def build(world: World) -> list[Book]:
    """Return the ledgers; a year without an entry has no workbook."""
    years = list(years_of(world.months))
    return [
        *_yearly(LEAVES, world.leaves, years),
        *_yearly(TRAINING, world.appraisal.trainings, years),
        *_yearly(PLEDGES, world.appraisal.pledges, years),
        *_yearly(DUTIES, world.appraisal.duties, years),
        *_yearly(FRONTLINE, world.appraisal.frontline, years),
        *_yearly(GUIDANCE, world.process.guidance_visits, years),
        *_yearly(POINTS, world.process.ledger, years),
        *_yearly(CORRECTIONS, world.governance.corrections, years),
    ]


def fact_key(title: str, number: int, year: int) -> str:
    """Return what identifies the ``number``-th fact of a ledger's year."""
    return f"{title} {year} {number}"


def _yearly(ledger: Ledger[Fact], facts: Iterable[Fact], years: Iterable[int]) -> list[Book]:
    by_year: dict[int, list[Fact]] = {year: [] for year in years}
    for fact in facts:
        by_year[ledger.year_of(fact)].append(fact)
    books = []
    for year, own in by_year.items():
        if not own:
            continue
        sheet = start_sheet(
            ledger.title.removesuffix("台账"),
            f"{year}年{ledger.title}",
            ["序号", *ledger.levels],
            (f"编制单位：{BRANCH}",),
        )
        rows = [
            (fact_key(ledger.title, number, year), [number, *ledger.cells(fact)])
            for number, fact in enumerate(own, start=1)
        ]
        add_rows(sheet, rows, ["", *ledger.columns])
        sign(sheet)
        books.append(Book(ledger.path.format(year=year), [sheet]))
    return books


def _month_text(month: date) -> str:
    return f"{month.year}年{month.month}月" if month.year % 2 else f"{month.year}-{month.month:02d}"


def _leave_cells(fact: Leave) -> Sequence[Value]:
    write = dotted if fact.from_on.year % 2 else dashed
    approver = "支部书记" if (fact.to_on - fact.from_on).days < LONG_LEAVE_DAYS else "县局党组"
    return (fact.member, fact.leave_type, write(fact.from_on), write(fact.to_on), approver, or_empty(fact.note))


def _training_cells(fact: Training) -> Sequence[Value]:
    return (dashed(fact.held_on), fact.member, fact.training_mode, fact.hours_h, fact.score)


def _pledge_cells(fact: Pledge) -> Sequence[Value]:
    closed_on = chinese(fact.closed_on) if fact.closed_on else "—"
    status = "已兑现" if fact.closed_on else "未兑现"
    return (fact.member, chinese(fact.pledged_on), fact.pledge, chinese(fact.due_on), status, closed_on)


def _duty_cells(fact: PostDuty) -> Sequence[Value]:
    return (
        f"{fact.month.month}月",
        fact.post,
        fact.duty_area,
        fact.member,
        fact.duty_count,
        yes_no(fact.is_pioneer, "√", "否"),
    )


def _frontline_cells(fact: FrontlineVisit) -> Sequence[Value]:
    return (dotted(fact.visited_on), fact.member, fact.place, fact.matter)


def _guidance_cells(fact: GuidanceVisit) -> Sequence[Value]:
    day: Value = bare(fact.visited_on) if fact.visited_on.year % 2 else fact.visited_on
    return (day, fact.retailer_no, spaced(fact.member), fact.problem, fact.outcome)


def _points_cells(fact: LedgerEntry) -> Sequence[Value]:
    return (
        _month_text(fact.month),
        fact.member or fact.party_group,
        fact.item,
        fact.points,
        fact.ground,
        or_empty(fact.about_item),
        fact.recorded_on,
        "支部组织委员",
    )


def _correction_cells(fact: Correction) -> Sequence[Value]:
    subject = fact.member or fact.party_group
    month = f"{fact.month.year}.{fact.month.month:02d}"
    return (chinese(fact.corrected_on), month, subject, fact.item, fact.change_points, fact.ground, "支委会")


LEAVES = Ledger[Leave](
    "党建/{year}年请假台账.xlsx",
    "请假台账",
    ("姓名", "假别", "开始日期", "结束日期", "批准人", "备注"),
    ("member", "leave_type", "from_on", "to_on", "approved_by", "note"),
    lambda fact: fact.from_on.year,
    _leave_cells,
)
TRAINING = Ledger[Training](
    "党建/{year}年党员培训台账.xlsx",
    "党员培训台账",
    ("日期", "姓名", "方式", "学时", "成绩"),
    ("held_on", "member", "training_mode", "hours_h", "score"),
    lambda fact: fact.held_on.year,
    _training_cells,
)
PLEDGES = Ledger[Pledge](
    "党建/{year}年党员承诺台账.xlsx",
    "党员承诺台账",
    ("党员", "承诺日期", "承诺事项", "期限", "状态", "兑现日期"),
    ("member", "pledged_on", "pledge", "due_on", "status", "closed_on"),
    lambda fact: fact.pledged_on.year,
    _pledge_cells,
)
DUTIES = Ledger[PostDuty](
    "党建/{year}年设岗定责台账.xlsx",
    "设岗定责台账",
    ("月份", "岗位", "责任区", "党员", "履职次数", "先锋岗"),
    ("month", "post", "duty_area", "member", "duty_count", "is_pioneer"),
    lambda fact: fact.month.year,
    _duty_cells,
)
FRONTLINE = Ledger[FrontlineVisit](
    "党建/党员到一线台账{year}.xlsx",
    "党员到一线台账",
    ("日期", "党员", "地点", "事项"),
    ("visited_on", "member", "place", "matter"),
    lambda fact: fact.visited_on.year,
    _frontline_cells,
)
GUIDANCE = Ledger[GuidanceVisit](
    "党建/{year}年零售户帮扶台账.xlsx",
    "零售户帮扶台账",
    ("日期", "零售户编号", "党员", "问题", "结果"),
    ("visited_on", "retailer_no", "member", "problem", "outcome"),
    lambda fact: fact.visited_on.year,
    _guidance_cells,
)
POINTS = Ledger[LedgerEntry](
    "积分/{year}年积分明细.xlsx",
    "积分明细",
    ("月份", "对象", "项目", "分值", "依据", "涉及项目", "登记日期", "登记人"),
    ("month", "subject", "item", "points", "ground", "about_item", "recorded_on", "recorded_by"),
    lambda fact: fact.month.year,
    _points_cells,
)
CORRECTIONS = Ledger[Correction](
    "积分/积分更正台账{year}.xlsx",
    "积分更正台账",
    ("更正日期", "积分月份", "对象", "项目", "更正分值", "更正依据", "批准人"),
    ("corrected_on", "month", "subject", "item", "change_points", "ground", "approved_by"),
    lambda fact: fact.corrected_on.year,
    _correction_cells,
)
