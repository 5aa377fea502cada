"""Forms: labels with their values beside or below them become rows, and faults stand at the value's cell."""

from pathlib import Path

import pytest

from pipeline.ingest.layouts.findings import SheetNames
from pipeline.ingest.layouts.forms import recognise_form
from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import VOCABULARY, Rows, Value, make_grid, write_bureau, write_xlsx

PLEDGE: Rows = [
    ["党员公开承诺卡"],
    ["承诺人：李四", None, "承诺日期：2019年1月5日"],
    ["承诺事项", "帮扶两户"],
    ["兑现期限", "2019.6.30", "完成情况", "未兑现"],
    ["承诺人签字："],
]
COLUMNS = ("member", "pledged_on", "pledge", "due_on", "status", "source_row")


def test_a_card_gives_one_row(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "公开承诺卡.xlsx", {"李四": PLEDGE})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "pledges", *COLUMNS) == [("李四", "2019-01-05", "帮扶两户", "2019-06-30", "未兑现", 2)]
    ledger = next(file for file in reading.files if file.kind == "pledges").sheets[0]
    assert (ledger.title, ledger.used, ledger.note) == (1, 3, 1)


def test_a_fault_stands_at_the_value_and_turns_down_every_row_of_its_card(tmp_path: Path, read: Read) -> None:
    rows = [*PLEDGE[:3], ["兑现期限", "下半年", "完成情况", "未兑现"], PLEDGE[4]]
    write_xlsx(write_bureau(tmp_path) / "公开承诺卡.xlsx", {"李四": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == [("bad_date", "B4", "下半年")]
    ledger = next(file for file in reading.files if file.kind == "pledges").sheets[0]
    assert (ledger.used, ledger.rejected) == (0, 3)


def test_an_empty_value_that_must_be_there_is_told_beside_its_label(tmp_path: Path, read: Read) -> None:
    rows = [*PLEDGE[:3], ["完成情况", "未兑现", "兑现期限"]]
    write_xlsx(write_bureau(tmp_path) / "公开承诺卡.xlsx", {"李四": rows})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("missing_value", "D4")]


def test_cards_side_by_side(tmp_path: Path, read: Read) -> None:
    kept: list[Value] = ["兑现日期", None]
    left: Rows = [["承诺人", "李四"], ["承诺日期", "2019.1.5"], ["承诺事项", "甲"], ["期限", "2019.6.30"], kept]
    right: Rows = [["承诺人", "王五"], ["承诺日期", "2019.1.6"], ["承诺事项", "乙"], ["期限", "2019.7.31"], kept]
    rows: Rows = [["承诺书"], *([*a, None, *b] for a, b in zip(left, right, strict=True))]
    write_xlsx(write_bureau(tmp_path) / "承诺书.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "pledges", "member", "pledge", "due_on") == [
        ("李四", "甲", "2019-06-30"),
        ("王五", "乙", "2019-07-31"),
    ]


def test_a_sheet_with_some_labels_is_no_form() -> None:
    rows: Rows = [["姓名", "张三"], ["电话", "138"], ["地址", "某路"]]
    assert recognise_form(make_grid(rows), SheetNames("甲.xlsx", "甲"), VOCABULARY) is None


def test_posts_kept_as_one_form_a_member(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["岗位履职记录"],
        ["姓名", "李四", None, "月份", "2019年1月"],
        ["岗位", "责任区", "履职次数", "先锋岗"],
        ["宣传岗", "城东", 3, "是"],
        ["监督岗", "城西", 2, "否"],
        ["合计", None, 5],
    ]
    write_xlsx(write_bureau(tmp_path) / "岗位履职.xlsx", {"李四": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "post_duties", "month", "member", "post", "duty_count", "source_row") == [
        ("2019-01", "李四", "宣传岗", 3, 4),
        ("2019-01", "李四", "监督岗", 2, 5),
    ]


def test_an_unknown_name_above_a_table_is_one_issue_at_its_cell(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["岗位履职记录"],
        ["姓名", "李四儿", None, "月份：2019年1月"],
        ["岗位", "责任区", "履职次数"],
        ["宣传岗", "城东", 3],
        ["监督岗", "城西", 2],
    ]
    write_xlsx(write_bureau(tmp_path) / "岗位履职.xlsx", {"甲": rows})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("unknown_member", "B2")]


def test_a_value_that_is_a_label_in_other_workbooks_is_a_value(tmp_path: Path, read: Read) -> None:
    card = [["党员名册卡"], ["姓名", "张三", "党内职务", "组长"], ["党小组", "营销管理"], ["入组时间", "2018.11"]]
    write_xlsx(tmp_path / "党员名册卡.xlsx", {"卡片": card})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "memberships", "member", "party_role", "joined_on") == [("张三", "组长", "2018-11-01")]


