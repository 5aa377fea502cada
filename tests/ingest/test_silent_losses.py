"""One thing that is unusual on a sheet costs no row in silence: the sheet is read rightly, or the loss is told."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.golden import assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
POINTS: list[Value] = ["序号", "月份", "对象", "项目", "分值", "依据"]
LEDGER: Rows = [[number, "2019年1月", "李四", "M4", 1, f"笔记{number}"] for number in range(1, 7)]


def read_points(folder: Path, read: Read, rows: Rows, merges: tuple[str, ...] = ()) -> Reading:
    write_xlsx(write_bureau(folder) / "2019年积分明细.xlsx", {"积分明细": rows}, {"积分明细": merges})
    return read(folder)


@pytest.mark.parametrize("header", ["分值：", "分值:", "分值 ： ", "分值（分）："])
def test_a_colon_behind_a_header_costs_no_row(tmp_path: Path, read: Read, header: str) -> None:
    head = [header if name == "分值" else name for name in POINTS]
    reading = read_points(tmp_path, read, [["积分明细"], head, *LEDGER])
    assert reading.issues == ()
    assert len(reading.tables["points_ledger"]) == len(LEDGER)


def test_a_table_on_its_side_gives_a_row_for_every_column(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年3月专卖检查月报"],
        ["单位", "专卖股", "驮卢所", "合 计"],
        ["市场检查(户次)", 376, 199, 575],
        ["寄递检查(户次)", 48, 25, 73],
        ["违规户(户)", 11, 5, 16],
        ["审核人："],
    ]
    write_xlsx(write_bureau(tmp_path) / "专卖检查月报.xlsx", {"3月": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(
        reading, "inspections_by_group_month", "month", "party_group", "market_inspections", "offending_retailers"
    ) == [
        ("2019-03", "专卖综合", 376, 11),
        ("2019-03", "驮卢片区", 199, 5),
    ]


def test_a_fault_in_a_table_on_its_side_stands_in_its_cell(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["积分明细"], *([name, *cells] for name, *cells in zip(POINTS, *LEDGER, strict=True))]
    rows = [[*row[:3], "李四儿", *row[4:]] if row[0] == "对象" else row for row in rows]
    reading = read_points(tmp_path, read, rows)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("unknown_member", "D4")]
    assert len(reading.tables["points_ledger"]) == len(LEDGER) - 1


@pytest.mark.parametrize("note", ["备注：200", "补充说明：漏登", "注：补登"])
def test_a_note_in_the_first_cell_of_a_record_costs_no_row(tmp_path: Path, read: Read, note: str) -> None:
    rows = [*LEDGER[:2], [note, *LEDGER[2][1:]], *LEDGER[3:]]
    reading = read_points(tmp_path, read, [["积分明细"], POINTS, *rows])
    assert reading.issues == ()
    assert len(reading.tables["points_ledger"]) == len(LEDGER)


def test_a_record_with_a_note_and_without_its_points_is_told(tmp_path: Path, read: Read) -> None:
    rows = [*LEDGER[:2], ["备注：漏登", *LEDGER[2][1:4], None, "笔记"], *LEDGER[3:]]
    reading = read_points(tmp_path, read, [["积分明细"], POINTS, *rows])
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("missing_value", "E5")]


@pytest.mark.parametrize(
    "line",
    [
        ["审核人：", "李四", "制表人：", "张三", "日期：", "2019年2月1日"],
        ["备注：", "本月", "无", "无", "无"],
        ["备注：", "M4 为学习笔记"],
        ["（公章）"],
        ["党支部书记：", None, "考核组成员："],
        ["支委会意见：", "同意", "书记：", "李四", "经办："],
        [None, None, None, None, "盖章："],
        ["2019年2月1日"],
        [None, None, None, "年    月    日"],
        ["联系电话：0771-0000000"],
        ["抄送：党委办公室"],
        ["附：会议记录3份"],
        ["共计6件，其中已办结5件"],
        ["以上积分均已公示。"],
        ["说明：", "2019年1月", "李四", None, 1],
    ],
)
def test_a_line_of_signatures_or_notes_is_no_record(tmp_path: Path, read: Read, line: list[Value]) -> None:
    reading = read_points(tmp_path, read, [["积分明细"], POINTS, *LEDGER, line])
    assert reading.issues == ()
    assert len(reading.tables["points_ledger"]) == len(LEDGER)


def told(reading: Reading) -> list[tuple[str, str | None, str]]:
    return [(issue.code, issue.cell, issue.seen) for issue in reading.issues]


def beside(rows: Rows, number: int, *cells: Value) -> Rows:
    """Return rows with further cells in one of them, two columns right of the table."""
    return [[*row, None, None, *cells] if index == number else row for index, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("number", "cells", "seen"), [(3, ["补5分"], "I4"), (3, [3, "2019年1月", "李四", "M4", 1], "I4:M4"), (8, [5], "H9")]
)
def test_what_stands_beside_a_table_is_told_with_its_place(
    tmp_path: Path, read: Read, number: int, cells: list[Value], seen: str
) -> None:
    rows: Rows = [["积分明细"], POINTS, *LEDGER, ["合计", None, None, None, 6]]
    reading = read_points(tmp_path, read, beside(rows, number, *cells))
    (issue,) = reading.issues
    assert (issue.code, issue.cell, issue.seen) == ("unused_cells", seen.partition(":")[0], seen)
    assert len(reading.tables["points_ledger"]) == len(LEDGER)


def test_remarks_row_after_row_are_told_once(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["积分明细"], POINTS, *([*row, None, "已核"] for row in LEDGER)]
    (issue,) = read_points(tmp_path, read, rows).issues
    assert (issue.code, issue.cell, issue.seen) == ("unused_cells", "H3", "H3:H8")
    assert "6 格" in issue.message


@pytest.mark.parametrize(
    "rows",
    [
        [["积分明细", None, None, None, None, None, None, None, "内部"], POINTS, *LEDGER],
        [["积分明细"], [*POINTS, "另注"], *([*row, "已核"] for row in LEDGER)],
        [["积分明细"], [None, *POINTS[1:]], *LEDGER],
        [["积分明细"], POINTS, *LEDGER, ["审核人：", None, None, None, None, None, None, None, "制表人："]],
    ],
)
def test_titles_headers_numbering_and_signatures_are_no_cells_outside(tmp_path: Path, read: Read, rows: Rows) -> None:
    assert read_points(tmp_path, read, rows).issues == ()


def numbered(*numbers: Value) -> Rows:
    """Return a ledger with a column of numbers that has no header, and a last row that is no record."""
    rows = [[number, *row[1:]] for number, row in zip(numbers, LEDGER, strict=False)]
    return [["积分明细"], [None, *POINTS[1:]], *rows]


@pytest.mark.parametrize("numbers", [(1, 3, 4), (1, 2, 1, 2), (7, 8, 9), ("1", "2"), (1,)])
def test_numbers_of_rows_may_have_gaps_and_begin_anew(tmp_path: Path, read: Read, numbers: tuple[Value, ...]) -> None:
    rows: Rows = [*numbered(*numbers), ["合计", None, None, None, len(numbers)]]
    reading = read_points(tmp_path, read, rows)
    assert reading.issues == ()
    assert len(reading.tables["points_ledger"]) == len(numbers)


@pytest.mark.parametrize(("numbers", "seen"), [((5,), "A3"), ((2, 2), "A3:A4"), ((1, "补5分"), "A3:A4")])
def test_what_is_no_numbering_left_of_the_headers_is_told_without_the_word_of_a_total(
    tmp_path: Path, read: Read, numbers: tuple[Value, ...], seen: str
) -> None:
    rows: Rows = [*numbered(*numbers), ["合计", None, None, None, len(numbers)]]
    assert told(read_points(tmp_path, read, rows)) == [("unused_cells", "A3", seen)]


def test_values_of_a_form_that_no_label_accounts_for_are_told(tmp_path: Path, read: Read) -> None:
    card: Rows = [
        ["党员公开承诺卡"],
        ["承诺人：李四", None, "承诺日期：2019年1月5日"],
        ["承诺事项", "帮扶两户", None, None, "帮扶三户"],
        ["兑现期限", "2019.6.30", "完成情况", "未兑现"],
        ["联系电话", "无", "政治面貌：", "群众"],
        ["承诺人签字：", None, "李四"],
    ]
    write_xlsx(write_bureau(tmp_path) / "公开承诺卡.xlsx", {"李四": card})
    assert told(read(tmp_path)) == [("unused_cells", "E3", "E3")]


def test_a_table_on_its_side_with_two_levels_of_labels_is_told_where_it_is_not_used(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年3月专卖检查月报"],
        ["单位", "专卖股", "驮卢所"],
        ["市场检查(户次)", 376, 199],
        ["寄递检查(户次)", 48, None, 25],
        ["违规户(户)", 11, 5],
    ]
    write_xlsx(write_bureau(tmp_path) / "专卖检查月报.xlsx", {"3月": rows})
    reading = read(tmp_path)
    assert told(reading) == [("unused_cells", "D4", "D4")]
    assert len(reading.tables["inspections_by_group_month"]) == 2


SALES: Rows = [["2019年1月卷烟销售月报"], ["单位", "销量(箱)", "销售额(元)"]]


def read_sales(folder: Path, read: Read, rows: Rows) -> Reading:
    write_xlsx(write_bureau(folder) / "2019年1月卷烟销售月报.xlsx", {"1月": [*SALES, *rows]})
    return read(folder)


def test_totals_called_after_groups_without_another_row_are_told(tmp_path: Path, read: Read) -> None:
    reading = read_sales(tmp_path, read, [["城区合计", 607.4, 17313953], ["驮卢小计", 244.2, 5677950]])
    assert told(reading) == [("unknown_group", "A3", "城区合计"), ("unknown_group", "A4", "驮卢小计")]
    assert [issue.expected for issue in reading.issues] == ["营销管理", "驮卢片区"]
    ledger = next(file for file in reading.files if file.kind == "sales").sheets[0]
    assert (ledger.rejected, ledger.total) == (2, 0)


def test_a_total_of_a_group_whose_rows_stand_in_the_table_stays_a_total(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["城区", 607.4, 17313953], ["城区合计", 607.4, 17313953], ["驮卢所", 244.2, 5677950], ["合计", 851.6]]
    reading = read_sales(tmp_path, read, rows)
    assert_clean(reading)
    assert len(reading.tables["sales_by_group_month"]) == 2


def test_a_total_of_a_group_over_rows_of_other_names_stays_a_total(tmp_path: Path, read: Read) -> None:
    parts: Rows = [["城区一部", 300, 9000000], ["城区二部", 300, 9000000], ["城区小计", 600, 18000000]]
    reading = read_sales(tmp_path, read, [*parts, ["驮卢所", 250, 7000000], ["合计", 850, 25000000]])
    assert told(reading) == [("unknown_group", "A3", "城区一部"), ("unknown_group", "A4", "城区二部")]


@pytest.mark.parametrize("parts", [[], [["城区一部", 300, 9000000], ["城区二部", 300, 9000000]]])
def test_a_told_total_of_a_group_makes_no_right_total_wrong(tmp_path: Path, read: Read, parts: Rows) -> None:
    rows: Rows = [["城区小计", 600, 18000000], *parts, ["驮卢所", 250, 7000000], ["合计", 850, 25000000]]
    reading = read_sales(tmp_path, read, rows)
    assert {issue.code for issue in reading.issues} == {"unknown_group"}
    assert told(reading)[0] == ("unknown_group", "A3", "城区小计")


def test_a_total_that_is_registered_as_the_name_of_a_group_is_its_row(tmp_path: Path, read: Read) -> None:
    write_bureau(tmp_path)
    names: Rows = [["名称对照"], ["表内写法", "标准名称"], ["城区合计", "营销管理"]]
    write_xlsx(tmp_path / "名称对照2.xlsx", {"对照": names})
    write_xlsx(tmp_path / "2019年1月卷烟销售月报.xlsx", {"1月": [*SALES, ["城区合计", 607.4, 17313953]]})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "sales_by_group_month", "party_group") == [("营销管理",)]


def test_a_number_merged_over_rows_is_told_and_counts_for_none_of_them(tmp_path: Path, read: Read) -> None:
    reading = read_points(tmp_path, read, [["积分明细"], POINTS, *LEDGER], ("E4:E5", "B3:B8", "C3:C8", "D3:D8"))
    assert told(reading) == [("merged_amount", "E4", "1 (E4:E5)")]
    assert [row[0] for row in rows_of(reading, "points_ledger", "source_row")] == [3, 6, 7, 8]


def test_a_merged_amount_of_nothing_is_nothing(tmp_path: Path, read: Read) -> None:
    ledger: Rows = [["甲1", "2019-01-09", "案由", "专卖股", 0], ["甲2", "2019-01-10", "案由", "专卖股", None]]
    rows: Rows = [["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "结案日期"], *ledger]
    write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", {"案件": rows}, {"案件": ("E2:E3", "D2:D3", "C2:C3")})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "cases", "case_no", "genuine_tiao") == [("甲1", 0), ("甲2", 0)]


def test_an_optional_amount_merged_over_rows_is_left_out_of_rows_that_stay(tmp_path: Path, read: Read) -> None:
    ledger: Rows = [["甲1", "2019-01-09", "案由", "专卖股", 30], ["甲2", "2019-01-10", "案由", "专卖股", None]]
    rows: Rows = [
        ["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "结案日期"],
        *ledger,
        ["合计", None, None, None, 30],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", {"案件": rows}, {"案件": ("E2:E3",)})
    reading = read(tmp_path)
    assert told(reading) == [("merged_amount", "E2", "30 (E2:E3)")]
    assert rows_of(reading, "cases", "case_no", "genuine_tiao") == [("甲1", None), ("甲2", None)]


def test_a_record_over_two_rows_keeps_its_merged_amount(tmp_path: Path, read: Read) -> None:
    ledger: Rows = [["甲1", "2019-01-09", "无证运输", "专卖股", 30], [None, None, "非法经营", None, None]]
    rows: Rows = [["立案号", "立案日期", "案由", "办案部门", "真烟(条)", "结案日期"], *ledger]
    merges = ("A2:A3", "B2:B3", "D2:D3", "E2:E3")
    write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", {"案件": rows}, {"案件": merges})
    reading = read(tmp_path)
    assert told(reading) == [("duplicate_key", "A2", "甲1")]
    assert rows_of(reading, "cases", "genuine_tiao") == [(30,)]


def test_hours_of_a_training_merged_over_those_who_came_are_the_hours_of_each(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["日期", "姓名", "方式", "学时"], ["2019-01-09", "张三", "短训", 2], [None, "李四", None, None]]
    merges = ("A2:A3", "C2:C3", "D2:D3")
    write_xlsx(write_bureau(tmp_path) / "2019年培训台账.xlsx", {"培训": rows}, {"培训": merges})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "trainings", "member", "hours_h") == [("张三", 2), ("李四", 2)]


@pytest.mark.parametrize("name", ["样表", "填表说明", " 示 例 "])
def test_examples_on_a_sheet_of_instructions_earn_nothing_and_are_told(tmp_path: Path, read: Read, name: str) -> None:
    rows: Rows = [["积分明细（示例，勿删）"], POINTS, *LEDGER[:2]]
    sheets: dict[str, Rows] = {"积分明细": [["积分明细"], POINTS, *LEDGER], name: rows}
    write_xlsx(write_bureau(tmp_path) / "2019年积分明细.xlsx", sheets)
    reading = read(tmp_path)
    assert len(reading.tables["points_ledger"]) == len(LEDGER)
    assert [(issue.sheet, issue.code) for issue in reading.issues] == [(name, "unrecognised_sheet")]


def test_a_summary_beside_a_ledger_costs_no_row_of_it(tmp_path: Path, read: Read) -> None:
    head: list[Value] = [*POINTS, None, "对象", "分值", "人次"]
    summary: Rows = [["李四", 6, 6], ["合计", 6, 6]]
    rows = [[*row, None, *extra] for row, extra in zip(LEDGER, [*summary, [], [], [], []], strict=True)]
    reading = read_points(tmp_path, read, [["积分明细"], head, *rows])
    assert len(reading.tables["points_ledger"]) == len(LEDGER)
    assert reading.tables["points_ledger"]["points"].sum() == len(LEDGER)
    assert [(code, cell) for code, cell, _ in told(reading)] == [("unused_cells", "H3")]


def test_of_a_row_that_is_turned_down_no_unknown_type_is_told(tmp_path: Path, read: Read) -> None:
    head: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到"]
    rows: Rows = [head, [1, "1.8", "专卖综合", "党小组会", "学习", 5, 5], [2, "1.9", "某某小组", "沙龙", "学习", 5, 5]]
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"1月": rows})
    assert [issue.code for issue in read(tmp_path).issues] == ["unknown_group"]


def test_a_sentence_that_goes_on_from_the_row_above_is_told(tmp_path: Path, read: Read) -> None:
    reading = read_points(tmp_path, read, [["积分明细"], POINTS, *LEDGER, [None] * 5 + ["以及其他，见附页。"]])
    assert {issue.cell for issue in reading.issues} & {"B9", "C9", "D9", "E9"}


def test_a_number_of_thousands_of_digits_beside_a_table_costs_no_row(tmp_path: Path, read: Read) -> None:
    rows: Rows = [[None, *row] for row in ([*POINTS], *LEDGER)]
    numbered = [["9" * 5000 if index == 2 else None, *row[1:]] for index, row in enumerate(rows)]
    reading = read_points(tmp_path, read, numbered)
    assert len(reading.tables["points_ledger"]) == len(LEDGER)
    assert [code for code, _, _ in told(reading)] == ["unused_cells"]


def test_a_year_so_far_that_ends_in_another_month_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位：箱、万元"], ["单位", "销量", "销售额", "1-9月累计销量"], ["城区", 700, 2000, 6300]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("unused_column", "D2")]
    assert rows_of(reading, "sales_by_group_month", "volume_xiang", "ytd_volume_xiang") == [(700, None)]


def test_a_month_merged_over_columns_of_a_table_on_its_side_is_that_of_each(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["积分明细"],
        ["月份", "2019年1月", None, "2019年2月", None],
        ["对象", "李四", "王五", "李四", "王五"],
        ["项目", "M4", "M4", "M4", "M4"],
        ["分值", 1, 1, 1, 1],
        ["依据", "甲", "乙", "丙", "丁"],
    ]
    reading = read_points(tmp_path, read, rows, ("B2:C2", "D2:E2"))
    assert_clean(reading)
    assert rows_of(reading, "points_ledger", "month", "subject", "ground") == [
        ("2019-01", "李四", "甲"),
        ("2019-01", "王五", "乙"),
        ("2019-02", "李四", "丙"),
        ("2019-02", "王五", "丁"),
    ]


def test_what_stands_below_the_wide_values_of_a_form_is_no_second_record(tmp_path: Path, read: Read) -> None:
    form: Rows = [["月份", "2019年1月"], ["对象", "李四"], ["项目", "M4"], ["分值", 1, None, 2], ["依据", "笔记"]]
    reading = read_points(tmp_path, read, [["积分明细"], *form], ("B2:D2", "B3:D3", "B4:D4"))
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("unused_cells", "D5")]
    assert rows_of(reading, "points_ledger", "subject", "points") == [("李四", 1)]


@pytest.mark.parametrize("amount", ["销量（累计）", "销量（去年同期）", "销量（计划）"])
def test_an_amount_that_a_bracket_makes_another_one_is_not_that_of_the_month(
    tmp_path: Path, read: Read, amount: str
) -> None:
    rows: Rows = [["单位：箱、元"], ["单位", amount, "销售额"], ["城区", 2100.4, 60005000]]
    write_xlsx(write_bureau(tmp_path) / "2019年3月卷烟销售月报.xlsx", {"3月": rows})
    reading = read(tmp_path)
    assert reading.tables["sales_by_group_month"].empty
    assert [issue.severity for issue in reading.issues] != []


def test_a_bracket_in_the_labels_of_a_table_on_its_side_makes_another_amount_too(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位", "专卖股", "驮卢所"], ["市场检查(1-3月)", 376, 199], ["违规户(户)", 11, 5]]
    write_xlsx(write_bureau(tmp_path) / "2019年3月专卖检查月报.xlsx", {"3月": rows})
    reading = read(tmp_path)
    assert reading.tables["inspections_by_group_month"].empty
    assert [issue.severity for issue in reading.issues] != []


def test_amounts_under_another_month_than_the_sheets_are_told_and_not_used(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位：箱、万元"], ["单位", "9月", None], [None, "销量", "销售额"], ["城区", 700, 2000]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows}, {"销售": ("B2:C2",)})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == [
        ("context_conflict", "B3", "9月/销量 ≠ 2019-10")
    ]
    assert len(reading.tables["sales_by_group_month"]) == 0


def test_the_month_before_beside_the_months_own_amounts_is_none_of_them(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["单位：箱、万元"], ["单位", "销量", "销售额", "9月销量"], ["城区", 700, 2000, 690]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("other_span", "9月销量")]
    assert rows_of(reading, "sales_by_group_month", "volume_xiang") == [(700,)]


def test_subtotals_of_a_spreadsheet_are_totals(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["月份", "单位", "销量(箱)", "销售额(万元)"],
        ["9月", "城区", 700, 2000],
        ["9月", "驮卢", 300, 700],
        ["9月 汇总", None, 1000, 2700],
        ["10月", "城区", 701, 2001],
        ["10月 汇总", None, 701, 2001],
        ["总计", None, 1701, 4701],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert len(reading.tables["sales_by_group_month"]) == 3


@pytest.mark.parametrize("odd", [["城区", 701, 2001], ["上月城区", "701", "2600"], ["加分", 3, 5], ["城区", "７", "8"]])
def test_a_row_of_numbers_above_the_header_is_told(odd: list[Value], tmp_path: Path, read: Read) -> None:
    rows: Rows = [odd, ["单位", "销量(箱)", "销售额(万元)"], ["城区", 701, 2001], ["驮卢", 300, 700]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("unused_cells", "A1:C1")]
    assert len(reading.tables["sales_by_group_month"]) == 2


@pytest.mark.parametrize(
    "title",
    [
        ["填报日期：", "2019-11-05", "2019年10月"],
        [2019, "年", 10, "月"],
        ["栏次", 1, 2],
        ["应到人数", 16],
        ["城区", "2019年", None],
    ],
)
def test_labels_and_days_above_the_header_are_titles(title: list[Value], tmp_path: Path, read: Read) -> None:
    rows: Rows = [title, ["单位", "销量(箱)", "销售额(万元)"], ["城区", 701, 2001]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    assert_clean(read(tmp_path))


def test_a_row_of_numbers_above_a_table_on_its_side_is_told(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["城区", 700, 2000], ["单位", "城区", "驮卢"], ["销量(箱)", 701, 302], ["销售额(万元)", 2001, 702]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("unused_cells", "A1:C1")]
    assert len(reading.tables["sales_by_group_month"]) == 2


@pytest.mark.parametrize("title", ["卷烟销售月报", "2019年10月卷烟销售月报"])
def test_a_quarter_alone_above_the_header_contradicts_a_month_that_no_title_names(
    title: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [[title], [None, "四季度"], ["单位", "销量(箱)", "销售额(万元)"], ["城区", 700, 2000]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月卷烟销售月报.xlsx", {"销售": rows})
    told = [(issue.code, issue.seen) for issue in read(tmp_path).issues]
    assert told == ([] if "10月" in title else [("context_conflict", "四季度 ≠ 2019-10")])


@pytest.mark.parametrize("above", [[], [["编制单位：××党支部"]]])
def test_a_title_in_the_first_column_is_one_where_nothing_else_is_needed(
    tmp_path: Path, read: Read, above: Rows
) -> None:
    rows: Rows = [["2019年10月计划目标表"], *above, ["党小组", "销量计划(箱)"], ["营销管理", 600], ["驮卢片区", 250]]
    write_xlsx(write_bureau(tmp_path) / "2019年10月计划目标表.xlsx", {"计划": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "targets_by_group_month", "month", "volume_plan_xiang") == [
        ("2019-10", 600),
        ("2019-10", 250),
    ]


def test_an_export_repeats_its_head_and_ends_in_the_number_of_its_page(tmp_path: Path, read: Read) -> None:
    head = "序号,年月,销售区域,销量(箱),去年同期(箱),同比增减量(箱),计划(箱),完成率,销售额(元),单箱(元/箱)"
    lines = [
        "营销管理信息系统 区域销售汇总",
        head,
        '1,201901,城区,"1,000.50",980,20.5,1000,100.05%,"29,000,000.00",28985.5',
        "2,201901,驮卢,300,310,(10.00),310,96.77%,7500000,25000",
        '小计,201901,,"1,300.50",1290,10.5,1310,99.27%,36500000,28066.1',
        "营销管理信息系统 区域销售汇总",
        head,
        "3,201902,城区,640.25,600,40.25,650,98.5%,18500000,28895",
        '合计,,,"1,940.75",1890,50.75,1960,99.02%,55000000,28339.6',
        "第2页，共2页,,,打印人：系统管理员",
    ]
    export = write_bureau(tmp_path) / "区域销售汇总_20190228.csv"
    export.write_bytes(("\r\n".join(lines) + "\r\n").encode("gb18030"))
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "sales_by_group_month", "month", "party_group", "volume_xiang", "yoy_pct") == [
        ("2019-01", "营销管理", 1000.5, None),
        ("2019-01", "驮卢片区", 300, None),
        ("2019-02", "营销管理", 640.25, None),
    ]


EXPORT = "序号,提交答卷时间,所用时间,来源,1、您的姓名,2、所在党小组,总分\r\n"


def test_the_numbers_of_a_questionnaire_are_no_part_of_its_headers(tmp_path: Path, read: Read) -> None:
    text = EXPORT + "1,2019/1/15 9:01,203秒,微信,张三,营销管理,95\r\n2,2019/1/15 9:31,93秒,微信,王五,专卖综合,90\r\n"
    (write_bureau(tmp_path) / "2019年1月15日答题.csv").write_bytes(text.encode("utf-8-sig"))
    reading = read(tmp_path)
    assert reading.issues == ()
    assert rows_of(reading, "quiz_results", "session_on", "member", "score", "duration_s") == [
        ("2019-01-15", "张三", 95, 203),
        ("2019-01-15", "王五", 90, 93),
    ]


def test_a_text_that_an_export_keeps_from_being_a_number_is_that_text(tmp_path: Path, read: Read) -> None:
    lines = ["编号,收集日期,党小组,内容,期限,办结日期", '="0012",2019/3/5,营销管理,货源少,2019/3/20,=""', '=""']
    (write_bureau(tmp_path) / "2019年群众意见台账.csv").write_bytes("\r\n".join(lines).encode("gb18030"))
    reading = read(tmp_path)
    assert rows_of(reading, "opinions", "opinion_no", "collected_on", "closed_on") == [("0012", "2019-03-05", None)]
    assert all(sheet.balances() for file in reading.files for sheet in file.sheets)


def test_how_many_belong_to_a_group_is_no_part_of_its_name(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "党小组", "活动类型", "主题", "应到", "实到", "图片"]
    rows: Rows = [header, ["2019-\n01-08", "专卖综合党小组（5人）", "党小组会", "学习", 5, 5, "有"]]
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert rows_of(reading, "activities", "held_on", "party_group") == [("2019-01-08", "专卖综合")]


def test_what_became_of_a_matter_is_asked_for_its_day(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["乡镇", "经营者", "发现日期", "责任人", "办结日期", "办理状态"]
    rows: Rows = [
        header,
        ["甲镇", "甲某", "2019.3.5", "王五", None, "已办结"],
        ["甲镇", "乙某", "2019.3.6", "王五", None, "整改中"],
        ["甲镇", "丙某", "2019.3.7", "王五", "2019.3.9", "已办结"],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年无证户整治台账.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("not_counted", "E2")]


@pytest.mark.parametrize(
    ("header", "lacking"),
    [
        (["序号", "姓名", "党小组", "职务", "入党时间"], "入组时间"),
        (["序号", "姓名", "党小组", "职务", "店名"], "入组时间"),
    ],
)
def test_a_column_of_something_else_is_not_named_as_the_lacking_one(
    tmp_path: Path, read: Read, header: list[Value], lacking: str
) -> None:
    write_xlsx(tmp_path / "党员花名册.xlsx", {"S": [header, [1, "张三", "营销管理", "经理", "2001.7"]]})
    (issue,) = (issue for issue in read(tmp_path).issues if issue.code == "missing_column")
    assert lacking in issue.message
    assert "最接近" not in issue.message


def test_a_word_that_looks_like_members_is_named_only_where_names_stand(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "客户经理", "零售户编号", "走访内容", "存在问题"]
    rows: Rows = [["零售户帮扶台账"], header, ["2019.3.5", "张三", "45001", "经营指导", "陈列"]]
    write_xlsx(write_bureau(tmp_path) / "2019年零售户帮扶台账.xlsx", {"S": rows})
    (issue,) = (issue for issue in read(tmp_path).issues if issue.code == "missing_column")
    assert "党员 ←" not in issue.message


def test_a_card_with_its_year_beside_a_label_is_read(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["党员积分登记卡"],
        ["姓名", "张三", "党小组", "营销管理", "年度", "2019年"],
        ["月份", "学习", "会议", "活动", "加减分", "合计", "备注"],
        ["1月", 20, 20, 20, 2, 62, None],
        ["2月", 20, 18, 20, 0, 58, None],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年党员积分卡.xlsx", {"张三": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "printed_points", "month", "member", "total_points") == [
        ("2019-01", "张三", 62),
        ("2019-02", "张三", 58),
    ]


def test_a_table_whose_rows_are_named_at_the_left_is_no_form(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年3月销售情况（单位：箱、元）"],
        ["单位", "期间", "销量", "销售额"],
        ["城区", "上年同期", 580, 16_000_000],
        ["城区", "本年", 600, 17_000_000],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年3月销售情况.xlsx", {"S": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("part_rows", "B3")]
    assert reading.tables["sales_by_group_month"].empty
