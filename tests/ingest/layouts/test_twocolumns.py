"""Two columns for one thing: which one is read, row by row."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.golden import assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
MEETING: list[Value] = ["1.8", "营销管理", "特色活动"]


def read_activities(folder: Path, read: Read, header: list[Value], *rows: list[Value]) -> Reading:
    write_xlsx(write_bureau(folder) / "2019年活动台账.xlsx", {"活动": [header, *rows]})
    return read(folder)


@pytest.mark.parametrize("empty", [None, "/"])
def test_the_second_of_two_texts_is_read_where_the_first_is_empty(tmp_path: Path, read: Read, empty: Value) -> None:
    header: list[Value] = ["日期", "党小组", "活动类型", "主题", "活动内容", "图片"]
    texts: list[tuple[Value, Value]] = [("品牌培育", "略"), (empty, "大户走访"), (empty, "〃")]
    reading = read_activities(tmp_path, read, header, *([*MEETING, *two, "有"] for two in texts))
    assert_clean(reading)
    assert rows_of(reading, "activities", "theme") == [("品牌培育",), ("大户走访",), ("大户走访",)]


@pytest.mark.parametrize(
    ("days", "held_on"),
    [
        ((("1.8", None), ("1.9", None)), ["2019-01-08", "2019-01-09"]),
        (((None, "1.8"), (None, "1.9")), ["2019-01-08", "2019-01-09"]),
        ((("1.8", None), (None, "1.9")), ["2019-01-08", "2019-01-09"]),
        ((("1.8", "15:00"), ("1.9", "下午3点")), ["2019-01-08", "2019-01-09"]),
        ((("1.8", "1月8日"), ("1.9", None)), ["2019-01-08", "2019-01-09"]),
    ],
)
def test_of_two_columns_of_days_the_one_that_says_the_day_is_read(
    tmp_path: Path, read: Read, days: tuple[tuple[Value, Value], ...], held_on: list[str]
) -> None:
    header: list[Value] = ["日期", "时间", "党小组", "活动类型"]
    reading = read_activities(tmp_path, read, header, *([*two, "营销管理", "特色活动"] for two in days))
    assert [issue.code for issue in reading.issues if issue.severity == "error"] == []
    assert [day for (day,) in rows_of(reading, "activities", "held_on")] == held_on


def test_two_columns_that_say_two_things_are_told(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "活动时间", "党小组", "活动类型"]
    reading = read_activities(tmp_path, read, header, ["1.8", "1.9", "营销管理", "特色活动"])
    assert [issue.code for issue in reading.issues] == ["duplicate_column"]
    assert reading.tables["activities"].empty


@pytest.mark.parametrize(("scores", "told"), [((90, None), []), ((None, 90), []), ((90, 80), ["duplicate_column"])])
def test_of_two_columns_of_numbers_the_one_that_is_filled_is_read(
    tmp_path: Path, read: Read, scores: tuple[Value, Value], told: list[str]
) -> None:
    rows: Rows = [["姓名", "得分", "成绩"], ["张三", *scores]]
    write_xlsx(write_bureau(tmp_path) / "答题_20190115.xlsx", {"答题": rows})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == told
    assert rows_of(reading, "quiz_results", "score") == ([] if told else [(90,)])


def test_numbers_of_two_columns_are_not_mixed(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["姓名", "得分", "成绩"], ["张三", 90, None], ["李四", None, 80]]
    write_xlsx(write_bureau(tmp_path) / "答题_20190115.xlsx", {"答题": rows})
    assert [issue.code for issue in read(tmp_path).issues] == ["duplicate_column"]


@pytest.mark.parametrize("headers", [("分值", "得分"), ("得分", "分值")])
def test_what_may_be_got_stands_beside_what_was_got(tmp_path: Path, read: Read, headers: tuple[Value, Value]) -> None:
    points = (30, 28) if headers[0] == "分值" else (28, 30)
    rows: Rows = [["组长", "项目", *headers], ["张三", "主持会议", *points]]
    write_xlsx(write_bureau(tmp_path) / "2019年一季度组长履职表.xlsx", {"履职": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "leader_duties", "full_points", "points") == [(30, 28)]


def test_what_was_got_may_be_called_so_alone(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["组长", "项目", "分值"], ["张三", "主持会议", 28]]
    write_xlsx(write_bureau(tmp_path) / "2019年一季度组长履职表.xlsx", {"履职": rows})
    assert rows_of(read(tmp_path), "leader_duties", "points") == [(28,)]


def test_a_second_column_of_days_that_holds_something_else_is_told(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "活动时间", "党小组", "活动类型"]
    reading = read_activities(tmp_path, read, header, ["1.8", "三楼会议室", "营销管理", "特色活动"])
    assert [issue.code for issue in reading.issues] == ["duplicate_column"]


def test_totals_and_signatures_say_nothing_of_two_columns(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["日期", "时间", "党小组", "活动类型"]
    below: Rows = [["合计", 1], ["负责人：张三", "填表日期：2019年2月1日"]]
    reading = read_activities(tmp_path, read, header, ["1.8", "上午", "营销管理", "特色活动"], *map(list, below))
    assert [issue.code for issue in reading.issues if issue.severity == "error"] == []
    assert rows_of(reading, "activities", "held_on") == [("2019-01-08",)]


def test_of_two_columns_of_groups_the_one_that_says_more_is_read(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["立案号", "立案日期", "部门", "办案部门", "结案日期"]
    rows: Rows = [header, ["第1号", "1.5", "左江县局", "专卖股", None], ["第2号", "1.6", "左江县局", "驮卢所", None]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "cases", "party_group") == [("专卖综合",), ("驮卢片区",)]


def test_a_month_with_its_year_and_one_without_are_the_same(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["月份", "统计月份", "单位", "市场检查", "寄递检查"]
    rows: Rows = [header, ["1月", "2019-01", "专卖股", 10, 2], ["2月", "2019-02", "专卖股", 12, 2]]
    write_xlsx(write_bureau(tmp_path) / "2019年检查月报.xlsx", {"检查": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "inspections_by_group_month", "month") == [("2019-01",), ("2019-02",)]
