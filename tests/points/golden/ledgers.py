"""The ledgers behind the golden cases: one function a case, which returns the reading and the quarter to score."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.catalog import Catalog, Rule, Term
from pipeline.ingest.bureau import Bureau, Reading
from tests.readings import Rows, make_bureau, make_reading

MARKETING, ENFORCEMENT, TERRITORY = "营销管理", "专卖综合", "驮卢片区"
GROUPS = (MARKETING, ENFORCEMENT, TERRITORY)
KINDS = (
    *("activities", "quiz", "decisions", "guidance", "opinions", "sales", "targets", "shelf", "cases"),
    *("unlicensed", "inspections", "points_ledger", "post_duties", "pledges", "frontline"),
)
Q1, Q4 = pd.Period("2019Q1", "Q-DEC"), pd.Period("2019Q4", "Q-DEC")
Case = tuple[Reading, pd.Period]


def _reading(catalog: Catalog, quarter: pd.Period, bureau: Bureau | None = None, **rows: Rows) -> Case:
    months = [str(month) for month in pd.period_range("2019-01", quarter.asfreq("M", "end"), freq="M")]
    rows = {"memberships": [_stay(f"乙{place}", group) for place, group in enumerate(GROUPS)], **rows}
    bureau = make_bureau(catalog) if bureau is None else bureau
    return make_reading(catalog, bureau, dict.fromkeys(KINDS, months), **rows), quarter


def _stay(member: str, group: str, since: str = "2018-11-01", until: str | None = None) -> dict[str, object]:
    return {"member": member, "party_group": group, "joined_on": since, "left_on": until}


def _own_stays(*stays: Mapping[str, object]) -> list[Mapping[str, object]]:
    """Return stays, with somebody in every group that has none."""
    named = {stay["party_group"] for stay in stays}
    return [*stays, *(_stay(f"乙{group}", group) for group in GROUPS if group not in named)]


def _activity(day: str, activity_type: str = "党小组会", **more: object) -> dict[str, object]:
    return {"held_on": day, "party_group": MARKETING, "activity_type": activity_type, **more}


def _visits(member: str, days: Iterable[str], group: str = MARKETING) -> list[dict[str, object]]:
    return [{"visited_on": day, "member": member, "party_group": group, "retailer_no": "1"} for day in days]


def _entry(month: str, item: str, points: float, *, group: str = MARKETING, **more: object) -> dict[str, object]:
    return {"month": month, "subject": group, "party_group": group, "item": item, "points": points, **more}


def transfer(catalog: Catalog) -> Case:
    stays = _own_stays(
        _stay("甲一", MARKETING, until="2019-01-20"),
        _stay("甲一", ENFORCEMENT, since="2019-01-20"),
        _stay("甲二", MARKETING),
        _stay("甲三", TERRITORY, since="2019-01-18"),
        _stay("乙专", ENFORCEMENT),
    )
    guidance = _visits("甲一", ["2019-01-10"] * 4) + _visits("甲一", ["2019-01-26"] * 2, ENFORCEMENT)
    frontline = _visits("甲一", ["2019-01-10"]) + _visits("甲一", ["2019-01-25"], ENFORCEMENT)
    frontline = [{name: value for name, value in row.items() if name != "retailer_no"} for row in frontline]
    return _reading(catalog, Q1, memberships=stays, guidance_visits=guidance, frontline_visits=frontline)


def leave(catalog: Catalog) -> Case:
    stays = _own_stays(*(_stay(member, MARKETING) for member in ("甲一", "甲二", "甲三")))
    leaves = [
        {"member": "甲一", "leave_type": "公假", "from_on": "2019-01-28", "to_on": "2019-02-05"},
        {"member": "甲二", "leave_type": "事假", "from_on": "2019-01-30", "to_on": "2019-01-30"},
        {"member": "甲三", "leave_type": "产假", "from_on": "2019-01-10", "to_on": "2019-03-20"},
    ]
    meetings = [
        _activity("2019-01-30", expected=5, present=3, excused_count=1, absentees="甲一、甲二"),
        _activity("2019-02-04", expected=5, present=4, excused_count=1, absentees="甲一"),
        _activity("2019-02-20", expected=5, present=4, absentees="甲一"),
    ]
    return _reading(catalog, Q1, memberships=stays, leaves=leaves, activities=meetings)


def newcomer(catalog: Catalog) -> Case:
    stays = _own_stays(_stay("甲四", MARKETING, since="2019-02-10"))
    days = ["2019-02-20"] * 2 + ["2019-03-20"] * 4
    frontline = [{"visited_on": day, "member": "甲四", "party_group": MARKETING} for day in days]
    return _reading(catalog, Q1, memberships=stays, frontline_visits=frontline)


def newcomer_year(catalog: Catalog) -> Case:
    stays = _own_stays(
        _stay("甲五", MARKETING, since="2019-08-01"),
        _stay("甲六", MARKETING, since="2019-07-01"),
    )
    return _reading(catalog, Q4, memberships=stays)


def veto(catalog: Catalog) -> Case:
    stays = _own_stays(_stay("甲一", MARKETING), _stay("甲二", MARKETING))
    entry = _entry("2019-02", "V1", 0.0) | {"subject": "甲一", "member": "甲一"}
    return _reading(catalog, Q1, memberships=stays, points_ledger=[entry])


def _folded(catalog: Catalog, *owned: str) -> Case:
    metrics = {metric: "own" if metric in owned else "none" for metric in catalog.metrics}
    month = {"month": "2019-01", "party_group": MARKETING}
    return _reading(
        catalog,
        Q1,
        bureau=make_bureau(catalog, None, **metrics),
        activities=[_activity("2019-01-10", "主题党日")],
        sales_by_group_month=[{**month, "volume_xiang": 720.0, "revenue_yuan": 720.0 * 29000}],
        targets_by_group_month=[{**month, "volume_plan_xiang": 800.0, "revenue_per_case_target_yuan": 28000.0}],
    )


def fold_one(catalog: Catalog) -> Case:
    return _folded(catalog, "volume_xiang")


def fold_two(catalog: Catalog) -> Case:
    return _folded(catalog, "volume_xiang", "revenue_per_case_yuan")


def fold_none(catalog: Catalog) -> Case:
    return _folded(catalog)


def caps(catalog: Catalog) -> Case:
    duty = {"month": "2019-01", "post": "示范岗", "party_group": MARKETING}
    days = [f"2019-01-{day:02d}" for day in range(1, 22)]
    of_member = {"subject": "甲二", "member": "甲二"}
    return _reading(
        catalog,
        Q1,
        memberships=_own_stays(_stay("甲一", MARKETING), _stay("甲二", MARKETING)),
        activities=[_activity("2019-01-08"), _activity("2019-01-20")],
        guidance_visits=_visits("甲一", days[:13]),
        post_duties=[{**duty, "member": "甲一", "duty_count": 7}, {**duty, "member": "甲二", "duty_count": 6}],
        frontline_visits=[{"visited_on": day, "member": "甲二", "party_group": MARKETING} for day in days],
        pledges=[
            {"member": "甲二", "party_group": MARKETING, "pledged_on": "2019-01-02", "due_on": day, "closed_on": day}
            for day in days[:5]
        ],
        quiz_results=[
            {"session_on": day, "member": "甲二", "score": 95.0, "party_group": MARKETING} for day in days[:5]
        ],
        points_ledger=[
            *(_entry(month, "D1", points) for month, points in (("2019-01", 3), ("2019-02", 3), ("2019-03", 2))),
            *(_entry("2019-03", "D4", -1.0) for _ in range(5)),
            *(_entry("2019-01", "M4", 1.0) | of_member for _ in range(5)),
        ],
    )


def rule_change(catalog: Catalog) -> Case:
    def renewed(rule: Rule) -> Rule:
        changed = {"points": 3.0, "cap_month": 3.0} if rule.item == "A4" else {}
        return replace(rule, version="2.0", effective_month="2019-02", **changed)  # type: ignore[arg-type]

    weights = [Term("category_weight", name, name, name, weight, None, None, "", "2.0") for name, weight in WEIGHTS]
    bureau = make_bureau(catalog, rules=(*catalog.rules, *map(renewed, catalog.rules)))
    bureau = replace(bureau, terms=(*catalog.terms, *weights))
    days = [_activity(f"2019-0{month}-10", "主题党日") for month in (1, 2, 3)]
    return _reading(catalog, Q1, bureau=bureau, activities=days)


WEIGHTS = (("A", 45.0), ("B", 25.0), ("C", 30.0))


def correction(catalog: Catalog) -> Case:
    entry = {"corrected_on": "2019-05-08", "month": "2019-02", "ground": "补交活动记录"}
    corrections = [
        entry | {"subject": MARKETING, "party_group": MARKETING, "item": "B1", "change_points": 5.0},
        entry | {"subject": "甲一", "party_group": MARKETING, "member": "甲一", "item": "M4", "change_points": 1.0},
    ]
    return _reading(catalog, Q1, memberships=_own_stays(_stay("甲一", MARKETING)), corrections=corrections)


def falsified(catalog: Catalog) -> Case:
    own = [_activity(f"2019-0{month}-10", "特色活动", has_record=True) for month in (1, 2)]
    return _reading(catalog, Q1, activities=own, points_ledger=[_entry("2019-01", "D3", -5.0, about_item="B1")])


def year(catalog: Catalog) -> Case:
    quarters = ("2019Q1", "2019Q2", "2019Q3", "2019Q4")
    reviews = [
        {"quarter": quarter, "rater_group": rater, "rated_group": rated, "score": 100.0 if rater == rated else 90.0}
        for quarter in quarters
        for rater in GROUPS
        for rated in GROUPS
    ]
    committee = [
        {"quarter": quarter, "party_group": group, "committee_score": 80.0} for quarter in quarters for group in GROUPS
    ]
    appraisals = [{"year": 2019, "party_group": group, "peer_appraisal": 95.0} for group in GROUPS]
    votes = [{"year": 2019, "party_group": MARKETING, "votes": 9, "voters": 16}]
    return _reading(
        catalog,
        Q4,
        mutual_reviews=reviews,
        quarter_assessments=committee,
        annual_reviews=appraisals,
        model_votes=votes,
    )


CASES: Mapping[str, Callable[[Catalog], Case]] = {
    case.__name__: case
    for case in (
        *(transfer, leave, newcomer, newcomer_year, veto, fold_one, fold_two, fold_none),
        *(caps, rule_change, correction, falsified, year),
    )
}
