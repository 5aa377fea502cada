"""The roster: who belongs to a group in a month, who came and went, and what is doubtful on a day."""

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.points.roster import count_by_month, list_roster_findings
from tests.readings import make_table

ONE, OTHER = "营销管理", "驮卢片区"
MONTHS = pd.period_range("2020-06", "2020-09", freq="M")


def stay(member: str, party_group: str, joined_on: str, left_on: str | None = None) -> dict[str, object]:
    return {"member": member, "party_group": party_group, "joined_on": joined_on, "left_on": left_on}


def count(*stays: dict[str, object]) -> dict[tuple[str, str], list[int]]:
    """Return members, joined and left by group and month, where anybody is or moves."""
    memberships = make_table("memberships", load_catalog(), stays)
    table = count_by_month(memberships, [ONE, OTHER], MONTHS)
    counts = table[["member_count", "joined_count", "left_count"]].to_numpy()
    keys = zip(table["party_group"], table["month"].astype(str), strict=True)
    return {key: list(map(int, row)) for key, row in zip(keys, counts, strict=True) if any(row)}


def test_a_transfer_is_counted_in_both_groups() -> None:
    found = count(stay("甲", ONE, "2018-11-01", "2020-07-01"), stay("甲", OTHER, "2020-07-01", "2020-08-20"))
    assert found == {
        (ONE, "2020-06"): [1, 0, 0],
        (ONE, "2020-07"): [0, 0, 1],
        (OTHER, "2020-07"): [1, 1, 0],
        (OTHER, "2020-08"): [1, 0, 1],
    }


def test_a_change_of_leader_is_no_move() -> None:
    found = count(stay("甲", ONE, "2018-11-01", "2020-08-01"), stay("甲", ONE, "2020-08-01"))
    assert found == {(ONE, str(month)): [1, 0, 0] for month in MONTHS}


def test_who_comes_back_later_went_and_came() -> None:
    found = count(stay("甲", ONE, "2018-11-01", "2020-07-01"), stay("甲", ONE, "2020-08-01"))
    assert found[ONE, "2020-07"] == [0, 0, 1]
    assert found[ONE, "2020-08"] == [1, 1, 0]


def findings_on(day: str, *stays: dict[str, object]) -> list[tuple[str, str]]:
    """Return the findings of members (not those of leaders) as of a day."""
    catalog = load_catalog()
    terms = make_table("leader_terms", catalog, ())
    memberships = make_table("memberships", catalog, stays)
    table = list_roster_findings(memberships, terms, [ONE, OTHER], pd.Timestamp(day))
    own = table[table["member"].notna()]
    return list(zip(own["finding"], own["member"], strict=True))


def test_findings_are_those_of_the_day() -> None:
    stays: tuple[dict[str, object], ...] = (
        {"member": "甲", "joined_on": "2020-06-01", "left_on": "2020-09-01"},  # no group yet
        stay("乙", ONE, "2019-01-01"),
        stay("乙", OTHER, "2020-08-01"),  # never left the first
    )
    assert findings_on("2020-05-31", *stays) == []
    assert findings_on("2020-06-30", *stays) == [("unassigned", "甲")]
    assert findings_on("2020-08-31", *stays) == [("unassigned", "甲"), ("two_groups", "乙")]
    assert findings_on("2020-09-30", *stays) == [("two_groups", "乙")]
