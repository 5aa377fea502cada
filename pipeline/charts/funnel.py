"""The funnel of many bureaus: each a dot by its precision, and how far chance alone goes."""

from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import (
    POOLED,
    QUIET,
    SMALL_TEXT_SIZE,
    axis_title,
    drawn,
    group_colour,
    legend_below,
    plain_layout,
    quiet_axis,
    scatter,
)
from pipeline.texts import Texts

PLOT_HEIGHT = 320
TOP_MARGIN = 14  # for half of the uppermost number, which plotly leaves out where it does not fit
LEGEND_HEIGHT = 110  # six entries, on a phone one below the other
DOT_SIZE = 8
FAR_SIZE = 11
LIMIT_DASHES = {"95": "dash", "998": "dot"}


def funnel_chart(rows: pd.DataFrame, curve: pd.DataFrame, texts: Texts) -> Figure:
    """Draw the bureaus of one metric; ``rows`` as `pipeline.stats.funnel.funnel` returns them, ``curve`` as
    `funnel_curve` does.

    Only bureaus beyond the outer limits are named: the chart is no ranking.
    """
    traces = [
        _line(curve, f"{side}_{name}", texts(f"funnel.limits_{name}"), dash, is_named=side == "low")
        for name, dash in LIMIT_DASHES.items()
        for side in ("low", "high")
    ]
    traces.append(_line(curve, "centre", texts("funnel.centre"), "solid", is_named=True))
    dots = (
        ("", texts("funnel.inside"), {"color": QUIET, "size": DOT_SIZE}),
        ("outside_95", texts("funnel.outside_95"), _ring(group_colour(1))),
        ("outside_998", texts("funnel.outside_998"), {"color": group_colour(2), "size": FAR_SIZE, "symbol": "diamond"}),
    )
    for outside, label, marker in dots:
        chosen = rows[rows["outside"] == outside]
        if not chosen.empty:
            traces.append(_bureaus(chosen, label, marker, texts, is_named=outside == "outside_998"))
    legend_y = legend_below(PLOT_HEIGHT, 1)
    layout = {
        **plain_layout(PLOT_HEIGHT + LEGEND_HEIGHT, legend_y=legend_y, margin_top=TOP_MARGIN),
        "xaxis": quiet_axis(title=axis_title(texts("funnel.months_axis")), nticks=8),
        "yaxis": quiet_axis(
            range=[-1, 1], dtick=0.5, tickformat=".1f", zeroline=True, title=axis_title(texts("funnel.r_axis"))
        ),
    }
    return drawn(traces, layout)


def _line(curve: pd.DataFrame, column: str, name: str, dash: str, *, is_named: bool) -> dict[str, Any]:
    """Draw one column of the curve; the two sides of a limit share an entry of the legend."""
    return scatter(
        x=curve["effective_months"].tolist(),
        y=curve[column].tolist(),
        name=name,
        legendgroup=name,
        showlegend=is_named and not curve.empty,
        mode="lines",
        line={"color": POOLED if dash == "solid" else QUIET, "dash": dash, "width": 1.5},
        hoverinfo="skip",
    )


def _bureaus(
    rows: pd.DataFrame, name: str, marker: dict[str, object], texts: Texts, *, is_named: bool
) -> dict[str, Any]:
    hover = texts("funnel.hover", bureau="%{text}", r="%{y:.2f}", n="%{customdata}")
    return scatter(
        x=rows["effective_months"].tolist(),
        y=rows["r"].tolist(),
        text=rows["bureau"].tolist(),
        customdata=rows["n_months"].tolist(),
        name=name,
        mode="markers+text" if is_named else "markers",
        textposition="top center",
        textfont={"size": SMALL_TEXT_SIZE},
        marker=marker,
        cliponaxis=False,
        hovertemplate=hover + "<extra></extra>",
    )


def _ring(colour: str) -> dict[str, object]:
    return {"color": colour, "line": {"width": 2}, "size": FAR_SIZE, "symbol": "circle-open"}
