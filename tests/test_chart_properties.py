"""Charts are made without plotly's own check of their properties; here it is made up for, for every kind of chart."""

import inspect
import pkgutil
from collections.abc import Callable, Mapping
from importlib import import_module

import numpy as np
import pandas as pd
import pytest
from plotly.graph_objects import Figure

import pipeline.charts
from pipeline.charts import (
    Estimate,
    ForestGroup,
    ForestMean,
    GroupMonths,
    LagProfile,
    MonthDots,
    MonthMarks,
    MonthsScale,
    TopicPanel,
    Track,
    attainment_chart,
    forest_chart,
    lags_chart,
    months_chart,
    points_chart,
    raw_and_adjusted_chart,
    scatter_chart,
    topics_chart,
    trend_chart,
)
from pipeline.charts.funnel import funnel_chart
from pipeline.charts.library import SideLine, TimePanel, comparison_chart, time_chart
from pipeline.charts.style import drawn, plain_layout, quiet_axis, scatter
from pipeline.stats import xmr_signals
from pipeline.texts import load_texts

ZH = load_texts("zh")
MONTHS = pd.period_range("2020-01", periods=24, freq="M")
VALUES = pd.Series([*range(11), 90.0, *range(11), np.nan], index=MONTHS, dtype="float64")
GROUPS = ("甲组", "乙组")
FULL, BARE = Estimate(0.6, 0.2, 0.8), Estimate(0.4)


def _track() -> Track:
    return Track("过程积分", xmr_signals(VALUES.dropna()), (0.0, 100.0), 1)


def _marks() -> MonthMarks:
    return MonthMarks([MONTHS[1]], {MONTHS[3]: 5, MONTHS[5]: 6}, {MONTHS[5]: 33.3}, {MONTHS[20]: "2.0"})


def _dots() -> MonthDots:
    names, values = [str(month) for month in MONTHS], [number / 24 - 0.5 for number in range(24)]
    return MonthDots(names, ["2021Q4"] * 24, values, values, [*names[:1], *[""] * 23], "积分", "业绩", (-1, 1), (-1, 1))


def _rows(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"party_group": [*GROUPS], **columns})


def _bureaus() -> pd.DataFrame:
    outside = ["", "outside_95", "outside_998"]
    columns = {"bureau": ["甲", "乙", "丙"], "r": [0.1, 0.4, -0.6], "effective_months": [30.0, 20.0, 25.0]}
    return pd.DataFrame({**columns, "n_months": [36] * 3, "outside": outside})


def _curve() -> pd.DataFrame:
    names = ("effective_months", "low_95", "high_95", "low_998", "high_998", "centre")
    return pd.DataFrame({name: [0.1, 0.2] for name in names})


def _time_panels() -> list[TimePanel]:
    rows = _rows(period=[pd.Period("2021Q3"), pd.Period("2021Q4")], value=[1.0, 2.0])
    return [TimePanel("积分", rows, 1), TimePanel("销量", rows, 0, "sales", is_log=True)]


CHARTS: Mapping[Callable[..., Figure], Callable[[], Figure]] = {
    attainment_chart: lambda: attainment_chart(
        _rows(metric=["sales"] * 2, label=["销量"] * 2, attained_pct=[90.0, 110.0]), GROUPS, ZH
    ),
    comparison_chart: lambda: comparison_chart(
        [SideLine("甲组", 1, side, (1.0, None, 3.0)) for side in (0, 1)], ["10", "11", "12"], "销量", 0
    ),
    forest_chart: lambda: forest_chart(
        [ForestGroup("甲组", 1, FULL, BARE), ForestGroup("乙组", 2, None, None, "数据不够")],
        ForestMean("合并", FULL),
        ForestMean("组间", BARE),
        ZH,
    ),
    funnel_chart: lambda: funnel_chart(_bureaus(), _curve(), ZH),
    lags_chart: lambda: lags_chart([LagProfile("甲组", 1, [(0, FULL), (1, BARE)]), LagProfile("合", None, [])], ZH),
    months_chart: lambda: months_chart(
        [GroupMonths(number, name, VALUES) for number, name in enumerate(GROUPS, start=1)],
        MonthsScale("销量", 0, by_size=True),
        [MONTHS[1]],
        ZH,
    ),
    points_chart: lambda: points_chart(_rows(month=MONTHS[:2], total_points=[80.0, 90.0]), GROUPS, [MONTHS[1]], ZH),
    raw_and_adjusted_chart: lambda: raw_and_adjusted_chart(_dots(), _dots(), 1, ZH),
    scatter_chart: lambda: scatter_chart(_dots(), 1, 0.5, ZH),
    time_chart: lambda: time_chart(_time_panels(), GROUPS),
    topics_chart: lambda: topics_chart(
        [TopicPanel("销量", VALUES, {MONTHS[3]: 2}, (-3.0, 10.0), [(0.0, "0")], -2.0, 0)] * 2, 3, ZH
    ),
    trend_chart: lambda: trend_chart(_track(), _track(), 2, _marks(), ZH),
}


def test_every_kind_of_chart_is_here() -> None:
    modules = [
        import_module(module.name) for module in pkgutil.iter_modules(pipeline.charts.__path__, "pipeline.charts.")
    ]
    found = {
        function
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if name.endswith("_chart") and function.__module__ == module.__name__
    }
    assert found == set(CHARTS)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_plotly_knows_every_property(chart: Callable[..., Figure]) -> None:
    figure = CHARTS[chart]()
    # plotly raises for what it does not know; what it would write differently, it would also draw differently
    assert Figure(figure.to_plotly_json()).to_plotly_json() == figure.to_plotly_json()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_every_property_can_be_read(chart: Callable[..., Figure]) -> None:
    assert str(CHARTS[chart]())  # a tuple where plotly holds a list would raise


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.__name__)
def test_the_name_of_a_month_stands_below_its_dot(chart: Callable[..., Figure]) -> None:
    axes = [axis for name, axis in CHARTS[chart]().to_plotly_json()["layout"].items() if name.startswith("xaxis")]
    of_months = [axis for axis in axes if axis.get("type") == "date" and "tickvals" not in axis]
    assert [axis["ticklabelmode"] for axis in of_months] == ["period"] * len(of_months)


def test_the_check_finds_what_plotly_does_not_know() -> None:
    figure = drawn([scatter(x=[1], mode="dots")], {**plain_layout(300), "xaxis": quiet_axis(titel="x")})
    with pytest.raises(ValueError, match="Invalid"):
        Figure(figure.to_plotly_json())


def test_a_figure_has_no_template_of_plotly() -> None:
    checked = Figure(layout={"template": "none"})
    assert drawn([], plain_layout(300)).layout.template.to_plotly_json() == checked.layout.template.to_plotly_json()
