"""The forest plot of one metric: how closely points and result move together in each group, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plotly.graph_objects import Figure, Scatter

from pipeline.charts.style import (
    POOLED,
    QUIET,
    SMALL_TEXT_SIZE,
    axis_title,
    group_colour,
    legend_below,
    plain_figure,
    quiet_axis,
    row_keys,
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
    figure = plain_figure(FRAME_HEIGHT + ROW_HEIGHT * len(rows))
    own = [(place - OFFSET, group.own) for place, group in enumerate(groups)]
    _add_estimates(figure, own, texts("forest.own"), QUIET, "circle-open")
    has_shrunk = [group.shrunk is not None for group in groups]
    for place, group in enumerate(groups):
        is_first = place == has_shrunk.index(True) if any(has_shrunk) else False
        name = texts("forest.shrunk") if is_first else ""
        _add_estimates(figure, [(place + OFFSET, group.shrunk)], name, group_colour(group.colour), "circle")
    _add_estimates(figure, [(len(groups), pooled.estimate)], texts("forest.pooled"), POOLED, "diamond")
    _add_estimates(figure, [(len(groups) + 1, between.estimate)], texts("forest.between"), QUIET, "square-open")
    for place, row in enumerate(rows):
        if row.note:
            figure.add_annotation(_note(row.note, place))
    figure.add_hline(y=len(groups) + 0.5, line={"color": QUIET, "width": 1, "dash": "dot"})
    figure.update_layout(
        meta=row_keys(ROW_HEIGHT, [*(group.colour for group in groups), None, None]),
        xaxis=r_axis(texts),
        yaxis=quiet_axis(
            tickvals=list(range(len(rows))),
            ticktext=[row.label for row in rows],
            range=[len(rows) - 0.5, -0.5],
            showgrid=False,
        ),
        legend_y=legend_below(ROW_HEIGHT, len(rows)),
    )
    return figure


def r_axis(texts: Texts) -> dict[str, Any]:
    """Return the axis of a correlation, from -1 to 1 with a line at 0."""
    title = axis_title(texts("chart.r_axis"))
    return quiet_axis(range=list(R_RANGE), dtick=0.5, tickformat=".1f", zeroline=True, title=title)


def error_bars(estimates: Sequence[Estimate], colour: str) -> dict[str, Any]:
    """Return plotly's error bars from r to both ends of its interval; none where an end is missing."""
    return {
        "type": "data",
        "visible": any(one.low is not None for one in estimates),  # else a cap of no width stands in the mark
        "symmetric": False,
        "array": [None if one.high is None else one.high - one.r for one in estimates],
        "arrayminus": [None if one.low is None else one.r - one.low for one in estimates],
        "color": colour,
        "thickness": 2,
        "width": 4,
    }


def interval_text(estimate: Estimate) -> str:
    """Return r and its interval with two decimals, as the words of a hover label."""
    if estimate.low is None or estimate.high is None:
        return f"r = {estimate.r:.2f}"
    return f"r = {estimate.r:.2f}<br>{estimate.low:.2f} – {estimate.high:.2f}"


def _add_estimates(
    figure: Figure, places: Sequence[tuple[float, Estimate | None]], name: str, colour: str, symbol: str
) -> None:
    """Add the estimates that there are as one trace; without a ``name`` it stands in no legend."""
    known = [(place, estimate) for place, estimate in places if estimate is not None]
    if not known:
        return
    estimates = [estimate for _, estimate in known]
    figure.add_trace(
        Scatter(
            x=[estimate.r for estimate in estimates],
            y=[place for place, _ in known],
            text=[interval_text(estimate) for estimate in estimates],
            name=name,
            showlegend=bool(name),
            mode="markers",
            marker={"color": colour, "size": 10, "symbol": symbol, "line": {"width": 2, "color": colour}},
            error_x=error_bars(estimates, colour),
            hovertemplate="%{text}<extra></extra>",
        )
    )


def _note(text: str, place: int) -> dict[str, Any]:
    return {"text": text, "x": 0, "y": place, "showarrow": False, "font": {"size": SMALL_TEXT_SIZE}}
