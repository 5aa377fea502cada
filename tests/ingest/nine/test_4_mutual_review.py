"""Mutual review, kept in seven ways: the same scores come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("quarter", "rater_group", "rated_group", "score")
GROUPS: list[Value] = ["营销管理", "专卖综合"]
FILE = "2019年一季度互评表.xlsx"
GOLDEN = [
    ("2019Q1", "营销管理", "营销管理", None),
    ("2019Q1", "营销管理", "专卖综合", 92),
    ("2019Q1", "专卖综合", "营销管理", 93),
    ("2019Q1", "专卖综合", "专卖综合", None),
]
OTHERS = [row for row in GOLDEN if row[3] is not None]  # the long form has no row for a group itself
VARIANTS: dict[str, Write] = {
    "short names in the corner, totals and ranks beside": xlsx(
        FILE,
        {
            "互评": [
                ["互评情况"],
                ["评价＼被评", *GROUPS, "合计", "排名"],
                ["营销管理", "—", 92, 92, 2],
                ["专卖综合", 93, "/", 93, 1],
                ["平均分", 93, 92],
            ]
        },
    ),
    "the corner in two cells of one row, merged": xlsx(
        FILE,
        {"互评": [["评价小组", "被评小组"], [None, *GROUPS], ["营销管理", None, 92], ["专卖综合", 93]]},
        {"互评": ("A1:A2", "B1:C1")},
    ),
    "the corner in two rows, in an old workbook": xls(
        "三会一课互评表（2019年1-3月）.xls",
        {"互评": [[None, "被评小组"], ["评价小组", *GROUPS], ["营销管理", "－", 92], ["专卖综合", 93, "－"]]},
    ),
    "a text file in GBK": csv_in(
        "gb18030",
        "2019年1季度互评.csv",
        [["评议小组/被评议小组", *GROUPS], ["营销组", "/", 92], ["专卖组", "93分", "/"]],
    ),
}


def test_rated_groups_down_under_a_diagonal_line(tmp_path: Path, read: Read) -> None:
    rows: Rows = [["互评表"], ["      评价小组\n被评小组", *GROUPS], ["营销管理", "/", 93], ["专卖综合", 92, "/"]]
    write_xlsx(write_bureau(tmp_path) / FILE, {"互评": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert sorted(rows_of(reading, "mutual_reviews", *COLUMNS), key=str) == sorted(GOLDEN, key=str)


@pytest.mark.parametrize(
    "rows",
    [
        [["评价小组", "被评小组", "分数"], ["营销管理", "专卖综合", 92], ["专卖综合", "营销管理", 93]],
        [
            ["2019年一季度三会一课互评"],
            ["序号", "评价党小组", "被评党小组", "会议", "党课", "总分", "备注"],
            [1, "营销管理", "专卖综合", 46, 46, 92, None],
            [2, "专卖综合", "营销管理", 47, 46, 93, None],
        ],
    ],
)
def test_the_long_form(rows: Rows, tmp_path: Path, read: Read) -> None:
    write_xlsx(write_bureau(tmp_path) / FILE, {"互评": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "mutual_reviews", *COLUMNS) == OTHERS


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    rows: Rows = [
        ["2019年三会一课互评表"],
        ["评价小组＼被评小组", "营销管理", "专卖综合", "驮卢片区"],
        ["营销管理", "/", 92, 95],
        ["专卖综合", 93, "/", 93],
        ["驮卢片区", 94, 90, "/"],
        ["平均", 93.5, 91, 94],
    ]
    write_xlsx(write_bureau(tmp_path) / "三会一课互评表(一季度).xlsx", {"互评": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "mutual_reviews", "quarter", "rater_group", "rated_group", "score", "source_row") == [
        ("2019Q1", "营销管理", "营销管理", None, 3),
        ("2019Q1", "营销管理", "专卖综合", 92, 3),
        ("2019Q1", "营销管理", "驮卢片区", 95, 3),
        ("2019Q1", "专卖综合", "营销管理", 93, 4),
        ("2019Q1", "专卖综合", "专卖综合", None, 4),
        ("2019Q1", "专卖综合", "驮卢片区", 93, 4),
        ("2019Q1", "驮卢片区", "营销管理", 94, 5),
        ("2019Q1", "驮卢片区", "专卖综合", 90, 5),
        ("2019Q1", "驮卢片区", "驮卢片区", None, 5),
    ]
    assert rows_of(reading, "printed_totals", "label", "printed", "computed") == [
        ("平均", 93.5, 93.5),
        ("平均", 91, 91),
        ("平均", 94, 94),
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "mutual_reviews", *COLUMNS) == GOLDEN
