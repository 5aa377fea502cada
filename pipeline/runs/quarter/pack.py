"""The meeting pack: the report as PDF and its charts as pictures, for slides and for Word. Only on request.

Imports nothing heavy until something is drawn.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from pipeline.parameters import RunParameters
from pipeline.report.page.files import CHARTS_FOLDER, PDF_FILE, REPORT_FILE
from pipeline.runs.records.fingerprints import FileHash
from pipeline.runs.records.places import REPORT_NOTEBOOK
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts


def has_pack(published: Iterable[FileHash]) -> bool:
    """Tell whether the files of a published report hold a meeting pack; it is published whole or not at all."""
    return any(file.path == PDF_FILE for file in published)


def draw_pack(folder: Path, tables: Path, parameters: RunParameters, progress: Progress) -> bool:
    """Add ``report.pdf`` and ``charts/`` to ``folder``, which holds the page and the executed notebooks of a quarter.

    ``tables`` is the folder of its tables. Without a Chromium or Edge nothing is added; that is said, and False
    returned.
    """
    from nbformat import read  # loads what a run without work does not need

    from pipeline.report.material.quarter import load_quarter
    from pipeline.report.page.drawing import NotDrawn, draw
    from pipeline.report.page.exporter import cells_of_page
    from pipeline.report.page.frame import MAIN_PAGE
    from pipeline.report.page.images import find_charts, picture_specs
    from pipeline.report.quarterly.headline import page_frame

    texts = load_texts(parameters.lang)
    charts, pdf = folder / CHARTS_FOLDER, folder / PDF_FILE
    with progress.step("pack"):
        notebook = read(folder / "notebooks" / f"{REPORT_NOTEBOOK}.ipynb", as_version=4)
        report = load_quarter(tables, parameters.quarter, parameters.lang)
        line = texts(
            "pack.line_synthetic" if report.bureau.is_synthetic else "pack.line", title=page_frame(report).title
        )
        specs = picture_specs(find_charts(cells_of_page(notebook, MAIN_PAGE)), charts, line)
        charts.mkdir()
        try:
            draw(specs, folder / REPORT_FILE, pdf, report.as_of)
        except NotDrawn as reason:
            shutil.rmtree(charts)
            pdf.unlink(missing_ok=True)
            progress.say(texts("pack.not_drawn", reason=reason.tell(texts)))
            return False
    return True
