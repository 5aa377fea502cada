"""Copies of files, whatever they are kept in."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

import pytest
import xlwt

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
HEADER: list[Value] = ["日期", "党员", "地点", "事项"]
VISITS: list[list[Value]] = [[f"2019-01-{day:02d}", "张三", "甲村", "走访"] for day in range(1, 7)]


def statuses(reading: Reading) -> dict[str, str]:
    return {file.path: file.status for file in reading.files if file.kind in (None, "frontline")}


def test_a_copy_with_the_same_bytes_is_left_out(tmp_path: Path, read: Read) -> None:
    original = write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [HEADER, *VISITS]})
    copyfile(original, tmp_path / "一线台账 - 副本.xlsx")
    reading = read(tmp_path)
    assert statuses(reading) == {"一线台账.xlsx": "read", "一线台账 - 副本.xlsx": "skipped"}
    assert [(issue.file, issue.code, issue.expected) for issue in reading.issues] == [
        ("一线台账 - 副本.xlsx", "duplicate_file", "一线台账.xlsx")
    ]
    assert len(reading.tables["frontline_visits"]) == 6


def test_a_copy_in_other_clothes_is_left_out(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [HEADER, *VISITS]})
    dressed: Rows = [["党员到一线台账"], ["序号", *HEADER], *([None, *row] for row in VISITS), ["制表人："]]
    write_xlsx(tmp_path / "一线台账(最终版).xlsx", {"Sheet1": dressed})
    reading = read(tmp_path)
    assert statuses(reading)["一线台账(最终版).xlsx"] == "skipped"
    assert [issue.code for issue in reading.issues] == ["duplicate_file"]


@pytest.mark.parametrize("name", ["上柜2019-01 - 副本.xls", "上柜2019-01(最终版).csv"])
def test_a_copy_in_another_container_is_left_out(tmp_path: Path, read: Read, name: str) -> None:
    rows: list[list[Value]] = [
        ["单位", "零售户数", "上柜户数", "上柜率"],
        ["城区", 1200, 300, "25%"],
        ["驮卢", 600, 60, "10%"],
    ]
    write_xlsx(write_bureau(tmp_path) / "上柜2019-01.xlsx", {"2019年1月": rows})
    if name.endswith(".xls"):
        write_xls(tmp_path / name, rows)
    else:
        (tmp_path / name).write_bytes("\n".join(",".join(map(str, row)) for row in rows).encode("gb18030"))
    reading = read(tmp_path)
    assert [(issue.file, issue.code, issue.expected) for issue in reading.issues] == [
        (name, "duplicate_file", "上柜2019-01.xlsx")
    ]
    assert len(reading.tables["shelf_rates_by_group_month"]) == 2


def write_xls(path: Path, rows: Rows) -> None:
    """Write one sheet in the old format."""
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet = workbook.add_sheet("Sheet1")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    workbook.save(str(path))
