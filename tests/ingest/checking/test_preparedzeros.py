"""Zeros in the months to come are no results; a zero among results is one."""

from pathlib import Path

from tests.golden import Read, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

SALES: list[Value] = ["单位", "本月销量(箱)", "同期(箱)", "完成率", "本月销售额(元)"]
INSPECTED: list[Value] = ["单位", "市场检查", "寄递检查"]


def sales(month: int, town: int, land: int) -> Rows:
    amounts = (("城区", town), ("驮卢", land))
    rows: Rows = [[name, volume, 650, "95%" if volume else "#DIV/0!", volume * 28_000] for name, volume in amounts]
    return [[f"2019年{month}月卷烟销售月报"], SALES, *rows]


def test_months_to_come_are_left_out(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    sheets = {"10月": sales(10, 700, 250), "11月": sales(11, 0, 0), "12月": sales(12, 0, 0)}
    write_xlsx(folder / "2019年销售月报.xlsx", sheets)
    across: Rows = [["单位", "项目", "10月", "11月"], ["专卖股", "市场检查", 300, 0], ["专卖股", "寄递检查", 10, 0]]
    write_xlsx(folder / "2019年检查月报.xlsx", {"检查": across})
    reading = read(folder)
    told = [(issue.code, issue.file, issue.cell, issue.seen) for issue in reading.issues]
    assert told == [
        ("prepared_zeros", "2019年检查月报.xlsx", "D1", "2019-11"),
        ("prepared_zeros", "2019年销售月报.xlsx", "A3", "2019-11 … 2019-12"),
    ]
    assert "确实是 0 的，这个月或以后的月份有了业绩就会照常采用" in reading.issues[0].message
    assert {str(month) for month in reading.tables["sales_by_group_month"]["month"]} == {"2019-10"}
    assert rows_of(reading, "inspections_by_group_month", "month", "market_inspections") == [("2019-10", 300)]
    notes = [sheet.note for file in reading.files for sheet in file.sheets if sheet.name in ("11月", "12月")]
    assert notes == [2, 2]


def test_a_zero_among_results_is_one(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    write_xlsx(folder / "2019年销售月报.xlsx", {"9月": sales(9, 0, 0), "10月": sales(10, 700, 0)})
    inspected: Rows = [INSPECTED, ["专卖股", 0, 0]]
    write_xlsx(folder / "2019年10月检查月报.xlsx", {"检查": inspected})
    reading = read(folder)
    assert len(reading.tables["sales_by_group_month"]) == 4
    assert len(reading.tables["inspections_by_group_month"]) == 1


def test_an_amount_that_cannot_be_read_is_more_than_nothing(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    november = sales(11, 0, 0)
    unread: list[Value] = ["驮卢", "待核", 650, "0%", 0]
    write_xlsx(folder / "2019年销售月报.xlsx", {"10月": sales(10, 700, 250), "11月": [*november[:3], unread]})
    reading = read(folder)
    assert [issue.cell for issue in reading.issues if issue.code == "bad_number"] == ["B4"]
    assert len(reading.tables["sales_by_group_month"]) == 3


def test_shops_that_are_known_beforehand_are_no_results(tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    write_xlsx(folder / "2019年销售月报.xlsx", {"10月": sales(10, 700, 250), "11月": sales(11, 0, 0)})
    header: list[Value] = ["单位", "零售户数", "上柜户数"]
    shelf: dict[str, Rows] = {
        f"{month}月": [header, ["城区", 1200, stocking]] for month, stocking in ((10, 100), (11, 0))
    }
    write_xlsx(folder / "2019年新品上柜月报.xlsx", shelf)
    reading = read(folder)
    assert [(issue.code, issue.sheet) for issue in reading.issues] == [("prepared_zeros", "11月")] * 2
    assert {str(month) for month in reading.tables["sales_by_group_month"]["month"]} == {"2019-10"}
