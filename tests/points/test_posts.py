"""Posts and duty areas by hand: who has one, which areas were served, which duties nobody has."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.posts import cover_posts, list_duties_without_owner
from pipeline.points.roster import count_by_month
from tests.readings import make_table

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


def test_coverage_by_hand(catalog: Catalog) -> None:
    stays = [{"member": name, "party_group": GROUP, "joined_on": "2018-11-01"} for name in ("甲", "乙", "丙")]
    stays.append({"member": "丁", "party_group": GROUP, "joined_on": "2018-11-01", "left_on": "2021-11-01"})
    memberships = make_table("memberships", catalog, stays)
    rows = [
        duty("甲", "东街", 2, is_pioneer=True, post="示范岗"),
        duty("甲", "东街", 1, month="2021-11"),
        duty("乙", "西街", 0),
        duty("丁", "北街", 3),  # served before leaving; no member of the group in December
    ]
    headcount = count_by_month(memberships, [GROUP], MONTHS)
    table = cover_posts(make_table("post_duties", catalog, rows), memberships, headcount).iloc[0]
    assert (table["member_count"], table["members_with_post"]) == (3, 2)
    assert table["post_coverage_pct"] == pytest.approx(100 * 2 / 3)
    assert (table["duty_area_count"], table["duty_areas_served"], table["duty_count"]) == (3, 2, 6)
    assert table["duty_area_coverage_pct"] == pytest.approx(100 * 2 / 3)
    assert table["pioneer_post_count"] == 1


def test_nothing_to_cover_has_no_rate(catalog: Catalog) -> None:
    memberships = make_table(
        "memberships", catalog, [{"member": "甲", "party_group": GROUP, "joined_on": "2018-11-01"}]
    )
    headcount = count_by_month(memberships, [GROUP], MONTHS)
    table = cover_posts(make_table("post_duties", catalog, []), memberships, headcount).iloc[0]
    assert table["post_coverage_pct"] == 0.0
    assert pd.isna(table["duty_area_coverage_pct"])


def test_duties_of_posts_that_nobody_holds(catalog: Catalog) -> None:
    listed = [{"post": "服务岗", "duty": "走访"}, {"post": "调解岗", "duty": "调解", "standard": "三日内"}]
    duties = make_table("duty_list", catalog, listed)
    rows = [duty("甲", None, 1), duty("甲", None, 1, month="2021-07", post="调解岗")]  # held in the quarter before
    found = list_duties_without_owner(duties, make_table("post_duties", catalog, rows), QUARTER)
    assert found[["post", "duty", "standard", "source_row"]].values.tolist() == [["调解岗", "调解", "三日内", 4]]
