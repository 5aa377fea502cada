"""The chart of attainment: how far targets were reached."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import (
    POOLED,
    axis_title,
    drawn,
    group_colour,
    legend_below,
    plain_layout,
    quiet_axis,
    row_keys,
    scatter,
)
from pipeline.texts import Texts

FRAME_HEIGHT = 104  # legend, numbers and title of the axis
ROW_HEIGHT = 48
SPREAD = 0.5  # of a row: the groups' dots stand one below the other within it


def attainment_chart(rows: pd.DataFrame, groups: Sequence[str], texts: Texts) -> Figure:
    """Draw how far each target was attained; ``rows`` has party_group, metric, label and attained_pct, a row a dot."""
    labels = list(dict.fromkeys(rows["label"]))
    metrics = list(dict.fromkeys(rows["metric"]))
    traces = []
    for number, group in enumerate(groups, start=1):
        own = rows[rows["party_group"] == group]
        if own.empty:
            continue
        offset = SPREAD * ((number - 0.5) / len(groups) - 0.5)
        traces.append(
            scatter(
                x=own["attained_pct"].tolist(),
                y=[labels.index(label) + offset for label in own["label"]],
                text=own["label"].tolist(),
                name=group,
                mode="markers",
                marker={"color": group_colour(number), "size": 11, "symbol": number - 1},
                hovertemplate="%{fullData.name}<br>%{text}: %{x:.1f}%<extra></extra>",
                meta={"group": number},
            )
        )
    height, places = FRAME_HEIGHT + ROW_HEIGHT * len(labels), list(range(len(labels)))
    layout = {
        **plain_layout(height, legend_y=legend_below(ROW_HEIGHT, len(labels))),
        "shapes": [_target()],
        "xaxis": quiet_axis(ticksuffix="%", title=axis_title(texts("chart.attained_axis")), nticks=6),
        "yaxis": quiet_axis(tickvals=places, ticktext=labels, range=[len(labels) - 0.5, -0.5], showgrid=False),
        "meta": row_keys(ROW_HEIGHT, metrics=metrics),
    }
    return drawn(traces, layout)


def _target() -> dict[str, Any]:
    """Return the upright line at 100 %."""
    line = {"color": POOLED, "dash": "dash", "width": 1.5}
    return {"line": line, "type": "line", "x0": 100, "x1": 100, "xref": "x", "y0": 0, "y1": 1, "yref": "y domain"}
