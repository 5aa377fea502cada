"""Rows that contradict themselves or each other: one slip of the pen is told once and costs nothing else."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
OPINIONS = ["编号", "收集日期", "党小组", "期限", "办结日期"]


def told(reading: Reading) -> list[tuple[str, str | None]]:
    return [(issue.code, issue.cell) for issue in reading.issues]


def test_an_end_before_its_beginning_is_taken_out(tmp_path: Path, read: Read) -> None:
    rows: Rows = [OPINIONS, ["甲1", "2019-03-05", "营销管理", "2019-04-05", "2019-02-20"]]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    reading = read(tmp_path)
    assert told(reading) == [("date_order", "E2")]
    assert reading.tables["opinions"]["closed_on"].isna().all()


def test_a_beginning_of_another_year_leaves_the_end_alone(tmp_path: Path, read: Read) -> None:
    rows: Rows = [OPINIONS, ["甲1", "2091-03-05", "营销管理", "2019-04-05", "2019-03-20"]]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    reading = read(tmp_path)
    assert told(reading) == [("outside_period", "B2")]
    assert reading.tables["opinions"]["closed_on"].tolist() == [pd.Timestamp("2019-03-20")]


def test_a_line_of_the_roster_that_stands_twice_is_no_transfer(tmp_path: Path, read: Read) -> None:
    line = ["甲", "营销管理", "2018.11", None, "员"]
    rows: Rows = [["姓名", "党小组", "入组时间", "离组时间", "职务"], line, line]
    write_xlsx(tmp_path / "花名册.xlsx", {"花名册": rows})
    reading = read(tmp_path)
    assert told(reading) == [("copied_row", "A3")]
    assert len(reading.tables["memberships"]) == 1


def test_a_deadline_before_the_matter_began_is_told_and_stays(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        OPINIONS,
        ["甲1", "2019-03-05", "营销管理", "2019-02-05", "2019-03-20"],
        ["甲2", "2019-03-05", "营销管理", "2019-03-05", None],
    ]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    reading = read(tmp_path)
    assert told(reading) == [("due_before_start", "D2")]
    assert reading.issues[0].severity == "warning"
    assert "2019-03-05" in reading.issues[0].message
    assert reading.tables["opinions"]["due_on"].tolist() == [pd.Timestamp("2019-02-05"), pd.Timestamp("2019-03-05")]


def test_an_end_that_must_be_there_costs_the_row_and_says_so(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["姓名", "假别", "开始日期", "结束日期"], ["张三", "病假", "2019-01-05", "2019-01-03"]]
    write_xlsx(write_bureau(tmp_path) / "请假台账.xlsx", {"请假": rows})
    (issue,) = read(tmp_path).issues
    assert (issue.code, issue.cell) == ("date_order", "D2")
    assert "这一行未计入" in issue.message


@pytest.mark.parametrize("due", ["1月底前", "1月31日", "一月三十一日前"])
def test_a_day_without_its_year_is_of_the_next_one_where_december_put_it_off(
    due: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [OPINIONS, ["甲1", "12月5日", "营销管理", due, "1月9日"]]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    reading = read(tmp_path)
    assert told(reading) == []
    (row,) = reading.tables["opinions"].to_dict("records")
    assert (row["due_on"], row["closed_on"]) == (pd.Timestamp("2020-01-31"), pd.Timestamp("2020-01-09"))


@pytest.mark.parametrize(
    ("begun", "due"),
    [("3月5日", "3月1日"), ("12月5日", "2019-01-31"), ("12月5日", "2019年1月底前"), ("12月5日", "19年1月5日")],
)
def test_a_day_with_its_year_or_far_off_is_told(begun: str, due: str, tmp_path: Path, read: Read) -> None:
    rows: Rows = [OPINIONS, ["甲1", begun, "营销管理", due, None]]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    assert told(read(tmp_path)) == [("due_before_start", "D2")]


def test_a_closing_day_a_half_year_off_is_a_slip(tmp_path: Path, read: Read) -> None:
    rows: Rows = [OPINIONS, ["甲1", "7月15日", "营销管理", "1月10日", "1月10日"]]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账（2019年）.xlsx", {"意见": rows})
    assert told(read(tmp_path)) == [("date_order", "E2")]
