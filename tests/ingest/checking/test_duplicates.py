"""Copies of files, altered copies of ledgers, repeated keys."""

from collections.abc import Callable
from pathlib import Path
from shutil import copyfile

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


def test_an_altered_copy_loses_the_rows_that_it_repeats(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [HEADER, *VISITS]})
    write_xlsx(tmp_path / "一线台账-修改2.xlsx", {"台账": [HEADER, *VISITS, ["2019-01-20", "张三", "乙村", "走访"]]})
    reading = read(tmp_path)
    assert [(issue.file, issue.code, issue.seen) for issue in reading.issues] == [
        ("一线台账-修改2.xlsx", "overlapping_file", "6 / 7")
    ]
    assert len(reading.tables["frontline_visits"]) == 7


def test_equal_rows_within_a_file_are_two_visits(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "一线台账.xlsx", {"台账": [HEADER, VISITS[0], VISITS[0]]})
    reading = read(tmp_path)
    assert reading.issues == ()
    assert len(reading.tables["frontline_visits"]) == 2


def test_a_repeated_key_names_the_first_place(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["单位", "零售户数", "上柜户数", "上柜率"]
    write_xlsx(write_bureau(tmp_path) / "1月上柜.xlsx", {"2019年1月": [header, ["城区", 10, 5, "50%"]]})
    write_xlsx(tmp_path / "上柜(补).xlsx", {"2019年1月": [header, ["城区", 12, 5, "42%"]]})
    (issue,) = read(tmp_path).issues
    assert (issue.file, issue.cell, issue.code) == ("上柜(补).xlsx", "A2", "duplicate_key")
    assert issue.expected == "1月上柜.xlsx [2019年1月] A2"
