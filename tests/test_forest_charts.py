"""Charts of correlations: forest plot, scatter of adjusted months, raw beside adjusted, lag profile."""

from dataclasses import replace
from typing import Any

import pytest

from pipeline.charts import (
    GROUP_COLOURS,
    Estimate,
    ForestGroup,
    ForestMean,
    LagProfile,
    MonthDots,
    forest_chart,
    group_colour,
    lags_chart,
    raw_and_adjusted_chart,
    scatter_chart,
)
from pipeline.charts.scatter import FEWEST_FOR_LINE
from pipeline.texts import load_texts

ZH = load_texts("zh")
FIRST = ForestGroup("营销管理", 1, Estimate(0.6, 0.2, 0.8), Estimate(0.4, 0.1, 0.6))
THIRD = ForestGroup("驮卢片区", 3, Estimate(0.1, -0.3, 0.5), Estimate(0.25, -0.1, 0.5))
UNJUDGED = ForestGroup("专卖综合", 2, None, None, "数据不够（n = 12）")
POOLED = ForestMean("各组合并", Estimate(0.35, 0.1, 0.55))
BETWEEN = ForestMean("组间", Estimate(-0.9))


def dots(count: int = 14) -> MonthDots:
    months = [f"2020-{number:02d}" for number in range(1, count + 1)]
    values = [number / count - 0.5 for number in range(count)]
    labels = ["", *months[1:2], *[""] * (count - 2)]
    return MonthDots(months, ["2021Q4"] * len(months), values, values, labels, "积分", "业绩", (-1.0, 1.0), (-1.0, 1.0))


def named(figure: Any) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data if trace.name}


def test_own_estimates_are_grey_and_shrunk_ones_have_the_groups_colour() -> None:
    figure = forest_chart([FIRST, THIRD], POOLED, BETWEEN, ZH)
    traces = named(figure)
    own = traces[ZH("forest.own")]
    assert own.marker.color not in GROUP_COLOURS
    assert own.x == (0.6, 0.1)
    assert own.error_x.array == pytest.approx((0.2, 0.4))
    assert own.error_x.arrayminus == pytest.approx((0.4, 0.4))
    shrunk = [trace for trace in figure.data if trace.marker.color in GROUP_COLOURS]
    assert [(trace.marker.color, trace.x) for trace in shrunk] == [
        (group_colour(1), (0.4,)),
        (group_colour(3), (0.25,)),
    ]
    assert [bool(trace.showlegend) for trace in shrunk] == [True, False]  # one entry for all groups
    assert traces[ZH("forest.pooled")].y == (2,)


def test_the_comparison_between_groups_stands_apart_and_has_no_interval() -> None:
    figure = forest_chart([FIRST, THIRD], POOLED, BETWEEN, ZH)
    between = named(figure)[ZH("forest.between")]
    assert "另一个问题" in ZH("forest.between")
    assert between.y == (3,)
    assert not between.error_x.visible
    assert named(figure)[ZH("forest.pooled")].error_x.visible
    (line,) = figure.layout.shapes
    assert (line.y0, line.y1) == (2.5, 2.5)  # below the pooled row
    assert tuple(figure.layout.yaxis.ticktext) == ("营销管理", "驮卢片区", "各组合并", "组间")


def test_a_row_without_an_estimate_says_why() -> None:
    figure = forest_chart([UNJUDGED, FIRST], ForestMean("各组合并", None, "数据不够"), BETWEEN, ZH)
    assert [(note.text, note.y) for note in figure.layout.annotations] == [("数据不够（n = 12）", 0), ("数据不够", 2)]
    assert ZH("forest.pooled") not in named(figure)
    assert named(figure)[ZH("forest.shrunk")].marker.color == group_colour(1)


def test_every_correlation_has_one_scale_and_two_decimals() -> None:
    forest = forest_chart([FIRST], POOLED, BETWEEN, ZH)
    lags = lags_chart([LagProfile("营销管理", 1, [(0, Estimate(0.123, 0, 0.5))])], ZH)
    assert tuple(forest.layout.xaxis.range) == tuple(lags.layout.yaxis.range) == (-1, 1)
    assert lags.data[0].text == ("r = 0.12<br>0.00 – 0.50",)


def test_a_scatter_names_few_months_and_knows_all() -> None:
    (trace,) = scatter_chart(dots(), 2, None, ZH).data
    assert [text for text in trace.text if text] == ["2020-02"]
    assert len(trace.customdata) == 14
    assert trace.marker.color == group_colour(2)


def test_labels_stand_towards_the_middle() -> None:
    corners = replace(dots(2), x=[-0.9, 0.9], y=[-0.9, 0.9])
    (trace,) = scatter_chart(corners, 1, None, ZH).data
    assert tuple(trace.textposition) == ("top right", "bottom left")


@pytest.mark.parametrize(
    ("count", "slope", "lines"), [(FEWEST_FOR_LINE, 0.5, 1), (FEWEST_FOR_LINE - 1, 0.5, 0), (FEWEST_FOR_LINE, None, 0)]
)
def test_no_line_on_fewer_than_twelve_months(count: int, slope: float | None, lines: int) -> None:
    figure = scatter_chart(dots(count), 1, slope, ZH)
    drawn = [trace for trace in figure.data if trace.mode == "lines"]
    assert len(drawn) == lines
    for line in drawn:
        assert line.y == pytest.approx([slope * x for x in line.x])


def test_raw_stands_left_of_adjusted() -> None:
    figure = raw_and_adjusted_chart(replace(dots(), x_range=(0.0, 90.0)), dots(), 1, ZH)
    assert figure.layout.xaxis.domain[1] < figure.layout.xaxis2.domain[0]
    assert [note.text for note in figure.layout.annotations] == [ZH("forest.panel_raw"), ZH("forest.panel_adjusted")]
    assert tuple(figure.layout.xaxis.range) == (0, 90)
    assert (figure.layout.yaxis2.anchor, figure.data[1].yaxis) == ("x2", "y2")
    assert not figure.layout.yaxis2.overlaying  # no second axis over the first


def test_a_lag_profile_marks_no_best_lag_and_joins_nothing() -> None:
    profiles = [
        LagProfile("营销管理", 1, [(lag, Estimate(lag / 10, -0.1, 0.5)) for lag in range(4)]),
        LagProfile("各组合并", None, [(lag, Estimate(0.1, -0.1, 0.3)) for lag in range(4)]),
    ]
    figure = lags_chart(profiles, ZH)
    assert {trace.mode for trace in figure.data} == {"markers"}
    own, pooled = figure.data
    assert own.marker.size == pooled.marker.size == 9
    assert all(a != b for a, b in zip(own.x, pooled.x, strict=True))
    assert figure.layout.xaxis.tickvals == (0, 1, 2, 3)
    assert pooled.marker.color not in GROUP_COLOURS
