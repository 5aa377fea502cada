import json
import re
from dataclasses import replace
from pathlib import Path

import nbclient
import nbformat
import pandas as pd
import plotly.graph_objects as go
import pytest
from nbformat import NotebookNode, v4

from pipeline.charts.style import GROUP_COLOURS
from pipeline.report.page.blocks import METADATA_KEY, Prose, Section
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.exporter import UnfitNotebook, cells_of_page, export_page, page_markdown, render_page
from pipeline.report.page.frame import APPENDIX_PAGE, MAIN_PAGE, PageFrame
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from pipeline.report.page.table_block import Column, Table
from pipeline.report.page.templating import SCRIPTS
from tests.report.shown import code_cell, shown

FRAME = PageFrame(lang="zh", title="季度报告", subtitle="2021 年第四季度", banner="示例数据", footer="相关不等于因果")


def chart(name: str = "points") -> Chart:
    table = Table(pd.DataFrame({"m": ["10月"], "v": [88.0]}), (Column("m", "月份"), Column("v", "积分", 1)), "数据")
    return Chart(name, go.Figure(go.Scatter(x=["10月"], y=[88.0])), "积分", "甲组 88 分。", table, "查看数据", "怎样读")


def notebook_with(*outputs: NotebookNode) -> NotebookNode:
    return v4.new_notebook(cells=[code_cell(*outputs)])


def html_output(html: str) -> NotebookNode:
    return v4.new_output("display_data", data={"text/html": html})


def page_body(html: str) -> str:
    return html[html.index("<body>") : html.index('<script type="application/json" id="chart-settings">')]


def test_the_page_has_its_frame_sections_and_contents() -> None:
    page = render_page(
        shown(Prose(("先说结论。",)), Section("first", "第一"), Section("second", "第二"), chart()), FRAME
    )
    assert page.startswith('<!doctype html>\n<html lang="zh-CN">')
    assert "<title>季度报告</title>" in page
    assert '<aside class="banner">示例数据</aside>' in page
    assert re.findall(r'<li><a href="#(.*?)">(.*?)</a></li>', page) == [("first", "第一"), ("second", "第二")]
    assert page.count("<section ") == page.count("</section>") == 2
    body = page_body(page)
    assert body.index("先说结论") < body.index('<section id="first"') < body.index('<section id="second"')
    assert body.count('<figure class="chart" id="points">') == body.count("</figure>") == 1


def test_code_streams_and_plain_text_stay_off_the_page() -> None:
    notebook = shown(chart())
    notebook.cells[0].outputs += [
        v4.new_output("stream", name="stdout", text="printed_text"),
        v4.new_output("stream", name="stderr", text="warning_text"),
        v4.new_output("execute_result", data={"text/plain": "plain_repr"}),
    ]
    page = render_page(notebook, FRAME)
    assert [word for word in ("secret_source", "printed_text", "warning_text", "plain_repr") if word in page] == []


def test_a_cell_for_the_analyst_stays_off_the_page() -> None:
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("给分析员看", metadata={"tags": ["analyst"]}),
            v4.new_markdown_cell("## 给经理看"),
        ]
    )
    page = render_page(notebook, FRAME)
    assert "给分析员看" not in page
    assert "<h3>给经理看</h3>" in page


def test_a_notebook_may_hold_two_pages() -> None:
    notebook = v4.new_notebook(
        cells=[
            v4.new_markdown_cell("给经理看"),
            v4.new_markdown_cell("给分析员核对", metadata={"tags": [APPENDIX_PAGE]}),
            v4.new_markdown_cell("笔记本的话", metadata={"tags": ["analyst"]}),
        ]
    )
    pages = {page: render_page(notebook, replace(FRAME, page=page)) for page in (MAIN_PAGE, APPENDIX_PAGE)}
    assert ("给经理看" in pages[MAIN_PAGE], "给分析员核对" in pages[MAIN_PAGE]) == (True, False)
    assert ("给经理看" in pages[APPENDIX_PAGE], "给分析员核对" in pages[APPENDIX_PAGE]) == (False, True)
    assert not any("笔记本的话" in page for page in pages.values())


def test_charts_of_another_page_bring_no_plotly() -> None:
    notebook = shown(Prose(("没有图",)), chart())
    notebook.cells[1].metadata["tags"] = [APPENDIX_PAGE]
    assert 'id="plotly-packed"' not in render_page(notebook, FRAME)


def test_a_cell_of_two_pages_is_refused() -> None:
    cell = v4.new_markdown_cell("x", metadata={"tags": ["analyst", APPENDIX_PAGE]})
    with pytest.raises(UnfitNotebook, match="cell 1 is tagged for two pages: analyst, appendix"):
        cells_of_page(v4.new_notebook(cells=[cell]), MAIN_PAGE)


def test_markdown_shows_raw_html_as_text() -> None:
    assert page_markdown("<script>x</script>") == "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"


def test_plotly_comes_once_and_only_with_charts() -> None:
    assert render_page(shown(Prose(("没有图",))), FRAME).count('id="plotly-packed"') == 0
    page = render_page(shown(chart("a"), chart("b"), Section("c", "节"), chart("d")), FRAME)
    assert page.count('id="plotly-packed"') == 1
    assert page.count('class="plot"') == 3


def test_a_bare_plotly_figure_is_shown_too() -> None:
    output = v4.new_output("display_data", data={PLOTLY_MIME: {"data": [{"y": [1]}], "layout": {"height": 200}}})
    page = render_page(notebook_with(output), FRAME)
    assert '<div class="plot" style="--plot-height: 200px"><script type="application/json">{"data":[{"y":[1]}]' in page


