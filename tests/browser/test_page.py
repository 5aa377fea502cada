"""A small page with hostile names, as a person would open it."""

import re
from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest
from plotly.subplots import make_subplots

from pipeline.report.page.blocks import KeyFigure, KeyFigures, Section
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.exporter import export_page
from pipeline.report.page.frame import PageFrame
from pipeline.report.page.table_block import Column, Mark, Table
from tests.browser.inspector import OpenPage, inspect_page, print_page
from tests.report.shown import shown

pytestmark = pytest.mark.browser

HOSTILE = "<script>window.stolen=1</script></script><!--<img src=x onerror='window.stolen=1'>\u202e张三"
LINK = "<a href='https://example.org/?q=1'>链接</a>"


def hostile_table() -> Table:
    frame = pd.DataFrame({"name": [HOSTILE] * 4, "group": [Mark(HOSTILE, group=1)] * 4})
    for number in range(6):
        frame[f"value_{number}"] = 12345.6
    numbers = tuple(Column(f"value_{number}", f"很长的列名第{number}列", 1, "万元") for number in range(6))
    return Table(frame, (Column("name", "姓名"), Column("group", LINK), *numbers), HOSTILE)


def trend_chart() -> Chart:
    figure = make_subplots(rows=2, cols=1, shared_xaxes=True)
    figure.add_scatter(
        x=["2021-10-01", "2021-11-01"], y=[80, 85], name=HOSTILE, hovertext=[LINK, HOSTILE], row=1, col=1
    )
    figure.add_bar(x=["2021-10-01", "2021-11-01"], y=[700, 650], name=LINK, customdata=[HOSTILE, LINK], row=2, col=1)
    figure.update_layout(title={"text": HOSTILE}, yaxis={"title": {"text": LINK}})
    return Chart("trend", figure, HOSTILE, LINK, hostile_table(), "查看数据", "怎样读")


def correlation_chart() -> Chart:
    figure = go.Figure(go.Heatmap(z=[[0.1, 0.5], [0.2, -0.3]], x=["积分", LINK], y=["销量", HOSTILE]))
    return Chart("correlation", figure, "相关", "没有证据。", hostile_table(), "查看数据", "怎样读")


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "report.html"
    figures = KeyFigures((KeyFigure(HOSTILE, "88.0", "分"), KeyFigure("销量", "12,345.6", "箱")))
    notebook = shown(
        figures, Section("first", HOSTILE), hostile_table(), trend_chart(), Section("second", LINK), correlation_chart()
    )
    export_page(notebook, path, PageFrame("zh", HOSTILE, LINK, HOSTILE, LINK))
    return path


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_chart_draws_and_nothing_leaves(
    chromium: Any, page_file: Path, tmp_path: Path, width: int, dark: bool
) -> None:
    seen = inspect_page(chromium, page_file, width, dark=dark, screenshot=tmp_path / "page.png")
    assert (seen.charts_declared, seen.charts_drawn) == (2, 2)
    assert seen.requests == []
    assert seen.console == []
    assert seen.overflow_px <= 0
    assert seen.chart_links == 0
    assert (tmp_path / "page.png").stat().st_size > 10_000


def test_hostile_text_is_read_not_run(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        opened.page.locator("#trend .plot").hover(position={"x": 300, "y": 100})
        assert opened.page.evaluate("window.stolen") is None
        assert opened.page.locator("main a, main img, h1 *").count() == 0
        assert "<script>window.stolen=1</script>" in opened.page.locator("h1").inner_text()
        assert "\u202e" not in opened.page.content()
        assert "链接" in opened.page.locator("#trend .ytitle").text_content()
        assert opened.look().console == []


def test_a_script_that_slipped_into_the_page_would_not_run(chromium: Any, page_file: Path, tmp_path: Path) -> None:
    tampered = tmp_path / "tampered.html"
    page = page_file.read_text(encoding="utf-8")
    tampered.write_text(
        page.replace(
            "<main id", "<script>window.stolen=1</script><img alt='' src='https://example.org/x.png'><main id"
        ),
        encoding="utf-8",
    )
    with OpenPage(chromium, tampered) as opened:
        assert opened.page.evaluate("window.stolen") is None
        seen = opened.look()
        assert seen.charts_drawn == 2
        assert seen.requests == []  # the policy stops it before the network is asked
        assert len([line for line in seen.console if "Content Security Policy" in line]) == 2


def test_the_buttons_are_ours_and_in_chinese(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        buttons = opened.page.locator("#trend .modebar-btn")
        titles = [button.get_attribute("data-title") for button in buttons.all()]
        assert titles == ["框选放大", "平移", "还原坐标轴", "下载 PNG 图片"]
        months = " ".join(opened.page.locator("#trend .x2tick").all_text_contents())
        assert re.search(r"\d+月\d+日", months), months


def test_the_data_of_a_chart_unfold(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file, width=390) as opened:
        table = opened.page.locator("#trend table")
        assert not table.is_visible()
        opened.page.locator("#trend summary").click()
        assert table.is_visible()
        assert opened.look().overflow_px <= 0


def test_without_scripts_every_table_stands_open(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file, javascript=False) as opened:
        tables = opened.page.locator("table")
        assert tables.count() == 3
        assert all(table.is_visible() for table in tables.all())
        assert opened.page.locator(".plot:visible").count() == 0
        assert opened.page.locator("noscript").count() == 1


def test_a_browser_that_cannot_unpack_says_so(chromium: Any, page_file: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.html"
    page = page_file.read_text(encoding="utf-8")
    damaged.write_text(re.sub(r'(id="plotly-packed">)....', r"\1AAAA", page), encoding="utf-8")
    with OpenPage(chromium, damaged, wait_for_charts=False) as opened:
        opened.page.wait_for_selector("#chart-trouble:visible")
        assert all(table.is_visible() for table in opened.page.locator("table").all())


def test_paper_has_every_chart_as_lines(chromium: Any, page_file: Path, tmp_path: Path) -> None:
    seen = print_page(chromium, page_file, tmp_path / "report.pdf")
    assert seen.charts_drawn == 2
    assert seen.console == []
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")


def test_on_paper_charts_fit_the_sheet_and_folds_are_as_the_reader_left_them(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file, dark=True) as opened:
        opened.page.locator("#trend summary").click()
        opened.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        opened.page.emulate_media(media="print")
        assert opened.page.locator("#trend .main-svg").first.get_attribute("width") == "680"
        assert opened.page.locator("#trend table").is_visible()
        assert not opened.page.locator("#correlation table").is_visible()
        assert not opened.page.locator(".data-tools").first.is_visible()
        opened.page.emulate_media(media="screen")
        opened.page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert int(opened.page.locator("#trend .main-svg").first.get_attribute("width")) > 800
