"""What each row of a sheet is, and why."""

from datetime import date
from time import process_time

import pytest

from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.recognise import Recognised, SheetNames, recognise
from pipeline.ingest.layouts.regions import find_tables
from pipeline.ingest.layouts.rows import RowClass, classify_rows, merged_anchors
from tests.hand_made import VOCABULARY, Rows, Value, make_grid

HEADER: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到"]
ROW: list[Value] = [1, "1.8", "专卖综合", "党小组会", "无证户整治", 5, 4]


def recognised(rows: Rows, merges: tuple[tuple[int, int, int, int], ...] = ()) -> Recognised:
    found = recognise(make_grid(rows, merges), SheetNames("2019年活动台账.xlsx", "1月"), VOCABULARY)
    assert isinstance(found, Recognised)
    return found


def classes_of(*below: list[Value]) -> list[RowClass]:
    classified = classify_rows(recognised([["活动台账"], HEADER, *below]), VOCABULARY)
    return [class_ for row, class_ in classified.classes.items() if row > 1]


@pytest.mark.parametrize(
    ("row", "class_"),
    [
        (ROW, "data"),
        (HEADER, "header"),
        (["合 计", None, None, None, None, 5, 4], "total"),
        ([None, "小计", None, None, None, 5, 4], "total"),
        ([None, None, "专卖综合小计", None, None, 5, 4], "total"),
        (["合計", None, None, None, None, 5], "total"),
        (["负责人签字：", None, None, None, "制表人："], "note"),
        (["支部书记签字：   制表人："], "note"),
        (["考核组成员：张三", "日期："], "note"),
        ([None, "党小组长：张三", None, "党支部书记：李四"], "note"),
        (["考核小组：张三、李四", "考核时间：2019年1月5日"], "note"),
        ([None, "考核组成员：张三 | 日期："], "note"),
        ([None, "党小组：专卖综合", "组长：王五"], "data"),  # whose the rows below are
        ([None, "1.8", "专卖综合", "时间：上午", "地点：会议室"], "data"),
        (["注：应到不含请假"], "note"),
        (["其中："], "note"),
        ([7], "note"),
        ([1, "1.8", "全市", "党小组会", "合计", 5, 4], "data"),
        ([1, None, "专卖综合", "党小组会", "无证户整治", 5, 4], "data"),
    ],
)
def test_a_row_is_told_by_its_words_and_by_what_it_fills(row: list[Value], class_: RowClass) -> None:
    assert classes_of(ROW, row, ROW) == ["data", class_, "data"]


def test_a_heading_is_a_title_between_rows_and_a_note_after_them() -> None:
    assert classes_of(ROW, ["二、专卖综合"], ROW, ["谢谢"]) == ["data", "title", "data", "note"]


def test_cells_beside_the_table_are_not_understood() -> None:
    assert classes_of(ROW, [*[None] * 8, "草稿", "甲"]) == ["data", "unrecognised"]


def test_rows_above_the_header_are_titles_or_notes() -> None:
    sheet = recognised([["2019年1月活动台账"], [None], ["填报说明：每月报"], HEADER, ROW])
    assert dict(classify_rows(sheet, VOCABULARY).classes) == {0: "title", 2: "note", 3: "header", 4: "data"}


def test_titles_printed_on_every_page_are_titles() -> None:
    titles: Rows = [["2019年1-3月活动台账"], ["编制单位：党支部", None, None, None, "填报日期：2019年2月1日"]]
    classified = classify_rows(recognised([*titles, HEADER, ROW, *titles, HEADER, ROW]), VOCABULARY)
    assert list(classified.classes.values()) == ["title", "title", "header", "data"] * 2
    assert not classified.headings


def test_only_true_merged_ranges_are_filled_down() -> None:
    rows: Rows = [HEADER, ROW, [2, "1.9", None, "党小组会"], [3, "1.10", None, "党小组会"]]
    assert dict(merged_anchors(recognised(rows, ((1, 2, 2, 2),)))) == {(2, 2): (1, 2)}
    assert dict(merged_anchors(recognised(rows))) == {}