def test_nothing_on_the_page_names_an_address_or_a_stock_script() -> None:
    page = render_page(shown(Section("a", "节"), chart()), FRAME)
    packed = re.compile(r'<script type="text/plain" id="plotly-packed">[^<]+</script>')
    rest = packed.sub("", page)
    assert re.findall(r"https?:|//[a-z]+\.", rest) == []
    assert [word for word in ("MathJax", "require.min", "mermaid") if word in rest] == []


def test_the_policy_lets_nothing_in_but_our_scripts() -> None:
    page = render_page(shown(chart()), FRAME)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="(.*?)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert policy[1].count("'sha256-") == 2 + len(SCRIPTS["template"]) + 1  # early.js, tools.js, the page's, plotly.js
    assert "script-src 'unsafe-inline'" not in policy[1]


def test_figures_cannot_leave_their_script_tag() -> None:
    hostile = {
        "data": [{"name": "</script><script>alert(1)</script><!--", "y": [1]}],
        "layout": {"title": {"text": "\u202e<a href='https://example.org'>x</a>"}},
    }
    page = render_page(notebook_with(v4.new_output("display_data", data={PLOTLY_MIME: hostile})), FRAME)
    found = re.search(r'<div class="plot".*?><script type="application/json">(.*?)</script>', page)
    assert found is not None
    figure = json.loads(found[1])
    assert figure["data"][0]["name"] == "&lt;/script>&lt;script>alert(1)&lt;/script>&lt;!--"
    assert figure["layout"]["title"]["text"] == "&lt;a href='https://example.org'>x&lt;/a>"


def test_titles_are_inert() -> None:
    page = render_page(shown(Section("a", "<i>节</i>")), PageFrame("zh", "</title><script>x</script>", banner="<b>"))
    assert "<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt;</title>" in page
    assert '<a href="#a">&lt;i&gt;节&lt;/i&gt;</a>' in page


@pytest.mark.parametrize(
    ("notebook", "message"),
    [
        (
            notebook_with(v4.new_output("error", ename="KeyError", evalue="'箱'")),
            "cell 1 ended in an error: KeyError: '箱'",
        ),
        (notebook_with(html_output("<script src='https://example.org'></script>")), "cell 1 shows HTML with <script>"),
        (notebook_with(html_output('<a href="https://example.org">x</a>')), "cell 1 shows HTML with href"),
        (v4.new_notebook(cells=[v4.new_markdown_cell("[x](https://example.org)")]), "cell 1 shows HTML with href"),
        (shown(Section("a", "x"), chart("a")), "the id 'a' is used twice"),
        (
            notebook_with(
                v4.new_output("display_data", data={}, metadata={METADATA_KEY: {"part": "chart-head", "id": "x"}})
            ),
            "parts of a chart out of order: chart-head",
        ),
    ],
)
def test_an_unfit_notebook_is_refused(notebook: NotebookNode, message: str, tmp_path: Path) -> None:
    with pytest.raises(UnfitNotebook, match=re.escape(message)):
        export_page(notebook, tmp_path / "page.html", FRAME)
    assert not (tmp_path / "page.html").exists()


def test_the_same_outputs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = shown(Section("a", "节"), chart()), shown(Section("a", "节"), chart())
    assert first.cells[0].id != second.cells[0].id  # nbformat draws cell ids at random
    export_page(first, tmp_path / "1.html", FRAME)
    export_page(second, tmp_path / "2.html", FRAME)
    assert (tmp_path / "1.html").read_bytes() == (tmp_path / "2.html").read_bytes()


def test_exporting_leaves_the_notebook_as_it_was(tmp_path: Path) -> None:
    notebook = shown(Section("a", "节"), chart())
    before = nbformat.writes(notebook)
    export_page(notebook, tmp_path / "page.html", FRAME)
    assert nbformat.writes(notebook) == before


def test_a_group_has_the_same_colour_in_charts_and_on_the_page() -> None:
    page = render_page(shown(Section("a", "节")), FRAME)
    assert tuple(re.findall(r"--group-[1-6]: (#[0-9a-f]{6});", page)) == GROUP_COLOURS


def test_english_pages_say_so() -> None:
    page = render_page(shown(chart()), PageFrame("en", "Quarterly report"))
    assert '<html lang="en">' in page
    assert '"locale":null' in page
    assert "Skip to the content" in page


@pytest.mark.process
def test_blocks_shown_by_a_kernel_reach_the_page(tmp_path: Path, repository: Path) -> None:
    sources = [
        "import pandas as pd, plotly.graph_objects as go\n"
        "from pipeline.report.page.blocks import Section, Stack, Prose\n"
        "from pipeline.report.page.chart_block import Chart\n"
        "from pipeline.report.page.table_block import Column, Table\n"
        "Section('standings', '名次')",
        "table = Table(pd.DataFrame({'m': ['10月']}), (Column('m', '月份'),), '数据')\n"
        "chart = Chart('points', go.Figure(go.Bar(y=[1, 2])), '积分', '概述', table, '查看数据', '怎样读')\n"
        "Stack((Prose(('三组相近。',)), chart))",
    ]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(source) for source in sources])
    nbclient.NotebookClient(notebook, resources={"metadata": {"path": str(repository)}}).execute()
    path = tmp_path / "executed.ipynb"
    nbformat.write(notebook, path)
    export_page(path, tmp_path / "page.html", FRAME)
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert '<section id="standings" aria-labelledby="standings-title">' in page
    assert '<figure class="chart" id="points">' in page
    assert "三组相近。" in page
    assert "import pandas" not in page
