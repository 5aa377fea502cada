"""Charts: what they draw, in which colours and scales, and that they compute and load nothing beyond it."""

import json
import re
import subprocess
import sys
from itertools import pairwise
from math import nan
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from pipeline.charts import (
    GROUP_COLOURS,
    MonthMarks,
    TopicPanel,
    Track,
    attainment_chart,
    group_colour,
    points_chart,
    topics_chart,
    trend_chart,
)
from pipeline.charts.months import GroupMonths, MonthsScale, months_chart
from pipeline.charts.trends import _word_rows, corners
from pipeline.report.material.figures import festival_months, reach_of, trend_figure
from pipeline.stats import xmr_signals
from pipeline.texts import load_texts
from tests.report.sample_material import GROUPS, sample_report

ZH = load_texts("zh")
MONTHS = pd.period_range("2021-01", periods=12, freq="M")


def track(values: list[float], label: str = "过程积分") -> Track:
    return Track(label, xmr_signals(pd.Series(values, index=MONTHS)), (0.0, 100.0), 1)


def month_marks() -> MonthMarks:
    return MonthMarks([MONTHS[1]], {MONTHS[6]: 5})


def test_a_group_has_one_colour_here_and_on_the_page(repository: Path) -> None:
    style = (repository / "pipeline/report/page/template/style.css").read_text(encoding="utf-8")
    light = style.split("@media")[0]
    assert tuple(re.findall(r"--group-\d: (#[0-9a-f]{6});", light)) == GROUP_COLOURS
    assert group_colour(1) == group_colour(7)


def test_points_stand_above_the_result_on_one_axis() -> None:
    figure = trend_chart(track([50.0] * 11 + [90.0]), track([7.0] * 12, "立案数（起）"), 2, month_marks(), ZH)
    layout = figure.layout
    assert layout.yaxis.domain[0] > layout.yaxis2.domain[1]
    assert layout.xaxis.anchor == "y2"
    assert not any(axis.overlaying for axis in (layout.yaxis, layout.yaxis2))  # no second axis over the first
    assert {trace.xaxis for trace in figure.data if trace.xaxis} == {"x"}
    values = [trace for trace in figure.data if trace.name == "逐月"]
    assert [trace.yaxis for trace in values] == ["y", "y2"]
    assert {trace.line.color for trace in values} == {group_colour(2)}
    ring = next(trace for trace in figure.data if trace.name == "突出的月份" and trace.yaxis == "y")
    assert ring.y == (90.0,)


def test_the_legend_names_only_marks_that_occur() -> None:
    quiet, jump = track([50.0, 51.0] * 6), track([50.0, 51.0] * 5 + [50.0, 90.0])
    named = {
        name: {trace.name for trace in trend_chart(points, quiet, 1, month_marks(), ZH).data if trace.showlegend}
        for name, points in (("quiet", quiet), ("jump", jump))
    }
    assert {ZH("chart.signal"), ZH("chart.run")} & named["quiet"] == set()
    assert ZH("chart.signal") in named["jump"]


def test_festival_and_membership_are_marked() -> None:
    figure = trend_chart(track([50.0] * 12), track([7.0] * 12), 1, month_marks(), ZH)
    assert [(shape.type, shape.x0, shape.x1) for shape in figure.layout.shapes] == [
        ("rect", "2021-02-01", "2021-03-01"),
        ("line", "2021-07-01", "2021-07-01"),
    ]
    assert "现 5 人" in [note.text for note in figure.layout.annotations]
    assert festival_months(list(MONTHS)) == [MONTHS[1]]  # new year on 2021-02-12


def test_a_large_turnover_is_named_and_stronger() -> None:
    marks = MonthMarks([], {MONTHS[6]: 5, MONTHS[8]: 6}, {MONTHS[8]: 33.3})
    figure = trend_chart(track([50.0] * 12), track([7.0] * 12), 1, marks, ZH)
    assert [shape.line.width for shape in figure.layout.shapes] == [1, 2]
    words = [note.text for note in figure.layout.annotations]
    assert [text for text in words if "人" in text] == ["现 5 人", "现 6 人，换 33%"]