@pytest.mark.parametrize(
    ("row", "class_", "reason"),
    [
        (ROW, "data", RowReason("fills_keys")),
        ([1, None, "专卖综合", "党小组会", "无证户整治", 5, 4], "data", RowReason("fills_columns")),
        (["其中：", "1.8", "专卖综合", "党小组会"], "data", RowReason("among", "其中:", "A4")),
        (HEADER, "header", RowReason("header_again")),
        (["序 号", "日期 ", "党小组", "活动类型", "主题", "应到", "实到"], "header", RowReason("header_again")),
        ([None, "小 计", None, None, None, 5, 4], "total", RowReason("total_word", "小计", "B4")),
        (["审核人：     制表人："], "note", RowReason("note_word", "审核人", "A4")),
        (["其中："], "note", RowReason("among_alone", "其中:", "A4")),
        (["二、专卖综合"], "title", RowReason("heading", "二、专卖综合", "A4")),
        ([7], "note", RowReason("nothing_filled")),
        ([*[None] * 8, "草稿", "甲"], "unrecognised", RowReason("outside_table")),
    ],
)
def test_every_row_has_its_reason(row: list[Value], class_: RowClass, reason: RowReason) -> None:
    classified = classify_rows(recognised([["活动台账"], HEADER, ROW, row, ROW, ["谢谢"]]), VOCABULARY)
    assert (classified.classes[3], classified.reasons[3]) == (class_, reason)
    assert classified.reasons[0] == RowReason("above_header")
    assert classified.reasons[1] == RowReason("header_level", level=1, levels=1)
    assert classified.reasons[5] == RowReason("after_table")
    assert classified.reasons.keys() == classified.classes.keys()


def test_a_long_table_is_told_in_a_glance_at_each_row() -> None:
    rows = [
        [number, "1.8", f"第{number}组", "党小组会", f"主题{number}", 5, 4, *"甲乙丙丁戊"] for number in range(20_000)
    ]
    sheet = recognised([HEADER, *rows, ["合 计", None, None, None, None, 5, 4]])
    start = process_time()
    classified = classify_rows(sheet, VOCABULARY)
    seconds = process_time() - start
    assert len(classified.of("data")) == 20_000
    assert classified.of("total") == [20_001]
    assert seconds < 0.6  # of a processor; measured 0.06, what looks at all rows for each of them takes minutes


def test_a_range_merged_over_an_empty_row_makes_no_level_of_it() -> None:
    day = date(2019, 1, 1)
    head: list[Value] = ["兑现情况", "兑现期限", "张三", "承诺党员", "日期", "完成时间", "张三"]
    rows: Rows = [["2019年3月"], head, [], ["学习", day, None, "张三", day, day], [], head]
    found = find_tables(make_grid(rows, ((2, 5, 5, 5),)), SheetNames("2019年随机.xlsx", "Sheet1"), VOCABULARY)
    tables = [table for table in found if isinstance(table, Recognised)]
    assert {row for table in tables for row in classify_rows(table, VOCABULARY).classes} <= {0, 1, 3, 5}


SALES: list[Value] = ["年度", "月份", "片区", "销量", "销售额"]


@pytest.mark.parametrize(
    ("row", "class_"),
    [
        ([2021, 3, "全县合计", 12.5, 400000], "total"),
        ([2021, "3月", "合计", 12.5, 400000], "total"),
        ([2021, "1-3月", "合计", 12.5], "total"),
        (["2021年", "一季度小计", None, 12.5], "total"),
        ([None, "3月", "全县合计", 12.5, 400000], "total"),
        ([2021, 3, "城区", 12.5, 400000], "data"),
        ([2021, "3月", "城区", "合计", 400000], "data"),
    ],
)
def test_a_total_in_place_of_a_group_or_a_month_is_one_wherever_its_column_stands(
    row: list[Value], class_: RowClass
) -> None:
    """The word stands right of a year and a month, beyond the two leftmost cells."""
    below: Rows = [[2021, 1, "城区", 12.5, 400000], [2021, 2, "城区", 12.5, 400000], row]
    found = recognise(make_grid([SALES, *below], ()), SheetNames("2021年销售月报.xlsx", "销售"), VOCABULARY)
    assert isinstance(found, Recognised)
    assert [*classify_rows(found, VOCABULARY).classes.values()][1:] == ["data", "data", class_]
