"""Numbers that their cells show as others are told, where nobody can tell which was meant."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
QUIZ: Rows = [["姓名", "得分"], ["张三", 0.95], ["李四", 0], ["王五", 95]]


def show(path: Path, cells: tuple[str, ...], number_format: str) -> None:
    workbook = openpyxl.load_workbook(path)
    for cell in cells:
        workbook.worksheets[0][cell].number_format = number_format
    workbook.save(path)


def test_a_score_that_is_shown_as_percent_is_told_as_it_is_seen(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "答题成绩_20190115.xlsx", {"甲": QUIZ})
    show(path, ("B2", "B3"), "0%")
    reading = read(tmp_path)
    assert [(issue.code, issue.cell, issue.seen) for issue in reading.issues] == [("bad_number", "B2", "95%")]
    assert reading.tables["quiz_results"]["score"].tolist() == [0.0, 95.0]


def test_in_a_column_that_may_be_empty_the_row_stays(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["党小组", "支委评分", "互评得分"], ["营销管理", 0.95, 93]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年一季度考核表.xlsx", {"季度考核": rows})
    show(path, ("B2",), "0%")
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues] == [("bad_number", "B2")]
    assert reading.tables["quarter_assessments"]["mutual_score"].tolist() == [93.0]


CASES: Rows = [
    ["立案号", "立案日期", "党小组", "案值(万元)", "结案日期"],
    ["示例1号", "1.8", "专卖综合", 21_500, "2.1"],
    ["示例2号", "1.9", "专卖综合", 3, "2.1"],
]
SALES: Rows = [["单位", "1月销量(箱)", "1月销售额(万元)"], ["城区", 2.5, 70_000]]


@pytest.mark.parametrize("number_format", ["0!.0000", "0\\.0,", '0.00,,"亿"', '#,##0"."0000_ ;[Red]-0', "0.0,"])
def test_an_amount_whose_format_and_whose_unit_both_shift_its_point_is_told(
    number_format: str, tmp_path: Path, read: Read
) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", {"甲": CASES})
    show(path, ("D2",), number_format)
    reading = read(tmp_path)
    assert [(i.code, i.cell, i.seen) for i in reading.issues] == [("shifted_number", "D2", "21500")]
    assert reading.tables["cases"]["case_value_yuan"].dropna().tolist() == [30_000]


@pytest.mark.parametrize(
    ("header", "number_format"),
    [
        ("案值(元)", '0!.0,"万"'),
        ("案值(万元)", "#,##0.00"),
        ("案值(万元)", '"约"#,##0_);(#,##0)'),
        ("案值(万元)", "0.0"),
    ],
)
def test_a_format_that_shifts_nothing_or_nothing_twice_is_no_fault(
    header: str, number_format: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [[*CASES[0][:3], header, "结案日期"], CASES[1]]
    path = write_xlsx(write_bureau(tmp_path) / "2019年案件台账.xlsx", {"甲": rows})
    show(path, ("D2",), number_format)
    reading = read(tmp_path)
    assert reading.issues == ()
    assert reading.tables["cases"]["case_value_yuan"].tolist() == [21_500 * (10_000 if "万" in header else 1)]


def test_it_is_told_of_a_table_with_months_across(tmp_path: Path, read: Read) -> None:
    path = write_xlsx(write_bureau(tmp_path) / "2019年卷烟销售月报.xlsx", {"甲": SALES})
    show(path, ("C2",), "0!.0000")
    reading = read(tmp_path)
    assert ("shifted_number", "C2") in [(issue.code, issue.cell) for issue in reading.issues]
    assert reading.tables["sales_by_group_month"]["revenue_yuan"].dropna().tolist() == []
