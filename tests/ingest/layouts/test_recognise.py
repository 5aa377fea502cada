"""Which kind a sheet is, and what is missing where it almost fits."""

import pytest

from pipeline.ingest.layouts.recognise import AlmostRecognised, Recognised, SheetNames, recognise
from tests.hand_made import VOCABULARY, Rows, make_grid

QUIZ: Rows = [["姓名", "手机号", "得分", "用时"], ["张三", "138", 95, "3分"]]


def find(rows: Rows, file: str = "甲.xlsx", sheet: str = "Sheet1") -> Recognised | AlmostRecognised | None:
    return recognise(make_grid(rows, name=sheet), SheetNames(file, sheet), VOCABULARY)


def test_headers_and_names_tell_the_kind() -> None:
    found = find(QUIZ, "答题成绩_20190115.csv")
    assert isinstance(found, Recognised)
    assert found.kind.kind == "quiz"
    assert found.columns == {0: "member", 1: "drop", 2: "score", 3: "duration_s"}


def test_headers_alone_are_enough_where_they_are_many() -> None:
    rows: Rows = [
        ["立案号", "立案日期", "案由", "查获地点", "办案部门", "真烟(条)", "案值(元)", "处理结果", "结案日期"],
        ["1"],
    ]
    found = find(rows)
    assert isinstance(found, Recognised)
    assert found.kind.kind == "cases"


@pytest.mark.parametrize(
    "rows",
    [
        [["姓名", "语文", "数学", "总分", "排名"], ["甲", 1, 2, 3, 1]],
        [["项目", "内容"], ["甲", "乙"]],
        [["编号", "名称", "数量"], [1, "甲", 2]],
        [["随便什么"]],
        [],
    ],
)
def test_a_list_of_something_else_is_of_no_kind(rows: Rows) -> None:
    assert find(rows) is None


def test_a_named_workbook_without_a_required_column_says_which() -> None:
    found = find([["姓名", "手机号", "分", "用时", "提交时间"], ["张三"]], "答题成绩.csv")
    assert isinstance(found, AlmostRecognised)
    assert (found.kind.kind, found.missing) == ("quiz", ("score",))


def test_two_columns_for_one_thing_are_both_left_alone() -> None:
    found = find([["姓名", "得分", "成绩", "用时", "提交时间"], ["张三", 1, 2]], "答题成绩.csv")
    assert isinstance(found, Recognised)
    assert found.doubled == (("score", (1, 2)),)
    assert "score" not in found.columns.values()


def test_a_corner_names_both_axes_of_a_matrix() -> None:
    rows: Rows = [["互评"], ["评价小组＼被评小组", "营销管理", "专卖综合", "平均"], ["营销管理", "/", 92, 92]]
    found = find(rows, "互评表.xlsx")
    assert isinstance(found, Recognised)
    assert found.kind.kind == "mutual_review"
    assert found.columns == {0: "rater_group", 1: "rated_group", 2: "rated_group"}
    assert found.titles == ("互评",)


def test_a_corner_without_anything_beside_it_is_no_matrix() -> None:
    assert find([["评价小组＼被评小组"]], "互评表.xlsx") is None
