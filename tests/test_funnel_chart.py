"""The funnel chart: what it draws and names, in both languages, and that it computes nothing."""

import pandas as pd
import pytest

from pipeline.charts.funnel import funnel_chart
from pipeline.stats.fisher import fisher_interval
from pipeline.stats.funnel import funnel, funnel_curve
from pipeline.texts import load_texts

ZH = load_texts("zh")


def sample(*bureaus: tuple[str, float, float]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return rows and curve of bureaus of (name, r, standard error of z)."""
    rows = [
        {"bureau": name, "scope": "pooled", "metric": "m", "lag": 0, "r": r, "n_months": 36}
        | dict(zip(("ci_low", "ci_high"), fisher_interval(r, error), strict=True))
        for name, r, error in bureaus
    ]
    table = funnel(pd.DataFrame(rows), "m")
    return table, funnel_curve(table)


ALIKE = [(f"示例{number}县", 0.1, 0.05) for number in range(8)]
UNLIKE = [*ALIKE, ("示例甲县", 0.42, 0.12), ("示例乙县", -0.6, 0.1)]


def test_every_bureau_is_a_dot_and_the_far_one_is_named():
    rows, curve = sample(*UNLIKE)
    traces = {trace.name: trace for trace in funnel_chart(rows, curve, ZH).data if trace.text is not None}
    assert list(traces) == [ZH("funnel.inside"), ZH("funnel.outside_95"), ZH("funnel.outside_998")]
    assert [len(trace.x) for trace in traces.values()] == [8, 1, 1]
    far = traces[ZH("funnel.outside_998")]
    assert (far.mode, far.text, far.y) == ("markers+text", ("示例乙县",), (-0.6,))
    assert far.x[0] == pytest.approx(103)
    assert {trace.mode for trace in traces.values() if trace is not far} == {"markers"}
    assert len({(trace.marker.color, trace.marker.symbol) for trace in traces.values()}) == 3


def test_the_lines_are_those_of_the_curve():
    rows, curve = sample(*UNLIKE)
    lines = [trace for trace in funnel_chart(rows, curve, ZH).data if trace.mode == "lines"]
    assert [list(trace.y) for trace in lines] == [
        curve[name].tolist() for name in ("low_95", "high_95", "low_998", "high_998", "centre")
    ]
    assert {trace.x for trace in lines} == {tuple(curve["effective_months"])}
    assert [trace.name for trace in lines if trace.showlegend] == [
        ZH("funnel.limits_95"),
        ZH("funnel.limits_998"),
        ZH("funnel.centre"),
    ]


def test_the_legend_names_only_dots_that_occur():
    names = {trace.name for trace in funnel_chart(*sample(*ALIKE), ZH).data}
    assert ZH("funnel.inside") in names
    assert {ZH("funnel.outside_95"), ZH("funnel.outside_998")} & names == set()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_axes_and_hover_are_in_the_language_of_the_page(lang):
    texts = load_texts(lang)
    figure = funnel_chart(*sample(*UNLIKE), texts)
    assert figure.layout.xaxis.title.text == texts("funnel.months_axis")
    assert figure.layout.yaxis.range == (-1, 1)
    hover = {trace.hovertemplate for trace in figure.data if trace.text is not None}
    assert hover == {texts("funnel.hover", bureau="%{text}", r="%{y:.2f}", n="%{customdata}") + "<extra></extra>"}


def test_without_bureaus_the_chart_is_empty():
    figure = funnel_chart(*sample(("示例县", 1.0, 0.1)), ZH)
    assert not any(trace.showlegend for trace in figure.data)
    assert all(len(trace.x) == 0 for trace in figure.data)
