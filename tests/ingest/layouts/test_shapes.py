"""Tables of no known kind, each with one difficulty of published workbooks; rows are counted from 1."""

from dataclasses import dataclass

import pytest

from pipeline.ingest.layouts.shapes import SheetShape, describe_tables
from tests.hand_made import VOCABULARY, Rows, make_grid

Merges = tuple[tuple[int, int, int, int], ...]
CLASSES = ("title", "header", "data", "total", "section", "note", "unrecognised")


@dataclass(frozen=True)
class Case:
    """A sheet, what its rows are, and the headers of each of its tables."""

    rows: Rows
    classes: str  # "header 1, data 2 3"
    headers: tuple[tuple[str, ...], ...]
    merges: Merges = ()


CASES = {
    "two levels without merged cells": Case(
        [
            ["2023年各地区人口"],
            ["单位：万人"],
            ["地区", 2022, None, 2023, None],
            [None, "人数", "增长%", "人数", "增长%"],
            ["全国", 10, 1, 11, 2],
            ["北京", 5, 1, 6, 2],
            ["数据来源：统计局"],
            ["注：1.不含军人"],
            ["2.时点数"],
        ],
        "title 1 2, header 3 4, data 6, total 5, note 7 8 9",
        (("地区", "2022/人数", "2022/增长%", "2023/人数", "2023/增长%"),),
    ),
    "years as headers": Case(
        [["指标", 2019, 2020, 2021], ["产量", 3, 4, 5], ["合 计", 3, 4, 5], ["*含估计数"]],
        "header 1, data 2, total 3, note 4",
        (("指标", "2019", "2020", "2021"),),
    ),
    "two tables below each other": Case(
        [
            ["表1 收入"],
            ["项目", "2022年", "2023年"],
            ["甲", 1, 2],
            ["合计", 1, 2],
            ["注：略"],
            [None],
            ["表2 支出"],
            ["项目", "金额", "占比"],
            ["丙", 1, "3%"],
            ["小计", 1, "3%"],
        ],
        "title 1 7, header 2 8, data 3 9, total 4 10, note 5",
        (("项目", "2022年", "2023年"), ("项目", "金额", "占比")),
    ),
    "two tables without anything between": Case(
        [["项目", "2022年", "2023年"], ["甲", 1, 2], ["项目", "人数", "占比"], ["丙", 1, "3%"]],
        "header 1 3, data 2 4",
        (("项目", "2022年", "2023年"), ("项目", "人数", "占比")),
    ),
    "the header again on the next page": Case(
        [["项目", "数量"], ["甲", 1], ["项目", "数量"], ["乙", 2]], "header 1 3, data 2 4", (("项目", "数量"),)
    ),
    "two tables side by side": Case(
        [
            ["主要指标"],
            ["地区", "产量", None, "企业", "利润"],
            ["北京", 1, None, "甲公司", 3],
            ["合计", 1, None, "乙公司", 4],
            [None, None, None, "合计", 7],
        ],
        "title 1, header 2, data 3 4, total 5",
        (("地区", "产量"), ("企业", "利润")),
    ),
    "four levels": Case(
        [
            ["指标", "全国", None, None, None],
            [None, "2022", None, "2023", None],
            [None, "城镇", "农村", "城镇", "农村"],
            [None, "(元)", "(元)", "(元)", "(元)"],
            ["收入", 1, 2, 3, 4],
            ["支出", 1, 2, 3, 4],
        ],
        "header 1 2 3 4, data 5 6",
        (("指标", "全国/2022/城镇/(元)", "全国/2022/农村/(元)", "全国/2023/城镇/(元)", "全国/2023/农村/(元)"),),
        ((0, 0, 3, 0), (0, 1, 0, 4), (1, 1, 1, 2), (1, 3, 1, 4)),
    ),
    "a merged group above an empty corner": Case(
        [
            ["统计表"],
            [None, "本月", None, None],
            ["单位", "销量", "同比", "金额"],
            ["合计", 1, 2, 3],
            ["甲", 1, 2, 3],
        ],
        "title 1, header 2 3, data 5, total 4",
        (("单位", "本月/销量", "本月/同比", "本月/金额"),),
        ((1, 1, 1, 3),),
    ),
    "subtotals beside merged groups": Case(
        [["省", "市", "数"], ["甲省", "A", 1], [None, "B", 2], [None, "小计", 3], ["总计", None, 3]],
        "header 1, data 2 3, total 4 5",
        (("省", "市", "数"),),
        ((1, 0, 3, 0),),
    ),
    "sections where merged cells were written out": Case(
        [["品名", "价", "涨跌"], ["一、钢"] * 3, ["板", 1, 2], ["二、铜"] * 3, ["线", 1, 2]],
        "header 1, data 3 5, section 2 4",
        (("品名", "价", "涨跌"),),
    ),
    "a section with a stray unit": Case(
        [["品名", "单位", "价"], ["一、煤", "吨", None], ["焦煤", None, 3], ["焦炭", "吨", 4]],
        "header 1, data 3 4, section 2",
        (("品名", "单位", "价"),),
    ),
    "a balance sheet": Case(
        [
            ["项目", "金额"],
            ["流动资产："],
            ["货币资金", 1],
            ["流动资产合计", 1],
            ["非流动资产："],
            ["固定资产", 2],
            ["资产总计", 3],
        ],
        "header 1, data 3 6, total 4 7, section 2 5",
        (("项目", "金额"),),
    ),
    "an enumerated item and a share are no totals": Case(
        [["指标", "数"], ["一、营业收入", 5], ["二、资产总计", 9], ["占全国（%）", 2], ["三、合计", 14]],
        "header 1, data 2 3 4, total 5",
        (("指标", "数"),),
    ),
    "instructions above and signatures below": Case(
        [
            ["填报说明：按月填报"],
            ["编制单位：某局", None, "填报日期：2024年5月"],
            ["序号", "乡镇", "户数", "备注"],
            [1, "甲镇", 5, None],
            [2, "乙镇", 6, "新"],
            ["合计", None, 11, None],
            ["负责人：张", None, "制表人：李"],
        ],
        "title 2, header 3, data 4 5, total 6, note 1 7",
        (("序号", "乡镇", "户数", "备注"),),
    ),
    "times are no captions": Case(
        [["课程表"], ["星期", "时间", "课程"], ["周一", "8:30", "数学"], ["周二", "9:30", "语文"]],
        "title 1, header 2, data 3 4",
        (("星期", "时间", "课程"),),
    ),
    "words only": Case(
        [["人员名单"], ["姓名", "职务", "去向"], ["张三", "局长", "—"], ["李四", "科员", "下乡"], ["注：略"]],
        "title 1, header 2, data 3 4, note 5",
        (("姓名", "职务", "去向"),),
    ),
    "the first row has no number yet": Case(
        [["姓名", "性别", "年龄"], ["张三", "男", None], ["李四", "女", 30], ["王五", "女", 31]],
        "header 1, data 2 3 4",
        (("姓名", "性别", "年龄"),),
    ),
    "no header": Case([[1, 2, 3], [4, 5, 6]], "data 1 2", (("", "", ""),)),
    "no table": Case([["通知"], ["内容"]], "unrecognised 1 2", ()),
    "empty": Case([], "", ()),
}


def classes_of(shape: SheetShape) -> str:
    told = [(class_, [str(row + 1) for row in shape.of(class_)]) for class_ in CLASSES]  # type: ignore[arg-type]
    return ", ".join(" ".join([class_, *rows]) for class_, rows in told if rows)


@pytest.mark.parametrize("name", CASES)
def test_tables_of_no_known_kind(name: str) -> None:
    case = CASES[name]
    shape = describe_tables(make_grid(case.rows, case.merges), VOCABULARY)
    assert classes_of(shape) == case.classes
    labels = tuple(
        tuple(table.label(column) for column in range(table.left, table.right + 1)) for table in shape.tables
    )
    assert labels == case.headers


def test_the_evidence_is_named() -> None:
    shape = describe_tables(make_grid([["省", "市", "数"], ["甲", "A", 1], [None, "小 计", 1]]), VOCABULARY)
    _, reason = shape.rows[2]
    assert (reason.code, reason.word, reason.cell) == ("total_word", "小计", "B3")
