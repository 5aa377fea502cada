"""Texts that are no tables, in codes that are none, and lines without end."""

import random
from collections.abc import Callable

from tests.hostile_files.cases import Hostile, fixed

TABLE = "姓名,得分\r\n张三,95\r\n"
MEGABYTE = 2**20


def coded(encoding: str, text: str = TABLE) -> Callable[[], bytes]:
    return lambda: text.encode(encoding)


def noise() -> bytes:
    return random.Random(7).randbytes(MEGABYTE)


PLAIN: dict[str, Hostile] = {
    "a mark of UTF-8": fixed("a.csv", coded("utf-8-sig"), "read 2"),
    "a mark of UTF-16": fixed("a.csv", coded("utf-16"), "read 2"),
    "a mark of UTF-16, the other way round": fixed("a.csv", lambda: b"\xfe\xff" + TABLE.encode("utf-16-be"), "read 2"),
    "a mark of UTF-32": fixed("a.csv", coded("utf-32"), "refused encoding"),
    "a mark of UTF-32, the other way round": fixed(
        "a.csv", lambda: b"\0\0\xfe\xff" + TABLE.encode("utf-32-be"), "refused encoding"
    ),
    "a mark of UTF-7": fixed("a.csv", lambda: b"+/v8-" + TABLE.encode("utf-7"), "read 2"),
    "a mark of GB18030": fixed("a.csv", coded("gb18030", "\ufeff" + TABLE), "read 2"),
    "only the mark of UTF-8": fixed("a.csv", lambda: b"\xef\xbb\xbf", "read 0"),
    "only the mark of UTF-16": fixed("a.csv", lambda: b"\xff\xfe", "read 0"),
    "a mark of UTF-8 before GB18030": fixed(
        "a.csv", lambda: b"\xef\xbb\xbf" + TABLE.encode("gb18030"), "refused encoding"
    ),
    "GB18030 cut in a character": fixed("a.csv", lambda: ("甲," * 9 + "乙").encode("gb18030")[:-1], "refused encoding"),
    "UTF-8 cut in a character": fixed("a.csv", lambda: ("甲," * 9 + "乙").encode()[:-1], "refused encoding"),
    "UTF-16 cut in a character": fixed("a.csv", lambda: TABLE.encode("utf-16")[:-1], "refused encoding"),
    "a lone surrogate in UTF-8": fixed(
        "a.csv", lambda: (TABLE + "\ud800,1\r\n").encode("utf-8", "surrogatepass"), "refused encoding"
    ),
    "a lone surrogate in UTF-16": fixed(
        "a.csv", lambda: (TABLE + "\ud800,1\r\n").encode("utf-16", "surrogatepass"), "refused encoding"
    ),
    "NUL between the lines": fixed("a.csv", lambda: TABLE.encode() + b"\0" + TABLE.encode(), "refused encoding"),
    "nothing but NUL": fixed("a.csv", lambda: bytes(MEGABYTE), "skipped not_arrived"),
    "no byte": fixed("a.csv", lambda: b"", "skipped empty"),
    "noise": fixed("a.csv", noise, "refused encoding"),
    "noise as xlsx": fixed("a.xlsx", noise, "refused scrambled"),
    "a picture as xlsx": fixed("a.xlsx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(100), "refused not_spreadsheet"),
    "a message in the place of a workbook": fixed("a.xls", lambda: b"Attachment not found!", "refused not_spreadsheet"),
    "a quotation mark that never ends": fixed(
        "a.csv", coded("utf-8", TABLE + '"李四,90\r\n' + "王五,80\r\n" * 20), "refused open_quote line=3"
    ),
    "a quotation mark that never ends, long": fixed(
        "a.csv", coded("utf-8", TABLE + '"李四,90\r\n' + "王五,80\r\n" * 20_000), "refused open_quote line=3"
    ),
    "a line of 100 MB": fixed("a.csv", lambda: b"x" * (100 * MEGABYTE), "refused long_field line=1"),
    "a line of 30 million fields": fixed(
        "a.csv", lambda: b"1," * (30 * MEGABYTE), "refused too_wide columns=31457281 rows=1 sheet=a"
    ),
    "a million empty lines": fixed("a.csv", lambda: b"\n" * 1_000_000, "read 0"),
    "1,100,000 lines": fixed("a.csv", lambda: b"1\n" * 1_100_000, "refused row_limit rows=1048576 sheet=a"),
    "16,385 columns": fixed("a.csv", lambda: b"," * 16_384 + b"1\n", "refused too_wide columns=16385 rows=1 sheet=a"),
    "a cell of 32,768 characters": fixed("a.csv", lambda: b"1," + b"x" * 32_768, "refused long_field line=1"),
    "formulas and commands": fixed(
        "a.csv", lambda: b"=cmd|'/c calc'!A0,@SUM(1),+1,-1\r\n=HYPERLINK(\"http://x\"),1,1,1\r\n", "read 2"
    ),
    "a separator that is a quotation mark": fixed("a.csv", lambda: b'sep="\r\na"b\r\n', "read 2"),
    "line ends of every kind": fixed("a.csv", coded("utf-8", "a,1\rb,2\nc,3\r\nd,4\u2028e,5\x0bf,6\x85g,7"), "read 4"),
}