def test_words_of_a_late_mark_stand_before_it() -> None:
    marks = MonthMarks([], {MONTHS[2]: 5, MONTHS[11]: 4})
    figure = trend_chart(track([50.0] * 12), track([7.0] * 12), 1, marks, ZH)
    sides = {note.text: note.xanchor for note in figure.layout.annotations if "人" in note.text}
    assert sides == {"现 5 人": "left", "现 4 人": "right"}


def test_a_new_version_of_the_rule_book_is_marked() -> None:
    marks = MonthMarks([], {}, {}, {MONTHS[6]: "2.0"})
    figure = trend_chart(track([50.0] * 12), track([7.0] * 12), 1, marks, ZH)
    assert [(shape.x0, shape.line.dash) for shape in figure.layout.shapes] == [("2021-07-01", "dot")]
    assert "细则 2.0" in [note.text for note in figure.layout.annotations]


def topic_panel(label: str, held: dict[pd.Period, int]) -> TopicPanel:
    values = pd.Series([5.0, np.nan, *range(10)], index=MONTHS, dtype="float64")
    return TopicPanel(label, values, held, (-3.0, 10.0), [(0.0, "0"), (9.0, "9")], -2.0, 0)


def test_topics_stand_below_their_result_on_one_month_axis() -> None:
    panels = [topic_panel("销量", {MONTHS[3]: 2}), topic_panel("检查", {}), topic_panel("上柜率", {MONTHS[0]: 1})]
    figure = topics_chart(panels, 3, ZH)
    axes = [figure.layout.yaxis, figure.layout.yaxis2, figure.layout.yaxis3]
    domains = [axis.domain for axis in axes]
    assert all(upper[0] > lower[1] for upper, lower in pairwise(domains))
    assert min(low for low, _ in domains) == pytest.approx(0.0)
    assert not any(axis.overlaying for axis in axes)
    assert figure.layout.xaxis.anchor == "y3"
    assert figure.layout.yaxis.ticktext == ("0", "9")
    lines, marks = figure.data[::2], figure.data[1::2]
    assert {line.line.color for line in lines} == {group_colour(3)}
    assert np.isnan(lines[0].y[1])  # a month without data is a gap
    assert [(mark.x, mark.y, mark.customdata) for mark in marks] == [
        (("2021-04-15",), (-2.0,), (2,)),
        ((), (), ()),
        (("2021-01-15",), (-2.0,), (1,)),
    ]
    assert [trace.name for trace in figure.data if trace.showlegend] == [
        ZH("chart.by_month"),
        ZH("chart.topic_meeting"),
    ]


@pytest.mark.parametrize("count", range(1, 41))
def test_any_number_of_topics_has_its_place_on_the_chart(count: int) -> None:
    figure = topics_chart([topic_panel("销量", {MONTHS[3]: 2})] * count, 1, ZH)
    domains = [figure.layout[f"yaxis{number or ''}"].domain for number in [0, *range(2, count + 1)]]
    assert domains[-1][0] == 0
    assert all(0 <= low < high < 1 for low, high in domains)
    assert all(upper[0] > lower[1] for upper, lower in pairwise(domains))


def test_more_topics_make_a_higher_chart() -> None:
    panel = topic_panel("销量", {MONTHS[3]: 2})
    one, two = topics_chart([panel], 1, ZH), topics_chart([panel, panel], 1, ZH)
    assert one.layout.xaxis.anchor == "y"
    assert two.layout.height > one.layout.height


def test_missing_months_are_gaps_not_zeros() -> None:
    values = [50.0, np.nan, 52.0] * 4
    figure = trend_chart(track(values), track(values), 1, MonthMarks([], {}), ZH)
    drawn = next(trace for trace in figure.data if trace.name == "逐月")
    assert np.isnan(drawn.y[1])
    assert not drawn.connectgaps
    assert '"y":[50.0,null,52.0' in figure.to_json()


def test_scales_hold_all_groups_and_amounts_go_in_proportion() -> None:
    large = xmr_signals(pd.Series([600.0, 700.0, 800.0] * 4, index=MONTHS))
    small = xmr_signals(pd.Series([270.0, 270.0, 270.0] * 4, index=MONTHS))
    tracks = {"大": large, "小": small}
    assert reach_of(tracks, in_proportion=False).scale_of("大") == reach_of(tracks, in_proportion=False).scale_of("小")
    low, high = reach_of(tracks, in_proportion=True).scale_of("小")
    large_low, large_high = reach_of(tracks, in_proportion=True).scale_of("大")
    assert (low / 270, high / 270) == pytest.approx((large_low / 700, large_high / 700))
    assert large_low < large["lower"].min()
    assert large_high > large["upper"].max()


