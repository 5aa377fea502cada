"""A group before it is founded and after it was merged: when it has members, and what workbooks say of it then."""

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import score_points
from pipeline.points.roster import list_roster_findings
from pipeline.points.without_members import list_results_without_members, months_with_members
from tests.readings import Rows, make_bureau, make_reading, make_table

QUARTER = pd.Period("2019Q1", freq="Q-DEC")
MONTHS = pd.period_range("2019-01", "2019-03", freq="M")
SELLING, TERRITORY = "营销管理", "驮卢片区"


def _reading(catalog: Catalog) -> Reading:
    members: Rows = [
        {"member": "甲", "party_group": SELLING, "joined_on": "2018-11-01", "left_on": None},
        {"member": "乙", "party_group": TERRITORY, "joined_on": "2018-11-01", "left_on": "2019-02-01"},
    ]
    sales = [
        {"party_group": group, "month": month, "volume_xiang": 0.0 if month == "2019-03" else 5.0, "revenue_yuan": 9.0}
        for group in (SELLING, TERRITORY)
        for month in ("2019-01", "2019-02", "2019-03")
    ]
    covered = {"sales": ("2019-01", "2019-02", "2019-03")}
    return make_reading(catalog, make_bureau(catalog), covered, memberships=members, sales_by_group_month=sales)


def test_a_group_is_there_in_the_months_in_which_it_has_members() -> None:
    catalog = load_catalog()
    reading = _reading(catalog)
    assert {month for group, month in months_with_members(reading, MONTHS) if group == TERRITORY} == {MONTHS[0]}
    nobody = reading.tables["memberships"].iloc[:0]
    reading.tables["memberships"] = nobody  # no roster: nobody knows better
    assert len(months_with_members(reading, MONTHS)) == len(reading.bureau.groups) * len(MONTHS)


def test_results_of_a_group_that_has_ended_are_told_and_nothing_that_is_nothing() -> None:
    catalog = load_catalog()
    reading = _reading(catalog)
    scored = score_points(reading, catalog, QUARTER).tables["points_by_group_month"]
    found = list_results_without_members(reading, catalog, scored, QUARTER)
    rows = list(zip(found["party_group"], found["month"].astype(str), found["measure"], strict=True))
    assert rows == [
        (TERRITORY, "2019-02", "revenue_yuan"),
        (TERRITORY, "2019-02", "volume_xiang"),
        (TERRITORY, "2019-03", "revenue_yuan"),
    ]


def test_a_case_that_runs_out_after_the_end_is_no_result_of_a_group_without_members() -> None:
    catalog = load_catalog()
    reading = _reading(catalog)
    cases = [{"case_no": "1", "party_group": TERRITORY, "filed_on": "2018-12-20", "closed_on": "2019-03-01"}]
    covered = {"cases": ("2018-12", "2019-01", "2019-02", "2019-03")}
    members = reading.tables["memberships"]
    reading = make_reading(catalog, make_bureau(catalog), covered, cases=cases)
    reading.tables["memberships"] = members
    scored = score_points(reading, catalog, QUARTER).tables["points_by_group_month"]
    assert list_results_without_members(reading, catalog, scored, QUARTER).empty


def test_a_group_whose_members_have_all_left_needs_no_leader() -> None:
    catalog = load_catalog()
    reading = _reading(catalog)
    terms = make_table("leader_terms", catalog, [])
    found = list_roster_findings(
        reading.tables["memberships"], terms, list(reading.bureau.groups), pd.Timestamp("2019-03-31")
    )
    without = found.loc[found["finding"] == "no_leader", "party_group"].tolist()
    assert SELLING in without
    assert TERRITORY not in without
