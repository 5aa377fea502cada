"""What all charts have in common: colours, sizes and the plain layout."""

from collections.abc import Sequence
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


def group_colour(number: int) -> str:
    """Return the colour of a group by its number (from 1); after six the colours begin again."""
    return GROUP_COLOURS[(number - 1) % len(GROUP_COLOURS)]


def plain_figure(height: int, **layout: Any) -> Figure:
    """Return an empty figure of ``height`` pixels: transparent, legend below, as wide as its place."""
    figure = Figure()
    figure.update_layout(
        height=height,
        autosize=True,
        font={"size": TEXT_SIZE},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 8, "r": 12, "t": 8, "b": 8},
        legend={"orientation": "h", "x": 0, "xanchor": "left", "y": -0.1, "yanchor": "top", "title": {"text": ""}},
        hoverlabel={"align": "left"},
        hovermode="closest",
        template="none",
        **layout,
    )
    return figure


def axis_title(text: str) -> dict[str, Any]:
    """Return the title of an axis, small and clear of the numbers."""
    return {"text": text, "font": {"size": SMALL_TEXT_SIZE}, "standoff": 10}


def legend_below(height: int, rows: int) -> float:
    """Return the place of a legend some lines of text below a plot of ``rows`` rows, each ``height`` pixels high."""
    return -LEGEND_GAP / (height * max(rows, 1))


def month_span(months: Sequence[pd.Period]) -> list[str]:
    """Return the first day of the first month and the day after the last: the reach of an axis of months."""
    first, last = min(months), max(months)
    return [str(first.start_time.date().isoformat()), str((last + 1).start_time.date().isoformat())]


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
