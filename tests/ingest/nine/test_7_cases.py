"""The case ledger, kept in four ways and more: the same cases come out of each."""

from datetime import date
from pathlib import Path

import pytest

from tests.golden import Read, Write, assert_clean, csv_in, rows_of, xls, xlsx
from tests.hand_made import Value, write_bureau, write_xlsx

COLUMNS = ("case_no", "filed_on", "party_group", "counterfeit_tiao", "case_value_yuan", "is_courier", "closed_on")
GOLDEN = [
    ("×烟立[2019]第5号", "2019-01-09", "驮卢片区", 12.3, 2150, False, None),
    ("×烟立[2019]第6号", "2019-02-01", "专卖综合", None, 40_000, True, "2019-03-01"),
]
VARIANTS: dict[str, Write] = {
    "an old workbook with a header of two rows and money in ten thousands": xls(
        "2019年案件登记表.xls",
        {
            "案件": [
                ["2019年案件登记表"],
                [
                    "序号",
                    "案件编号",
                    "立案时间",
                    "案由",
                    "查办单位",
                    "查获卷烟（条）",
                    None,
                    None,
                    "涉案金额（万元）",
                    "寄递案件",
                    "结案时间",
                ],
                [None, None, None, None, None, "真烟", "假烟", "走私烟"],
                [1, "×烟立[2019]第5号", "2019.1.9", "无证运输", "驮卢所", 0, 12.3, "/", 0.215, "否", "未结案"],
                [2, "×烟立[2019]第6号", "2019.2.1", "无证经营", "专卖股", 31.3, "—", "—", 4, "是", "2019.3.1"],
                ["合计", None, None, None, None, 31.3, 12.3, None, 4.215],
            ]
        },
    ),
    "a form for each case": xlsx(
        "案件登记表.xlsx",
        {
            "第5号": [
                ["案 件 登 记 表"],
                ["立案号", "×烟立[2019]第5号", "立案日期", "2019年1月9日"],
                ["案由", "无证运输", "办案部门", "驮卢所"],
                ["假烟（条）", 12.3, "案值（元）", "2,150"],
                ["是否寄递", "否", "结案日期", None],
                ["负责人签字：", None, "制表人："],
            ],
            "第6号": [
                ["案 件 登 记 表"],
                ["立案号", "×烟立[2019]第6号", "立案日期", date(2019, 2, 1)],
                ["案由", "无证经营", "办案部门", "专卖股"],
                ["假烟（条）", "—", "案值（元）", 40_000],
                ["是否寄递", "是", "结案日期", "2019年3月1日"],
            ],
        },
        {"第5号": ("A1:D1",)},
    ),
    "a sheet a department, columns in another order, notes below": xlsx(
        "2019年专卖案件统计.xlsx",
        {
            "驮卢所": [
                ["结案日期", "案值(元)", "假冒卷烟(条)", "是否涉及寄递", "承办部门", "立案日期", "立案编号"],
                ["在办", 2150, 12.3, "否", "驮卢所", "2019/1/9", "×烟立[2019]第5号"],
                ["说明：案值按零售价计。"],
            ],
            "专卖股": [
                ["结案日期", "案值(元)", "假冒卷烟(条)", "是否涉及寄递", "承办部门", "立案日期", "立案编号"],
                ["20190301", 40_000, None, "是", "专卖股", "20190201", "×烟立[2019]第6号"],
            ],
        },
    ),
    "a text file with the department merged in no way": csv_in(
        "utf-8",
        "案件台账.csv",
        [
            ["案号", "立案日期", "办案单位", "假烟（件）", "案件价值（元）", "是否物流寄递", "结案日期", "当事人"],
            ["×烟立[2019]第5号", "2019-01-09", "驮卢", 0.246, 2150, "否", "", "甲"],
            ["×烟立[2019]第6号", "2019-02-01", "稽查队", "", 40000, "是", "2019-03-01", "乙"],
        ],
    ),
}


def test_as_the_domain_description_shows_it(tmp_path: Path, read: Read) -> None:
    header: list[Value] = [
        "立案号",
        "立案日期",
        "案由",
        "查获地点",
        "办案部门",
        "真烟(条)",
        "假烟(条)",
        "走私(条)",
        "合计(万支)",
    ]
    header += ["案值(元)", "是否寄递", "处理结果", "结案日期", "移送"]
    number = "×烟立[2019]第5号"
    cells: list[Value] = [
        number,
        "2019-01-09",
        "无证运输",
        "某路",
        "驮卢所",
        0,
        12.3,
        "/",
        0.246,
        "2,150",
        "否",
        "罚款",
        None,
        None,
    ]
    other: list[Value] = [
        "×烟立[2019]第6号",
        date(2019, 2, 1),
        "无证经营",
        "某街",
        "专卖股",
        31.3,
        "—",
        "—",
        0.626,
        4000,
        "是",
    ]
    write_xlsx(
        write_bureau(tmp_path) / "专卖案件台账.xlsx",
        {"案件": [["专卖案件台账"], header, cells, [*other, "罚款", 20190301]]},
    )
    reading = read(tmp_path)
    assert_clean(reading)
    columns = ("case_no", "filed_on", "party_group", "genuine_tiao", "counterfeit_tiao", "smuggled_tiao")
    assert rows_of(reading, "cases", *columns, "total_wansticks", "case_value_yuan", "is_courier", "closed_on") == [
        (number, "2019-01-09", "驮卢片区", 0, 12.3, None, 0.246, 2150, False, None),
        ("×烟立[2019]第6号", "2019-02-01", "专卖综合", 31.3, None, None, 0.626, 4000, True, "2019-03-01"),
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_kept_in_another_way(name: str, tmp_path: Path, read: Read) -> None:
    folder = write_bureau(tmp_path)
    VARIANTS[name](folder)
    reading = read(folder)
    assert_clean(reading)
    assert rows_of(reading, "cases", *COLUMNS) == GOLDEN


@pytest.mark.parametrize(
    ("header", "told"),
    [("是否寄递", ["bad_boolean"]), ("案件类型", []), ("查获渠道", []), ("物流寄递", ["bad_boolean"])],
)
def test_a_case_is_by_courier_also_where_a_word_says_so(
    header: str, told: list[str], tmp_path: Path, read: Read
) -> None:
    words = ["物流寄递", "寄递渠道", "非寄递", "是", "无证运输"]
    head: list[Value] = ["立案号", "立案日期", "办案部门", header, "案值(元)", "结案日期"]
    rows = [[f"甲{n}", f"2019-01-0{n}", "专卖股", word, 100, None] for n, word in enumerate(words, 1)]
    write_xlsx(write_bureau(tmp_path) / "案件台账.xlsx", {"甲": [head, *rows]})
    reading = read(tmp_path)
    assert [issue.code for issue in reading.issues] == told
    couriers = reading.tables["cases"]["is_courier"]
    assert couriers.tolist()[:4] == [True, True, False, True]
    assert couriers.isna().tolist() == [False, False, False, False, True]
