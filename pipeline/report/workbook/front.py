"""The first sheet of ``report.xlsx``: what this is, the quarter in key figures and sentences, and where what stands."""

from collections.abc import Sequence

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import KeyFigure
from pipeline.report.quarterly.headline import key_figures, page_frame
from pipeline.report.quarterly.sentences import summary_sentences
from pipeline.report.workbook.sheets import FRONT, sheet_name
from pipeline.spreadsheets.books import ChartSheet, Front, FrontTable
from pipeline.spreadsheets.tables import CellValue, Link, Number, Sheet


def front_sheet(report: QuarterReport, others: Sequence[Sheet | ChartSheet]) -> Front:
    """Return the first sheet; ``others`` are listed with a link, what they hold, and how many rows."""
    texts, frame = report.texts, page_frame(report)
    figures = [_figure(figure) for row in key_figures(report) for figure in row.items]
    labels = (texts(f"workbook.front_{name}") for name in ("figure", "value", "unit", "note"))
    sheets = [[Link(sheet.title, sheet.title), _size(sheet), None, _about(sheet)] for sheet in others]
    columns = (texts("workbook.sheet"), texts("workbook.front_rows"), "", texts("workbook.front_holds"))
    return Front(
        title=sheet_name(report, FRONT),
        lines=(frame.title, frame.subtitle),
        heading=texts("summary.title"),
        sentences=summary_sentences(report),
        tables=(
            FrontTable(texts("workbook.front_figures"), tuple(labels), figures),
            FrontTable(texts("workbook.front_sheets"), columns, sheets),
        ),
        notes=(frame.footer, texts("workbook.front_missing")),
        warning=frame.banner,
    )


def _figure(figure: KeyFigure) -> list[CellValue]:
    """Return a key figure as a row: a number where it is one, so that it can be used further."""
    return [figure.label, _number(figure.value), figure.unit, figure.note]


def _number(text: str) -> CellValue:
    """Return the number that a page shows as ``text``, in the digits that it shows; any other text as it is."""
    plain = text.replace(",", "").replace("−", "-")
    if not plain.removeprefix("-").replace(".", "", 1).isdecimal():
        return text
    digits = len(plain.partition(".")[2])
    return Number(float(plain), "#,##0" + ("." + "0" * digits if digits else ""))


def _size(sheet: Sheet | ChartSheet) -> CellValue:
    return Number(len(sheet.rows), "#,##0") if isinstance(sheet, Sheet) else None


def _about(sheet: Sheet | ChartSheet) -> str:
    """Return the line of a sheet that says what it holds: the last one above its table."""
    return sheet.lines[-1]
