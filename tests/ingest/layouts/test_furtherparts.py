"""Parts of a group's amounts below its row: only the first of them says 其中."""

from pathlib import Path

import pytest

from tests.golden import Read, assert_clean, rows_of
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

FILE = "2019年3月销售月报.xlsx"
TITLE: Rows = [["2019年3月卷烟销售月报", None, "单位：箱、元"], ["单位", "本月销量", "本月销售额"]]
TOTAL: list[Value] = ["合计", 970.5, 27_000_000]
TOWN: list[Value] = ["城区", 700.5, 20_000_000]
EAST: list[Value] = ["其中：城东线路", 420.2, 12_000_000]
WEST: list[Value] = ["城西线路", 280.3, 8_000_000]
LAND: list[Value] = ["驮卢", 270, 7_000_000]


@pytest.mark.parametrize(
    "rows",
    [
        [TOTAL, TOWN, EAST, WEST, LAND],
        [TOWN, EAST, WEST, LAND, TOTAL],
        [TOWN, ["其中：城东线路", 420.23, 12_000_000], ["城西线路", 280.32, 8_000_000], LAND, TOTAL],  # rounded
        [["合计", 970.5, 27_000_000], ["其中：城区", 700.5, 20_000_000], LAND],  # the parts are the groups themselves
    ],
)
def test_further_parts_are_no_rows_of_the_table(rows: Rows, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / FILE, {"3月": [*TITLE, *rows]})
    reading = read(tmp_path)
    assert_clean(reading)
    assert sorted(rows_of(reading, "sales_by_group_month", "party_group", "volume_xiang")) == [
        ("营销管理", 700.5),
        ("驮卢片区", 270),
    ]


def test_what_does_not_come_to_the_row_above_is_told(tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / FILE, {"3月": [*TITLE, TOWN, EAST, ["城西线路", 281.3, 8_000_000], LAND]})
    assert [(issue.code, issue.cell) for issue in read(tmp_path).issues] == [("unknown_group", "A5")]


def test_a_group_below_is_no_part_whatever_the_numbers_come_to(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["单位", "市场检查", "寄递检查"]
    rows: Rows = [["合计", 16, 3], ["城区", 10, 2], ["其中：夜查", 4, 1], ["驮卢", 6, 1]]
    write_xlsx(write_bureau(tmp_path) / "2019年3月检查月报.xlsx", {"3月": [header, *rows]})
    reading = read(tmp_path)
    assert_clean(reading)
    found = rows_of(reading, "inspections_by_group_month", "party_group", "market_inspections")
    assert sorted(found) == [("营销管理", 10), ("驮卢片区", 6)]
