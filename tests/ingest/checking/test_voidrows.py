"""Rows that say of themselves that they are void are told, and count; those that are crossed out do not count."""

from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from openpyxl import load_workbook
from openpyxl.styles import Font

from pipeline.ingest.bureau import Reading
from tests.golden import rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
CASES: list[Value] = ["立案号", "立案日期", "办案部门", "处理结果", "说明", "结案日期"]


@pytest.mark.parametrize(
    ("number", "result", "remark", "cell"),
    [
        ("第2号", None, "作废", "E3"),
        ("第2号", None, "（已作废）", "E3"),
        ("第2号（作废）", None, None, "A3"),
        ("第2号", "作 废", None, "D3"),
        ("第2号", None, "重复登记，作废", "E3"),
        ("第2号", None, "作废，见第3行", "E3"),
        ("第2号", None, "已取消（疫情）", "E3"),
        ("第2号", None, "此行无效", "E3"),
        ("第2号", None, "取消", "E3"),
        ("第2号", "取消", None, None),
        ("第2号", None, "作废旧证后补办，见附件说明", None),
    ],
)
def test_a_remark_that_a_row_is_void_is_told(
    number: str, result: str | None, remark: str | None, cell: str | None, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [CASES, ["第1号", "2019-01-05", "专卖股"], [number, "2019-01-06", "专卖股", result, remark]]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == ([("void_row", cell)] if cell else [])
    assert len(reading.tables["cases"]) == 2


def test_void_rows_are_told_once_for_each_sheet(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASES, *([f"第{number}号", "2019-01-05", "专卖股", None, "作废"] for number in range(1, 8))]
    write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    (issue,) = read(tmp_path).issues
    assert "共 7 行：E2, E3, E4, E5, E6, …" in issue.message


def strike(path: Path, cells: str, strikes: bool = True) -> None:
    """Put cells of the first sheet into struck-through letters."""
    workbook = load_workbook(path)
    for row in workbook.worksheets[0][cells]:
        for cell in row:
            cell.font = Font(strike=strikes)
    workbook.save(path)


@pytest.mark.parametrize(
    ("cells", "strikes", "kept", "told"),
    [
        ("A3:F3", True, ["第1号", "第3号"], [("struck_row", "A3", "第2号")]),
        ("A2:C3", True, ["第3号"], [("struck_row", "A2", "第1号")]),
        ("A3:B3", True, ["第1号", "第2号", "第3号"], []),
        ("A3:F3", False, ["第1号", "第2号", "第3号"], []),
    ],
)
def test_a_row_that_is_crossed_out_from_end_to_end_is_told_and_does_not_count(
    cells: str, strikes: bool, kept: list[str], told: list[tuple[str, str, str]], tmp_path: Path, read: Read
) -> None:
    rows: Rows = [CASES, *([f"第{number}号", f"2019-01-0{number}", "专卖股"] for number in (1, 2, 3))]
    path = write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    strike(path, cells, strikes)
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == told
    assert [number for (number,) in rows_of(reading, "cases", "case_no")] == kept


def test_a_line_through_what_was_closed_says_no_more_than_that(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASES, ["第1号", "2019-01-05", "专卖股", None, None, "2019-01-09"]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    strike(path, "A2:F2")
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("struck_ended_row", "A2")]
    assert len(reading.tables["cases"]) == 1


@pytest.mark.parametrize(("status", "kept"), [("已兑现", 1), ("未兑现", 0)])
def test_a_line_through_a_pledge_that_was_kept_does_not_take_it_back(
    status: str, kept: int, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [["党员", "承诺", "承诺日期", "期限", "状态"], ["张三", "走访", "2019-01-05", "2019-01-31", status]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年承诺台账.xlsx", {"承诺": rows})
    strike(path, "A2:E2")
    assert len(read(tmp_path).tables["pledges"]) == kept


def test_a_line_through_a_case_that_is_said_to_be_closed_does_not_take_it_back(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        CASES,
        *([f"第{n}号", "2019-01-05", "专卖股", None, None, end] for n, end in ((1, "已结"), (2, "无"))),
    ]
    path = write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    strike(path, "A2:F3")
    reading = read(tmp_path)
    told = {(issue.code, issue.cell) for issue in reading.issues}
    assert told == {("bad_date", "F2"), ("struck_ended_row", "A2"), ("struck_row", "A3")}
    assert rows_of(reading, "cases", "case_no") == [("第1号",)]


def test_faults_of_a_crossed_out_row_are_nobodys_business(tmp_path: Path, read: Read) -> None:
    rows: Rows = [CASES, ["第1号", "2019-01-05", "专卖股"], ["第2号", "某日", "专卖股"]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    strike(path, "A3:F3")
    (issue,) = read(tmp_path).issues
    assert issue.code == "struck_row"


@pytest.mark.parametrize(("total", "told"), [(4, []), (6, []), (5, ["total_mismatch"])])
def test_a_total_counts_a_crossed_out_row_or_not(total: int, told: list[str], tmp_path: Path, read: Read) -> None:
    """Whoever writes the total by hand leaves it out; the formula in the cell does not."""
    header: list[Value] = [*CASES[:3], "案值(元)", "结案日期"]
    data: Rows = [[f"第{number}号", f"2019-01-0{number}", "专卖股", 4 - number] for number in (1, 2, 3)]
    rows: Rows = [header, *data, ["合计", None, None, total]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年专卖案件台账.xlsx", {"案件": rows})
    strike(path, "A3:D3")
    assert [issue.code for issue in read(tmp_path).issues if issue.code != "struck_row"] == told


def test_a_total_of_months_across_may_leave_a_crossed_out_row_out(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["党小组", "1月", "2月"], ["营销管理", 1, 2], ["驮卢片区", 3, 4], ["合计", 1, 2]]
    path = write_bureau(tmp_path) / "2019年计划目标表.xlsx"
    strike(write_xlsx(path, {"计划": [["2019年销量计划（箱）"], *rows]}), "A4:C4")
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == ["struck_row"]
    assert len(reading.tables["targets_by_group_month"]) == 2


def test_a_row_of_an_old_workbook_is_crossed_out_alike(tmp_path: Path, read: Read) -> None:
    book, struck = xlwt.Workbook(), xlwt.easyxf("font: struck_out on")
    sheet = book.add_sheet("案件")
    header = [*CASES[:3], "案值(元)", "结案日期"]
    rows: Rows = [header, ["第1号", "2019-01-05", "专卖股", 1], ["第2号", "2019-01-06", "专卖股", 2]]
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value, *([struck] if number == 2 or column == 0 else []))
    book.save(write_bureau(tmp_path) / "2019年专卖案件台账.xls")
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("struck_row", "A3")]
    assert rows_of(reading, "cases", "case_no") == [("第1号",)]


def test_a_crossed_out_line_of_the_settings_settles_nothing(tmp_path: Path, read: Read) -> None:
    path = write_bureau(tmp_path) / "名称对照.xlsx"
    write_xlsx(path, {"对照": [["表内写法", "标准名称"], ["老城区", "营销管理"], ["驮卢", "驮卢片区"]]})
    strike(path, "A2:B2")
    rows: Rows = [["单位", "市场检查", "寄递检查"], ["老城区", 10, 2], ["驮卢", 6, 0]]
    write_xlsx(tmp_path / "2019年3月检查月报.xlsx", {"检查": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("unknown_group", "A2"), ("struck_row", "A2")]
    assert rows_of(reading, "inspections_by_group_month", "market_inspections") == [(6,)]


def test_a_crossed_out_member_is_in_no_group_and_no_unknown_name(tmp_path: Path, read: Read) -> None:
    write_bureau(tmp_path)
    strike(tmp_path / "党员花名册.xlsx", "A4:I4")
    rows: Rows = [["姓名", "得分"], ["张三", 90]]
    write_xlsx(tmp_path / "答题_20190115.xlsx", {"答题": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("struck_row", "A4")]
    assert rows_of(reading, "quiz_results", "member", "party_group") == [("张三", None)]
