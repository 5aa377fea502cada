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


UNDATED: list[Value] = ["待定", "营销管理", "特色活动", "学习"]
GOOD: Rows = [[f"1.{day}", "驮卢片区", "党小组会", f"主题{day}"] for day in range(9, 14)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (1, 2, 3, 0), (2, 0, 1, 3), (3, 2, 1, 0)])
@pytest.mark.parametrize("before", [[], ["小计", None, None, None, 5]])
def test_a_record_without_its_day_that_stands_apart_is_told_and_costs_none_below_it(
    tmp_path: Path, read: Read, order: tuple[int, ...], before: list[Value]
) -> None:
    """Words such as 学习 and 特色活动 are headers elsewhere."""
    ledger = [["日期", "党小组", "活动类型", "主题"], ["1.8", "专卖综合", "党小组会", "学习"], UNDATED, *GOOD]
    head, first, undated, *good = [[*(row[number] for number in order), 5] for row in ledger]
    rows: Rows = [[*head[:-1], "应到"], first, before, undated[:-1], *good]
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", {"活动": rows})
    reading = read(tmp_path)
    told = [(issue.code, issue.cell) for issue in reading.issues]
    assert ("bad_date", f"{'ABCD'[order.index(0)]}4") in told
    assert len(reading.tables["activities"]) == 1 + len(GOOD)


@pytest.mark.parametrize("header", [["党小组", "荣誉", "备注", "得分"], ["党小组", "荣誉", "备注"]])
def test_records_with_a_day_right_below_a_further_table_are_read(
    tmp_path: Path, read: Read, header: list[Value]
) -> None:
    rows: Rows = [*LEDGER[:2], [], [None, *header], [None, "全部", None, 5], *LEDGER[2:]]
    reading, told = read_ledger(tmp_path, read, rows)
    assert told == [("unused_cells", "B5")]
    assert len(reading.tables["activities"]) == len(LEDGER)


def test_amounts_under_headers_of_their_own_are_none_of_the_table_above(tmp_path: Path, read: Read) -> None:
    sales: Rows = [["单位", "销量(箱)", "销售额(万元)"], ["城区", 700, 2000]]
    rows: Rows = [*sales, [], ["单位", "户数", "户均"], ["驮卢", 300, 2], ["城区", 500, 3]]
    write_xlsx(write_bureau(tmp_path) / "2019年1月卷烟销售月报.xlsx", {"1月": rows})
    reading = read(tmp_path)
    assert [(issue.code, issue.cell) for issue in reading.issues if issue.cell] == [("unused_cells", "A4")]
    assert rows_of(reading, "sales_by_group_month", "party_group", "volume_xiang") == [("营销管理", 700)]
