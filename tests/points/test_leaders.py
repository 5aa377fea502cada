"""Leaders by hand: terms from the roster, duty scores, training and education."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.attendance import list_attendances
from pipeline.points.leaders import evaluate_leaders, list_leader_terms
from tests.readings import make_bureau, make_reading

GROUP = "营销管理"
QUARTER = pd.Period("2021Q4", "Q-DEC")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


@pytest.fixture(scope="module")
def reading(catalog: Catalog) -> Reading:
    since, handover = "2018-11-01", "2021-11-10"
    of_group = {"party_group": GROUP}
    stays = [
        {"member": "甲", "joined_on": since, "left_on": handover, "party_role": "组长", "term": "2018.11-2021.11"},
        {"member": "甲", "joined_on": handover},
        {"member": "乙", "joined_on": since, "left_on": handover},
        {"member": "乙", "joined_on": handover, "party_role": "党小组长"},
    ]
    duties = [
        {"quarter": "2021Q4", "member": "乙", "duty_item": item, "points": points, "full_points": full}
        for item, points, full in (("主持党小组会", 18.0, 20.0), ("带学", 27.0, 30.0), ("谈心", 80.0, None))
    ]
    trainings = [
        {"held_on": day, "member": "乙", "hours_h": hours, "party_group": GROUP}
        for day, hours in (("2021-10-12", 4.0), ("2021-12-01", 2.0), ("2021-09-30", 8.0))
    ]
    activity = {"party_group": GROUP, "activity_type": "组长教育"}
    activities = [
        {**activity, "held_on": "2021-10-20", "attendees": "甲、乙"},
        {**activity, "held_on": "2021-12-20", "absentees": "乙"},
        {**activity, "held_on": "2021-12-21", "attendees": "乙", "activity_type": "党小组会"},
    ]
    return make_reading(
        catalog,
        make_bureau(catalog),
        {"training": ["2021-10", "2021-12"]},
        memberships=[{**row, **of_group} for row in stays],
        leader_duties=[{**row, **of_group} for row in duties],
        trainings=trainings,
        activities=activities,
    )


def test_the_timeline_of_leaders(reading: Reading, catalog: Catalog) -> None:
    terms = list_leader_terms(reading, catalog)
    assert terms["member"].tolist() == ["甲", "乙"]
    assert terms["ended_on"].iloc[0] == terms["started_on"].iloc[1] == pd.Timestamp("2021-11-10")
    assert pd.isna(terms["ended_on"].iloc[1])


def evaluated(reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """The leaders of the quarter by name."""
    tables = {**reading.tables, "attendances": list_attendances(reading, catalog)}
    full = Reading(reading.bureau, tables, (), ())
    standings = pd.DataFrame(
        {"party_group": [GROUP], "quarter": pd.PeriodIndex(["2021Q4"], freq="Q"), "points_mean": [71.5]}
    )
    terms = list_leader_terms(full, catalog)
    return evaluate_leaders(full, catalog, terms, standings, pd.Period("2021-12", "M")).set_index("member")


def test_what_is_said_of_the_leaders(reading: Reading, catalog: Catalog) -> None:
    table = evaluated(reading, catalog)
    assert set(table.index) == {"甲", "乙"}  # both led on some day of the quarter
    assert table.loc["乙", "duty_score_pct"] == pytest.approx(100 * (18 + 27 + 80) / (20 + 30 + 100))
    assert table.loc["乙", ["training_hours_h", "training_count", "education_count"]].tolist() == [6.0, 2, 1]
    assert np.isnan(table["duty_score_pct"]["甲"])
    assert table.loc["甲", ["training_hours_h", "training_count", "education_count"]].tolist() == [0.0, 0, 1]
    assert table["group_points_mean"].tolist() == [71.5, 71.5]


TRAINING = ["training_hours_h", "training_count"]


def test_without_a_training_ledger_hours_are_unknown_and_not_0(reading: Reading, catalog: Catalog) -> None:
    coverage = reading.tables["coverage"]
    before = coverage.assign(month=coverage["month"] - 3)  # handed in for the quarter before only
    tables = {**reading.tables, "coverage": before, "trainings": reading.tables["trainings"].iloc[:0]}
    table = evaluated(replace(reading, tables=tables), catalog)
    assert table[TRAINING].isna().all(axis=None)
    assert table["education_count"].tolist() == [1, 1]
    group = coverage.assign(party_group="专卖综合")  # the ledger of another group says nothing of this one
    other = evaluated(replace(reading, tables={**tables, "coverage": group}), catalog)
    assert other[TRAINING].isna().all(axis=None)


def test_without_lists_of_names_education_is_unknown_and_not_0(reading: Reading, catalog: Catalog) -> None:
    activities = reading.tables["activities"]
    nobody = activities.assign(attendees=None, absentees=None)
    table = evaluated(replace(reading, tables={**reading.tables, "activities": nobody}), catalog)
    assert table["education_count"].isna().all()
    other_kind = activities[activities["activity_type"] == "党小组会"]
    kept = evaluated(replace(reading, tables={**reading.tables, "activities": other_kind}), catalog)
    assert kept["education_count"].tolist() == [0, 0]
