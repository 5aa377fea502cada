"""Charts of the period library: all groups along months or quarters, and two sides of a comparison month by month."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import MONTH_NAMES, drawn, group_colour, plain_layout, quiet_axis, scatter, stacked

PANEL_HEIGHT = 210  # pixels, with the line of text above the panel
FRAME_HEIGHT = 90  # numbers of the axis and the legend
TITLE_PIXELS = 30  # the line of text above a panel
QUARTERS_NAMED = 7  # more would run into each other on a phone
DASHES = ("solid", "dash")  # the left and the right side of a comparison
COMPARE_HEIGHT = 360
THOUSANDS = ",~f"  # 2,000 and 0.5: separators, and no zeros at the end


@dataclass(frozen=True)
class TimePanel:
    """One quantity of all groups over time.

    ``rows`` has party_group, period (months, or quarters) and value; missing values are gaps in the line. ``metric`` is
    the code of a metric, empty for points. ``is_log`` draws powers of ten evenly, for amounts with a heavy tail.
    """

    label: str
    rows: pd.DataFrame
    digits: int
    metric: str = ""
    is_log: bool = False


@dataclass(frozen=True)
class SideLine:
    """One line of a comparison: ``values`` by place in the quarter, ``group`` its number, ``side`` 0 or 1 (right)."""

    name: str
    group: int
    side: int
    values: tuple[float | None, ...]


def time_chart(panels: Sequence[TimePanel], groups: Sequence[str]) -> Figure:
    """Draw one panel a quantity, one below the other on one time axis; a group keeps its colour and sign."""
    height = PANEL_HEIGHT * len(panels)
    periods = sorted({period for panel in panels for period in panel.rows["period"]})
    axes: dict[str, Any] = {}
    traces: list[dict[str, Any]] = []
    labels = []
    for number, panel in enumerate(panels):
        suffix = str(number + 1) if number else ""
        domain = stacked(number, len(panels), TITLE_PIXELS / height)
        traces += _lines(panel, groups, f"y{suffix}", is_first=number == 0)
        scale = {"type": "log", "dtick": 1} if panel.is_log else {"nticks": 5}
        axes[f"yaxis{suffix}"] = quiet_axis(domain=domain, tickformat=THOUSANDS, **scale)
        labels.append(_above(panel.label, domain[1]))
    last_axis, span = f"y{len(panels)}" if len(panels) > 1 else "y", _span(periods)
    layout = {
        **plain_layout(height + FRAME_HEIGHT, legend_y=-(FRAME_HEIGHT - 40) / height),
        **axes,
        "annotations": labels,
        "xaxis": quiet_axis(anchor=last_axis, type="date", range=span, **_ticks(periods)),
        "meta": {"months": span},
    }
    return drawn(traces, layout)


def comparison_chart(lines: Sequence[SideLine], places: Sequence[str], label: str, digits: int) -> Figure:
    """Draw two sides over the places of a quarter (its months); the left one solid, the right one dashed."""
    traces = [
        scatter(
            x=list(places),
            y=list(line.values),
            name=line.name,
            mode="lines+markers",
            line={"color": group_colour(line.group), "dash": DASHES[line.side], "width": 2},
            marker={"size": 9, "symbol": "circle" if line.side == 0 else "circle-open"},
            hovertemplate=f"%{{fullData.name}}<br>%{{x}}: %{{y:,.{digits}f}}<extra></extra>",
        )
        for line in lines
    ]
    layout = {
        **plain_layout(COMPARE_HEIGHT),
        "xaxis": quiet_axis(type="category"),
        "yaxis": quiet_axis(nticks=6, tickformat=THOUSANDS, domain=[0, 1 - TITLE_PIXELS / COMPARE_HEIGHT]),
        "annotations": [_above(label, 1 - TITLE_PIXELS / COMPARE_HEIGHT)],
    }
    return drawn(traces, layout)


def _lines(panel: TimePanel, groups: Sequence[str], axis: str, *, is_first: bool) -> Iterator[dict[str, Any]]:
    """Yield the line of every group that has a value."""
    by_group: dict[str, list[tuple[pd.Period, Any]]] = {}
    for group, *point in zip(*(panel.rows[name].tolist() for name in ("party_group", "period", "value")), strict=True):
        by_group.setdefault(group, []).append((point[0], point[1]))
    for number, group in enumerate(groups, start=1):
        points = sorted(by_group.get(group, ()), key=itemgetter(0))
        if any(pd.notna(value) for _, value in points):
            yield _line(panel, group, number, points, axis, is_first=is_first)


def _line(
    panel: TimePanel, group: str, number: int, points: Sequence[tuple[pd.Period, Any]], axis: str, *, is_first: bool
) -> dict[str, Any]:
    return scatter(
        x=[_middle(period) for period, _ in points],
        y=[value for _, value in points],
        text=[_named(period) for period, _ in points],
        name=group,
        legendgroup=group,
        showlegend=is_first,
        mode="lines+markers",
        line={"color": group_colour(number), "width": 2},
        marker={"size": 6, "symbol": number - 1},
        hovertemplate=f"%{{fullData.name}}<br>%{{text}}: %{{y:,.{panel.digits}f}}<extra></extra>",
        yaxis=axis,
        meta={"group": number, "metric": panel.metric} if panel.metric else {"group": number},
    )


def _ticks(periods: Sequence[pd.Period]) -> dict[str, Any]:
    """Name quarters as they are called; months by plotly itself, which knows how many have room."""
    if not periods or not _is_quarter(periods[0]):
        return {**MONTH_NAMES, "nticks": QUARTERS_NAMED}
    step = -(-len(periods) // QUARTERS_NAMED)
    named = list(reversed(list(reversed(periods))[::step]))  # the last one always has its name
    # The year below the quarter: in one line they would run into each other where two charts stand side by side
    words = [f"Q{period.quarter}<br>{period.year}" for period in named]
    return {"tickvals": [_middle(period) for period in named], "ticktext": words}


def _span(periods: Sequence[pd.Period]) -> list[str] | None:
    if not periods:
        return None
    return [periods[0].start_time.date().isoformat(), (periods[-1] + 1).start_time.date().isoformat()]


def _above(text: str, y: float) -> dict[str, Any]:
    place = {"x": 0, "xanchor": "left", "xref": "paper", "y": y, "yanchor": "bottom", "yref": "paper"}
    return {"align": "left", "showarrow": False, "text": text, **place}


def _is_quarter(period: pd.Period) -> bool:
    return bool(period.freqstr.startswith("Q"))


def _named(period: pd.Period) -> str:
    return str(period) if _is_quarter(period) else f"{period.year}-{period.month:02d}"


def _middle(period: pd.Period) -> str:
    """Return the 15th of a month, or of the month in the middle of a quarter."""
    month = 3 * period.quarter - 1 if _is_quarter(period) else period.month
    return date(period.year, month, 15).isoformat()
