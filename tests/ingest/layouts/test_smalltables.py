"""A further small table below a table is told once, and costs no record of the table above."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.ingest.bureau import Reading
from tests.golden import rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]
HEADER: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题"]
LEDGER: Rows = [[number, f"1.{number + 3}", "专卖综合", "党小组会", f"主题{number}"] for number in range(1, 5)]
SUMMARY: Rows = [["党小组", "活动次数", "到会率"], ["营销管理", 3, "95%"], ["专卖综合", 4, "93%"], ["合计", 7, "94%"]]


def read_ledger(folder: Path, read: Read, rows: Rows) -> tuple[Reading, list[tuple[str, str | None]]]:
    write_xlsx(write_bureau(folder) / "2019年活动台账.xlsx", {"活动": [HEADER, *rows]})
    reading = read(folder)
    return reading, [(issue.code, issue.cell) for issue in reading.issues]


@pytest.mark.parametrize("between", [[], [[]], [["注：以下为汇总。"]]])
def test_a_summary_below_a_ledger_is_told_once(tmp_path: Path, read: Read, between: Rows) -> None:
    reading, told = read_ledger(tmp_path, read, [*LEDGER, *between, *SUMMARY, ["制表人：李四"]])
    assert told == [("unused_cells", f"A{6 + len(between)}")]
    assert len(reading.tables["activities"]) == len(LEDGER)
    (sheet,) = [sheet for file in reading.files for sheet in file.sheets if sheet.name == "活动"]
    assert (sheet.rejected, sheet.unrecognised) == (0, len(SUMMARY))


def test_records_behind_a_summary_are_read(tmp_path: Path, read: Read) -> None:
    reading, told = read_ledger(tmp_path, read, [*LEDGER[:2], [], *SUMMARY, [], *LEDGER[2:]])
    assert told == [("unused_cells", "A5")]
    assert len(reading.tables["activities"]) == len(LEDGER)


@pytest.mark.parametrize("day", ["待定", "一月八日", "同上"])
def test_a_record_with_a_word_in_place_of_its_day_stays_a_record(tmp_path: Path, read: Read, day: str) -> None:
    odd: Rows = [["新增", day, "营销管理", "党小组会", "学习"]]
    reading, told = read_ledger(tmp_path, read, [*LEDGER[:2], *odd, *LEDGER[2:]])
    assert told == ([("bad_date", "B4")] if day == "待定" else [])
    assert len(rows_of(reading, "activities", "held_on")) == len(LEDGER) + (day != "待定")


def test_a_summary_over_columns_of_texts_is_told_once(tmp_path: Path, read: Read) -> None:
    shops: Rows = [
        ["序号", "乡镇", "经营者", "发现日期", "措施", "责任人", "办结日期"],
        [1, "甲镇", "某甲", "2019-01-05", "劝退", "李四"],
        [],
        ["乡镇", "户数", "占比"],
        ["甲镇", 1, "100%"],
        ["合计", 1, "100%"],
    ]
    write_xlsx(write_bureau(tmp_path) / "2019年无证户整治台账.xlsx", {"无证户": shops})
    reading = read(tmp_path)
    assert [(issue.code, issue.seen) for issue in reading.issues] == [("unused_cells", "A4:C6")]
    assert len(reading.tables["unlicensed_shops"]) == 1


def test_a_lone_text_in_a_ledger_is_told_once(tmp_path: Path, read: Read) -> None:
    _, told = read_ledger(tmp_path, read, [*LEDGER[:2], [None, "补登部分"], *LEDGER[2:]])
    assert told == [("bad_date", "B4")]
