"""What all charts have in common: colours, sizes, the plain layout, and the one place where a figure is made.

A chart is put together from plain dicts. plotly sorts the properties of traces and layout by name; what is nested in
them stands on the page in the order of the code, so it is written by name too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

# After Okabe and Ito, told apart with any colour vision; the same as --group-1 to --group-6 of the page's style sheet
GROUP_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#b0578d", "#8c6d1f", "#6b6fc4")
QUIET = "#8a8f93"  # raw values, means, limits: 3:1 on white and on the dark page
POOLED = "#5f6b73"
SHADE = "rgba(138, 143, 147, 0.18)"
TEXT_SIZE = 13
SMALL_TEXT_SIZE = 12
LEGEND_GAP = 56  # pixels below the plot: numbers and title of the axis stand between
MONTH_FORMAT = "%Y-%m"  # short, and the same in both languages
# The name of a month stands below its dot, in the middle of the month: at its first day it was between two dots
MONTH_NAMES = {"tickformat": MONTH_FORMAT, "hoverformat": MONTH_FORMAT, "ticklabelmode": "period"}
NO_TEMPLATE = {"data": {"scatter": [{"type": "scatter"}]}}  # plotly's template "none"


def group_colour(number: int) -> str:
    """Return the colour of a group by its number (from 1); after six the colours begin again."""
    return GROUP_COLOURS[(number - 1) % len(GROUP_COLOURS)]


def plain_layout(
    height: int, *, legend_y: float = -0.1, margin_top: int = 8, hovermode: str = "closest"
) -> dict[str, Any]:
    """Return the layout of a chart of ``height`` pixels: transparent, legend below, as wide as its place."""
    return {
        "font": {"size": TEXT_SIZE},
        "margin": {"b": 8, "l": 8, "r": 12, "t": margin_top},
        "legend": {
            "orientation": "h",
            "title": {"text": ""},
            "x": 0,
            "xanchor": "left",
            "y": legend_y,
            "yanchor": "top",
        },
        "hoverlabel": {"align": "left"},
        "height": height,
        "autosize": True,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "hovermode": hovermode,
    }


def stacked(number: int, count: int, title: float) -> list[float]:
    """Return bottom and top of a panel of ``count`` equal ones, ``number`` from 0 at the top; ``title`` stands above.

    All are shares of the height. Each is a quotient, since a sum of shares may end below 0, where plotly takes none.
    """
    return [(count - number - 1) / count, (count - number) / count - title]


def scatter(**properties: Any) -> dict[str, Any]:
    """Return a trace of dots or lines."""
    return {"type": "scatter", **properties}


def drawn(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> Figure:
    """Return the figure of ``traces`` in a ``layout``.

    plotly does not check the properties here: that takes four times as long as making the figure. The tests check
    those of every chart instead.
    """
    return Figure(data=traces, layout={**layout, "template": NO_TEMPLATE}, _validate=False)


def axis_title(text: str) -> dict[str, Any]:
    """Return the title of an axis, small and clear of the numbers."""
    return {"font": {"size": SMALL_TEXT_SIZE}, "standoff": 10, "text": text}


def legend_below(height: int, rows: int) -> float:
    """Return the place of a legend some lines of text below a plot of ``rows`` rows, each ``height`` pixels high."""
    return -LEGEND_GAP / (height * max(rows, 1))


def month_span(months: Sequence[pd.Period]) -> list[str]:
    """Return the first day of the first month and the day after the last: the reach of an axis of months."""
    return [first_day(min(months)), first_day(max(months) + 1)]


def first_day(month: pd.Period) -> str:
    """Return the first day of a month as plotly reads it."""
    return f"{month.year}-{month.month:02d}-01"


def mid_month(month: pd.Period) -> str:
    """Return the 15th: the dot of a month stands in the middle of its shade."""
    return f"{month.year}-{month.month:02d}-15"


def filled(**parts: list[Any]) -> dict[str, list[Any]]:
    """Return those parts of a layout (shapes, annotations) that hold anything."""
    return {name: part for name, part in parts.items() if part}


def row_keys(height: int, groups: Sequence[int | None] = (), metrics: Sequence[str] = ()) -> dict[str, Any]:
    """Return the ``meta`` of a chart of rows: what each is about, so that the page can close up those not chosen.

    ``height`` are the pixels of a row, ``groups`` numbers from 1 (None for what is of no single group).
    """
    if metrics:
        return {"rows": [{"metric": metric} for metric in metrics], "row_height": height}
    return {"rows": [{} if group is None else {"group": group} for group in groups], "row_height": height}


def quiet_axis(**settings: Any) -> dict[str, Any]:
    """Return an axis with a hairline grid and room for its labels."""
    return {
        "automargin": True,
        "gridcolor": "#e2dfda",
        "linecolor": "#bdb8b0",
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": "#bdb8b0",
        **settings,
    }
