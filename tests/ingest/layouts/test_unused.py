"""A filled column that nobody reads, where one that points are made of is lacking: it is told, never guessed.

So is one whose header is nearly known; any other extra column is nobody's fault.
"""

import pytest

from pipeline.ingest.cells.columns import Cells, ConvertedColumn
from pipeline.ingest.layouts import unused as unused_module
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from tests.hand_made import VOCABULARY, Rows, Value, make_grid

HEADER: list[Value] = ["日期", "党小组", "活动类型", "主题", "应到", "实到"]
MEETING: list[Value] = ["2019-01-08", "营销管理", "党小组会", "学习", 5, 4]


def unused(rows: Rows) -> list[tuple[str, str, int | None]]:
    sheet = recognise(make_grid(rows), SheetNames("活动台账.xlsx", "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    faults = extract_sheet(sheet, VOCABULARY, Surroundings({}, {})).faults
    assert {fault.code for fault in faults} <= {"unused_column"}
    return [(fault.seen, fault.expected, fault.column) for fault in faults]


def test_a_header_that_is_nearly_known_is_told() -> None:
    assert unused([[*HEADER[:4], "应到的人数", "实到"], MEETING]) == [("应到的人数", "应到人数", 4)]


def test_an_empty_column_and_one_that_has_its_own_place_are_not() -> None:
    assert unused([[*HEADER[:4], "应到的人数", "实到"], [*MEETING[:4], None, 4]]) == []
    assert unused([[*HEADER, "应到的人数"], [*MEETING, 5]]) == []


def test_other_columns_are_nobodys_fault() -> None:
    assert (
        unused([[*HEADER, "地点", "主持人", "记录人", "联系电话", "备注"], [*MEETING, "会议室", "甲", "乙", 1, "无"]])
        == []
    )


def faults_in(file: str, header: list[Value], *rows: list[Value]) -> list[tuple[str, str, str]]:
    sheet = recognise(make_grid([header, *rows]), SheetNames(file, "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    faults = extract_sheet(sheet, VOCABULARY, Surroundings({}, {})).faults
    return [(fault.code, fault.seen, fault.expected) for fault in faults]


def test_a_unit_of_its_own_is_no_column_of_another_unit() -> None:
    header: list[Value] = ["单位", "市场检查(户次)", "寄递检查(户次)"]
    row: list[Value] = ["专卖股", 300, 20, 98]
    for stated in ("净化率(%)", "出动(人次)", "罚没(元)"):
        assert faults_in("2019年1月检查月报.xlsx", [*header, stated], row) == []
    assert faults_in("2019年1月检查月报.xlsx", [*header, "问题户(户)"], row) == [
        ("unused_column", "问题户(户)", "违规户")
    ]


def test_the_candidates_of_one_lacking_column_are_told_once_and_not_named_where_they_are_many() -> None:
    header: list[Value] = ["单位", "销量(箱)", "销售额(元)", "甲", "乙", "丙"]
    row: list[Value] = ["城区", 700, 20_000_000, 1, 2, 3, 4]
    file = "2019年1月销售月报.xlsx"
    assert faults_in(file, header, row) == [("unused_column", "甲 / 乙 / 丙", "一类烟")]
    assert faults_in(file, [*header, "丁"], row) == [("lacking_column", "甲", "一类烟")]
    assert faults_in(file, [*header[:3], "单箱", "库存", "户数", "毛利"], row) == []


def test_no_more_cells_are_looked_at_than_tell_what_a_column_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []

    def convert(cells: Cells, *rest: object) -> ConvertedColumn:
        looked_at.append(len(cells))
        return ConvertedColumn([None] * len(cells), [])

    monkeypatch.setattr(unused_module, "convert_column", convert)
    row: list[Value] = ["城区", 700, 20_000_000, 1]
    faults_in("2019年1月销售月报.xlsx", ["单位", "销量(箱)", "销售额(元)", "甲"], *[row] * 1000)
    assert set(looked_at) == {200}


def unused_in(file: str, header: list[Value], *rows: list[Value]) -> list[tuple[str, str]]:
    sheet = recognise(make_grid([header, *rows]), SheetNames(file, "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    result = extract_sheet(
        sheet, VOCABULARY, Surroundings({}, {unit: VOCABULARY.catalog.units[unit] for unit in ("xiang",)})
    )
    return [(fault.seen, fault.expected) for fault in result.faults if fault.code == "unused_column"]


DECISIONS: list[Value] = ["编号", "会议日期", "承办党小组", "期限"]
DECISION: list[Value] = ["甲1", "2019-01-09", "营销管理", "2019-02-01"]


@pytest.mark.parametrize("header", ["落实情况", "办结情况", "落地的那一天"])
def test_a_day_under_another_name_is_told_where_the_closing_day_is_lacking(header: str) -> None:
    assert unused_in("支部决议台账.xlsx", [*DECISIONS, header], [*DECISION, "2019-01-20"]) == [(header, "办结日期")]
    assert unused_in("支部决议台账.xlsx", [*DECISIONS, header], [*DECISION, "已落实"]) == [(header, "办结日期")]
    assert unused_in("支部决议台账.xlsx", [*DECISIONS, header], [*DECISION, None]) == []
    assert unused_in("支部决议台账.xlsx", [*DECISIONS, header, "办结日期"], [*DECISION, "是", "2019-01-20"]) == []


def test_of_several_unread_columns_the_one_with_days_is_told() -> None:
    header = [*DECISIONS, "责任领导", "落实情况", "备注"]
    assert unused_in("支部决议台账.xlsx", header, [*DECISION, "甲", "2019-01-20", "无"]) == [("落实情况", "办结日期")]


@pytest.mark.parametrize(
    ("file", "header", "row", "told"),
    [
        (
            "活动台账.xlsx",
            [*HEADER[:4], "应到情况", "到会情况", "地点"],
            [*MEETING, "会议室"],
            [("应到情况 / 到会情况", "应到"), ("应到情况 / 到会情况", "实到")],
        ),
        (
            "意见台账.xlsx",
            ["编号", "收集日期", "党小组", "期限", "反馈日期"],
            ["甲1", "2019-01-08", "营销管理", "2019-02-01", "2019-01-20"],
            [("反馈日期", "办结日期")],
        ),
        (
            "无证户整治台账.xlsx",
            ["发现日期", "责任人", "乡镇", "处置日期"],
            ["2019-01-08", "张三", "城关", "2019.1.20"],
            [("处置日期", "办结日期")],
        ),
        (
            "案件台账.xlsx",
            ["立案号", "立案日期", "办案部门", "案由", "结案/处罚日期"],
            ["甲1", "2019-01-08", "专卖股", "无证运输", "2019-01-20"],
            [("结案/处罚日期", "结案日期")],
        ),
        (
            "2019年1月计划目标表.xlsx",
            ["党小组", "检查计划(户次)", "月计划(箱)"],
            ["营销管理", 300, 700],
            [("月计划(箱)", "销量计划")],
        ),
    ],
)
def test_what_points_are_made_of_is_told_under_any_name(
    file: str, header: list[Value], row: list[Value], told: list[tuple[str, str]]
) -> None:
    assert unused_in(file, header, row) == told


@pytest.mark.parametrize(
    ("file", "header", "row"),
    [
        ("支部决议台账.xlsx", [*DECISIONS, "落实时间"], [*DECISION, "2019-01-20"]),
        ("活动台账.xlsx", [*HEADER[:4], "应到会", "到会人数"], MEETING),
        ("2019年1月检查月报.xlsx", ["单位", "市场检查", "快递检查(户次)"], ["专卖股", 300, 20]),
        ("2019年1月计划目标表.xlsx", ["党小组", "销量任务(箱)", "单箱目标(元)"], ["营销管理", 700, 29000]),
    ],
)
def test_other_names_that_leave_no_doubt_are_read(file: str, header: list[Value], row: list[Value]) -> None:
    sheet = recognise(make_grid([header, row]), SheetNames(file, "甲"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    assert len(sheet.columns) == len(header)


def test_a_sum_over_the_year_is_no_lacking_amount_of_the_month() -> None:
    header: list[Value] = ["单位", "本月/销量(箱)", "本月/销售额(元)", "累计/库存(箱)", "计划/完成数(箱)"]
    assert unused_in("2019年1月销售月报.xlsx", header, ["城区", 700, 20_000_000, 7000, 100]) == []


def test_the_comparison_of_another_amount_is_no_column_of_the_volume() -> None:
    head: Rows = [["单位", "本月销量(箱)", "销售额(元)", None], [None, None, "本月", "同期"]]
    grid = make_grid([*head, ["城区", 700, 20_000_000, 19_000_000]])
    sheet = recognise(grid, SheetNames("2019年3月销售月报.xlsx", "3月"), VOCABULARY)
    assert isinstance(sheet, Recognised)
    assert sheet.columns == {0: "party_group", 1: "volume_xiang", 2: "revenue_yuan"}
    assert extract_sheet(sheet, VOCABULARY, Surroundings({}, {})).faults == []
