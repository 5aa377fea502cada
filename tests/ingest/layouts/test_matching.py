"""Which column a header is, where a bracket in it speaks of an amount or of a day."""

import pytest

from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.headers import read_block
from pipeline.ingest.layouts.matching import match_columns
from tests.hand_made import VOCABULARY


def column_of(kind: str, *levels: str) -> str | None:
    """Return the column that a kind takes a header for, whose levels stand one below the other."""
    grid = Grid("甲", True, tuple((level,) for level in levels), (), len(levels))
    return match_columns(read_block(grid, 0, len(levels) - 1), VOCABULARY).get(kind, {}).get(0, (None, 0))[0]


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        ("sales", "销量（累计）"),
        ("sales", "销量(箱)(累计)"),
        ("sales", "销售额(去年同期)"),
        ("sales", "销量(计划)"),
        ("sales", "销量(前三个月)"),
        ("sales", "同比(累计)"),
        ("targets", "销量计划（全年）"),
        ("inspections", "市场检查(1-3月)"),
        ("inspections", "市场检查(一季度)"),
    ],
)
def test_a_bracket_that_makes_another_amount_is_part_of_the_header(kind: str, written: str) -> None:
    assert column_of(kind, written) is None


def test_a_bracket_below_a_header_may_make_another_amount_of_it() -> None:
    assert column_of("sales", "销量", "(累计)") is None
    assert column_of("sales", "销量", "(箱)") == "volume_xiang"


@pytest.mark.parametrize(
    ("kind", "written", "column"),
    [
        ("sales", "销量（本月）", "volume_xiang"),
        ("sales", "累计销量(年累计)", "ytd_volume_xiang"),
        ("sales", "同比(较去年同期)", "yoy_pct"),
        ("sales", "完成率(计划完成率)", "plan_rate_pct"),
        ("targets", "销量目标(任务)", "volume_plan_xiang"),
        ("quarter_assessment", "季度得分(1-3月)", "total_score"),
        ("opinions", "期限（预计办结日期）", "due_on"),
        ("pledges", "期限（计划完成时间）", "due_on"),
        ("pledges", "承诺事项（年度目标任务）", "pledge"),
    ],
)
def test_a_bracket_that_makes_no_other_amount_is_left_out(kind: str, written: str, column: str) -> None:
    assert column_of(kind, written) == column


@pytest.mark.parametrize(
    ("kind", "levels", "column"),
    [
        ("inspections", ("市场检查(户次)", "本月"), "market_inspections"),
        ("inspections", ("寄递检查", "实际"), "courier_inspections"),
        ("sales", ("本月", "销量", "本期"), "volume_xiang"),
        ("sales", ("累计", "销量", "本期"), "ytd_volume_xiang"),
        ("sales", ("销量", "完成"), "volume_xiang"),
        ("sales", ("计划", "销量", "完成"), None),
        ("sales", ("销量", "计划"), None),
        ("activities", ("应到", "实际"), None),  # no table of a month's amounts
    ],
)
def test_a_last_level_may_say_that_it_is_the_amount_of_the_month(
    kind: str, levels: tuple[str, ...], column: str | None
) -> None:
    assert column_of(kind, *levels) == column


@pytest.mark.parametrize(
    ("levels", "column"),
    [
        (("销量", "同期"), "volume_last_year_xiang"),
        (("本月", "销量", "同比%"), "yoy_pct"),
        (("销售额", "同期"), None),
        (("本月", "销售额", "同比%"), None),
        (("一类烟", "同期"), None),
        (("销售额", "完成率"), None),
        (("单箱", "销售额"), None),
        (("累计", "单箱"), "ytd_revenue_per_case_yuan"),
    ],
)
def test_a_comparison_is_of_the_amount_that_it_stands_below(levels: tuple[str, ...], column: str | None) -> None:
    assert column_of("sales", *levels) == column


@pytest.mark.parametrize(
    ("kind", "header", "column"),
    [
        ("sales", "年月", "month"),
        ("sales", "销售区域", "party_group"),
        ("shelf", "新品上柜户", "stocking_retailers"),
        ("cases", "部门", "party_group"),
    ],
)
def test_headers_of_exports_and_ledgers(kind: str, header: str, column: str) -> None:
    assert column_of(kind, header) == column
