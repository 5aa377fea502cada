"""A reader's choice: every table, sentence and chart follows it, it stands in the address, and keys alone reach it."""

from pathlib import Path
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from pipeline.charts import attainment_chart
from pipeline.report.page.blocks import About, Bullets, Fold, ForFacet, KeyFigure, KeyFigures, Section
from pipeline.report.page.chart_block import Chart
from pipeline.report.page.exporter import export_page
from pipeline.report.page.facets import Choices, Facet, RowKeys
from pipeline.report.page.frame import PageFrame
from pipeline.report.page.table_block import Column, Mark, Table
from pipeline.texts import load_texts
from tests.browser.inspector import OpenPage
from tests.report.shown import shown

pytestmark = pytest.mark.browser

GROUPS = ("营销<x>管理", "专卖 & 综合")  # names that a page must compare as they are
METRICS = (("volume_xiang", "销量"), ("cases_filed", "立案数"))
QUARTERS = (("2021Q3", "2021年三季度"), ("2021Q4", "2021年四季度"))
LAYOUT = "document.querySelector('#chart-months .drawing').layout"
MONTHS = pd.period_range("2021-07", "2021-12", freq="M")


def months_chart() -> Chart:
    figure = go.Figure()
    for number, group in enumerate(GROUPS, start=1):
        days = [f"{month}-15" for month in MONTHS]
        figure.add_scatter(x=days, y=list(range(6)), name=group, meta={"group": number})
    figure.update_layout(meta={"months": ["2021-07-01", "2022-01-01"]}, xaxis={"type": "date"})
    frame = pd.DataFrame({"period": MONTHS, "month": [str(month) for month in MONTHS], "a": range(6), "b": range(6)})
    columns = (
        Column("month", "月份"),
        Column("a", GROUPS[0], 0, facet=Facet(GROUPS[0])),
        Column("b", GROUPS[1], 0, facet=Facet(GROUPS[1])),
    )
    table = Table(frame, columns, "逐月", keys=RowKeys(period="period"))
    return Chart("chart-months", figure, "逐月", "各组。", table, "查看数据", "怎样看")


def rows_chart() -> Chart:
    rows = pd.DataFrame(
        {
            "party_group": [GROUPS[0], GROUPS[0], GROUPS[1]],
            "metric": ["volume_xiang", "cases_filed", "cases_filed"],
            "label": ["销量", "立案数", "立案数"],
            "attained_pct": [98.0, 104.0, 91.0],
        }
    )
    columns = (Column("label", "指标"), Column("party_group", "党小组"), Column("attained_pct", "完成率", 1))
    table = Table(rows, columns, "完成率", keys=RowKeys("party_group", "metric"))
    figure = attainment_chart(rows, GROUPS, load_texts("zh"))
    return Chart("chart-rows", figure, "完成率", "各项。", table, "查看数据", "怎样看")


def metric_table() -> Table:
    frame = pd.DataFrame(
        {"group": [Mark(group, group=number) for number, group in enumerate(GROUPS, 1)], "value": [1.0, 2.0]}
    )
    return Table(frame, (Column("group", "党小组"), Column("value", "得分", 1)), "得分", keys=RowKeys(group="group"))


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("choice") / "report.html"
    cards = tuple(KeyFigure(group, "88.0", facet=Facet(group)) for group in GROUPS)
    notebook = shown(
        Section("first", "第一节"),
        KeyFigures(cards),
        metric_table(),
        Bullets((About("只说营销。", Facet(GROUPS[0])), "说全部。")),
        months_chart(),
        Section("second", "第二节"),
        rows_chart(),
        ForFacet(Fold("立案明细", metric_table()), Facet(metric="cases_filed")),
    )
    export_page(notebook, path, PageFrame("zh", "选择", choices=Choices(GROUPS, METRICS, QUARTERS)))
    return path


