"""Corrections worked out by hand: what each one adds, and what it restates."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points import score_points
from pipeline.points.corrections import apply_corrections
from pipeline.points.schemes import points_range
from tests.readings import Rows, make_bureau, make_reading, make_table

QUARTER = pd.Period("2019Q1", "Q-DEC")
FEBRUARY = pd.Period("2019-02", "M")
MONTHS = ("2019-01", "2019-02", "2019-03")
MARKETING, ENFORCEMENT, TERRITORY = "营销管理", "专卖综合", "驮卢片区"
KINDS = ("activities", "decisions", "guidance", "opinions", "points_ledger", "post_duty", "pledges")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def entry(
    item: str, change: float, day: str = "2019-05-08", month: str = "2019-02", **more: object
) -> dict[str, object]:
    group = {"subject": MARKETING, "party_group": MARKETING}
    return {
        "corrected_on": day,
        "month": month,
        "item": item,
        "change_points": change,
        "ground": "补交记录",
        **group,
        **more,
    }


def tables_of(catalog: Catalog, *corrections: dict[str, object], **rows: Rows) -> dict[str, pd.DataFrame]:
    """The tables of a first quarter in which nothing happened but what ``rows`` say."""
    stays = [
        {"member": member, "party_group": group, "joined_on": "2018-11-01"}
        for member, group in (("甲一", MARKETING), ("乙一", ENFORCEMENT), ("丙一", TERRITORY))
    ]
    reading = make_reading(
        catalog,
        make_bureau(catalog),
        dict.fromkeys(KINDS, MONTHS),
        memberships=stays,
        corrections=corrections,
        **rows,
    )
    return dict(score_points(reading, catalog, QUARTER).tables)


def applied_of(catalog: Catalog, base: float | None, item: str, *corrections: dict[str, object]) -> list[float]:
    """What each correction adds to one item of the default rule book that stands at ``base``."""
    (rule,) = (rule for rule in catalog.rules if rule.item == item)
    least, most = points_range(rule)
    items = pd.DataFrame(
        {
            "party_group": [MARKETING],
            "month": pd.PeriodIndex(["2019-02"], freq="M"),
            "item": [item],
            "capped_points": [float("nan") if base is None else base],
            "least_points": [least],
            "most_points": [most],
        }
    )
    after, applied = apply_corrections(items, make_table("corrections", catalog, corrections), "party_group")
    if base is not None:
        assert after.item() == pytest.approx(base + applied["applied_points"].sum())
    return applied["applied_points"].tolist()


def test_a_correction_after_publication_restates_its_quarter_and_no_other_group(catalog: Catalog) -> None:
    tables = tables_of(catalog, entry("B1", 5.0))
    items = tables["points_by_group_month_item"].set_index(["party_group", "item", "month"])
    assert items.loc[(MARKETING, "B1", FEBRUARY), "points"] == 5.0
    restated = tables["restatements"].set_index("party_group")
    own = restated.loc[MARKETING]
    # 5 points in one of three months, times 100 / 60: no workbook of C was handed in, so that A and B stand for all
    restated_mean = 5 * 100 / 60 / 3
    assert (own["points_mean_before"], own["points_mean"]) == pytest.approx((0.0, restated_mean))
    assert own["change_points"] == pytest.approx(restated_mean)
    assert (own["correction_count"], bool(own["is_after_quarter"])) == (1, True)
    assert own["last_corrected_on"] == pd.Timestamp("2019-05-08")
    others = restated.drop(MARKETING)
    assert others["change_points"].tolist() == [0.0, 0.0]
    assert others["correction_count"].tolist() == [0, 0]
    assert not others["is_after_quarter"].any()


def test_a_correction_changes_ranks_and_the_one_before_stands_beside_it(catalog: Catalog) -> None:
    visits = [{"visited_on": "2019-01-10", "party_group": ENFORCEMENT, "retailer_no": str(n)} for n in range(4)]
    restated = tables_of(catalog, entry("B1", 5.0), guidance_visits=visits)["restatements"].set_index("party_group")
    assert restated["rank_before"].to_dict() == {MARKETING: 2, ENFORCEMENT: 1, TERRITORY: 2}
    assert restated["rank"].to_dict() == {MARKETING: 1, ENFORCEMENT: 2, TERRITORY: 3}


def test_a_correction_within_the_quarter_is_no_later_one(catalog: Catalog) -> None:
    restated = tables_of(catalog, entry("B1", 5.0, day="2019-03-30"))["restatements"]
    assert not restated["is_after_quarter"].any()


def test_a_correction_of_a_member_restates_no_group(catalog: Catalog) -> None:
    tables = tables_of(catalog, entry("M4", 1.0, subject="甲一", member="甲一"))
    months = tables["points_by_member_month"].set_index(["member", "month"])["total_points"]
    assert months[("甲一", FEBRUARY)] == months[("乙一", FEBRUARY)] + 1
    assert tables["restatements"].empty
    assert tables["corrections_applied"][["member", "applied_points"]].values.tolist() == [["甲一", 1.0]]


def test_a_quarter_cap_takes_back_later_what_a_correction_gives(catalog: Catalog) -> None:
    ledger = [{"month": month, "party_group": MARKETING, "item": "D1", "points": 3.0} for month in MONTHS[:2]]
    tables = tables_of(catalog, entry("D1", 1.0, month="2019-01"), points_ledger=ledger)
    items = tables["points_by_group_month_item"].set_index(["party_group", "item"])
    assert items.loc[(MARKETING, "D1"), "points"].tolist() == [4.0, 1.0, 0.0]  # 5 a quarter; before: 3, 2, 0
    own = tables["restatements"].set_index("party_group").loc[MARKETING]
    assert own["change_points"] == pytest.approx(0.0)


def test_what_comes_after_the_quarter_is_not_looked_at(catalog: Catalog) -> None:
    later = (entry("B1", 5.0, month="2019-04"), entry("M4", 1.0, month="2019-04", subject="甲一", member="甲一"))
    tables = tables_of(catalog, *later)
    assert tables["corrections_applied"].empty
    assert tables["restatements"].empty


def test_an_item_that_is_left_out_cannot_be_corrected(catalog: Catalog) -> None:
    tables = tables_of(catalog, entry("A3", 8.0), entry("X9", 1.0))  # no decision was due; no such item
    assert tables["corrections_applied"]["applied_points"].isna().all()
    assert tables["restatements"].empty  # nothing was restated


@pytest.mark.parametrize(
    ("item", "base", "change", "applied"),
    [
        ("B1", 5.0, 7.0, 5.0),  # two activities are full points
        ("B1", 10.0, 5.0, 0.0),
        ("B1", 5.0, -20.0, -5.0),
        ("D4", -2.0, 5.0, 2.0),  # a deduction ends at 0
        ("D4", -2.0, -5.0, -1.0),  # and at its cap
        ("D2", -2.0, -4.0, -4.0),  # without a cap it has no end
        ("D1", 4.0, 3.0, 1.0),  # 5 a quarter are the most of a month too
        ("A2", 4.0, 9.0, 2.0),
    ],
)
def test_a_corrected_item_stays_in_its_range(
    catalog: Catalog, item: str, base: float, change: float, applied: float
) -> None:
    assert applied_of(catalog, base, item, entry(item, change)) == [applied]


def test_corrections_of_one_item_follow_each_other_day_by_day(catalog: Catalog) -> None:
    first, second = entry("A1", 9.0, day="2019-05-02"), entry("A1", -2.0, day="2019-05-09")
    assert applied_of(catalog, 0.0, "A1", first, second) == [6.0, -2.0]  # 6 were published, then 4
    assert applied_of(catalog, 0.0, "A1", second, first) == [-2.0, 6.0]  # whatever the order of the rows


@pytest.mark.parametrize("order", [(9.0, -5.0), (-5.0, 9.0)])
def test_corrections_of_one_day_stand_together(catalog: Catalog, order: tuple[float, float]) -> None:
    applied = applied_of(catalog, 3.0, "A1", *(entry("A1", change) for change in order))
    assert sum(applied) == 3.0  # 3 + 4, of at most 6, in either order


def test_points_beyond_the_range_move_only_as_far_as_they_are_moved(catalog: Catalog) -> None:
    assert applied_of(catalog, 8.0, "A2", entry("A2", -1.0)) == [-1.0]
    assert applied_of(catalog, 8.0, "A2", entry("A2", 1.0)) == [0.0]


def test_the_range_of_a_rule_is_that_of_its_scheme_and_caps(catalog: Catalog) -> None:
    rules = {rule.item: rule for rule in catalog.rules}
    infinite = float("inf")
    assert points_range(rules["B3"]) == (0.0, 6.0)
    assert points_range(rules["C4"]) == (0.0, 8.0)
    assert points_range(rules["D2"]) == (-infinite, 0.0)
    assert points_range(rules["D4"]) == (-3.0, 0.0)
    assert points_range(rules["M3"]) == (0.0, 6.0)
    assert points_range(replace(rules["B1"], cap_month=None)) == (0.0, infinite)
    assert points_range(replace(rules["A2"], cap_month=None)) == (0.0, 6.0)
    assert points_range(replace(rules["D1"], cap_quarter=None)) == (-infinite, infinite)
