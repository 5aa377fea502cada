"""The ledger of unlicensed shops, kept in four ways and more: the same shops come out of each."""

from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Rows, Value, write_bureau, write_xlsx

COLUMNS = ("township", "found_on", "source", "remedy", "owner", "closed_on", "party_group")
GOLDEN = [
    ("某镇", "2019-01-08", "排查", "劝退", "王五", "2019-02-03", "专卖综合"),
    ("某乡", "2019-03-02", "举报", "办证", "赵六", None, "驮卢片区"),
]
VARIANTS: dict[str, Write] = {
    "an old workbook, other words, the title below a blank row": xls(
        "无证经营户整治情况.xls",
        {
            "Sheet1": [
                [],
                ["2019年无证经营户整治台账"],
                ["填报单位：专卖股"],
                [],
                ["整治责任人", "持证人", "所在乡镇", "线索来源", "发现时间", "整治措施", "销号时间"],
                ["王五", "甲", "某镇", "排查", "1月8日", "劝退", "2月3日"],
                ["赵六", "乙", "某乡", "举报", "3月2日", "办证", "整治中"],
                ["合计：2户"],
            ]
        },
    ),
    "sheets by quarter, townships merged, a header on each page": xlsx(
        "2019年无证户整治台账.xlsx",
        {
            "一季度": [
                ["无证户整治台账"],
                ["序号", "乡镇", "经营户", "发现日期", "来源", "措施（办证/劝退/取缔）", "责任人", "办结日期", "备注"],
                [1, "某镇", "甲", "2019.1.8", "排查", "劝退", "王五", "2019.2.3"],
                ["无证户整治台账"],
                ["序号", "乡镇", "经营户", "发现日期", "来源", "措施（办证/劝退/取缔）", "责任人", "办结日期", "备注"],
                [2, "某乡", "乙", "2019.3.2", "举报", "办证", "赵六", "—", "无"],
            ]
        },
        {"一季度": ("A1:I1", "A4:I4")},
    ),
    "a form for each shop": xlsx(
        "无证户登记表.xlsx",
        {
            "登记": [
                ["无证户登记表"],
                ["乡镇：某镇", None, "经营者：甲"],
                ["发现日期：2019年1月8日", None, "来源：排查"],
                ["措施：劝退", None, "责任人：王五"],
                ["办结日期：2019年2月3日"],
                [],
                ["乡镇：某乡", None, "经营者：乙"],
                ["发现日期：2019年3月2日", None, "来源：举报"],
                ["措施：办证", None, "责任人：赵六"],
                ["办结日期："],
            ]
        },
    ),
    "a text file in GBK, phone numbers beside": csv_in(
        "gb18030",
        "无证户台账2019.csv",
        [
            ["所属乡镇", "经营人", "联系电话", "排查日期", "信息来源", "处理措施", "责任党员", "整改完成日期"],
            ["某镇", "甲", "138", "2019-1-8", "排查", "劝退", "王 五", "2019-2-3"],
            ["某乡", "乙", "139", "2019-3-2", "举报", "办证", "赵六", "未整改"],
        ],
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    header: list[Value] = [
        "序号",
        "乡镇",
        "经营者",
        "发现日期",
        "来源",
        "措施(办证/劝退/取缔)",
        "责任人",
        "办结日期",
        "备注",
    ]
    rows: Rows = [
        ["无证户整治台账", None, None, "2019年"],
        header,
        [1, "某镇", "甲", "1.8", "排查", "劝退", "王 五", "2.3", None],
        [2, "某乡", "乙", "2019-03-02", "举报", "办证", "赵六", "—", "—"],
        [3],
    ]
    write_xlsx(write_bureau(tmp_path) / "无证户整治台账.xlsx", {"台账": rows})
    reading = read(tmp_path)
    assert_clean(reading)
    assert rows_of(reading, "unlicensed_shops", "township", "found_on", "owner", "closed_on", "party_group") == [
        ("某镇", "2019-01-08", "王五", "2019-02-03", "专卖综合"),
        ("某乡", "2019-03-02", "赵六", None, "驮卢片区"),
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "unlicensed_shops", *COLUMNS) == GOLDEN
