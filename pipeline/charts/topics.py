"""Topics of meetings along the months: each result as a line, and the meetings on its topic as marks below it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import (
    MONTH_FORMAT,
    MONTH_NAMES,
    POOLED,
    drawn,
    group_colour,
    mid_month,
    month_span,
    plain_layout,
    quiet_axis,
    scatter,
    stacked,
)
from pipeline.texts import Texts

PANEL_HEIGHT = 132  # pixels, with the line of text above each panel
FRAME_HEIGHT = 84  # months of the axis and the legend
TITLE_SHARE = 0.24  # of a panel, for its line of text
MARK_SIZE = 11
TICK_MONTHS = {"dtick": "M6", **MONTH_NAMES}


@dataclass(frozen=True)
class TopicPanel:
    """One result and the meetings on its topics.

    ``values`` is indexed by month, ``meetings`` counts them by month. ``scale`` is the range of the axis, ``ticks`` are
    the values that it names, with their text, and ``floor`` is where the marks of meetings stand, below every value.
    """

    label: str
    values: "pd.Series[float]"
    meetings: Mapping[pd.Period, int]
    scale: tuple[float, float]
    ticks: Sequence[tuple[float, str]]
    floor: float
    digits: int


def topics_chart(panels: Sequence[TopicPanel], group: int, texts: Texts) -> Figure:
    """Draw one panel a result, one below the other on one month axis; a triangle is a month with a meeting on it."""
    height = PANEL_HEIGHT * len(panels)
    axes: dict[str, Any] = {}
    traces: list[dict[str, Any]] = []
    labels = []
    for number, panel in enumerate(panels):
        suffix = str(number + 1) if number else ""
        domain = stacked(number, len(panels), TITLE_SHARE / len(panels))
        traces += _panel(panel, group, f"y{suffix}", is_first=number == 0, texts=texts)
        ticks = {"tickvals": [value for value, _ in panel.ticks], "ticktext": [text for _, text in panel.ticks]}
        axes[f"yaxis{suffix}"] = quiet_axis(domain=domain, range=list(panel.scale), **ticks)
        labels.append(_label(panel.label, domain[1]))
    months = panels[0].values.index
    last_axis = f"y{len(panels)}" if len(panels) > 1 else "y"
    span = month_span(list(months))
    layout = {
        **plain_layout(height + FRAME_HEIGHT, legend_y=-(FRAME_HEIGHT - 36) / height, hovermode="x"),
        **axes,
        "annotations": labels,
        "xaxis": quiet_axis(anchor=last_axis, type="date", range=span, **TICK_MONTHS),
        "meta": {"months": span},
    }
    return drawn(traces, layout)


def _panel(panel: TopicPanel, group: int, axis: str, *, is_first: bool, texts: Texts) -> list[dict[str, Any]]:
    """Return the months of a result as a line, and its meetings; all panels share one legend."""
    line = scatter(
        x=[mid_month(month) for month in panel.values.index],
        y=panel.values.tolist(),
        name=texts("chart.by_month"),
        legendgroup="value",
        showlegend=is_first,
        mode="lines+markers",
        line={"color": group_colour(group), "width": 2},
        marker={"size": 4},
        hovertemplate=f"%{{x|{MONTH_FORMAT}}}: %{{y:,.{panel.digits}f}}<extra></extra>",
        yaxis=axis,
    )
    meetings = scatter(
        x=[mid_month(month) for month in panel.meetings],
        y=[panel.floor] * len(panel.meetings),
        customdata=list(panel.meetings.values()),
        name=texts("chart.topic_meeting"),
        legendgroup="meeting",
        showlegend=is_first,
        mode="markers",
        marker={"color": POOLED, "size": MARK_SIZE, "symbol": "triangle-up"},
        hovertemplate=texts("chart.topic_meetings_hover", count="%{customdata}") + "<extra></extra>",
        yaxis=axis,
    )
    return [line, meetings]


def _label(text: str, y: float) -> dict[str, Any]:
    place = {"x": 0, "xanchor": "left", "xref": "paper", "y": y, "yanchor": "bottom", "yref": "paper"}
    return {"align": "left", "showarrow": False, "text": text, **place}
