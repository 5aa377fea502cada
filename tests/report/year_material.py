"""Two hand-made years of three groups with everything that a branch keeps of its members; every name is invented."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.panel import list_overdue
from pipeline.points import score_points
from pipeline.points.composition import list_turnover
from tests.readings import Rows, make_bureau, make_reading

MARKETING, ENFORCEMENT, TERRITORY = GROUPS = ("营销管理", "专卖综合", "驮卢片区")
MONTHS = [str(month) for month in pd.period_range("2020-01", "2021-12", freq="M")]
QUARTERS = [str(quarter) for quarter in pd.period_range("2020Q1", "2021Q4", freq="Q")]
FIRST, MOVED, NEWCOMER, OLD_LEADER, NEW_LEADER, THIRD, UNASSIGNED = MEMBERS = (
    "覃桂芳",
    "陆小北",
    "农晓岚",
    "张三丰",
    "蒙小川",
    "韦建国",
    "何未分",
)
GROUND, GROUP_GROUND, VETO_GROUND = "零售户投诉属实（示例）", "服务态度投诉属实（示例）", "受党纪处分（示例）"
CORRECTION_GROUND = "补交学习笔记（示例）"


@cache
def year_reading() -> Reading:
    """Return the reading; every kind of workbook covers every month."""
    catalog = load_catalog()
    kinds = [kind.kind for kind in catalog.kinds.values() if kind.cadence != "once"]
    bureau = make_bureau(catalog)
    reading = make_reading(catalog, bureau, dict.fromkeys(kinds, MONTHS), **dict(_tables()))
    columns = {name: [column.column for column in catalog.columns_of(name)] for name in reading.tables}
    return replace(reading, tables={name: frame[columns[name]] for name, frame in reading.tables.items()})


@cache
def year_tables(quarter: str) -> dict[str, pd.DataFrame]:
    """Return the derived tables that notebooks 2 and 3 would leave for the pages of the year and the secretary."""
    return derive(year_reading(), quarter)


def derive(reading: Reading, quarter: str) -> dict[str, pd.DataFrame]:
    """Return the derived tables of any reading."""
    catalog, period = load_catalog(), pd.Period(quarter, "Q-DEC")
    overdue = list_overdue(reading, period.end_time.normalize(), catalog)
    tables = score_points(reading, catalog, period).tables
    months = pd.PeriodIndex(tables["points_by_group_month"]["month"].unique()).sort_values()
    turnover = list_turnover(reading.tables["memberships"], sorted(reading.bureau.groups), months)
    return {**tables, "overdue": overdue, "turnover_by_group_month": turnover}


def without(reading: Reading, table: str, rows: "pd.Series[bool] | None" = None) -> Reading:
    """Return the reading without the given rows of one input table, or without any of its rows."""
    frame = reading.tables[table]
    kept = frame[~rows] if rows is not None else frame.iloc[:0]
    return replace(reading, tables={**reading.tables, table: kept})


def _tables() -> Iterator[tuple[str, Rows]]:
    yield "memberships", list(_memberships())
    yield "activities", list(_activities())
    yield from _assessments()
    yield from _of_members()
    yield from _of_leaders()
    yield "points_ledger", list(_ledger())
    yield "corrections", list(_corrections())
    yield (
        "decisions",
        [
            {
                "decision_no": "决〔2021〕7号",
                "decided_on": "2021-09-30",
                "party_group": MARKETING,
                "topic": "节日营销",
                "owner": FIRST,
                "due_on": "2021-10-20",
            }
        ],
    )


def _memberships() -> Iterator[dict[str, object]]:
    for member, group, role, joined, left in (
        (FIRST, MARKETING, "组长", "2019-01-01", None),
        (MOVED, MARKETING, None, "2019-01-01", "2021-05-17"),
        (MOVED, TERRITORY, None, "2021-05-17", None),
        (NEWCOMER, MARKETING, None, "2021-11-01", None),
        (OLD_LEADER, ENFORCEMENT, "组长", "2019-01-01", "2021-07-01"),
        (OLD_LEADER, ENFORCEMENT, None, "2021-07-01", None),
        (NEW_LEADER, ENFORCEMENT, None, "2019-01-01", "2021-07-01"),
        (NEW_LEADER, ENFORCEMENT, "组长", "2021-07-01", None),
        (THIRD, TERRITORY, "组长", "2019-01-01", None),
        (UNASSIGNED, None, None, "2021-12-01", None),
    ):
        yield {"member": member, "party_group": group, "party_role": role, "joined_on": joined, "left_on": left}


def _activities() -> Iterator[dict[str, object]]:
    named = {MARKETING: FIRST, ENFORCEMENT: f"{OLD_LEADER}、{NEW_LEADER}", TERRITORY: THIRD}
    for month in MONTHS:
        for group, names in named.items():
            is_missed = (group, month) == (ENFORCEMENT, "2021-12")
            late_autumn = group == TERRITORY and month in ("2021-10", "2021-11")  # its meetings are missed by many
            common = {"party_group": group, "expected": 5, "present": 3 if late_autumn else 5, "excused_count": 0}
            yield {
                **common,
                "held_on": f"{month}-08",
                "activity_type": "党小组会",
                "topic": "品牌培育",
                "attendees": NEW_LEADER if is_missed else names,
                "absentees": OLD_LEADER if is_missed else None,
            }
            yield {**common, "held_on": f"{month}-12", "activity_type": "主题党日"}
            if group != TERRITORY or month < "2021-07":
                yield {**common, "held_on": f"{month}-20", "activity_type": "特色活动", "has_record": True}
    yield {
        "held_on": "2021-11-15",
        "party_group": MARKETING,
        "activity_type": "组长教育",
        "attendees": f"{FIRST}、{NEW_LEADER}、{THIRD}",
    }


def _assessments() -> Iterator[tuple[str, Rows]]:
    yield (
        "quarter_assessments",
        [
            {"quarter": quarter, "party_group": group, "committee_score": 90.0 + place}
            for quarter in QUARTERS
            for place, group in enumerate(GROUPS)
        ],
    )
    yield "mutual_reviews", [row for quarter in QUARTERS for row in _reviews(quarter)]
    yield (
        "annual_reviews",
        [
            {"year": year, "party_group": group, "peer_appraisal": 88.0 + 2 * place}
            for year in (2020, 2021)
            for place, group in enumerate(GROUPS)
        ],
    )
    yield (
        "model_votes",
        [
            {"year": 2021, "party_group": group, "round_name": name, "votes": votes, "voters": 16}
            for name, counts in (("第一轮", (7, 7, 2)), ("第二轮", (10, 6, 0)))
            for group, votes in zip(GROUPS, counts, strict=True)
        ],
    )


def _reviews(quarter: str) -> Iterator[dict[str, object]]:
    scores = {  # rater -> (of MARKETING, of ENFORCEMENT, of TERRITORY)
        MARKETING: (98.0, 92.0, 94.0),
        ENFORCEMENT: (90.0, 96.0, 91.0),
        TERRITORY: (93.0, 90.0, 93.0),
    }
    items = ("党小组会", "党课") if quarter in ("2021Q3", "2021Q4") else (None,)
    for rater, given in scores.items():
        for rated, score in zip(GROUPS, given, strict=True):
            for step, item in enumerate(items):
                apart = float(step * 2 - 1) if item else 0.0  # 1 below and 1 above the score
                yield {
                    "quarter": quarter,
                    "rater_group": rater,
                    "rated_group": rated,
                    "review_item": item,
                    "score": score + apart,
                }


def _group_then(member: str, day: str) -> str | None:
    stays = [(row["party_group"], str(row["joined_on"])) for row in _memberships() if row["member"] == member]
    begun = [group for group, joined in stays if joined <= day]
    return str(begun[-1]) if begun and begun[-1] is not None else None


def _of_members() -> Iterator[tuple[str, Rows]]:
    active = [(month, member) for month in MONTHS for member in MEMBERS if _group_then(member, f"{month}-01")]
    yield (
        "quiz_results",
        [
            {"session_on": f"{month}-15", "member": member, "score": score, "party_group": _group_then(member, month)}
            for month, member in active
            for score in ((70.0, 92.0) if member == FIRST else (84.0,))
        ],
    )
    yield (
        "post_duties",
        [
            {
                "month": month,
                "member": member,
                "post": "品牌培育岗" if member == FIRST else "服务岗",
                "duty_area": "城区" if member == FIRST else "驮卢",
                "duty_count": 6 if member == FIRST else 0,
                "is_pioneer": member == FIRST,
                "party_group": _group_then(member, f"{month}-15"),
            }
            for month, member in active
            if member in (FIRST, THIRD)
        ],
    )
    yield (
        "frontline_visits",
        [
            {"visited_on": f"{month}-{day:02d}", "member": FIRST, "party_group": MARKETING}
            for month in MONTHS
            for day in range(1, 21)
        ],
    )
    yield (
        "pledges",
        [
            {"member": member, "pledged_on": f"{month}-01", "due_on": f"{month}-25", **more, "party_group": group}
            for month, member, group, more in (
                ("2021-10", FIRST, MARKETING, {"closed_on": "2021-10-20", "status": "已兑现"}),
                ("2021-11", THIRD, TERRITORY, {}),
            )
        ],
    )
    yield "leaves", list(_leaves())


def _leaves() -> Iterator[dict[str, object]]:
    for member, kind, first, last in (
        (MOVED, "病假", "2021-10-28", "2021-11-20"),  # more than half of November
        (OLD_LEADER, "公假", "2021-12-06", "2021-12-08"),  # the day of the meeting he is listed as absent from
        (THIRD, "事假", "2021-12-15", "2021-12-16"),  # no approved leave
    ):
        common = {"member": member, "leave_type": kind, "from_on": first, "to_on": last, "approved_by": "支部书记"}
        yield {**common, "party_group": _group_then(member, first)}


def _of_leaders() -> Iterator[tuple[str, Rows]]:
    leaders = {MARKETING: FIRST, ENFORCEMENT: NEW_LEADER, TERRITORY: THIRD}
    yield (
        "leader_duties",
        [
            {
                "quarter": quarter,
                "member": member,
                "duty_item": duty,
                "full_points": 20.0,
                "points": 18.0 if member == FIRST else 15.0,
                "assessor": "支部书记",
                "party_group": group,
            }
            for quarter in ("2021Q3", "2021Q4")
            for group, member in leaders.items()
            for duty in ("组织学习", "联系党员")
        ],
    )
    yield (
        "trainings",
        [
            {"held_on": "2021-10-18", "member": FIRST, "training_mode": "短训", "hours_h": 6.0},
            {"held_on": "2021-11-18", "member": FIRST, "training_mode": "以会代训", "hours_h": 2.5},
        ],
    )
    yield (
        "duty_list",
        [
            {"post": "品牌培育岗", "duty": "新品宣传", "standard": "每月一次"},
            {"post": "宣传岗", "duty": "报送稿件", "standard": "每季一篇"},  # nobody has this post
        ],
    )


def _ledger() -> Iterator[dict[str, object]]:
    for month, subject, item, points, ground in (
        ("2021-10", OLD_LEADER, "M8", -5.0, GROUND),
        ("2021-11", MARKETING, "D2", -2.0, GROUP_GROUND),
        ("2020-06", THIRD, "V1", 0.0, VETO_GROUND),
        ("2021-10", FIRST, "M4", 1.0, "学习笔记"),
        ("2021-03", MARKETING, "D1", 2.0, "县局表彰"),
    ):
        yield {"month": month, "item": item, "points": points, "ground": ground, **_subject(subject, month)}


def _corrections() -> Iterator[dict[str, object]]:
    for day, month, subject, item, change, ground in (
        ("2021-11-08", "2021-08", TERRITORY, "B1", 5.0, "补交活动记录"),
        ("2021-12-20", "2021-10", FIRST, "M4", 2.0, CORRECTION_GROUND),
    ):
        entry = {"corrected_on": day, "month": month, "item": item, "change_points": change, "ground": ground}
        yield {**entry, **_subject(subject, month)}


def _subject(subject: str, month: str) -> dict[str, object]:
    """Return the columns that say whom an entry is about; ``recorded_on`` and the like stay missing."""
    if subject in GROUPS:
        return {"subject": subject, "party_group": subject}
    return {"subject": subject, "member": subject, "party_group": _group_then(subject, f"{month}-15")}


def names_in(text: str, names: Iterable[str] = MEMBERS) -> list[str]:
    """Return which names stand in a text."""
    return [name for name in names if name in text]