def test_a_scale_of_one_value_or_of_none_is_a_range_all_the_same() -> None:
    flat = xmr_signals(pd.Series([0.0] * 12, index=MONTHS))
    empty = xmr_signals(pd.Series([np.nan] * 12, index=MONTHS))
    for name, frame in (("flat", flat), ("empty", empty)):
        low, high = reach_of({name: frame}, in_proportion=True).scale_of(name)
        assert low < high


def test_groups_share_the_scale_of_process_points() -> None:
    report = sample_report()
    metric = report.catalog.metrics["cases_filed"]
    figures = [trend_figure(report, group, metric) for group in ("专卖综合", "驮卢片区")]
    assert figures[0].layout.yaxis.range == figures[1].layout.yaxis.range


def test_dots_of_groups_do_not_cover_each_other() -> None:
    rows = pd.DataFrame(
        {"party_group": list(GROUPS), "metric": "volume_xiang", "label": "销量", "attained_pct": [100.0, 100.0, 100.0]}
    )
    figure = attainment_chart(rows, GROUPS, ZH)
    assert len({trace.y[0] for trace in figure.data}) == 3
    assert [trace.name for trace in figure.data] == list(GROUPS)


def test_points_chart_names_groups_by_sign_and_colour() -> None:
    points = sample_report().tables["points_by_group_month"]
    figure = points_chart(points, GROUPS, [MONTHS[9]], ZH)
    lines = figure.data[:3]
    assert [trace.line.color for trace in lines] == list(GROUP_COLOURS[:3])
    assert len({trace.marker.symbol for trace in lines}) == 3


def test_a_name_with_plotly_markup_is_no_template() -> None:
    name = "%{x}<extra>"
    points = pd.DataFrame({"party_group": [name], "month": [MONTHS[0]], "total_points": [80.0]})
    hover = points_chart(points, [name], [], ZH).data[0].hovertemplate
    assert name not in hover


def test_figures_are_transparent_untitled_and_the_same_every_time() -> None:
    figures = [trend_chart(track([50.0] * 12), track([7.0] * 12), 1, month_marks(), ZH) for _ in range(2)]
    assert figures[0].to_json() == figures[1].to_json()
    layout = json.loads(figures[0].to_json())["layout"]
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "title" not in layout
    assert "width" not in layout


@pytest.mark.process
def test_plotly_express_is_not_loaded() -> None:
    check = "import sys, pipeline.report.material.figures; sys.exit('plotly.express' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


def test_a_level_line_is_its_two_ends_and_a_step_keeps_its_corners() -> None:
    months = ["a", "b", "c", "d", "e"]
    assert corners(months, [1.0, 1.0, 1.0, 1.0, 1.0]) == [("a", 1.0), ("e", 1.0)]
    assert corners(months, [1.0, 1.0, 2.0, 2.0, 2.0]) == [("a", 1.0), ("b", 1.0), ("c", 2.0), ("e", 2.0)]
    assert corners(months[:1], [1.0]) == [("a", 1.0)]
    assert corners([], []) == []
    gap = corners(months, [1.0, nan, nan, 1.0, 1.0])
    assert [month for month, _ in gap] == months  # a gap stays a gap


def test_words_of_marks_that_are_near_each_other_stand_in_rows() -> None:
    months = [pd.Period(month, freq="M") for month in ("2019-01", "2020-07", "2021-01", "2021-07", "2021-08")]
    assert list(_word_rows(months, 12).values()) == [0, 0, 1, 2, 0]
    assert _word_rows([], 12) == {}


def test_values_are_told_beside_heights_only_where_these_are_others() -> None:
    group = GroupMonths(1, "营销管理", pd.Series([1.0, 2.0], index=MONTHS[:2]))
    (plain, *_), (factors, *_) = (
        months_chart([group], MonthsScale("案值（元）", 0, by_size=by_size), [], ZH).data for by_size in (False, True)
    )
    assert (plain.customdata, "%{y:,.0f}" in plain.hovertemplate) == (None, True)
    assert (list(factors.customdata), "%{customdata:,.0f}" in factors.hovertemplate) == ([1.0, 2.0], True)
