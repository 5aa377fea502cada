"""A page of more charts than a phone can hold draws those near the reader; paper has them all."""

from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from pipeline.report.page.blocks import Section
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.exporter import export_page
from pipeline.report.page.frame import PageFrame
from pipeline.report.page.table_block import Column, Table
from tests.browser.inspector import OpenPage
from tests.report.shown import shown

pytestmark = pytest.mark.browser

CHARTS = 130  # more than MANY of charts.js
PHONE, DESK = 390, 1440  # px
DRAWN = "() => document.querySelectorAll('.plot[data-state=drawn]').length"
LAST_IS_DRAWN = f"() => document.querySelector('[aria-labelledby=chart-{CHARTS}-title]').dataset.state === 'drawn'"


@pytest.fixture(scope="module")
def many_charts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of two sections, the second with all the charts."""
    path = tmp_path_factory.mktemp("many") / "report.html"
    table = Table(
        pd.DataFrame({"month": ["10月"], "value": [1.0]}), (Column("month", "月份"), Column("value", "值", 1)), "x"
    )
    charts = [
        Chart(
            f"chart-{number}", go.Figure(go.Scatter(x=[1, 2], y=[1, number])), "图", "说明", table, "查看数据", "怎样读"
        )
        for number in range(1, CHARTS + 1)
    ]
    export_page(
        shown(Section("first", "一"), Section("second", "二"), *charts), path, PageFrame("zh", "页", "", None, "")
    )
    return path


def test_at_a_desk_charts_are_drawn_where_the_reader_comes(chromium: Any, many_charts: Path) -> None:
    with OpenPage(chromium, many_charts, width=DESK) as opened:
        assert 0 < opened.page.evaluate(DRAWN) < CHARTS / 2
        opened.page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        opened.page.wait_for_function(LAST_IS_DRAWN)
        assert opened.page.evaluate(DRAWN) < CHARTS
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        opened.page.wait_for_function(f"({DRAWN})() === {CHARTS}")


def test_on_a_phone_a_folded_section_draws_none_until_it_is_opened(chromium: Any, many_charts: Path) -> None:
    with OpenPage(chromium, many_charts, width=PHONE) as opened:
        assert opened.page.evaluate(DRAWN) == 0
        opened.page.click("#second .section-toggle")
        opened.page.wait_for_function(f"({DRAWN})() > 0")
        assert opened.page.evaluate(DRAWN) < CHARTS / 2
