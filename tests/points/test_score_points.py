"""The default rule book on months worked out by hand."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, Term, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import score_points
from pipeline.points.schemes import rules_in_effect, version_in_effect
from tests.readings import make_bureau, make_reading

QUARTER = pd.Period("2019Q1", "Q-DEC")
MONTHS = ("2019-01", "2019-02", "2019-03")
MARKETING, ENFORCEMENT = "营销管理", "专卖综合"
KINDS = (
    "activities",
    "quiz",
    "decisions",
    "guidance",
    "opinions",
    "sales",
    "targets",
    "shelf",
    "cases",
    "unlicensed",
    "inspections",
    "points_ledger",
)


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def meeting(day: str, group: str = MARKETING, **more: object) -> dict[str, object]:
    return {"held_on": day, "party_group": group, "activity_type": "党小组会", "expected": 5, "present": 5, **more}


def reading_of(catalog: Catalog, covered: tuple[str, ...] = KINDS, **rows: object) -> Reading:
    return make_reading(catalog, make_bureau(catalog), dict.fromkeys(covered, MONTHS), **rows)  # type: ignore[arg-type]


def items_of(reading: Reading, catalog: Catalog, group: str = MARKETING, month: str = "2019-01") -> pd.DataFrame:
    items = score_points(reading, catalog, QUARTER).tables["points_by_group_month_item"]
    chosen = items[(items["party_group"] == group) & (items["month"] == pd.Period(month, "M"))]
    return chosen.set_index("item")


def test_process_items_by_hand(catalog: Catalog) -> None:
    reading = reading_of(
        catalog,
        activities=[
            meeting("2019-01-08", present=4, excused_count=1, topic="无证户整治"),  # 4 of 5 less one on leave
            meeting("2019-01-20", present=4, topic=None),  # 8 of 9 in all: 88.9 %
            {"held_on": "2019-01-10", "party_group": MARKETING, "activity_type": "主题党日"},
            {
                "held_on": "2019-01-11",
                "party_group": MARKETING,
                "activity_type": "党费收缴",
                "expected": 5,
                "present": 5,
            },
            {"held_on": "2019-01-12", "party_group": MARKETING, "activity_type": "特色活动", "has_record": True},
            {"held_on": "2019-01-13", "party_group": MARKETING, "activity_type": "特色活动", "has_record": False},
        ],
        decisions=[
            {"decision_no": "1", "party_group": MARKETING, "due_on": "2019-01-31", "closed_on": "2019-01-31"},
            {"decision_no": "2", "party_group": MARKETING, "due_on": "2019-01-20", "closed_on": "2019-01-21"},
            {"decision_no": "3", "party_group": MARKETING, "due_on": "2019-01-20"},
            {"decision_no": "4", "party_group": MARKETING, "due_on": "2019-01-20", "closed_on": "2019-01-02"},
        ],
        quiz_results=[
            {"session_on": "2019-01-15", "member": "甲", "score": 70.0, "party_group": MARKETING},
            {
                "session_on": "2019-01-15",
                "member": "甲",
                "score": 90.0,
                "party_group": MARKETING,
            },  # the better one counts
            {"session_on": "2019-01-15", "member": "乙", "score": 71.0, "party_group": MARKETING},  # mean 80.5
        ],
        guidance_visits=[
            {"visited_on": "2019-01-03", "party_group": MARKETING, "retailer_no": str(n)} for n in range(13)
        ],
        opinions=[
            {"opinion_no": "1", "party_group": MARKETING, "due_on": "2019-01-31", "closed_on": "2019-01-05"},
            {"opinion_no": "2", "party_group": MARKETING, "due_on": "2019-01-04", "closed_on": "2019-01-05"},
        ],
    )
    items = items_of(reading, catalog)
    expected = {
        "A1": 6.0,  # two meetings earn 12, capped at 6
        "A2": 4.0,  # 88.9 %
        "A3": 4.0,  # 2 of 4 on time, half of 8
        "A4": 4.0,
        "A5": 3.0,
        "A6": 2.0,
        "B1": 5.0,  # the activity without a record does not count
        "B2": 4.0,  # one meeting with a topic
        "B3": 6.0,  # 13 visits earn 6.5, capped
        "B4": 0.5,  # one closed in time
        "B5": 0.0,
    }
    assert items.loc[list(expected), "points"].to_dict() == pytest.approx(expected)
    assert items.loc["A2", "value"] == pytest.approx(100 * 8 / 9)


def test_work_performance_is_scaled_to_its_weight(catalog: Catalog) -> None:
    reading = reading_of(
        catalog,
        sales_by_group_month=[
            {"month": "2019-01", "party_group": MARKETING, "volume_xiang": 720.0, "revenue_yuan": 720.0 * 29000}
        ],
        targets_by_group_month=[
            {
                "month": "2019-01",
                "party_group": MARKETING,
                "volume_plan_xiang": 800.0,
                "revenue_per_case_target_yuan": 28000.0,
                "shelf_rate_target_pct": 20.0,
            }
        ],
        shelf_rates_by_group_month=[
            {"month": "2019-01", "party_group": MARKETING, "retailers": 1200, "stocking_retailers": 180}
        ],
    )
    items = items_of(reading, catalog)
    # C1 90 % of 10, C2 full 8 (above target), C3 15 % of a target of 20 %: 4.5 of 6; C4-C6 are not marketing's; x 40/24
    assert items.loc["C1", "points"] == pytest.approx(9.0 * 40 / 24)
    assert items.loc["C2", "points"] == pytest.approx(8.0 * 40 / 24)
    assert items.loc["C3", "points"] == pytest.approx(4.5 * 40 / 24)
    assert set(items.loc[["C4", "C5", "C6"], "state"]) == {"not_attributed"}
    assert items.loc[["C4", "C5", "C6"], "points"].isna().all()
    categories = score_points(reading, catalog, QUARTER).tables["points_by_group_month_category"]
    c = categories[(categories["party_group"] == MARKETING) & (categories["category"] == "C")].iloc[0]
    assert c["points"] == pytest.approx(21.5 * 40 / 24)
    assert bool(c["is_rescaled"])


def test_nothing_due_is_left_out_but_no_meeting_earns_nothing(catalog: Catalog) -> None:
    items = items_of(reading_of(catalog, activities=[meeting("2019-01-08")]), catalog)
    assert items.loc["A3", "state"] == "no_base"
    assert items.loc[["A3"], "points"].isna().all()
    assert items.loc["A1", "points"] == pytest.approx(6.0 * 30 / 22)  # A without its 8 points is scaled to 30
    february = items_of(reading_of(catalog, activities=[meeting("2019-01-08")]), catalog, month="2019-02")
    assert february.loc["A2", "state"] == "no_base"
    assert february.loc["A2", "points"] == 0.0


def test_a_ledger_that_was_not_submitted_scores_nothing_and_is_said(catalog: Catalog) -> None:
    covered = tuple(kind for kind in KINDS if kind not in ("activities", "sales"))
    points = score_points(reading_of(catalog, covered=covered), catalog, QUARTER)
    items = points.tables["points_by_group_month_item"].set_index(["party_group", "item"])
    a1 = items.loc[(MARKETING, "A1")].iloc[0]
    assert (a1["state"], a1["points"]) == ("not_submitted", 0.0)
    assert items.loc[(MARKETING, "C1"), "points"].isna().all()
    months = points.tables["points_by_group_month"]
    assert not months["is_complete"].any()
    assert months["process_points"].isna().all()


def test_cases_are_judged_when_their_ninety_days_are_over(catalog: Catalog) -> None:
    reading = reading_of(
        catalog,
        cases=[
            {"case_no": "1", "party_group": ENFORCEMENT, "filed_on": "2018-11-01", "closed_on": "2019-01-30"},  # day 90
            {"case_no": "2", "party_group": ENFORCEMENT, "filed_on": "2018-11-02", "closed_on": "2019-02-01"},  # day 91
            {"case_no": "3", "party_group": ENFORCEMENT, "filed_on": "2019-01-15"},  # due in April
        ],
    )
    items = items_of(reading, catalog, group=ENFORCEMENT)
    assert items.loc["C4", "value"] == pytest.approx(50.0)
    assert items.loc["C4", "capped_points"] == pytest.approx(4.0)


def test_bonus_is_capped_over_the_quarter_and_late_ledgers_over_the_month(catalog: Catalog) -> None:
    ledger = [
        {"month": "2019-01", "party_group": MARKETING, "item": "D1", "points": 3.0},
        {"month": "2019-02", "party_group": MARKETING, "item": "D1", "points": 3.0},
        {"month": "2019-03", "party_group": MARKETING, "item": "D1", "points": 2.0},
        *({"month": "2019-03", "party_group": MARKETING, "item": "D4", "points": -1.0} for _ in range(5)),
    ]
    items = score_points(reading_of(catalog, points_ledger=ledger), catalog, QUARTER).tables[
        "points_by_group_month_item"
    ]
    own = items[items["party_group"] == MARKETING].set_index(["item", "month"])["points"]
    assert own.loc["D1"].tolist() == pytest.approx([3.0, 2.0, 0.0])  # 5 a quarter
    assert own.loc["D4"].tolist() == pytest.approx([0.0, 0.0, -3.0])  # -3 a month


def test_the_total_never_falls_below_zero(catalog: Catalog) -> None:
    ledger = [{"month": "2019-01", "party_group": MARKETING, "item": "D3", "points": -5.0} for _ in range(30)]
    months = score_points(reading_of(catalog, points_ledger=ledger), catalog, QUARTER).tables["points_by_group_month"]
    january = months[(months["party_group"] == MARKETING) & (months["month"] == pd.Period("2019-01", "M"))]
    assert january["total_points"].item() == 0.0


def test_process_points_hold_no_business_result(catalog: Catalog) -> None:
    activities = [meeting("2019-01-08")]
    target = {"month": "2019-01", "party_group": MARKETING, "volume_plan_xiang": 800.0}
    sale = {"month": "2019-01", "party_group": MARKETING, "revenue_yuan": 1e7}
    process, total = [], []
    for volume in (200.0, 800.0):
        sales = [{**sale, "volume_xiang": volume}]
        reading = reading_of(
            catalog, activities=activities, sales_by_group_month=sales, targets_by_group_month=[target]
        )
        month = (
            score_points(reading, catalog, QUARTER).tables["points_by_group_month"].set_index(["party_group", "month"])
        )
        process.append(month.loc[(MARKETING, pd.Period("2019-01", "M")), "process_points"])
        total.append(month.loc[(MARKETING, pd.Period("2019-01", "M")), "total_points"])
    assert process[0] == process[1]
    assert total[0] < total[1]


def test_an_item_tagged_with_a_metric_leaves_the_process_points(catalog: Catalog) -> None:
    tagged = tuple(replace(rule, metric="volume_xiang") if rule.item == "B3" else rule for rule in catalog.rules)
    visits = [{"visited_on": "2019-01-03", "party_group": MARKETING, "retailer_no": str(n)} for n in range(12)]
    process = []
    for rules in (catalog.rules, tagged):
        bureau = make_bureau(catalog, rules=rules)
        reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, MONTHS), guidance_visits=visits)
        months = (
            score_points(reading, catalog, QUARTER).tables["points_by_group_month"].set_index(["party_group", "month"])
        )
        process.append(months.loc[(MARKETING, pd.Period("2019-01", "M")), "process_points"])
    assert process == pytest.approx([6.0, 0.0])


def test_every_point_leads_to_its_rows(catalog: Catalog) -> None:
    reading = reading_of(catalog, activities=[meeting("2019-01-08"), meeting("2019-02-08"), meeting("2019-01-09")])
    trail = score_points(reading, catalog, QUARTER).tables["points_trail"]
    january = trail[(trail["item"] == "A1") & (trail["month"] == pd.Period("2019-01", "M"))]
    assert january[["source_file", "source_row"]].values.tolist() == [["activities.xlsx", 3], ["activities.xlsx", 5]]


def test_a_new_version_counts_from_its_month(catalog: Catalog) -> None:
    newer = tuple(
        replace(rule, version="2.0", effective_month="2019-02", points=3.0 if rule.item == "A4" else rule.points)
        for rule in catalog.rules
    )
    bureau = make_bureau(catalog, rules=catalog.rules + newer)
    days = [{"held_on": f"{month}-10", "party_group": MARKETING, "activity_type": "主题党日"} for month in MONTHS]
    reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, MONTHS), activities=days)
    items = score_points(reading, catalog, QUARTER).tables["points_by_group_month_item"]
    own = items[(items["party_group"] == MARKETING) & (items["item"] == "A4")].set_index("month")
    assert own["rule_version"].tolist() == ["默认1.0", "2.0", "2.0"]
    assert own["capped_points"].tolist() == [4.0, 3.0, 3.0]


def test_quarter_score_ranks_and_shared_ranks(catalog: Catalog) -> None:
    reviews = [
        {"quarter": "2019Q1", "rater_group": rater, "rated_group": rated, "score": score}
        for rater, rated, score in [
            (MARKETING, MARKETING, 100.0),  # its own rating does not count
            (ENFORCEMENT, MARKETING, 90.0),
            (MARKETING, ENFORCEMENT, 92.0),
            (MARKETING, "驮卢片区", 92.0),
            (ENFORCEMENT, "驮卢片区", 92.0),
        ]
    ]
    committee = [
        {"quarter": "2019Q1", "party_group": group, "committee_score": 80.0}
        for group in (MARKETING, ENFORCEMENT, "驮卢片区")
    ]
    reading = reading_of(catalog, mutual_reviews=reviews, quarter_assessments=committee)
    table = score_points(reading, catalog, QUARTER).tables["standings_by_group_quarter"].set_index("party_group")
    assert table["mutual_score"].to_dict() == {MARKETING: 90.0, ENFORCEMENT: 92.0, "驮卢片区": 92.0}
    # no activity at all: the months are 0, so 0.15 x 80 + 0.15 x mutual
    assert table.loc[MARKETING, "quarter_score"] == pytest.approx(0.15 * 80 + 0.15 * 90)
    assert table["rank"].to_dict() == {ENFORCEMENT: 1, "驮卢片区": 1, MARKETING: 3}
    assert set(table["rank_basis"]) == {"quarter_score"}


def test_a_bureau_without_ledgers_cannot_be_scored(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="no ledger covers any month"):
        score_points(reading_of(catalog, covered=()), catalog, QUARTER)


def test_the_items_add_up_to_the_move_of_the_group(catalog: Catalog) -> None:
    months = tuple(str(month) for month in pd.period_range("2019-01", "2019-06", freq="M"))
    quarter = pd.Period("2019Q2", "Q-DEC")
    due = [
        {"decision_no": day, "party_group": MARKETING, "due_on": day, "closed_on": closed}
        for day, closed in [("2019-01-20", "2019-01-10"), ("2019-05-20", "2019-05-10"), ("2019-06-20", None)]
    ]
    activities = [meeting(f"{month}-08") for month in ("2019-01", "2019-04", "2019-05")]
    reading = make_reading(
        catalog, make_bureau(catalog), dict.fromkeys(KINDS, months), activities=activities, decisions=due
    )
    tables = score_points(reading, catalog, quarter).tables
    moves = tables["score_moves"][tables["score_moves"]["party_group"] == MARKETING].set_index("item")
    categories = tables["points_by_group_month_category"]
    own = categories[categories["party_group"] == MARKETING]
    means = (own.groupby(own["month"].dt.asfreq("Q"))["points"].sum() / 3).to_dict()
    assert moves["change_points"].sum() == pytest.approx(means[quarter] - means[QUARTER])
    # A3 earned 8 in January and was left out twice; it earned 8 in May, 0 in June and was left out in April: no move
    assert "A3" not in moves.index
    assert moves.loc["A1", "left_out_months"] == 0


def test_a_row_that_begins_later_counts_from_its_month(catalog: Catalog) -> None:
    (b5,) = (rule for rule in catalog.rules if rule.item == "B5")
    later = (replace(b5, effective_month="2019-02", points=2.0), replace(b5, effective_month="2019-03", item="B6"))
    rules = catalog.rules + later
    by_month = {month: rules_in_effect(rules, pd.Period(month, "M")) for month in ("2018-10", *MONTHS)}
    assert by_month["2018-10"] == ()
    counts = [len(by_month[month]) - len(catalog.rules) for month in MONTHS]
    assert counts == [0, 0, 1]
    points = [{rule.item: rule.points for rule in by_month[month]}["B5"] for month in MONTHS]
    assert points == [1.0, 2.0, 2.0]
    reports = [{"held_on": f"{month}-10", "party_group": MARKETING, "activity_type": "宣传报道"} for month in MONTHS]
    bureau = make_bureau(catalog, rules=rules)
    reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, MONTHS), activities=reports)
    items = score_points(reading, catalog, QUARTER).tables["points_by_group_month_item"]
    own = items[items["party_group"] == MARKETING].set_index(["item", "month"])["capped_points"]
    assert own.loc["B5"].tolist() == [1.0, 2.0, 2.0]
    assert own.loc["B6"].tolist() == [1.0]


def test_a_smaller_book_is_not_inflated(catalog: Catalog) -> None:
    smaller = tuple(rule for rule in catalog.rules if rule.item != "B1")  # B of 20 points, with nothing left out
    bureau = make_bureau(catalog, rules=smaller)
    visits = [{"visited_on": "2019-01-03", "party_group": MARKETING, "retailer_no": str(n)} for n in range(12)]
    reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, MONTHS), guidance_visits=visits)
    tables = score_points(reading, catalog, QUARTER).tables
    b = tables["points_by_group_month_category"].set_index(["party_group", "month", "category"])
    january = b.loc[(MARKETING, pd.Period("2019-01", "M"), "B")]
    assert (january["points"], january["weight"], bool(january["is_rescaled"])) == (6.0, 20.0, False)


@pytest.mark.parametrize(
    ("second", "ranks"), [(0, {MARKETING: 1, ENFORCEMENT: 1}), (1, {MARKETING: 2, ENFORCEMENT: 1})]
)
def test_a_tie_goes_to_the_fewer_deductions(catalog: Catalog, second: int, ranks: dict[str, int]) -> None:
    ledger = [
        {"month": "2019-01", "party_group": MARKETING, "item": "D1", "points": 2.0},
        *({"month": "2019-01", "party_group": MARKETING, "item": "D2", "points": -2.0} for _ in range(second)),
        {"month": "2019-01", "party_group": ENFORCEMENT, "item": "D1", "points": 2.0 - 2.0 * second},
    ]
    themes = [
        {"held_on": "2019-01-10", "party_group": group, "activity_type": "主题党日"}
        for group in (MARKETING, ENFORCEMENT)
    ]
    covered = tuple(kind for kind in KINDS if kind not in ("sales", "cases", "unlicensed", "inspections"))
    reading = reading_of(catalog, covered=covered, activities=themes, points_ledger=ledger)
    table = score_points(reading, catalog, QUARTER).tables["standings_by_group_quarter"].set_index("party_group")
    assert table["points_mean"][MARKETING] == pytest.approx(table["points_mean"][ENFORCEMENT])
    assert {group: int(table["rank"][group]) for group in ranks} == ranks


def test_a_row_added_to_an_older_version_does_not_bring_it_back(catalog: Catalog) -> None:
    newer = tuple(replace(rule, version="2.0", effective_month="2019-02") for rule in catalog.rules)
    added = replace(catalog.rules[0], item="A7", effective_month="2019-03")
    rules = (*catalog.rules, *newer, added)
    versions = [version_in_effect(rules, pd.Period(month, "M")) for month in MONTHS]
    assert versions == ["默认1.0", "2.0", "2.0"]
    together = tuple(replace(rule, version="2.1", effective_month="2019-02") for rule in catalog.rules)
    assert version_in_effect((*rules, *together), pd.Period("2019-02", "M")) == "2.1"  # the one written later
    assert "A7" not in {rule.item for rule in rules_in_effect(rules, pd.Period("2019-03", "M"))}


def test_an_entry_zeroes_and_vetoes_only_where_the_book_in_effect_says_so(catalog: Catalog) -> None:
    milder = tuple(replace(rule, zeroes_item=False) for rule in catalog.rules if rule.scheme != "veto")
    stricter = tuple(replace(rule, version="2.0", effective_month="2019-03") for rule in catalog.rules)
    bureau = make_bureau(catalog, rules=(*milder, *stricter))
    entry = {"party_group": MARKETING, "item": "D3", "points": -5.0, "about_item": "B1"}
    veto = {"party_group": MARKETING, "member": "甲", "item": "V1", "points": 0.0}
    own = {"party_group": MARKETING, "activity_type": "特色活动", "has_record": True}
    reading = make_reading(
        catalog,
        bureau,
        dict.fromkeys(KINDS, MONTHS),
        memberships=[{"member": "甲", "party_group": MARKETING, "joined_on": "2018-11-01"}],
        activities=[{**own, "held_on": f"{month}-10"} for month in ("2019-02", "2019-03")],
        points_ledger=[{**row, "month": month} for row in (entry, veto) for month in ("2019-02", "2019-03")],
    )
    tables = score_points(reading, catalog, QUARTER).tables
    items = tables["points_by_group_month_item"]
    own_feature = items[(items["party_group"] == MARKETING) & (items["item"] == "B1")].set_index("month")
    assert own_feature["capped_points"].tolist() == [0.0, 5.0, 0.0]
    assert own_feature["state"].tolist() == ["scored", "scored", "zeroed"]
    members = tables["points_by_member_month"].set_index("month")
    assert members["has_veto"].tolist() == [False, False, True]


def test_other_weights_are_no_other_work(catalog: Catalog) -> None:
    newer = tuple(replace(rule, version="2.0", effective_month="2019-03") for rule in catalog.rules)
    weights = tuple(
        Term("category_weight", name, name, name, weight, None, None, "", "2.0")
        for name, weight in (("A", 25.0), ("B", 25.0), ("C", 50.0))
    )
    bureau = replace(make_bureau(catalog, rules=(*catalog.rules, *newer)), terms=(*catalog.terms, *weights))
    days = [{"held_on": f"{month}-10", "party_group": MARKETING, "activity_type": "主题党日"} for month in MONTHS]
    reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, MONTHS), activities=days)
    months = score_points(reading, catalog, QUARTER).tables["points_by_group_month"]
    process = months[months["party_group"] == MARKETING]["process_points"]
    assert process.tolist() == pytest.approx([4 * 25 / 22] * 3)  # all on the scale of March: A of 25, less A3


def test_floor_and_ceiling_are_those_of_the_rule_book(catalog: Catalog) -> None:
    stated = {"month_floor_points": 20.0, "member_earned_cap": 60.0}
    terms = tuple(replace(term, value=stated.get(term.name, term.value)) for term in catalog.terms)
    reading = make_reading(
        catalog,
        replace(make_bureau(catalog), terms=terms),
        dict.fromkeys((*KINDS, "post_duties", "pledges", "frontline"), MONTHS),
        memberships=[{"member": "甲", "party_group": MARKETING, "joined_on": "2018-11-01"}],
        points_ledger=[
            *({"month": "2019-01", "party_group": MARKETING, "item": "D3", "points": -5.0} for _ in range(9)),
            *({"month": "2019-01", "party_group": MARKETING, "member": "甲", "item": "M4"} for _ in range(4)),
        ],
        post_duties=[{"month": "2019-01", "member": "甲", "duty_count": 6, "party_group": MARKETING}],
        frontline_visits=[
            {"visited_on": f"2019-01-{day:02d}", "member": "甲", "party_group": MARKETING} for day in range(1, 21)
        ],
        pledges=[
            {"member": "甲", "pledged_on": "2019-01-02", "due_on": day, "closed_on": day, "party_group": MARKETING}
            for day in ("2019-01-05", "2019-01-06", "2019-01-07", "2019-01-08")
        ],
        quiz_results=[
            {"session_on": f"2019-01-{day:02d}", "member": "甲", "score": 99.0, "party_group": MARKETING}
            for day in range(1, 5)
        ],
    )
    tables = score_points(reading, catalog, QUARTER).tables
    months = tables["points_by_group_month"].set_index(["party_group", "month"])["total_points"]
    assert months[(MARKETING, pd.Period("2019-01", "M"))] == 20.0
    member = tables["points_by_member_month"].sort_values("month")["total_points"]
    assert member.iloc[0] == 60 + 12 + 10 + 8 + 6 + 4


def test_a_meeting_counts_for_attendance_where_both_numbers_are_there(catalog: Catalog) -> None:
    meetings = [meeting("2019-01-08", present=4), meeting("2019-01-15", present=None)]
    reading = reading_of(catalog, activities=[*meetings, meeting("2019-01-20", expected=None)])
    items = items_of(reading, catalog)
    assert items.loc["A2", "value"] == pytest.approx(80.0)  # 4 of 5: nobody knows who came to the second
    assert items.loc["A1", "value"] == 3


def test_attendance_that_no_meeting_tells_has_no_base(catalog: Catalog) -> None:
    items = items_of(reading_of(catalog, activities=[meeting("2019-01-08", present=None)]), catalog)
    assert (items.loc["A2", "state"], items.loc["A2", "points"]) == ("no_base", 0.0)


def test_what_was_seized_is_the_sum_of_the_kinds_that_are_there(catalog: Catalog) -> None:
    case = {"filed_on": "2019-01-09", "party_group": ENFORCEMENT, "case_no": "1", "counterfeit_tiao": 12.3}
    measures = score_points(reading_of(catalog, cases=[case]), catalog, QUARTER).tables["measures_by_group_month"]
    seized = measures[(measures["measure"] == "seized_tiao") & (measures["party_group"] == ENFORCEMENT)]
    assert seized.set_index("month").loc[pd.Period("2019-01", "M"), "value"] == pytest.approx(12.3)


@pytest.mark.parametrize(("offending", "rate"), [(0, 100.0), (4, 96.0), (None, None)])
def test_a_market_is_clean_where_offences_are_counted(
    catalog: Catalog, offending: int | None, rate: float | None
) -> None:
    month = {"month": "2019-01", "party_group": ENFORCEMENT, "market_inspections": 100}
    reading = reading_of(catalog, inspections_by_group_month=[{**month, "offending_retailers": offending}])
    measures = score_points(reading, catalog, QUARTER).tables["measures_by_group_month"]
    own = measures[(measures["measure"] == "clean_market_rate_pct") & (measures["party_group"] == ENFORCEMENT)]
    value = own.set_index("month").loc[pd.Period("2019-01", "M"), "value"]
    assert (None if pd.isna(value) else value) == rate


def test_a_mean_that_is_on_the_line_reaches_it(catalog: Catalog) -> None:
    scores = (97.7, 94.6, 83.3, 83.8, 90.6)  # 450 in all, which pandas divides into 89.99999999999999
    assert pd.Series(scores).groupby([0] * len(scores)).mean()[0] < 90
    row = {"session_on": "2019-01-15", "party_group": MARKETING}
    results = [{**row, "member": name, "score": score} for name, score in zip("甲乙丙丁戊", scores, strict=True)]
    items = items_of(reading_of(catalog, quiz_results=results), catalog)
    assert items["uncapped_points"]["A5"] == 4.0


def test_a_target_of_nothing_is_no_target(catalog: Catalog) -> None:
    month = {"month": "2019-01", "party_group": ENFORCEMENT}
    reading = reading_of(
        catalog,
        inspections_by_group_month=[{**month, "market_inspections": 100, "courier_inspections": 0}],
        targets_by_group_month=[{**month, "inspections_plan": 0}],
    )
    items = items_of(reading, catalog, ENFORCEMENT)
    assert items.loc["C6", "state"] == "no_base"
    assert items["points"].isna()["C6"]
