"""Charts of estimates: correlations with their intervals, and how far targets were attained."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
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
)
from pipeline.texts import Texts

ROW_HEIGHT = 58
FRAME_HEIGHT = 104  # legend, numbers and title of the axis
OFFSET = 0.24  # of a row: raw above, pooled below
ATTAINED_ROW_HEIGHT = 48
SPREAD = 0.5  # of a row: the groups' dots stand one below the other within it


def correlation_chart(rows: pd.DataFrame, group: int, texts: Texts) -> Figure:
    """Draw one row a metric: raw in grey, adjusted with its interval in the group's colour, all groups pooled below.

    ``rows`` has label, raw_r, r, ci_low, ci_high, pooled_r, pooled_low, pooled_high (correlations, missing where
    nothing may be shown) and note, the words that stand where there is no adjusted value.
    """
    figure = plain_figure(FRAME_HEIGHT + ROW_HEIGHT * len(rows))
    places = list(range(len(rows)))
    labels = rows["label"].tolist()
    raw = [place - OFFSET for place in places]
    pooled = [place + OFFSET for place in places]
    figure.add_trace(
        Scatter(
            x=rows["raw_r"].tolist(),
            y=raw,
            text=labels,
            name=texts("chart.raw"),
            mode="markers",
            marker={"color": QUIET, "size": 8, "symbol": "circle-open", "line": {"width": 2}},
            hovertemplate="%{text}: r = %{x:.2f}<extra></extra>",
        )
    )
    own = rows[["r", "ci_low", "ci_high"]].set_axis(["r", "low", "high"], axis=1)
    figure.add_trace(_estimates(own, places, labels, texts("chart.adjusted"), group_colour(group), "circle"))
    together = rows[["pooled_r", "pooled_low", "pooled_high"]].set_axis(["r", "low", "high"], axis=1)
    figure.add_trace(_estimates(together, pooled, labels, texts("chart.pooled"), POOLED, "diamond"))
    for place, note in zip(places, rows["note"], strict=True):
        if note:
            figure.add_annotation(
                text=note,
                x=0,
                y=place,
                xanchor="center",
                showarrow=False,
                font={"size": SMALL_TEXT_SIZE, "color": POOLED},
            )
    figure.update_layout(
        xaxis=quiet_axis(
            range=[-1, 1], dtick=0.5, tickformat=".1f", zeroline=True, title=axis_title(texts("chart.r_axis"))
        ),
        yaxis=quiet_axis(tickvals=places, ticktext=labels, range=[len(rows) - 0.5, -0.5], showgrid=False),
        legend_y=legend_below(ROW_HEIGHT, len(rows)),
    )
    return figure


def attainment_chart(rows: pd.DataFrame, groups: Sequence[str], texts: Texts) -> Figure:
    """Draw how far each target was attained; ``rows`` has party_group, label and attained_pct, one row a dot."""
    labels = list(dict.fromkeys(rows["label"]))
    figure = plain_figure(FRAME_HEIGHT + ATTAINED_ROW_HEIGHT * len(labels))
    for number, group in enumerate(groups, start=1):
        own = rows[rows["party_group"] == group]
        if own.empty:
            continue
        offset = SPREAD * ((number - 0.5) / len(groups) - 0.5)
        figure.add_trace(
            Scatter(
                x=own["attained_pct"].tolist(),
                y=[labels.index(label) + offset for label in own["label"]],
                text=own["label"].tolist(),
                name=group,
                mode="markers",
                marker={"color": group_colour(number), "size": 11, "symbol": number - 1},
                hovertemplate="%{fullData.name}<br>%{text}: %{x:.1f}%<extra></extra>",
            )
        )
    figure.add_vline(x=100, line={"color": POOLED, "width": 1.5, "dash": "dash"})
    places = list(range(len(labels)))
    figure.update_layout(
        xaxis=quiet_axis(ticksuffix="%", title=axis_title(texts("chart.attained_axis")), nticks=6),
        yaxis=quiet_axis(tickvals=places, ticktext=labels, range=[len(labels) - 0.5, -0.5], showgrid=False),
        legend_y=legend_below(ATTAINED_ROW_HEIGHT, len(labels)),
    )
    return figure


def _estimates(
    rows: pd.DataFrame, places: Sequence[float], labels: list[str], name: str, colour: str, symbol: str
) -> Any:
    hover = "%{text}: r = %{x:.2f}<br>%{customdata[0]:.2f} – %{customdata[1]:.2f}<extra></extra>"
    return Scatter(
        x=rows["r"].tolist(),
        y=list(places),
        text=labels,
        customdata=rows[["low", "high"]].to_numpy().tolist(),
        name=name,
        mode="markers",
        marker={"color": colour, "size": 10, "symbol": symbol},
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (rows["high"] - rows["r"]).tolist(),
            "arrayminus": (rows["r"] - rows["low"]).tolist(),
            "color": colour,
            "thickness": 2,
            "width": 4,
        },
        hovertemplate=hover,
    )