def wait_until(page: Any, condition: str) -> None:
    """Wait for an expression of the page to be true; playwright's own waiting is stopped by the page's policy."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def shown_rows(page: Any, caption: str) -> list[list[str]]:
    """The cells of a table that are shown."""
    return page.evaluate(
        """(caption) => {
            const table = [...document.querySelectorAll("table")].find((one) => one.caption.textContent === caption);
            return [...table.rows].filter((row) => !row.hidden)
                .map((row) => [...row.cells].filter((cell) => !cell.hidden).map((cell) => cell.textContent));
        }""",
        caption,
    )


def drawn_names(page: Any, chart: str) -> list[str]:
    return page.evaluate(f"document.querySelector('#{chart} .drawing').data.map((trace) => trace.name)")


def test_a_group_is_chosen_once_for_everything(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        assert drawn_names(page, "chart-months") == ["营销&lt;x>管理", "专卖 & 综合"]  # as plotly draws it
        page.select_option("select[name=group]", GROUPS[1])
        wait_until(page, "document.querySelector('#chart-months .drawing').data.length === 1")
        assert drawn_names(page, "chart-months") == ["专卖 & 综合"]
        assert shown_rows(page, "得分") == [["党小组", "得分"], ["专卖 & 综合", "2.0"]]
        assert shown_rows(page, "逐月")[0] == ["月份", "专卖 & 综合"]
        assert not page.locator("text=只说营销。").is_visible()
        assert page.locator("text=说全部。").is_visible()
        assert page.locator(".card:visible").count() == 1
        assert "专卖 & 综合" in page.locator(".chosen").inner_text()
        assert opened.look().console == []


def test_quarters_set_the_window_of_months_and_their_rows(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        page.select_option("select[name=from]", "2021Q4")
        wait_until(page, "document.querySelector('#chart-months .drawing').layout.xaxis.range[0] === '2021-10-01'")
        assert page.evaluate(f"{LAYOUT}.xaxis.range[1]") == "2022-01-01"
        assert [row[0] for row in shown_rows(page, "逐月")] == ["月份", "2021-10", "2021-11", "2021-12"]
        page.select_option("select[name=to]", "2021Q3")  # before the beginning: both are then the one just chosen
        assert page.input_value("select[name=from]") == "2021Q3"
        assert [row[0] for row in shown_rows(page, "逐月")] == ["月份", "2021-07", "2021-08", "2021-09"]


def test_rows_of_a_chart_close_up(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        height = page.locator("#chart-rows .plot").bounding_box()["height"]
        page.select_option("select[name=metric]", "cases_filed")
        wait_until(page, "document.querySelector('#chart-rows .drawing').layout.yaxis.ticktext.length === 1")
        assert page.evaluate("document.querySelector('#chart-rows .drawing').layout.yaxis.ticktext") == ["立案数"]
        values = page.evaluate("document.querySelector('#chart-rows .drawing').data.map((trace) => [...trace.x])")
        assert values == [[104.0], [91.0]]
        assert page.locator("#chart-rows .plot").bounding_box()["height"] < height
        page.select_option("select[name=metric]", "volume_xiang")
        wait_until(page, "document.querySelector('#chart-rows .drawing').data.length === 1")
        assert page.locator("text=立案明细").is_hidden()


def test_months_of_a_verdict_fade_and_none_is_left_out(chromium: Any, tmp_path: Path) -> None:
    figure = go.Figure(
        go.Scatter(x=[1, 2, 3], y=[1, 2, 3], mode="markers", meta={"faded": ["2021Q3", "2021Q4", "2021Q4"]})
    )
    table = Table(pd.DataFrame({"a": [1]}), (Column("a", "值", 0),), "值")
    chart = Chart("c", figure, "图", "", table, "查看数据", "")
    page_file = tmp_path / "report.html"
    export_page(shown(Section("one", "一"), chart), page_file, PageFrame("zh", "页", choices=Choices((), (), QUARTERS)))
    with OpenPage(chromium, page_file) as opened:
        opened.page.select_option("select[name=from]", "2021Q4")
        wait_until(opened.page, "Array.isArray(document.querySelector('#c .drawing').data[0].marker.opacity)")
        trace = opened.page.evaluate(
            "(({ x, marker }) => [[...x], [...marker.opacity]])(document.querySelector('#c .drawing').data[0])"
        )
        assert trace == [[1, 2, 3], [0.15, 0.9, 0.9]]
        assert "按全部数据" in opened.page.locator(".chosen").inner_text()


def test_the_reader_stays_where_a_choice_was_made(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file, width=390) as opened:
        page = opened.page
        page.set_viewport_size({"width": 390, "height": 400})  # so that the section can be scrolled past its head
        page.locator("#second .section-toggle").click()
        page.evaluate("document.getElementById('second').scrollIntoView()")
        page.evaluate("scrollBy(0, 200)")
        page.evaluate(  # as a finger does it: playwright would move the page to reach the field
            """(group) => {
                const field = document.querySelector("select[name=group]");
                field.value = group;
                field.dispatchEvent(new Event("change", { bubbles: true }));
            }""",
            GROUPS[1],
        )
        page.wait_for_timeout(300)
        assert -20 < page.evaluate("document.getElementById('second').getBoundingClientRect().top") < 400


def test_the_choice_stands_in_the_address_and_links_keep_it(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        page.select_option("select[name=group]", GROUPS[0])
        page.select_option("select[name=to]", "2021Q3")
        address = page.url
        page.locator(".contents a", has_text="第二节").click()
        assert page.evaluate("location.hash").startswith("#second;group=")
        wait_until(page, "scrollY > 200")
        page.goto("about:blank")
        page.goto(address)  # a link in a message
        page.wait_for_selector("html[data-charts=done]")
        assert page.input_value("select[name=group]") == GROUPS[0]
        assert page.input_value("select[name=to]") == "2021Q3"
        assert len(shown_rows(page, "得分")) == 2


def test_what_an_address_asks_for_and_the_page_lacks_is_left_out(chromium: Any, page_file: Path) -> None:
    address = "#second;group=%E4%B8;metric=nothing;from=__proto__;x=<img src=x onerror=alert(1)>"
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        page.evaluate(f"location.hash = '{address}'")
        page.wait_for_timeout(200)
        assert page.locator(".chosen").is_hidden()
        assert len(shown_rows(page, "得分")) == 3
        assert opened.look().console == []


def test_keys_alone_choose_and_go_back(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        page.locator("select[name=metric]").focus()
        page.keyboard.press("ArrowDown")
        assert page.input_value("select[name=metric]") == "volume_xiang"
        assert "销量" in page.locator(".chosen").inner_text()
        for _ in range(3):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")  # the button that shows everything again
        assert page.locator(".chosen").is_hidden()
        assert page.evaluate("document.activeElement.name") == "group"


def test_without_scripts_there_is_nothing_to_choose_and_everything_to_read(chromium: Any, page_file: Path) -> None:
    with OpenPage(chromium, page_file, javascript=False) as opened:
        assert opened.page.locator(".choices").is_hidden()
        assert opened.page.locator("table:visible").count() == 4


def test_data_are_copied_and_saved_without_a_formula(chromium: Any, tmp_path: Path) -> None:
    names = ["=cmd|' /C calc'!A0", "＋1", "@SUM(A1)", "-5", "−5", "+5", "1,234.5", 'a"b', "—"]
    frame = pd.DataFrame({"name": names, "value": [1.0] * len(names)})
    table = Table(frame, (Column("name", "名称"), Column("value", "值", 1)), '=HYPERLINK("x") / 表')
    chart = Chart("c", go.Figure(go.Scatter(y=[1])), "图", "", table, "查看数据", "")
    page_file = tmp_path / "report.html"
    export_page(shown(Section("one", "一"), chart), page_file, PageFrame("zh", "页"))
    with OpenPage(chromium, page_file) as opened:
        page = opened.page
        page.locator("summary", has_text="查看数据").click()
        with page.expect_download() as downloading:
            page.locator("button", has_text="存为 CSV").click()
        saved = Path(downloading.value.path()).read_text(encoding="utf-8-sig").splitlines()
        assert downloading.value.suggested_filename == "HYPERLINK_x_表.csv"
        cells = ["'=cmd|' /C calc'!A0", "'＋1", "'@SUM(A1)", "-5", "-5", "5", "1234.5", '"a""b"', ""]
        assert saved == ["名称,值", *(f"{cell},1.0" for cell in cells)]
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.locator("button", has_text="复制").click()
        page.wait_for_selector("text=已复制")
        assert page.evaluate("navigator.clipboard.readText()").splitlines()[1] == "'=cmd|' /C calc'!A0\t1.0"
