"""Chinese statistics tables that nobody here made: each row was judged by hand, workbook by workbook.

The numbers are those in front of the file names. Rows and columns are named as a person sees them, from 1 and from A.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pipeline.ingest.layouts.shapes import SheetShape, describe_tables
from tests.hand_made import VOCABULARY, InProcessReader

pytestmark = pytest.mark.corpus


@dataclass(frozen=True)
class Answer:
    """What a person sees: rows by class, and the header of some columns."""

    header: str
    data: str
    columns: Mapping[str, str]
    total: str = ""
    section: str = ""
    tables: tuple[str, ...] = field(default=())  # the columns of each; () for one table from the first column given


PRICES = Answer(
    "1",
    "3-8 10-13 15-24 26-31 33-39 41-43 45-52 54-56 58-60",
    {"A": "产品名称", "B": "单位", "C": "本期价格(元)", "D": "比上期价格涨跌(元)", "E": "涨跌幅(%)"},
    section="2 9 14 25 32 40 44 53 57",
)
PMI_CLASSES = Answer("1", "2-14", {"A": "", "B": "新出口订单", "E": "主要原材料购进价格", "I": "生产经营活动预期"})
MONTHS = Answer("1", "2-14", {"A": "年度", "B": "月份", "C": "环比增速(%)"})
INDUSTRIES = {"C": "营业收入/同比增长(%)", "D": "营业成本/金额(亿元)", "G": "利润总额/同比增长(%)"}
RETAIL_ROWS = "3-6 8-9 11-30"
CPI = {"A": "", "B": "环比涨跌幅(%)", "C": "同比涨跌幅(%)"}

ANSWERS: Mapping[int, Answer] = {
    129: MONTHS,
    **dict.fromkeys((164, 166, 167, 184, 185), MONTHS),
    186: Answer("1", "2-15", MONTHS.columns),
    **dict.fromkeys((130, 136, 138, 139, 153, 155, 156, 158, 160, 162, 163, 165, 174, 176, 177, 178), PRICES),
    **dict.fromkeys((179, 180, 181, 182), PRICES),
    183: Answer("1", PRICES.data, {"C": "本期价格 (元)", "E": "涨跌幅 (%)"}, section=PRICES.section),
    **dict.fromkeys((131, 142, 144, 146, 168, 175), PMI_CLASSES),
    169: Answer("1", "2-14", {"A": "", "B": "PMI", "G": "供应商配送时间"}),
    132: Answer(
        "1-2",
        "4-10",
        {"A": "分 组", "B": "营业收入利润率/2023年(%)", "F": "人均营业收入/2023年末(万元/人)"},
        total="3",
    ),
    133: Answer(
        "1",
        "2-3 5-7 9-10 12-20 22-27",  # 27 is 三、资产总计: an item beside 一、营业收入, not the sum of rows
        {"A": "", "B": "绝对值(亿元)", "D": "所占比重(%)"},
        section="4 8 11 21",
    ),
    134: Answer("1", "3-6 8-12", {"A": "地 区", "B": "2022年", "C": "2023年", "E": "增速"}, section="2 7"),
    135: Answer("1-2", "4-44", {"A": "行业", "B": "营业收入/金额(亿元)", "G": "利润总额/比上年增长(%)"}, total="3"),
    137: Answer("1", "2-6", {"A": "年龄组", "B": "2019年", "F": "2023年"}),
    140: Answer("1-2", RETAIL_ROWS, {"A": "指 标", "B": "5月/绝对量(亿元)", "E": "1—5月/同比增长(%)"}, section="7 10"),
    141: Answer("1-2", RETAIL_ROWS, {"A": "指 标", "C": "7月/同比增长(%)", "D": "1—7月/绝对量(亿元)"}, section="7 10"),
    143: Answer("1-2", "3-10 12-49", {"A": "", "B": "环比涨跌幅/(%)", "C": "同比涨跌幅/(%)"}, section="11"),
    145: Answer("1", "2-9 11-48", {**CPI, "D": "1—6月同比涨跌幅(%)"}, section="10"),
    147: Answer("1", "2-9 11-48", {**CPI, "D": "1—8月同比涨跌幅(%)"}, section="10"),
    148: Answer("1-2", RETAIL_ROWS, {"A": "指标", "B": "1—2月/绝对量(亿元)", "C": "1—2月/同比增长(%)"}, section="7 10"),
    149: Answer("1", "2-19", {"A": "分类指数", "B": "权重", "C": "序号", "D": "指标"}),
    150: Answer("1-2", "3-22 24-53", {"A": "", "B": "环比涨跌幅/(%)", "D": "1—5月同比/涨跌幅(%)"}, section="23"),
    151: Answer("1", "2-4 6-8 10-12 14-39 41-43", {"A": "指 标", "B": "比上年增长(%)"}, section="5 9 13 40"),
    152: Answer("1-2", "4-10", {"A": "分 组", **INDUSTRIES}, total="3"),
    154: Answer(
        "1-2",
        "3 5-8 10-13 15-34 36-72",
        {"A": "指标", "B": "5月/绝对量", "C": "5月/同比增长(%)", "D": "1—5月/绝对量", "E": "1—5月/同比增长(%)"},
        section="4 9 14 35",
    ),
    157: Answer("1", "2-5", {"A": "产业", "B": "增加值(亿元)", "D": "构成(%)"}),
    159: Answer("1-2", "4-44", {"A": "行 业", **INDUSTRIES}, total="3"),
    161: Answer("1-2", RETAIL_ROWS, {"A": "指 标", "B": "6月/绝对量(亿元)", "E": "1—6月/同比增长(%)"}, section="7 10"),
    170: Answer(
        "1",
        "2 4-5 7-14 16-17 19-26",  # 11 ends in 按常住地分: and has values of its own
        {"A": "指标", "B": "绝对量(元)", "C": "比上年增长(%)(括号内为实际增速)"},
        section="3 6 15 18",
    ),
    171: Answer("1", "2 4-8 10-18 20-24 26-33", {"A": "指标", "C": "比上年名义增长(%)"}, section="3 9 19 25"),
    172: Answer(
        "1-2",
        "3-21",
        {"A": "行业", "B": "四季度/产能利用率(%)", "E": "全年/比上年同期增减(百分点)"},
    ),
    173: Answer(
        "1-2",
        "3-37",
        {"A": "城市", "B": "环比/上月=100", "D": "1-2月平均/上年同期=100", "E": "城市", "H": "1-2月平均/上年同期=100"},
        tables=("A-D", "E-H"),
    ),
    187: Answer("1", "2-13 15-21 23-25", {"A": "资产负债表(百万元)", "B": "2023A", "E": "2026E"}, total="14 22"),
    188: Answer("1", "2-5 7-13 15-18 20-24 26", {"A": "", "B": "2022A", "F": "2026E"}, total="6 14 19 25"),
    189: Answer("1", "2-10", {"A": "", "B": "2023A", "E": "2026E"}),
    190: Answer("1", "2-10", {"A": "指标", "B": "2022A", "F": "2026E"}),
}


@pytest.fixture(scope="module")
def shapes(corpus: Path) -> dict[int, SheetShape]:
    """The number of each workbook -> the description of its one sheet."""
    found = {}
    with InProcessReader() as reader:
        for path in sorted((corpus / "tableeval").glob("*.xlsx")):
            (grid,) = reader.read(path).grids
            found[int(path.name.partition("_")[0])] = describe_tables(grid, VOCABULARY)
    return found


def rows_in(text: str) -> list[int]:
    """Rows from 1 such as "2-4 6" as numbers from 0."""
    found: list[int] = []
    for part in text.split():
        first, _, last = part.partition("-")
        found += range(int(first) - 1, int(last or first))
    return found


def test_every_workbook_was_judged(shapes: dict[int, SheetShape], tell: Callable[[str], None]) -> None:
    assert sorted(shapes) == sorted(ANSWERS) == list(range(129, 191))
    rows = [class_ for shape in shapes.values() for class_, _ in shape.rows.values()]
    counts = ", ".join(f"{class_} {rows.count(class_)}" for class_ in sorted(set(rows)))
    tell(f"tableeval: {len(shapes)} workbooks judged by hand, {len(rows)} rows: {counts}")


@pytest.mark.parametrize("number", ANSWERS)
def test_rows_are_what_a_person_takes_them_for(shapes: dict[int, SheetShape], number: int) -> None:
    shape, answer = shapes[number], ANSWERS[number]
    assert {
        "header": shape.of("header"),
        "data": shape.of("data"),
        "total": shape.of("total"),
        "section": shape.of("section"),
        "others": shape.of("title") + shape.of("note") + shape.of("unrecognised"),
    } == {
        "header": rows_in(answer.header),
        "data": rows_in(answer.data),
        "total": rows_in(answer.total),
        "section": rows_in(answer.section),
        "others": [],
    }


@pytest.mark.parametrize("number", ANSWERS)
def test_columns_have_the_headers_that_a_person_reads(shapes: dict[int, SheetShape], number: int) -> None:
    shape, answer = shapes[number], ANSWERS[number]
    labels = {
        chr(ord("A") + column): table.label(column)
        for table in shape.tables
        for column in range(table.left, table.right + 1)
    }
    assert {letter: labels[letter] for letter in answer.columns} == answer.columns
    spans = tuple(f"{chr(ord('A') + table.left)}-{chr(ord('A') + table.right)}" for table in shape.tables)
    assert spans == (answer.tables or (f"A-{max(labels)}",))
