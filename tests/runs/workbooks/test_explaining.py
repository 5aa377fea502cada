"""What ``ronghe check --explain`` prints, line by line."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.runs.workbooks import explaining
from pipeline.runs.workbooks.explaining import INDENT, explain_lines
from pipeline.texts import load_texts
from tests.hand_made import ROSTER, InProcessReader, Rows, write_xlsx
from tests.ingest.layouts.test_table_eval import ANSWERS, rows_in

TOLD = re.compile(r" *第 (\d+)(?:–(\d+))? 行  (.+?)：")
CLASSES = {
    "header": "表头",
    "data": "数据",
    "total": "合计",
    "section": "分节",
}  # of the answers, and how they are told

CASES: Rows = (
    ["立案编", "立案日期", "案由", "查获地点", "办案部门", "真烟(条)", "联系电话"],
    ["甲1号", "2019-01-02", "无证运输", "某镇", "驮卢所", 1, "13812345678"],
)
STATISTICS: Rows = (
    ["产品", "1季度", "2季度"],
    ["一、黑色金属"],
    ["钢", 1, 2],
    ["铁", 1, 2],
    ["铝", 1, 2],
    ["合计", 3, 6],
    ["资料来源：统计局"],
)


@pytest.fixture
def in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read in this process, as a test wrote the files itself."""
    monkeypatch.setattr(explaining, "Reader", InProcessReader)


def lines_of(path: Path, lang: str = "zh") -> list[str]:
    return [line.strip() for line in explain_lines([path], load_texts(lang))]


@pytest.mark.usefixtures("in_process")
def test_a_known_kind(tmp_path: Path) -> None:
    lines = lines_of(write_xlsx(tmp_path / "2019年党员花名册.xlsx", {"花名册": ROSTER}))
    assert lines[:2] == [
        "2019年党员花名册.xlsx › 花名册：有内容的 10 行",
        "种类：党员花名册。得分 1.50：认得表头 8/8 个，文件名、工作表名或标题里有“花名册”。",
    ]
    assert lines[2].startswith("列：A 序号（未采用）；B 姓名 → 姓名；")
    assert "只写月日的日期按 2019 年算（取自文件名）" in lines
    assert "第 1–2 行  标题：在表头上方  ××局(营销部)党支部党小组花名册" in lines
    assert lines[-1].startswith("第 10 行  附注：A10 以“负责人”表明是附注或签字")


@pytest.mark.usefixtures("in_process")
def test_a_column_is_missing_and_telephone_numbers_stay_hidden(tmp_path: Path) -> None:
    lines = lines_of(write_xlsx(tmp_path / "专卖案件台账.xlsx", {"台账": CASES}))
    assert lines[1].startswith("很像“专卖案件台账”，但缺少必需的列，下面的行都没有采用。")
    assert lines[2] == "缺少“立案号”，看到的最像的表头是“立案编”（A1）"
    assert lines[-1].startswith("第 2 行  未采用：表格缺少必需的列，见上  甲1号 | ")
    assert not any("1381234" in line for line in lines)


@pytest.mark.usefixtures("in_process")
def test_months_across_name_the_columns_that_were_read(tmp_path: Path) -> None:
    rows: Rows = (
        ["2021年卷烟销量(单位：箱、元)"],
        ["单位", "1月", None, "2月", None],
        [None, "销量", "销售额", "销量", "销售额"],
        ["营销管理", 500, 1500, 400, 1200],
        ["驮卢片区", 300, 900, 250, 750],
    )
    lines = lines_of(write_xlsx(tmp_path / "销量2021年.xlsx", {"表": rows}))
    assert lines[1].startswith("种类：卷烟销售月报。不是逐行的表")
    (columns,) = (line for line in lines if line.startswith("读出的列"))
    assert "单位（A4）" in columns
    assert "本月销量（B4）" in columns
    assert "销售额（C4）" in columns
    assert not any("未采用" in line for line in lines)


@pytest.mark.usefixtures("in_process")
def test_a_sheet_of_no_known_kind(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "年鉴.xlsx", {"表": STATISTICS})
    assert lines_of(path)[-6:] == [
        "列：A 产品；B 1季度；C 2季度",
        "第 1 行  表头：表头第 1 层，共 1 层  产品 | 1季度 | 2季度",
        "第 2 行  分节：小标题“一、黑色金属”（A2），本行没有数值  一、黑色金属",
        "第 3–5 行  数据：有名称和数值  钢 | 1 | 2",
        "第 6 行  合计：A6 写的是“合计”  合计 | 3 | 6",
        "第 7 行  附注：A7 以“资料来源:统计局”表明是附注或签字  资料来源:统计局",
    ]
    english = lines_of(path, "en")
    assert english[0] == "年鉴.xlsx › 表: 7 rows with content"
    assert english[1] == "Of no known kind; nothing of it is used as data."
    assert english[-3:] == [
        "Rows 3–5  data: has a label and numbers  钢 | 1 | 2",
        "Row 6  total: A6 says “合计”  合计 | 3 | 6",
        "Row 7  note: A7 “资料来源:统计局” marks a note or a signature  资料来源:统计局",
    ]


@pytest.mark.process
def test_files_that_are_not_read_say_why_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "空.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "说明.docx").write_bytes(b"PK\x03\x04")
    assert main(["check", "--explain", str(tmp_path)]) == 1
    told = capsys.readouterr().out
    assert told.count("空.xlsx") == told.count("文件不完整") == 1
    assert told.count("说明.docx") == 1


@pytest.mark.process
def test_the_option_of_check(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write_xlsx(tmp_path / "年鉴.xlsx", {"表": STATISTICS})
    status = main(["check", "--explain", str(path)])
    told = capsys.readouterr().out
    assert status == 0
    assert "第 3–5 行  数据：有名称和数值" in told
    assert told.index("第 7 行") < told.index("读取 1 个文件")


@pytest.mark.process
@pytest.mark.corpus
def test_every_foreign_workbook_is_explained(corpus: Path, tell: Callable[[str], None]) -> None:
    lines = Counter(line.startswith("  ") for line in explain_lines([corpus], load_texts("zh")))
    tell(f"explained: {lines[False]} sheets, {lines[True]} lines about them")
    assert lines[False] > 400
    assert lines[True] > lines[False]


def classes_told(lines: Iterable[str]) -> dict[str, dict[str, list[int]]]:
    """Return file -> class in words -> rows from 0, as lines tell them."""
    found: dict[str, dict[str, list[int]]] = {}
    for line in lines:
        if not line.startswith(INDENT):
            rows_of = found.setdefault(line.partition(" › ")[0], {})
        elif told := TOLD.match(line):
            first, last = int(told[1]), int(told[2] or told[1])
            rows_of.setdefault(told[3], []).extend(range(first - 1, last))
    return found


@pytest.mark.corpus
@pytest.mark.usefixtures("in_process")
def test_rows_of_foreign_workbooks_are_told_as_a_person_sees_them(corpus: Path) -> None:
    """Every row that was judged by hand stands in exactly one line, under the class that it was judged to be."""
    told = classes_told(explain_lines([corpus / "tableeval"], load_texts("zh")))
    by_number = {int(name.rpartition("/")[2].partition("_")[0]): rows_of for name, rows_of in told.items()}
    judged = {
        number: {CLASSES[class_]: rows_in(rows) for class_ in CLASSES if (rows := getattr(answer, class_))}
        for number, answer in ANSWERS.items()
    }
    assert len(told) == len(ANSWERS)
    assert {number: by_number[number] for number in judged if by_number[number] != judged[number]} == {}