def test_rows_of_data_below_the_first_values_are_those_of_a_table() -> None:
    card: Rows = [["积分登记"], ["月份", "对象", "项目", "分值"], ["2019年1月", "李四", "M4", 1]]
    names = SheetNames("积分明细.xlsx", "甲")
    assert recognise_form(make_grid([*card, ["审核人："]]), names, VOCABULARY) is not None
    assert recognise_form(make_grid([*card, ["2019年1月", "王五", "M4", 1]]), names, VOCABULARY) is None


CASE: Rows = [
    ["专卖案件台账"],
    ["立案号", "甲1"],
    ["立案日期", "2019-01-05"],
    ["案由", "无证运输"],
    ["办案部门", "专卖股"],
    ["真烟(条)", 5],
    ["案值(元)", 588],
]


def read_case(folder: Path, read: Read, *beside: Value) -> tuple[list[tuple[str, str | None, str]], int]:
    """Return what is told of a case with a further column, its first cell beside the title, and how many cases."""
    rows: Rows = [[*row, *[None] * (2 - len(row)), cell] for row, cell in zip(CASE, beside, strict=True)]
    write_xlsx(write_bureau(folder) / "2019年案件台账.xlsx", {"案件": [*rows, ["结案日期"]]})
    reading = read(folder)
    issues = [(issue.code, issue.cell, issue.seen) for issue in reading.issues]
    return issues, len(reading.tables["cases"])


@pytest.mark.parametrize(
    "beside",
    [
        [None, "示例：甲1", "示例：2019-01-05", "示例：无证运输", "示例：专卖股", "示例：5", "示例：588"],
        [None, "按文书填写", "填年月日", "填案由全称", "填承办的股或所", "填条数", "填金额"],
        ["填写说明", "文书号", "年月日", "案由", "专卖股", "条", None],
    ],
)
def test_explanations_beside_a_form_are_words_of_it(tmp_path: Path, read: Read, beside: list[Value]) -> None:
    assert read_case(tmp_path, read, *beside) == ([], 1)


def test_an_example_beside_a_form_is_no_record_and_its_values_are_told(tmp_path: Path, read: Read) -> None:
    example: list[Value] = ["示例", "甲9", "2019-01-09", "非法经营", "专卖股", 7, 900]
    assert read_case(tmp_path, read, *example) == ([("unused_cells", "C2", "C2:C7")], 1)


def test_a_record_with_one_wrong_value_beside_a_form_is_told_at_its_cell(tmp_path: Path, read: Read) -> None:
    case: list[Value] = [None, "甲2", "2019-13-05", "非法经营", "专卖股", 7, 900]
    issues, count = read_case(tmp_path, read, *case)
    assert [(code, cell) for code, cell, _ in issues] == [("bad_date", "C3")]
    assert count == 1


def test_a_remark_beside_one_value_of_a_form_is_told(tmp_path: Path, read: Read) -> None:
    assert read_case(tmp_path, read, None, None, None, "待核", None, None, None) == ([("unused_cells", "C4", "C4")], 1)


@pytest.mark.parametrize("activity", ["特色活动", "党小组会", "主题党日"])
@pytest.mark.parametrize("is_tall", [True, False])
def test_an_activity_kept_as_a_form_is_of_the_type_that_it_says(
    tmp_path: Path, read: Read, activity: str, is_tall: bool
) -> None:
    pairs: list[list[Value]] = [
        ["党小组", "专卖综合"],
        ["活动时间", "2019年1月8日"],
        ["活动类型", activity],
        ["活动主题", "帮扶零售户"],
        ["应到", 5],
        ["实到", 4],
        ["请假人员", "王五（公假）"],
        ["图片", "有"],
    ]
    wide = [[*left, *right] for left, right in zip(pairs[::2], pairs[1::2], strict=True)]
    write_xlsx(write_bureau(tmp_path) / "活动记录.xlsx", {"甲": [["党小组活动记录表"], *(pairs if is_tall else wide)]})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "activities", "activity_type", "present", "has_record") == [(activity, 4, True)]


def test_a_list_of_signatures_side_by_side_is_no_form() -> None:
    rows: Rows = [
        ["党员大会签到表"],
        ["时间：2019年1月30日", None, "地点：五楼会议室"],
        ["序号", "姓名", "签到", "序号", "姓名", "签到"],
        [1, "张三", "√", 3, "王五", "√"],
        [2, "李四", "√", 4, "赵六", "病假"],
    ]
    assert recognise_form(make_grid(rows), SheetNames("签到.xlsx", "1月"), VOCABULARY) is None
