"""The opinion ledger, kept in four ways and more: the same opinions come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("opinion_no", "collected_on", "party_group", "category", "content", "due_on", "closed_on", "satisfaction")
GOLDEN = [
    ("001", "2019-01-05", "营销管理", "货源", "希望增加", "2019-02-05", "2019-01-20", "满意"),
    ("002", "2019-01-09", "专卖综合", "配送", "太晚", "2019-02-09", None, None),
]
FIRST: Rows = [
    ["群众意见登记表"],
    ["编号", "001", "收集日期", "2019.1.5"],
    ["收集人", "张三", "党小组", "营销管理"],
    ["来源", "走访", "类别", "货源"],
    ["意见内容", "希望增加"],
    ["承办人", "李四", "办理期限", "2019.2.5"],
    ["办结日期", "2019.1.20", "满意度", "满意"],
    ["负责人签字："],
]
SECOND: Rows = [
    ["群众意见登记表"],
    ["编号", "002", "收集日期", "2019.1.9"],
    ["收集人", "王五", "党小组", "专卖综合"],
    ["来源", "走访", "类别", "配送"],
    ["意见内容", "太晚"],
    ["承办人", "李四", "办理期限", "2019.2.9"],
    ["办结日期", "办理中", "满意度", None],
    ["负责人签字："],
]
VARIANTS: dict[str, Write] = {
    "a form for each opinion, two on one sheet": xlsx(
        "群众意见登记表.xlsx",
        {"登记": [*FIRST, [], *SECOND]},
        {"登记": ("A1:D1", "B5:D5", "A10:D10", "B14:D14")},
    ),
    "an old workbook: a sheet a group, other words": xls(
        "2019年民意收集.xls",
        {
            "营销组": [
                ["意见编号", "登记时间", "意见类型", "反映内容", "承办人员", "限办时间", "办结时间", "群众满意度"],
                ["001", "1.5", "货源", "希望增加", "李四", "2.5", "1.20", "满意"],
            ],
            "专卖股": [
                ["意见编号", "登记时间", "意见类型", "反映内容", "承办人员", "限办时间", "办结时间", "群众满意度"],
                ["002", "1.9", "配送", "太晚", "李四", "2.9", "未办结", "—"],
            ],
        },
    ),
    "labels over their values": xlsx(
        "群众意见卡.xlsx",
        {
            "001": [
                ["群众意见卡"],
                ["编号", "收集日期", "党小组"],
                ["001", "2019.1.5", "营销管理"],
                ["类别", "内容", "期限"],
                ["货源", "希望增加", "2019.2.5"],
                ["办结日期", "满意度"],
                ["2019.1.20", "满意"],
            ],
            "002": [
                ["群众意见卡"],
                ["编号", "收集日期", "党小组"],
                ["002", "2019.1.9", "专卖综合"],
                ["类别", "内容", "期限"],
                ["配送", "太晚", "2019.2.9"],
                ["办结日期", "满意度"],
            ],
        },
    ),
    "a text file in GBK, in another order": csv_in(
        "gb18030",
        "民情台账.csv",
        [
            ["满意情况", "办结日期", "期限", "意见建议", "意见类别", "所属党小组", "收集时间", "意见编号", "联系电话"],
            ["满意", "2019/1/20", "2019/2/5", "希望增加", "货源", "营销管理", "2019/1/5", "001", "138"],
            ["", "", "2019/2/9", "太晚", "配送", "专卖综合", "2019/1/9", "002", "139"],
        ],
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    header: list[Value] = [
        "编号",
        "收集日期",
        "收集人",
        "党小组",
        "来源",
        "类别",
        "内容",
        "承办",
        "期限",
        "办结日期",
        "满意度",
    ]
    rows: Rows = [
        header,
        ["001", "2019.1.5", "张三", "营销管理", "走访", "货源", "希望增加", "李四", "2019.2.5", "2019.1.20", "满意"],
        ["002", "2019.1.9", "张三", None, "走访", "配送", "太晚", "李四", "2019.2.9", "无", None],
    ]
    write_xlsx(write_bureau(tmp_path) / "群众意见台账.xlsx", {"意见": rows}, {"意见": ("D2:D3",)})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "opinions", "opinion_no", "party_group", "due_on", "closed_on", "satisfaction") == [
        ("001", "营销管理", "2019-02-05", "2019-01-20", "满意"),
        ("002", "营销管理", "2019-02-09", None, None),
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "opinions", *COLUMNS) == GOLDEN
