"""The forest plot of one metric: how closely points and result move together in each group, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plotly.graph_objects import Figure

from pipeline.charts.style import (
    POOLED,
    QUIET,
    SMALL_TEXT_SIZE,
    axis_title,
    drawn,
    filled,
    group_colour,
    legend_below,
    plain_layout,
    quiet_axis,
    row_keys,
    scatter,
)
from pipeline.texts import Texts

ROW_HEIGHT = 44
FRAME_HEIGHT = 96  # legend, numbers and title of the axis
OFFSET = 0.19  # of a row: the own estimate above, the partially pooled one below
R_RANGE = (-1, 1)  # the same on every chart of correlations


@dataclass(frozen=True)
class Estimate:
    """A correlation with its interval; ``low`` and ``high`` are None where there is none."""

    r: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class ForestGroup:
    """The row of one group: ``own`` as it stands alone, ``shrunk`` as it stands beside the other groups.

    ``colour`` is the group's number; ``label`` may have a second line (``<br>``). Where there is no estimate ``note``
    stands in its place.
    """

    label: str
    colour: int
    own: Estimate | None
    shrunk: Estimate | None
    note: str = ""


@dataclass(frozen=True)
class ForestMean:
    """A row that is of no single group: all of them pooled, or the comparison between them."""

    label: str
    estimate: Estimate | None
    note: str = ""


def forest_chart(groups: Sequence[ForestGroup], pooled: ForestMean, between: ForestMean, texts: Texts) -> Figure:
    """Draw a row a group, one for all groups pooled and, below a line, one for the comparison between groups."""
    rows: list[ForestGroup | ForestMean] = [*groups, pooled, between]
    notes = [_note(row.note, place) for place, row in enumerate(rows) if row.note]
    layout = {
        **plain_layout(FRAME_HEIGHT + ROW_HEIGHT * len(rows), legend_y=legend_below(ROW_HEIGHT, len(rows))),
        **filled(annotations=notes),
        "shapes": [_line_above(len(groups) + 0.5)],
        "xaxis": r_axis(texts),
        "yaxis": quiet_axis(
            tickvals=list(range(len(rows))),
            ticktext=[row.label for row in rows],
            range=[len(rows) - 0.5, -0.5],
            showgrid=False,
        ),
        "meta": row_keys(ROW_HEIGHT, [*(group.colour for group in groups), None, None]),
    }
    return drawn(_traces(groups, pooled, between, texts), layout)


def _traces(
    groups: Sequence[ForestGroup], pooled: ForestMean, between: ForestMean, texts: Texts
) -> list[dict[str, Any]]:
    """Return the own estimates, the shrunk ones of each group in its colour, and those of no single group."""
    own = [(place - OFFSET, group.own) for place, group in enumerate(groups)]
    traces = _estimates(own, texts("forest.own"), QUIET, "circle-open")
    first = next((place for place, group in enumerate(groups) if group.shrunk is not None), None)
    for place, group in enumerate(groups):
        name = texts("forest.shrunk") if place == first else ""
        traces += _estimates([(place + OFFSET, group.shrunk)], name, group_colour(group.colour), "circle")
    traces += _estimates([(len(groups), pooled.estimate)], texts("forest.pooled"), POOLED, "diamond")
    return traces + _estimates([(len(groups) + 1, between.estimate)], texts("forest.between"), QUIET, "square-open")


def r_axis(texts: Texts) -> dict[str, Any]:
    """Return the axis of a correlation, from -1 to 1 with a line at 0."""
    title = axis_title(texts("chart.r_axis"))
    return quiet_axis(range=list(R_RANGE), dtick=0.5, tickformat=".1f", zeroline=True, title=title)


def error_bars(estimates: Sequence[Estimate], colour: str) -> dict[str, Any]:
    """Return plotly's error bars from r to both ends of its interval; none where an end is missing."""
    return {
        "array": [None if one.high is None else one.high - one.r for one in estimates],
        "arrayminus": [None if one.low is None else one.r - one.low for one in estimates],
        "color": colour,
        "symmetric": False,
        "thickness": 2,
        "type": "data",
        "visible": any(one.low is not None for one in estimates),  # else a cap of no width stands in the mark
        "width": 4,
    }


def interval_text(estimate: Estimate) -> str:
    """Return r and its interval with two decimals, as the words of a hover label."""
    if estimate.low is None or estimate.high is None:
        return f"r = {estimate.r:.2f}"
    return f"r = {estimate.r:.2f}<br>{estimate.low:.2f} – {estimate.high:.2f}"


def _estimates(
    places: Sequence[tuple[float, Estimate | None]], name: str, colour: str, symbol: str
) -> list[dict[str, Any]]:
    """Return the estimates that there are as one trace, none for none; without a ``name`` it stands in no legend."""
    known = [(place, estimate) for place, estimate in places if estimate is not None]
    if not known:
        return []
    estimates = [estimate for _, estimate in known]
    trace = scatter(
        x=[estimate.r for estimate in estimates],
        y=[place for place, _ in known],
        text=[interval_text(estimate) for estimate in estimates],
        name=name,
        showlegend=bool(name),
        mode="markers",
        marker={"color": colour, "line": {"color": colour, "width": 2}, "size": 10, "symbol": symbol},
        error_x=error_bars(estimates, colour),
        hovertemplate="%{text}<extra></extra>",
    )
    return [trace]


def _note(text: str, place: int) -> dict[str, Any]:
    return {"font": {"size": SMALL_TEXT_SIZE}, "showarrow": False, "text": text, "x": 0, "y": place}


def _line_above(place: float) -> dict[str, Any]:
    """Return the level line between the groups and the comparison of groups."""
    line = {"color": QUIET, "dash": "dot", "width": 1}
    return {"line": line, "type": "line", "x0": 0, "x1": 1, "xref": "x domain", "y0": place, "y1": place, "yref": "y"}
