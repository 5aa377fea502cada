"""Every page of a hand-made bureau as HTML, made without a kernel."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.report.annual.headline import annual_frame
from pipeline.report.annual.view import build_year
from pipeline.report.appendix.frame import appendix_frame
from pipeline.report.board.page import BOARD_TEMPLATE, board_frame
from pipeline.report.page.exporter import render_page
from pipeline.report.page.frame import MAIN_PAGE
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.secretary.page import render_secretary_page
from pipeline.report.secretary.view import build_secretary
from pipeline.texts import load_texts
from tests.report.annual.test_annual import SECTIONS as YEAR_SECTIONS
from tests.report.board_material import sample_board, slides
from tests.report.pages import APPENDIX_SECTIONS, SECTIONS
from tests.report.sample_material import sample_report
from tests.report.shown import shown
from tests.report.year_material import year_reading, year_tables

QUARTER = "2021Q4"


@cache
def sample_pages(lang: str) -> dict[str, str]:
    """The pages of a quarter by name, and the secretary's: the same sections that the notebooks show."""
    report, board = sample_report(lang, QUARTER), sample_board(lang)
    year = _built(build_year, lang)
    quarter_cells = shown(*(section(report) for section in SECTIONS))
    appendix_cells = shown(*(section(report) for section in APPENDIX_SECTIONS))
    return {
        "report": render_page(quarter_cells, page_frame(report)),
        "appendix": render_page(appendix_cells, replace(appendix_frame(report), page=MAIN_PAGE)),
        "annual": render_page(shown(*(section(year) for section in YEAR_SECTIONS)), annual_frame(year)),
        "board": render_page(shown(*slides(board)), board_frame(board), BOARD_TEMPLATE),
        "secretary": render_secretary_page(_built(build_secretary, lang)),
    }


def _built(build: Callable[..., Any], lang: str) -> Any:
    period = pd.Period(QUARTER, "Q-DEC")
    return build(year_reading(), year_tables(QUARTER), period, load_texts(lang), load_catalog())
