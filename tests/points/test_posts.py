"""Posts and duty areas by hand: who has one, which areas were served, which duties nobody has."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.posts import cover_posts, list_duties_without_owner
from pipeline.points.roster import count_by_month
from tests.readings import Rows, make_bureau, make_reading, make_table

GROUP = "营销管理"
MONTHS = pd.period_range("2021-10", "2021-12", freq="M")
QUARTER = pd.Period("2021Q4", "Q-DEC")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def duty(member: str, area: str | None, count: int | None, month: str = "2021-10", **more: object) -> dict[str, object]:
    return {"month": month, "post": "服务岗", "duty_area": area, "member": member, "duty_count": count} | {
        "party_group": GROUP,
        **more,
    }


def covered(
    catalog: Catalog,
    stays: Rows,
    rows: Rows,
    months: Iterable[str] = ("2021-10",),
    coverage_group: str = "",
) -> pd.Series:
    """The row of the group in the quarter; ``months`` are those whose ledger of posts was handed in."""
    reading = make_reading(catalog, make_bureau(catalog), {"post_duties": months}, memberships=stays, post_duties=rows)
    coverage = reading.tables["coverage"].assign(party_group=coverage_group)
    reading = replace(reading, tables={**reading.tables, "coverage": coverage})
    headcount = count_by_month(reading.tables["memberships"], [GROUP], MONTHS)
    return cover_posts(reading, headcount, catalog).iloc[0]


def test_coverage_by_hand(catalog: Catalog) -> None:
    stays = [{"member": name, "party_group": GROUP, "joined_on": "2018-11-01"} for name in ("甲", "乙", "丙")]
    stays.append({"member": "丁", "party_group": GROUP, "joined_on": "2018-11-01", "left_on": "2021-11-01"})
    rows = [
        duty("甲", "东街", 2, is_pioneer=True, post="示范岗"),
        duty("甲", "东街", 1, month="2021-11"),
        duty("乙", "西街", 0),
        duty("丁", "北街", 3),  # served before leaving; no member of the group in December
    ]
    table = covered(catalog, stays, rows)
    assert (table["member_count"], table["members_with_post"]) == (3, 2)
    assert table["post_coverage_pct"] == pytest.approx(100 * 2 / 3)
    assert (table["duty_area_count"], table["duty_areas_served"], table["duty_count"]) == (3, 2, 6)
    assert table["duty_area_coverage_pct"] == pytest.approx(100 * 2 / 3)
    assert table["pioneer_post_count"] == 1


STAY = {"member": "甲", "party_group": GROUP, "joined_on": "2018-11-01"}


def test_nothing_to_cover_has_no_rate(catalog: Catalog) -> None:
    table = covered(catalog, [STAY], [])
    assert (table["members_with_post"], table["post_coverage_pct"]) == (0, 0.0)
    assert pd.isna(table["duty_area_coverage_pct"])


@pytest.mark.parametrize(("months", "group"), [((), ""), (("2021-09",), ""), (("2021-10",), "专卖综合")])
def test_a_ledger_that_was_not_handed_in_is_no_zero(catalog: Catalog, months: tuple[str, ...], group: str) -> None:
    table = covered(catalog, [STAY], [], months, group)
    assert table["member_count"] == 1
    assert table.drop(["party_group", "quarter", "member_count", "state"]).isna().all()


def test_duties_of_posts_that_nobody_holds(catalog: Catalog) -> None:
    listed = [{"post": "服务岗", "duty": "走访"}, {"post": "调解岗", "duty": "调解", "standard": "三日内"}]
    duties = make_table("duty_list", catalog, listed)
    rows = [duty("甲", None, 1), duty("甲", None, 1, month="2021-07", post="调解岗")]  # held in the quarter before
    found = list_duties_without_owner(duties, make_table("post_duties", catalog, rows), QUARTER)
    assert found[["post", "duty", "standard", "source_row"]].values.tolist() == [["调解岗", "调解", "三日内", 4]]
