"""The activity ledger, kept in four ways and more: the same activities come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("held_on", "party_group", "activity_type", "theme", "expected", "present", "excused_count", "has_record")
GOLDEN = [
    ("2019-01-08", "专卖综合", "党小组会", "整治", 5, 4, 1, True),
    ("2019-02-15", "驮卢片区", "主题党日", "服务", 5, 5, 0, False),
]
SHORT: list[Value] = ["活动时间", "类别", "活动内容", "应到人数", "实到人数", "请假情况", "照片"]
VARIANTS: dict[str, Write] = {
    "a sheet a group, by its alias, in an old workbook": xls(
        "2019年党小组活动记录.xls",
        {
            "专卖股": [["专卖综合党小组活动记录"], SHORT, ["2019.1.8", "党小组会", "整治", 5, 4, "王五（公假）", "有"]],
            "驮卢所": [["活动记录"], SHORT, ["2019.2.15", "主题党日", "服务", 5, 5, "无", "无"]],
        },
    ),
    "a text file in GBK with other columns between": csv_in(
        "gb18030",
        "2019年活动台账.csv",
        [
            [
                "编号序",
                "开展日期",
                "地点",
                "组别",
                "活动形式",
                "主持人",
                "会议主题",
                "应参加人数",
                "实参加人数",
                "请假",
                "佐证材料",
            ],
            [1, "1月8日", "会议室", "专卖组", "党小组会", "王五", "整治", "5人", "4人", "王五(公假)", "√"],
            [2, "2月15日", "街上", "驮卢组", "主题党日", "李四", "服务", "5人", "5人", "全到", "×"],
        ],
    ),
    "a block for each month, one below the other": xlsx(
        "2019年活动台账.xlsx",
        {
            "全年": [
                ["2019年党小组活动台账"],
                ["一月份"],
                ["序号", "党小组", *SHORT],
                [1, "专卖综合", "1.8", "党小组会", "整治", 5, 4, "王五（公假）", "有"],
                [None, "合计", None, None, None, 5, 4],
                [],
                ["二月份"],
                ["序号", "党小组", *SHORT],
                [1, "驮卢片区", "2.15", "主题党日", "服务", 5, 5, "无", "无"],
                ["填表人：", None, None, "审核人："],
            ]
        },
        {"全年": ("A1:I1", "A2:I2", "A7:I7")},
    ),
    "a header of three rows, merged, with an essay above it": xlsx(
        "2019年活动登记表.xlsx",
        {
            "登记": [
                [
                    "填报说明：自2019年3月起，各党小组应当在次月五日以前报送本表，"
                    + "逾期的按照细则扣分，情况属实的不扣分。" * 3
                ],
                ["党小组活动登记表"],
                ["党小组", "活动", None, None, "人数（人）", None, None, "资料"],
                [None, "日期", "类型", "主题", "出席", None, "请假人员", None],
                [None, None, None, None, "应到", "实到", None, None],
                ["专卖综合", 43473, "党小组会", "整治", 5, 4, "王五(公假)", "有"],
                ["驮卢片区", "2019/2/15", "主题党日", "服务", 5, 5, "无", "无"],
            ]
        },
        {"登记": ("A3:A5", "B3:D3", "E3:G3", "H3:H5", "B4:B5", "C4:C5", "D4:D5", "E4:F4", "G4:G5")},
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    header: list[Value] = ["序号", "日期", "党小组", "活动类型", "主题", "应到", "实到", "请假人员", "议题", "图片"]
    sheets: dict[str, Rows] = {
        "1月": [
            ["2019年1月活动台账"],
            header,
            [1, "1.8", "专卖综合", "党小组会", "无证户整治", "５", 4, "王五(公假)", "无证户", "有"],
            [2, 1.15, "驮卢片区党小组", "党小组会", "新品上柜", 5, 5, "无", "—", "无"],
        ],
        "2月": [header, [1, "2月3日", "营销组", "主题党日", "志愿服务", 6, 5, "李四（事假）", None, "√"]],
    }
    write_xlsx(write_bureau(tmp_path) / "2019年活动台账.xlsx", sheets)
    reading = read(tmp_path)
    assert_clean(reading)
    columns = ("held_on", "party_group", "activity_type", "expected", "present", "excused_count", "topic", "has_record")
    assert rows_of(reading, "activities", *columns) == [
        ("2019-01-08", "专卖综合", "党小组会", 5, 4, 1, "无证户", True),
        ("2019-01-15", "驮卢片区", "党小组会", 5, 5, 0, None, False),
        ("2019-02-03", "营销管理", "主题党日", 6, 5, 0, None, True),
    ]
    assert rows_of(reading, "coverage", "kind", "month", "party_group") == [
        ("activities", "2019-01", ""),
        ("activities", "2019-02", ""),
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "activities", *COLUMNS) == GOLDEN


@pytest.mark.parametrize(
    ("file", "sheet", "title", "word"),
    [
        ("活动台账", "甲", "2019年主题党日活动台账", "主题党日"),
        ("2019年活动台账", "主题党日", "活动台账", "主题党日"),
        ("2019年党小组会议记录", "甲", "会议记录", "党小组会"),
        ("2019年主题党日活动台账", "党课", "活动台账", "党课"),
    ],
)
def test_the_names_around_a_ledger_say_what_all_of_its_rows_are(
    file: str, sheet: str, title: str, word: str, tmp_path: Path, read: Read
) -> None:
    rows: Rows = [
        [title],
        ["序号", "日期", "党小组", "主题", "应到", "实到"],
        [1, "2019-01-08", "营销管理", "学习", 5, 4],
    ]
    write_xlsx(write_bureau(tmp_path) / f"{file}.xlsx", {sheet: rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "activities", "activity_type") == [(word,)]


@pytest.mark.parametrize(
    ("title", "further"),
    [("2019年活动台账", []), ("党小组会、主题党日活动台账", []), ("主题党日活动台账", ["类别明细"])],
)
def test_names_that_leave_open_what_a_row_is_are_told(
    title: str, further: list[Value], tmp_path: Path, read: Read
) -> None:
    beside: list[Value] = ["特色活动" for _ in further]
    rows: Rows = [
        [title],
        ["日期", "党小组", "主题", "应到", "实到", *further],
        ["2019-01-08", "营销管理", "学习", 5, 4, *beside],
    ]
    write_xlsx(write_bureau(tmp_path) / "活动台账.xlsx", {"甲": rows})
    reading = read(tmp_path)
    assert "context_missing" in {issue.code for issue in reading.issues}
    assert reading.tables["activities"].empty
