"""Charts as slides: found in a notebook with their titles, and laid out for a projector."""

from pathlib import Path

import plotly.graph_objects as go
import pytest
from nbformat import NotebookNode

from pipeline.report.page.chart_block import Chart
from pipeline.report.page.images import FONTS, ChartImage, find_charts, picture_specs, tidy_svg
from pipeline.report.page.table_block import Column, Table
from tests.report.sample_material import sample_report
from tests.report.shown import shown


def notebook_of_charts() -> NotebookNode:
    """Return an executed notebook with two charts, one with a title of dangerous characters."""
    frame = sample_report().tables["standings_by_group_quarter"]
    figure = go.Figure(go.Scatter(x=["2021-11", "2021-12"], y=[1, 3], name="积分"), {"legend": {"orientation": "h"}})
    charts = [
        Chart(
            id=name,
            figure=figure,
            title=title,
            summary="",
            table=Table(frame, (Column("party_group", "党小组"),), ""),
            table_label="数据",
            how_to_read="",
        )
        for name, title in (("trend-1", "积分 < 业绩 & 其他"), ("trend-2", "销量"))
    ]
    return shown(*charts)


def chart(title: str = "销量", **layout: object) -> ChartImage:
    return ChartImage("a", title, {"data": [{"type": "scatter", "y": [1]}], "layout": layout})


def test_charts_are_found_with_their_titles() -> None:
    assert [(found.id, found.title) for found in find_charts(notebook_of_charts())] == [
        ("trend-1", "积分 < 业绩 & 其他"),
        ("trend-2", "销量"),
    ]


@pytest.mark.parametrize("height", [300, 400, 401, 900])
def test_every_chart_is_a_slide_and_a_drawing(height: int) -> None:
    png, svg = picture_specs([chart(height=height)], Path("charts"), "示例数据")
    assert (png["path"], svg["path"]) == (Path("charts/a.png"), Path("charts/a.svg"))
    size = [png["opts"][name] * png["opts"]["scale"] for name in ("width", "height")]
    assert size == [1920, 1080]
    assert svg["opts"]["scale"] == 1
    assert png["fig"] == svg["fig"]
    assert png["fig"]["layout"]["font"]["family"] == FONTS


def test_title_and_line_stand_in_the_picture_inert() -> None:
    layout = picture_specs([chart('<a href="x">积分')], Path(), "示例数据 <b>")[0]["fig"]["layout"]
    assert layout["title"]["text"] == '<b>&lt;a href="x">积分</b>'
    assert layout["title"]["subtitle"]["text"] == "示例数据 <b>"


def test_a_long_title_is_broken_between_words_and_gets_room() -> None:
    long = "单箱销售额与过程积分" * 6
    short, wide = (picture_specs([chart(title)], Path(), "x")[0]["fig"]["layout"] for title in ("销量", long))
    assert wide["title"]["text"].count("<br>") == 1
    assert wide["margin"]["t"] > short["margin"]["t"]
    latin = picture_specs([chart("relationship " * 9)], Path(), "x")[0]["fig"]["layout"]["title"]["text"]
    assert "relationship</b><br><b>relationship" in latin


def test_the_chart_of_the_page_is_left_as_it_is() -> None:
    given = chart(height=300, legend={"y": -1}, font={"size": 13})
    picture_specs([given], Path(), "x")
    assert given.figure["layout"] == {"height": 300, "legend": {"y": -1}, "font": {"size": 13}}
    assert "uid" not in given.figure["data"][0]


def test_ids_by_chance_become_constant() -> None:
    drawn = '<svg><defs id="defs-9c82ba"><clipPath id="clip9c82baxy"/></defs><g clip-path="url(#clip9c82baxy)"/></svg>'
    assert tidy_svg(drawn) == tidy_svg(drawn.replace("9c82ba", "123456"))
    assert "url(#clipchartxy)" in tidy_svg(drawn)
    assert tidy_svg("<svg/>") == "<svg/>"
