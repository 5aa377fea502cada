"""A quantity along all months, a line a group: for who wants to look closer and to compare the groups."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import (
    MONTH_FORMAT,
    MONTH_NAMES,
    axis_title,
    drawn,
    filled,
    group_colour,
    mid_month,
    month_span,
    plain_layout,
    quiet_axis,
    scatter,
)
from pipeline.charts.trends import month_shades, shade_entry
from pipeline.texts import Texts

HEIGHT = 300


@dataclass(frozen=True)
class GroupMonths:
    """One line: a group by its number (from 1) and name, its values indexed by month; a missing one is a gap."""

    number: int
    name: str
    values: "pd.Series[float]"


@dataclass(frozen=True)
class MonthsScale:
    """The axis of a quantity: its name with its unit, and the decimals that a reader sees.

    ``by_size`` is for amounts that are now and then a thousand times the usual: equal heights are then equal factors.
    """

    label: str
    digits: int
    by_size: bool = False


def months_chart(
    groups: Sequence[GroupMonths], scale: MonthsScale, festivals: Sequence[pd.Period], texts: Texts
) -> Figure:
    """Draw a line a group over the same months; those of the Spring Festival are shaded."""
    traces = []
    for group in groups:
        known = [None if pd.isna(value) else float(value) for value in group.values]
        traces.append(
            scatter(
                x=[mid_month(month) for month in group.values.index],
                y=[None if value is None else _height(value, scale) for value in known],
                **({"customdata": known} if scale.by_size else {}),  # elsewhere the height is the value
                name=group.name,
                mode="lines+markers",
                line={"color": group_colour(group.number), "width": 2},
                marker={"size": 5, "symbol": group.number - 1},  # a second sign beside the colour
                hovertemplate=(
                    f"%{{fullData.name}}<br>%{{x|{MONTH_FORMAT}}}: "
                    f"%{{{'customdata' if scale.by_size else 'y'}:,.{scale.digits}f}}<extra></extra>"
                ),
                meta={"group": group.number},
            )
        )
    traces += shade_entry(festivals, texts("chart.festival"))
    span = month_span([month for group in groups for month in group.values.index])
    layout = {
        **plain_layout(HEIGHT, legend_y=-0.16),
        **filled(shapes=month_shades(festivals)),
        "xaxis": quiet_axis(type="date", range=span, dtick="M6", **MONTH_NAMES),
        "yaxis": quiet_axis(title=axis_title(scale.label), nticks=5, **_ticks(groups, scale)),
        "meta": {"months": span},
    }
    return drawn(traces, layout)


def _height(value: float, scale: MonthsScale) -> float:
    """Return where a value stands: 1 is added to a logarithm's amounts, so that nothing (0) has a place."""
    return log10(1 + value) if scale.by_size else value


def _ticks(groups: Sequence[GroupMonths], scale: MonthsScale) -> dict[str, Any]:
    if not scale.by_size:
        return {}
    largest = max((float(group.values.max()) for group in groups if group.values.notna().any()), default=0.0)
    marks = [0.0, *(10.0**power for power in range(1, len(f"{largest:.0f}") + 1))]
    return {"tickvals": [_height(mark, scale) for mark in marks], "ticktext": [f"{mark:,.0f}" for mark in marks]}
