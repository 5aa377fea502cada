"""The roster, kept in four ways: the same stays come out of each."""

from datetime import date
from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, rows_of, xls, xlsx
from tests.hand_made import ALIASES, Rows, write_bureau, write_xlsx

COLUMNS = ("member", "party_group", "party_role", "joined_on", "left_on")
GOLDEN = [
    ("张三", "营销管理", "组长", "2018-11-01", None),
    ("李四", "营销管理", None, "2018-11-01", None),
    ("王五", "专卖综合", "组长", "2018-11-01", "2019-06-01"),
]
CARD: Rows = [["姓  名", "张 三", "性别", "男"], ["所在党小组", "营销管理组", "党内职务", "组长"]]
VARIANTS: dict[str, Write] = {
    "an old workbook, other words, another order, the date of filing above": xls(
        "党员名册.xls",
        {
            "Sheet1": [
                ["填表日期：2019年7月1日"],
                ["党员名册"],
                [],
                ["所属党小组", "党员姓名", "联系电话", "编入时间", "调出时间", "党内任职", "工作岗位"],
                ["营销组", "张　三", "138", "2018.11", "—", "组长", "市场经理"],
                ["营销组", "李四", "139", "2018年11月", None, "无", "客户经理"],
                ["专卖组", "王五", "137", "2018-11-01", "2019.6", "组长", "专卖股长"],
                ["合计", "3人"],
            ]
        },
    ),
    "a sheet a group, the group in its name, a header of two rows": xlsx(
        "党员花名册.xlsx",
        {
            "营销组": [
                ["营销管理党小组党员名单"],
                ["序号", "姓名", "任职情况", None, "起止时间", None],
                [None, None, "岗位", "党内职务", "进组时间", "离开时间"],
                [1, "张三", "市场经理", "组长", "2018.11", None],
                [2, "李四", "客户经理", None, "2018.11", None],
                ["审核人：", None, "制表人："],
            ],
            "专卖股": [
                ["序号", "姓名", "任职情况", None, "起止时间", None],
                [None, None, "岗位", "党内职务", "进组时间", "离开时间"],
                [1, "王五", "专卖股长", "组长", date(2018, 11, 1), date(2019, 6, 1)],
            ],
        },
        {"营销组": ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2")},
    ),
    "headings that name the group, and headers with marks": xlsx(
        "党员花名册（最新）.xlsx",
        {
            "名册": [
                ["党员花名册"],
                ["序号", "姓  名*", "职务", "党内\n职务", "入组时间（年.月）", "离组时间"],
                ["一、营销管理党小组"],
                [1, "张三", "市场经理", "组长", "2018.11", None],
                [2, "李四", "客户经理", "－", "2018.11", None],
                ["二、专卖综合党小组"],
                [3, "王五", "专卖股长", "组长", "2018.11", "2019.6"],
                ["注：带*的为必填项。"],
            ]
        },
        {"名册": ("A1:F1", "A3:F3", "A6:F6")},
    ),
    "two groups side by side": xlsx(
        "党员花名册.xlsx",
        {
            "花名册": [
                ["党员花名册"],
                [
                    "姓名",
                    "党小组",
                    "党内职务",
                    "入组日期",
                    "离组日期",
                    None,
                    *("姓名", "党小组", "党内职务", "入组日期"),
                    "离组日期",
                ],
                ["张三", "营销管理", "组长", "2018.11", None, None, "王五", "专卖综合", "组长", "2018.11", "2019.6"],
                ["李四", "营销管理", None, "2018.11"],
            ]
        },
    ),
    "a card for each member": xlsx(
        "党员名册卡.xlsx",
        {
            "卡片": [
                ["党员花名册登记卡"],
                *CARD,
                ["入组时间", "2018.11", "离组时间", None],
                [],
                ["姓  名", "李四", "性别", "女"],
                ["所在党小组", "营销管理组", "党内职务", "—"],
                ["入组时间", "2018.11", "离组时间", None],
                [],
                ["姓  名", "王五", "性别", "男"],
                ["所在党小组", "专卖股", "党内职务", "组长"],
                ["入组时间", "2018.11", "离组时间", "2019.6"],
            ]
        },
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    reading = read(write_bureau(tmp_path))
    assert_clean(reading)
    columns = ("member", "party_group", "party_role", "joined_on", "left_on", "note", "source_row")
    assert rows_of(reading, "memberships", *columns) == [
        ("张三", "营销管理", "组长", "2018-11-01", None, None, 4),
        ("李四", "营销管理", None, "2018-11-01", None, "借调", 5),
        ("王五", "专卖综合", "组长", "2018-11-01", None, None, 6),
        ("阿卜杜·某", "驮卢片区", "组长", "2018-11-01", None, None, 7),
        ("赵六", "营销管理", None, "2018-11-01", "2019-02-01", "转入驮卢片区", 8),
        ("赵六", "驮卢片区", None, "2019-02-01", None, None, 9),
    ]
    roster = next(file for file in reading.files if file.kind == "roster").sheets[0]
    assert (roster.title, roster.header, roster.used, roster.note) == (2, 1, 6, 1)


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = tmp_path
    write_xlsx(folder / "名称对照.xlsx", {"对照": ALIASES})
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "memberships", *COLUMNS) == GOLDEN
