"""What all sheets of ``report.xlsx`` share: their names, the lines above, the way back, colours of certain words."""

from collections.abc import Mapping, Sequence

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.quarterly.headline import page_frame
from pipeline.spreadsheets.tables import CellValue, Link, Sheet

FRONT = "front"
# Colours that repeat a word (light fills below dark text): what stands out good, what calls for care, what is not known
GOOD, CARE, BAD, UNKNOWN = "FFDFF0E6", "FFFFF0CC", "FFFBE0D6", "FFEDEDED"
WORD_COLOURS: Mapping[str, str] = {  # text -> colour
    "stats.verdict.evidence": GOOD,
    "stats.verdict.clue": CARE,
    "stats.verdict.insufficient": UNKNOWN,
    "stats.verdict.coupled": UNKNOWN,
    "workbook.state_not_submitted": BAD,
    "workbook.state_partial": CARE,
    "workbook.state_no_base": UNKNOWN,
    "watch.state_raised": CARE,
    "watch.state_unknown": UNKNOWN,
}


def sheet_name(report: QuarterReport, name: str) -> str:
    """Return the name of the sheet ``name`` in the language of the report."""
    return report.texts(f"workbook.sheet_{name}")


def back_link(report: QuarterReport) -> Link:
    """Return the link to the first sheet."""
    return Link(report.texts("workbook.back"), sheet_name(report, FRONT))


def make_sheet(
    report: QuarterReport,
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[CellValue]],
    words: Sequence[str] = (),
) -> Sheet:
    """Return the sheet ``name``: what it holds stands above it (text ``workbook.about_<name>``).

    ``words`` are the labels of columns whose words may have a colour.
    """
    frame, texts = page_frame(report), report.texts
    colours = {texts(key): colour for key, colour in WORD_COLOURS.items()}
    return Sheet(
        title=sheet_name(report, name),
        lines=(
            texts("workbook.sheet_title", sheet=sheet_name(report, name), report=frame.title),
            texts(f"workbook.about_{name}"),
        ),
        header=tuple(header),
        rows=rows,
        warning=frame.banner,
        back=back_link(report),
        tints={place: colours for place, label in enumerate(header) if label in words},
    )
