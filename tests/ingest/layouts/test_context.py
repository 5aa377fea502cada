"""What the surroundings of a sheet say, and where they disagree."""

import pandas as pd
import pytest

from pipeline.ingest.layouts.context import SheetContext, find_context, find_group
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from tests.hand_made import VOCABULARY, make_grid

GROUPS = {"营销管理": "营销管理", "营销组": "营销管理", "专卖综合": "专卖综合", "专卖": "专卖综合", "驮卢": "驮卢片区"}
HEADER = ["序号", "姓名", "落实决议/会议", "特色活动/活动", "加减分", "合计", "名次"]


def context_of(file: str, sheet: str, *titles: str) -> SheetContext:
    grid = make_grid([[*titles], HEADER, [1, "张三", 6, 5, 0, 90, 1]], name=sheet)
    found = recognise(grid, SheetNames(file, sheet), VOCABULARY)
    assert isinstance(found, Recognised)
    return find_context(found, GROUPS)


@pytest.mark.parametrize(
    ("file", "sheet", "title"),
    [
        ("2019年1月积分表.xlsx", "营销管理", "积分表"),
        ("积分表.xlsx", "1月营销组", "2019年党小组积分表"),
        ("2019/积分表.xlsx", "1月", "营销管理党小组积分表 填报日期：2019年2月5日"),
        ("积分表2019.xlsx", "Sheet1", "营销组1月积分表"),
    ],
)
def test_month_and_group_come_from_sheet_title_or_file(file: str, sheet: str, title: str) -> None:
    found = context_of(file, sheet, title)
    assert dict(found.values) == {"month": pd.Period("2019-01", "M"), "party_group": "营销管理"}
    assert (found.year, dict(found.conflicts)) == (2019, {})


def test_a_stale_title_is_a_conflict_and_no_value() -> None:
    found = context_of("2019年积分表.xlsx", "2月", "营销组2019年1月积分表")
    assert "month" not in found.values
    assert [place for place, _ in found.conflicts["month"]] == ["sheet", "title"]


def test_titles_that_differ_are_a_conflict_where_no_name_says_more() -> None:
    months = [pd.Period("2021-10", "M"), pd.Period("2021-09", "M")]
    found = context_of("积分表.xlsx", "营销组", "2021年10月积分表", "2021年9月")
    assert "month" not in found.values
    assert found.conflicts["month"] == tuple(("title", month) for month in months)
    assert context_of("积分表.xlsx", "2021年9月", "营销组2021年10月积分表", "2021年9月").values["month"] == months[1]


def test_an_essay_above_the_header_says_nothing() -> None:
    found = context_of(
        "积分表.xlsx",
        "营销组",
        "填报说明：自2019年1月起，各党小组应当在次月五日以前报送本表，" + "逾期的按照细则扣分。" * 5,
    )
    assert "month" not in found.values


def test_a_group_is_found_by_its_longest_name() -> None:
    assert find_group("专卖综合党小组", GROUPS) == "专卖综合"
    assert find_group("营销管理和专卖综合", GROUPS) is None
    assert find_group("1月", GROUPS) is None
