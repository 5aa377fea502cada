"""Charts of Excel itself, drawn from the cells of a visible sheet; they open in WPS and LibreOffice too."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from openpyxl.chart import LineChart, Reference
from openpyxl.chart.axis import ChartLines, DateAxis, NumericAxis, TextAxis
from openpyxl.chart.legend import Legend
from openpyxl.chart.marker import Marker
from openpyxl.chart.series import Series
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
    RichTextProperties,
)
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.spreadsheets.cleaning import plain_text, workbook_text

WIDTH_CM, HEIGHT_CM = 13, 8
Symbol = Literal["circle", "square", "diamond", "triangle", "x", "star"]
SYMBOLS: tuple[Symbol, ...] = ("circle", "square", "diamond", "triangle", "x", "star")  # beside the colour
LINE_WIDTH = 22_225  # EMU: 1.75 pt
GRID_COLOUR, AXIS_COLOUR, TEXT_COLOUR, REFERENCE_COLOUR = "E2DFDA", "BDB8B0", "444444", "5F6B73"
TITLE_SIZE, LABEL_SIZE = 1200, 900  # hundredths of a point
MOST_LABELS = 8  # on the axis of a chart this wide
MONTHS_PER_STEP = (1, 2, 3, 6, 12, 24)  # between two labels of an axis of months

MONTH_FORMAT = "yyyy-mm"

Look = Literal["line", "dots", "reference"]


@dataclass(frozen=True)
class DataSeries:
    """One column of a chart's sheet (from 1): its ``name`` in the legend, its colour (``#rrggbb``) and its look.

    ``number`` chooses the symbol; a reference is a dashed line without one, in grey.
    """

    column: int
    name: str
    colour: str = f"#{REFERENCE_COLOUR}"
    number: int = 0
    look: Look = "line"


@dataclass(frozen=True)
class SheetChart:
    """A chart over all rows of the sheet named ``sheet``, whose first column labels the x axis: words, or first days of
    months where it is an axis of months.

    An empty cell is a gap, never a zero. ``lowest`` is where the y axis begins; None leaves it to the program.
    """

    title: str
    sheet: str
    series: Sequence[DataSeries]
    x_title: str
    y_title: str
    number_format: str = "General"
    lowest: float | None = None
    of_months: bool = False


def make_chart(chart: SheetChart, data: Worksheet, first: int, last: int) -> LineChart:
    """Return openpyxl's chart over the rows ``first`` to ``last`` of ``data``."""
    made = LineChart()
    made.width, made.height, made.style = WIDTH_CM, HEIGHT_CM, 2
    made.title = _title(chart.title, TITLE_SIZE, is_bold=True)
    made.display_blanks = "gap"
    made.x_axis = _month_axis(chart.x_title, last - first + 1) if chart.of_months else _label_axis(chart.x_title)
    made.y_axis = _number_axis(chart)
    made.legend = Legend(legendPos="b", overlay=False)
    labels = Reference(data, min_col=1, min_row=first, max_row=last)
    for series in chart.series:
        made.series.append(_series(series, Reference(data, min_col=series.column, min_row=first, max_row=last)))
    made.set_categories(labels)
    return made


def _series(series: DataSeries, values: Reference) -> Series:
    colour = series.colour.removeprefix("#")
    made = SeriesFactory(values, title=workbook_text(series.name))
    made.smooth = False
    line = LineProperties(solidFill=colour, w=LINE_WIDTH)
    made.marker = Marker(symbol=SYMBOLS[series.number % len(SYMBOLS)], size=8 if series.look == "dots" else 4)
    made.marker.graphicalProperties = GraphicalProperties(solidFill=colour, ln=LineProperties(solidFill=colour))
    if series.look == "dots":
        line = LineProperties(noFill=True)
    elif series.look == "reference":
        line, made.marker = LineProperties(solidFill=colour, w=LINE_WIDTH, prstDash="dash"), Marker(symbol="none")
    made.graphicalProperties = GraphicalProperties(ln=line)
    return made


def _label_axis(title: str) -> TextAxis:
    return TextAxis(
        axId=10,
        crossAx=100,
        axPos="b",
        delete=False,  # without it Excel hides the axis
        title=_title(title, LABEL_SIZE),
        majorTickMark="out",
        tickLblPos="low",
        noMultiLvlLbl=True,
        spPr=GraphicalProperties(ln=LineProperties(solidFill=AXIS_COLOUR)),
        txPr=_label_text(),
    )


def _month_axis(title: str, months: int) -> DateAxis:
    """Return an axis of months: a program thins out the labels of dates, but squeezes those of words."""
    step = next((step for step in MONTHS_PER_STEP if months <= MOST_LABELS * step), MONTHS_PER_STEP[-1])
    made = DateAxis(
        axId=10,
        crossAx=100,
        axPos="b",
        delete=False,
        title=_title(title, LABEL_SIZE),
        majorTickMark="out",
        tickLblPos="low",
        baseTimeUnit="months",
        majorUnit=step,
        majorTimeUnit="months",
        spPr=GraphicalProperties(ln=LineProperties(solidFill=AXIS_COLOUR)),
        txPr=_label_text(),
    )
    made.number_format = MONTH_FORMAT
    return made


def _number_axis(chart: SheetChart) -> NumericAxis:
    made = NumericAxis(
        axId=100,
        crossAx=10,
        axPos="l",
        delete=False,
        title=_title(chart.y_title, LABEL_SIZE),
        majorTickMark="out",
        tickLblPos="low",
        majorGridlines=ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=GRID_COLOUR))),
        crossBetween="between",
        txPr=_label_text(),
    )
    made.number_format = chart.number_format
    made.scaling.min = chart.lowest
    return made


def _title(text: str, size: int, *, is_bold: bool = False) -> Title:
    look = CharacterProperties(sz=size, b=is_bold, solidFill=TEXT_COLOUR)
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=plain_text(text))])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)  # beside the plot, not over it


def _label_text() -> RichText:
    look = CharacterProperties(sz=LABEL_SIZE, solidFill=TEXT_COLOUR)
    level = RichTextProperties(rot=0)  # slanted labels would take half of the chart
    return RichText(bodyPr=level, p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])
