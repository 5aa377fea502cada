"""Points against a result, a dot a month: adjusted, and once beside the raw months so that adjusting can be seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from plotly.graph_objects import Figure

from pipeline.charts.style import (
    POOLED,
    SMALL_TEXT_SIZE,
    axis_title,
    drawn,
    group_colour,
    plain_layout,
    quiet_axis,
    scatter,
)
from pipeline.texts import Texts

SCATTER_HEIGHT = 400
PAIR_HEIGHT = 360
LEFT_PANEL = (0.0, 0.43)
RIGHT_PANEL = (0.57, 1.0)
PANEL_TOP = 0.9  # the names of the two panels stand above it
FEWEST_FOR_LINE = 12  # statistics.md: no regression line on fewer points
MARK_SIZE = 8
EDGE = 0.25  # of a panel: a label nearer to its side would be cut off by it on a phone


@dataclass(frozen=True)
class MonthDots:
    """The months of one group: ``x`` points and ``y`` results; ``months`` are their names, ``labels`` those shown.

    ``quarters`` are those of the months, as ``2021Q4``. ``labels`` has an empty text where a dot stands without one;
    hovering names every month. ``x_range`` and ``y_range`` are those of the axes, the same for every group that is
    compared.
    """

    months: Sequence[str]
    quarters: Sequence[str]
    x: Sequence[float]
    y: Sequence[float]
    labels: Sequence[str]
    x_title: str
    y_title: str
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    digits: int = 1


def scatter_chart(dots: MonthDots, group: int, slope: float | None, texts: Texts) -> Figure:
    """Draw the adjusted months of a group; ``slope`` draws a line through 0, never on fewer than twelve months."""
    traces = [_dots(dots, group)]
    if slope is not None and len(dots.months) >= FEWEST_FOR_LINE:
        traces.insert(0, _line(dots, slope, texts("forest.slope")))
    layout = {
        **plain_layout(SCATTER_HEIGHT, legend_y=-0.2),
        "xaxis": _axis(dots.x_title, dots.x_range, zeroline=True),
        "yaxis": _axis(dots.y_title, dots.y_range, zeroline=True),
        "showlegend": len(traces) > 1,
    }
    return drawn(traces, layout)


def raw_and_adjusted_chart(raw: MonthDots, adjusted: MonthDots, group: int, texts: Texts) -> Figure:
    """Draw the same months twice: on the left as they were, on the right after season and trend are taken out."""
    axes: dict[str, Any] = {}
    traces, names = [], []
    for number, (dots, domain, name) in enumerate(
        ((raw, LEFT_PANEL, texts("forest.panel_raw")), (adjusted, RIGHT_PANEL, texts("forest.panel_adjusted"))), start=1
    ):
        suffix = "" if number == 1 else str(number)
        traces.append(_dots(dots, group, xaxis=f"x{suffix}", yaxis=f"y{suffix}"))
        is_adjusted = dots is adjusted
        x_axis = _axis(dots.x_title, dots.x_range, domain=list(domain), anchor=f"y{suffix}", zeroline=is_adjusted)
        y_axis = _axis(dots.y_title, dots.y_range, domain=[0, PANEL_TOP], anchor=f"x{suffix}", zeroline=is_adjusted)
        axes |= {f"xaxis{suffix}": x_axis, f"yaxis{suffix}": y_axis}
        names.append(_panel_name(name, domain))
    return drawn(traces, {**plain_layout(PAIR_HEIGHT), **axes, "annotations": names, "showlegend": False})


def _dots(dots: MonthDots, group: int, **axes: str) -> dict[str, Any]:
    number = f".{dots.digits}f"
    return scatter(
        x=list(dots.x),
        y=list(dots.y),
        text=list(dots.labels),
        customdata=list(dots.months),
        name="",
        showlegend=False,
        mode="markers+text",
        textposition=[_side(x, y, dots) for x, y in zip(dots.x, dots.y, strict=True)],
        textfont={"size": SMALL_TEXT_SIZE},
        marker={"color": group_colour(group), "opacity": 0.75, "size": MARK_SIZE},
        cliponaxis=False,
        meta={"faded": list(dots.quarters)},  # all months stay: the verdict beside them rests on all
        hovertemplate=f"%{{customdata}}: %{{x:,{number}}} / %{{y:,{number}}}<extra></extra>",
        **axes,
    )


def _side(x: float, y: float, dots: MonthDots) -> str:
    """Return where a label stands: towards the middle of the panel, where there is room for it."""
    across, up = _share(x, dots.x_range), _share(y, dots.y_range)
    sides = "right" if across < EDGE else "left" if across > 1 - EDGE else "center"
    return f"{'bottom' if up > 1 / 2 else 'top'} {sides}"


def _share(value: float, limits: tuple[float, float]) -> float:
    low, high = limits
    return (value - low) / (high - low)


def _line(dots: MonthDots, slope: float, name: str) -> dict[str, Any]:
    ends = [min(dots.x), max(dots.x)]
    return scatter(
        x=ends,
        y=[slope * end for end in ends],
        name=name,
        mode="lines",
        line={"color": POOLED, "dash": "dash", "width": 1.5},
        hoverinfo="skip",
    )


def _axis(title: str, limits: tuple[float, float], **settings: Any) -> dict[str, Any]:
    return quiet_axis(title=axis_title(title), range=list(limits), nticks=5, **settings)


def _panel_name(text: str, domain: tuple[float, float]) -> dict[str, Any]:
    place = {"x": domain[0], "xanchor": "left", "xref": "paper", "y": 1, "yanchor": "top", "yref": "paper"}
    return {"align": "left", "showarrow": False, "text": text, **place}
