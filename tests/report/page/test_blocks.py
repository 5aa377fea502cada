import pandas as pd
import plotly.graph_objects as go
import pytest

from pipeline.report.page.blocks import (
    Bullets,
    Fold,
    KeyFigure,
    KeyFigures,
    Notice,
    PageLink,
    Prose,
    Section,
    Stack,
    Subheading,
)
from pipeline.report.page.chart_block import Chart, figure_payload
from pipeline.report.page.plotly_bundle import PLOTLY_MIME
from pipeline.report.page.table_block import Column, Mark, Table, format_number

HOSTILE = '<script>alert(1)</script>\u202e"'
INERT = "&lt;script&gt;alert(1)&lt;/script&gt;&quot;"


def hostile_table() -> Table:
    frame = pd.DataFrame({"name": [HOSTILE], "mark": [Mark(HOSTILE, "bad", 2)]})
    return Table(frame, (Column("name", HOSTILE, unit=HOSTILE), Column("mark", "x")), HOSTILE, HOSTILE)


@pytest.mark.parametrize(
    ("block", "times"),
    [
        (Section("a", HOSTILE, HOSTILE), 2),
        (Subheading(HOSTILE), 1),
        (Prose((HOSTILE, HOSTILE)), 2),
        (Bullets((HOSTILE,)), 1),
        (Notice(HOSTILE, HOSTILE, "bad"), 2),
        (PageLink(HOSTILE, "appendix.html#pairs"), 1),
        (KeyFigures((KeyFigure(HOSTILE, HOSTILE, HOSTILE, HOSTILE),)), 4),
        (Fold(HOSTILE, Prose((HOSTILE,))), 2),
        (hostile_table(), 7),  # caption twice, column label and unit, note, two cells
        (Chart("c", go.Figure(), HOSTILE, HOSTILE, hostile_table(), HOSTILE, HOSTILE), 4 + 7),
    ],
)
def test_every_text_of_a_block_is_inert(block, times: int) -> None:
    html = "".join(output.data.get("text/html", "") for output in block.outputs())
    assert html.count(INERT) == times
    assert "<script" not in html
    assert "\u202e" not in html


@pytest.mark.parametrize("target", ["https://a.html", "../a.html", "//a.html", "javascript:x.html", 'a.html"x', "a"])
def test_a_link_leads_to_a_page_beside_this_one_only(target: str) -> None:
    with pytest.raises(ValueError, match="a page is linked by its file"):
        PageLink("x", target).html()


def test_a_section_tells_the_exporter_its_id_and_title() -> None:
    (output,) = Section("standings", "名次", "三组相近。").outputs()
    assert output.page == {"part": "section", "id": "standings", "title": "名次"}
    assert output.data["text/html"] == '<h2 id="standings-title">名次</h2><p class="lead">三组相近。</p>'


@pytest.mark.parametrize("name", ["", "Standings", "1a", "a b", 'a"', "名次"])
def test_an_id_is_a_slug(name: str) -> None:
    with pytest.raises(ValueError, match="an id is"):
        Section(name, "x").outputs()


def test_a_table_is_semantic_and_its_numbers_are_formatted() -> None:
    frame = pd.DataFrame({"g": ["甲"], "v": [1234.56], "d": [-0.04], "m": [float("nan")], "unused": [1]})
    columns = (
        Column("g", "组"),
        Column("v", "销量", 1, "箱"),
        Column("d", "变化", 1, signed=True),
        Column("m", "缺", 0),
    )
    html = Table(frame, columns, "说明").html()
    assert "<caption>说明</caption>" in html
    assert '<th scope="col" class="number">销量 <span class="unit">箱</span></th>' in html
    assert '<th scope="row">甲</th>' in html
    assert '<td class="number">1,234.6</td>' in html
    assert ">0.0</td>" in html
    assert ">—</td>" in html


def test_a_column_of_days_is_marked_so_that_none_breaks_over_two_lines() -> None:
    frame = pd.DataFrame({"matter": ["承诺"], "due": ["2018年12月31日"]})
    html = Table(frame, (Column("matter", "事项"), Column("due", "期限", is_day=True)), "说明").html()
    assert '<td class="day">2018年12月31日</td>' in html


def test_a_table_names_the_columns_that_are_missing() -> None:
    with pytest.raises(KeyError, match="volume"):
        Table(pd.DataFrame({"a": [1]}), (Column("volume", "x"),), "x").html()


@pytest.mark.parametrize(
    ("rows", "columns", "layout"),
    [
        (50, 3, "phone-table"),
        (6, 4, "phone-cards short"),
        (7, 4, "phone-cards"),
        (40, 4, "phone-cards"),
        (41, 4, "phone-scroll"),
    ],
)
def test_the_layout_on_a_phone_follows_the_size(rows: int, columns: int, layout: str) -> None:
    frame = pd.DataFrame({str(number): range(rows) for number in range(columns)})
    html = Table(frame, tuple(Column(name, name, 0) for name in frame.columns), "x").html()
    assert html.startswith(f'<div class="table-block {layout}">')


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [
        (1234567, 0, False, "1,234,567"),
        (-3.25, 1, False, "−3.2"),
        (3.1, 1, True, "+3.1"),
        (-0.04, 1, True, "0.0"),
        (0, 0, True, "0"),
    ],
)
def test_numbers(value: float, digits: int, signed: bool, text: str) -> None:
    assert format_number(value, digits, signed=signed) == text


def test_a_group_has_one_of_six_colours() -> None:
    assert 'class="mark tone-neutral group group-2"' in Mark("甲", group=2).html()
    with pytest.raises(ValueError, match="six group colours"):
        Mark("甲", group=7).html()


def test_a_chart_is_its_words_its_figure_and_its_table() -> None:
    figure = go.Figure(go.Bar(x=['<a href="x">甲</a>'], y=[1.0]), layout={"height": 300})
    chart = Chart("points", figure, "积分", "甲组领先。", hostile_table(), "查看数据", "怎样读")
    head, plot, notes = Stack((chart,)).outputs()
    assert [output.page["part"] for output in (head, plot, notes)] == ["chart-head", "chart-plot", "chart-notes"]
    assert '<p class="chart-summary" id="points-summary">甲组领先。</p>' in head.data["text/html"]
    assert plot.data[PLOTLY_MIME]["data"][0]["x"] == ['&lt;a href="x">甲&lt;/a>']
    assert plot.data[PLOTLY_MIME]["config"]["showSendToCloud"] is False
    assert "<summary>查看数据</summary>" in notes.data["text/html"]


def test_a_missing_value_of_a_figure_is_null() -> None:
    payload = figure_payload(go.Figure(go.Scatter(y=[1.0, None, float("nan")])))
    assert payload["data"][0]["y"] == [1.0, None, None]


def test_numbers_of_a_chart_keep_eight_digits() -> None:
    payload = figure_payload(go.Figure(go.Scatter(y=[1 / 3, 12_345_678.9, 1e-12])))
    assert payload["data"][0]["y"] == [0.33333333, 12_345_679.0, 1e-12]
