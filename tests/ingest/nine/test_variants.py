"""Workbooks kept in other ways than the domain description's: the same rows must come out, without an issue."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from pipeline.ingest.bureau import Reading
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

Read = Callable[[Path], Reading]

HEADER: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员", "议题", "图片"]
FIRST: list[Value] = [1, "2021.1.8", "专卖综合", "党小组会", "整治", 5, 4, "王五(公假)", "无证户", "有"]
SECOND: list[Value] = [2, "2021.1.15", "驮卢片区", "主题党日", "服务", 5, 5, "无", "—", "无"]
COLUMNS = ["held_on", "party_group", "activity_type", "theme", "expected", "present", "excused_count", "has_record"]
EXPECTED = [
    ["2021-01-08", "专卖综合", "党小组会", "整治", 5, 4, 1, True],
    ["2021-01-15", "驮卢片区", "主题党日", "服务", 5, 5, 0, False],
]


def without_group(row: list[Value]) -> list[Value]:
    return [*row[:2], *row[3:]]


def dated(row: list[Value], day: Value) -> list[Value]:
    return [row[0], day, *row[2:]]


def shuffled(row: list[Value]) -> list[Value]:
    return [row[position] for position in (3, 2, 1, 9, 8, 7, 6, 5, 4, 0)]


def spaced(row: list[Value]) -> list[Value]:
    return [None, row[0], None, *row[1:5], None, *row[5:]]


HEADERS_OF_OTHERS: list[Value] = [
    *("序 号", "活 动 时 间", "所在党小组", "活动类别", "活动内容"),
    *("应到人数（人）", "实到会人数", "请假情况", "研究议题", "活动图片"),
]
# name -> (file, sheet, rows, merged ranges)
Variant = tuple[str, str, Rows, tuple[str, ...]]
VARIANTS: dict[str, Variant] = {
    "columns in another order": ("2021年活动台账.xlsx", "甲", [shuffled(row) for row in (HEADER, FIRST, SECOND)], ()),
    "other words in the header": ("2021年党小组活动情况登记表.xlsx", "甲", [HEADERS_OF_OTHERS, FIRST, SECOND], ()),
    "blank rows and columns": (
        "2021年活动台账.xlsx",
        "甲",
        [[], ["活动台账"], [], spaced(HEADER), [], spaced(FIRST), [], spaced(SECOND)],
        (),
    ),
    "the header again on every page": (
        "2021年活动台账.xlsx",
        "甲",
        [["活动台账"], HEADER, FIRST, ["活动台账"], HEADER, SECOND],
        ("A1:J1",),
    ),
    "headings that name the group": (
        "2021年活动台账.xlsx",
        "甲",
        [
            without_group(HEADER),
            ["一、专卖综合党小组"],
            without_group(FIRST),
            ["小计", None, None, None, 5, 4],
            ["二、驮卢片区党小组"],
            without_group(SECOND),
            ["合计（人次）", None, None, None, 10, 9],
        ],
        (),
    ),
    "merged headings over the table's own columns": (
        "2021年活动台账.xlsx",
        "甲",
        [
            without_group(HEADER)[1:],
            ["专卖综合"],
            without_group(FIRST)[1:],
            ["驮卢片区"],
            without_group(SECOND)[1:],
        ],
        ("A2:I2", "A4:I4"),
    ),
    "rows prepared and never filled in": (
        "2021年活动台账.xlsx",
        "甲",
        [HEADER, FIRST, SECOND, [3], [4, *["—"] * 9], [5, None, None, None, None, None, None, "无", "无", "无"]],
        (),
    ),
    "notes and signatures": (
        "2021年活动台账.xlsx",
        "甲",
        [
            HEADER,
            FIRST,
            SECOND,
            ["备注", None, "图片另附"],
            ["2、公假不计入。"],
            ["制表人：张三", None, "联系电话：123"],
            ["2021年2月1日"],
        ],
        (),
    ),
    "counted totals": (
        "2021年活动台账.xlsx",
        "甲",
        [HEADER, ["合计：2次", None, None, None, None, 10, 9], FIRST, SECOND, ["共计", None, None, None, None, 10, 9]],
        (),
    ),
    "numbers with their word": (
        "2021年活动台账.xlsx",
        "甲",
        [HEADER, [*FIRST[:5], "5人", "4 名", *FIRST[7:]], SECOND],
        (),
    ),
}
for number, sheet in enumerate(["一月", "1月份", "2021.01", "202101", "2021年1月", "01月", "2021-01"]):
    bare = [HEADER, dated(FIRST, "1.8"), dated(SECOND, "1月15日")]
    VARIANTS[f"a sheet a month, {number}"] = ("2021年活动台账.xlsx", sheet, bare, ())


def rows_of(reading: Reading) -> list[list[object]]:
    frame = reading.tables["activities"][COLUMNS].assign(held_on=lambda rows: rows["held_on"].dt.strftime("%Y-%m-%d"))
    return [[None if pd.isna(value) else value for value in row] for row in frame.to_numpy().tolist()]


@pytest.mark.parametrize("name", VARIANTS)
def test_the_same_rows_come_out(name: str, tmp_path: Path, read: Read) -> None:
    file, sheet, rows, merges = VARIANTS[name]
    write_xlsx(write_bureau(tmp_path) / file, {sheet: rows}, {sheet: merges})
    reading = read(tmp_path)
    assert [issue.message for issue in reading.issues] == []
    assert rows_of(reading) == EXPECTED
    ledger = next(entry for entry in reading.files if entry.path == file).sheets[0]
    assert ledger.balances()
    assert (ledger.used, ledger.rejected, ledger.unrecognised) == (2, 0, 0)


DAYS: list[Value] = [
    *("2021/1/8", "2021-01-08", "20210108", "2021年1月8日", "2021 年 1 月 8 日", "二〇二一年一月八日", "一月八日"),
    *(
        "1月8号",
        "1-8",
        "2021、1、8",
        "2021。1。8",
        "2021.1.8.",
        "2021.1.8日",
        "２０２１．１．８",
        "44204",
        "1月8日上午",
    ),
    *("2021年1月8日（星期五）", "2021-1-8 09:30", "2021年1月8日9:00-11:00", "2021-1-8上午9点", "1月8日上午"),
    *("2021年1月8日（上午）", "1月8日（半天）", "2021年1月8日(周五)下午3点", "2021.1.8 周五 14:30"),
    *("8日", "八日"),  # the file is that of January
    *(44204, 20210108, datetime(2021, 1, 8, 9, 30)),
]


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_a_day_in_every_spelling(day: Value, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2021年1月活动台账.xlsx", {"甲": [HEADER, dated(FIRST, day)]})
    reading = read(tmp_path)
    assert [issue.message for issue in reading.issues] == []
    assert rows_of(reading) == EXPECTED[:1]


@pytest.mark.parametrize("day", ["32日", "21.1.8", "二月三十日", "一月三十二日", "1月8日会议", "2021.1.8-9"])
def test_what_is_no_day_stays_a_fault(day: str, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / "2021年1月活动台账.xlsx", {"甲": [HEADER, dated(FIRST, day)]})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("bad_date", "B2")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_text_files(encoding: str, delimiter: str, tmp_path: Path, read: Read) -> None:
    lines = [delimiter.join(str(cell) for cell in row) for row in (HEADER, FIRST, SECOND)]
    (write_bureau(tmp_path) / "2021年活动台账.csv").write_bytes("\r\n".join(lines).encode(encoding))
    reading = read(tmp_path)
    assert [issue.message for issue in reading.issues] == []
    assert rows_of(reading) == EXPECTED
