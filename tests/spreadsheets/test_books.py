"""A workbook of several kinds of sheets: a first sheet that leads to the others, and charts over their cells."""

import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipeline.spreadsheets.books import ChartSheet, Document, Front, FrontTable, write_spreadsheet
from pipeline.spreadsheets.charts import MONTH_FORMAT, DataSeries, SheetChart
from pipeline.spreadsheets.tables import Link, Number, Sheet

DAY = date(2021, 12, 31)
MONTHS = [date(2021, month, 1) for month in range(1, 13)]
DATA = Sheet(
    title="数据",
    lines=("逐月",),
    header=("月份", "=甲"),
    rows=[[Number(month, MONTH_FORMAT), None if month.month == 3 else month.month * 1.5] for month in MONTHS],
)
CHART = SheetChart(
    title="=1+1 <b>",
    sheet="数据",
    series=(DataSeries(2, "=甲", "#0072b2", 1), DataSeries(2, "目标", look="reference")),
    x_title="月份",
    y_title="分",
    number_format="0",
    lowest=1,
    of_months=True,
)
FRONT = Front(
    title="首页",
    lines=("标题",),
    heading="一分钟",
    sentences=("长" * 100, "=2+2"),
    tables=(FrontTable("数字", ("名称", "数值"), [["积分", Number(88.0, "0.0")], [Link("数据", "数据"), None]]),),
    notes=("相关不等于因果",),
    warning="示例数据",
)


def write(path: Path, charts: tuple[SheetChart, ...] = (CHART,)) -> openpyxl.Workbook:
    sheets: list[Front | ChartSheet | Sheet] = [
        FRONT,
        ChartSheet("图", ("图",), charts, back=Link("返回", "首页")),
        DATA,
    ]
    write_spreadsheet(sheets, path, Document("报告", DAY, "示例数据"))
    return openpyxl.load_workbook(path)


def test_the_first_sheet_says_what_there_is(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx")["首页"]
    values = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    assert values == [
        *("示例数据", "标题", "一分钟", "长" * 100, "=2+2"),
        *("数字", "名称", "数值", "积分", 88.0, "数据", "相关不等于因果"),
    ]
    (sentence,) = [cell for (cell, *_) in page.iter_rows() if cell.value == "=2+2"]
    assert (sentence.data_type, sentence.quotePrefix) == ("s", True)
    assert page.row_dimensions[5].height > 30  # a merged cell does not grow by itself


def test_a_chart_is_drawn_from_the_cells_of_its_sheet(tmp_path: Path) -> None:
    (chart,) = charts_of(write(tmp_path / "a.xlsx")["图"])
    line, target = chart.series
    assert line.val.numRef.f == target.val.numRef.f == "'数据'!$B$3:$B$14"
    assert (line.cat.numRef or line.cat.strRef).f == "'数据'!$A$3:$A$14"
    assert line.tx.v == "=甲"
    assert line.marker.symbol == "square"
    assert line.graphicalProperties.line.solidFill.srgbClr == "0072b2"
    assert (target.marker.symbol or "none", target.graphicalProperties.line.prstDash) == ("none", "dash")


def test_axes_are_shown_named_and_begin_where_asked(tmp_path: Path) -> None:
    (chart,) = charts_of(write(tmp_path / "a.xlsx")["图"])
    assert [chart.x_axis.delete, chart.y_axis.delete] == [False, False]
    assert [text_of(axis.title) for axis in (chart.x_axis, chart.y_axis)] == ["月份", "分"]
    assert text_of(chart.title) == "=1+1 <b>"
    assert (chart.y_axis.scaling.min, chart.x_axis.number_format.formatCode) == (1, MONTH_FORMAT)


def test_a_missing_month_is_a_gap(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx")
    assert book["数据"]["B5"].value is None
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert b'dispBlanksAs val="gap"' in archive.read("xl/charts/chart1.xml")


def test_pages_of_paper_hold_whole_charts(tmp_path: Path) -> None:
    page = write(tmp_path / "a.xlsx", (CHART,) * 5)["图"]
    rows = sorted({chart.anchor._from.row for chart in charts_of(page)})
    assert len(rows) == 3
    (pause,) = page.row_breaks.brk
    assert rows[1] < pause.id < rows[2] + 1


def test_no_sheet_is_hidden_and_nothing_is_a_formula(tmp_path: Path) -> None:
    book = write(tmp_path / "a.xlsx")
    assert {sheet.sheet_state for sheet in book} == {"visible"}
    assert not [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_same_content_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write(tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    "name", ["=cmd|' /C calc'!A0", "<script>&", "乙\u202e甲", "名" * 300, "🚬", "", "a\x00b\ud800"]
)
def test_hostile_names_are_inert_everywhere(tmp_path: Path, name: str) -> None:
    data = Sheet(
        title="数据", lines=(name,), header=("月份", name), rows=DATA.rows, warning=name, back=Link(name, name)
    )
    chart = replace(CHART, title=name, x_title=name, y_title=name, series=(DataSeries(2, name),))
    front = replace(FRONT, lines=(name,), sentences=(name,), notes=(name,))
    sheets: list[Front | ChartSheet | Sheet] = [front, ChartSheet("图", (name,), (chart,)), data]
    write_spreadsheet(sheets, tmp_path / "a.xlsx", Document(name, DAY, name))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        text = "".join(archive.read(part).decode("utf-8") for part in archive.namelist())
    assert "\u202e" not in text
    assert "<script>" not in text


def test_a_chart_of_no_sheet_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        write_spreadsheet([ChartSheet("图", (), (CHART,))], tmp_path / "a.xlsx", Document("报告", DAY))


def charts_of(page: Any) -> list:
    return page._charts  # openpyxl offers no other way to read them


def text_of(title) -> str:
    return "".join(run.t for paragraph in title.tx.rich.p for run in paragraph.r)
