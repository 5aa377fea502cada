"""Entries count under the code that the bureau gave to its rule."""

from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, Rule, load_catalog
from pipeline.points import score_points
from tests.readings import make_bureau, make_reading

QUARTER = pd.Period("2019Q1", "Q-DEC")
GROUP, MEMBER = "营销管理", "甲一"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def renamed(rules: tuple[Rule, ...], **codes: str) -> tuple[Rule, ...]:
    """The rules with other codes for some of them, e.g. ``D2="K2"``."""
    return tuple(replace(rule, item=codes.get(rule.item, rule.item)) for rule in rules)


def entry(item: str, points: float, member: str | None = None) -> dict[str, object]:
    return {
        "month": "2019-01",
        "subject": member or GROUP,
        "party_group": GROUP,
        "member": member,
        "item": item,
        "points": points,
    }


def tables_of(catalog: Catalog, rules: tuple[Rule, ...], *entries: dict[str, object]) -> dict[str, pd.DataFrame]:
    stays = [{"member": MEMBER, "party_group": GROUP, "joined_on": "2018-11-01"}]
    covered = dict.fromkeys(("activities", "points_ledger"), ("2019-01", "2019-02", "2019-03"))
    reading = make_reading(catalog, make_bureau(catalog, rules), covered, memberships=stays, points_ledger=entries)
    return dict(score_points(reading, catalog, QUARTER).tables)


def points_of(items: pd.DataFrame, item: str) -> float:
    own = items[(items["item"] == item) & (items["month"] == pd.Period("2019-01", "M"))]
    return float(own["points"].iloc[0])


def test_a_renamed_item_of_groups_scores_its_rows(catalog: Catalog) -> None:
    tables = tables_of(catalog, renamed(catalog.rules, D2="K2"), entry("K2", -2), entry("K2", -2), entry("D2", -2))
    items = tables["points_by_group_month_item"]
    assert points_of(items, "K2") == -6  # no other rule owns the catalog's code
    trail = tables["points_trail"]
    assert (trail["item"] == "K2").sum() == 3


def test_a_renamed_item_of_members_scores_its_rows(catalog: Catalog) -> None:
    tables = tables_of(catalog, renamed(catalog.rules, M8="K8"), entry("K8", -5, MEMBER))
    assert points_of(tables["points_by_member_month_item"], "K8") == -5


def test_a_code_that_another_rule_took_over_counts_for_that_one_only(catalog: Catalog) -> None:
    rules = renamed(catalog.rules, D2="K2", D4="D2")
    items = tables_of(catalog, rules, entry("D2", -1), entry("K2", -2))["points_by_group_month_item"]
    assert (points_of(items, "D2"), points_of(items, "K2")) == (-1, -2)


def test_swapped_codes_count_as_the_bureau_has_them(catalog: Catalog) -> None:
    rules = renamed(catalog.rules, D2="D4", D4="D2")
    items = tables_of(catalog, rules, entry("D4", -2), entry("D4", -2))["points_by_group_month_item"]
    assert (points_of(items, "D4"), points_of(items, "D2")) == (-4, 0)
