"""Lists of names by hand: present, absent, and absent on approved leave."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.points.attendance import attendance_is_kept, leave_days, list_attendances
from pipeline.points.stays import days_by_member_month, group_on_day
from tests.readings import make_bureau, make_reading, make_table

GROUP, OTHER = "营销管理", "专卖综合"


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def test_presence_of_everybody_who_is_named(catalog: Catalog) -> None:
    meeting = {"party_group": GROUP, "activity_type": "党小组会"}
    reading = make_reading(
        catalog,
        make_bureau(catalog),
        {},
        memberships=[{"member": name, "party_group": GROUP, "joined_on": "2018-11-01"} for name in ("甲", "乙", "丙")],
        activities=[
            {**meeting, "held_on": "2021-10-08", "attendees": "甲", "absentees": "乙、丙"},
            {**meeting, "held_on": "2021-10-09"},  # names nobody
        ],
        leaves=[
            {"member": "乙", "leave_type": "病假", "from_on": "2021-10-08", "to_on": "2021-10-08"},
            {"member": "丙", "leave_type": "事假", "from_on": "2021-10-01", "to_on": "2021-10-31"},
        ],
    )
    table = list_attendances(reading, catalog).set_index("member")
    assert table["presence"].to_dict() == {"甲": "present", "乙": "excused", "丙": "absent"}
    assert set(table["party_group"]) == {GROUP}


def test_days_of_leave_are_counted_once(catalog: Catalog) -> None:
    rows = [
        {"member": "甲", "leave_type": "公假", "from_on": "2021-10-30", "to_on": "2021-11-02"},
        {"member": "甲", "leave_type": "学习", "from_on": "2021-11-01", "to_on": "2021-11-03"},
        {"member": "甲", "leave_type": "公假", "from_on": "2021-12-05", "to_on": "2021-12-01"},  # ends before it begins
    ]
    days = leave_days(make_table("leaves", catalog, rows), catalog)["day"]
    assert sorted(days) == list(pd.date_range("2021-10-30", "2021-11-03"))


def test_a_workbook_that_names_somebody_keeps_lists_all_year(catalog: Catalog) -> None:
    meeting = {"party_group": GROUP, "activity_type": "党小组会"}
    rows = [
        {**meeting, "held_on": "2021-10-08", "absentees": "乙", "source_file": "2021.xlsx"},
        {**meeting, "held_on": "2021-11-08", "source_file": "2021.xlsx"},
        {**meeting, "held_on": "2019-11-08", "source_file": "2019.xlsx"},
    ]
    kept = attendance_is_kept(make_table("activities", catalog, rows))
    assert kept["month"].astype(str).tolist() == ["2021-10", "2021-11"]


def test_days_and_groups_of_members(catalog: Catalog) -> None:
    rows = [
        {"member": "甲", "party_group": GROUP, "joined_on": "2021-10-01", "left_on": "2021-10-20"},
        {"member": "甲", "party_group": OTHER, "joined_on": "2021-10-20"},
        {"member": "乙", "joined_on": "2021-10-01"},  # in no group
        {"member": "丙", "party_group": GROUP, "joined_on": "2021-10-01", "left_on": "2021-10-12"},
        {"member": "丙", "party_group": OTHER, "joined_on": "2021-10-25"},
    ]
    memberships = make_table("memberships", catalog, rows)
    table = days_by_member_month(memberships, pd.period_range("2021-10", "2021-11", freq="M")).set_index("member")
    october = table[table["month"] == pd.Period("2021-10", "M")]
    assert october["member_days_d"].to_dict() == {"甲": 31, "丙": 18}
    assert october["party_group"].to_dict() == {"甲": GROUP, "丙": GROUP}  # on the 15th; the most days
    asked = pd.Series(["甲", "甲", "丙", "乙"])
    days = pd.Series(pd.to_datetime(["2021-10-19", "2021-10-20", "2021-10-15", "2021-10-15"]))
    assert group_on_day(memberships, asked, days).fillna("").tolist() == [GROUP, OTHER, "", ""]
