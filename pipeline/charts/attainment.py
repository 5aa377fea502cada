"""The chart of attainment: how far targets were reached."""

from collections.abc import Sequence

import pandas as pd
from plotly.graph_objects import Figure, Scatter

from pipeline.charts.style import POOLED, axis_title, group_colour, legend_below, plain_figure, quiet_axis, row_keys
from pipeline.texts import Texts

FRAME_HEIGHT = 104  # legend, numbers and title of the axis
ROW_HEIGHT = 48
SPREAD = 0.5  # of a row: the groups' dots stand one below the other within it


def attainment_chart(rows: pd.DataFrame, groups: Sequence[str], texts: Texts) -> Figure:
    """Draw how far each target was attained; ``rows`` has party_group, metric, label and attained_pct, a row a dot."""
    labels = list(dict.fromkeys(rows["label"]))
    metrics = list(dict.fromkeys(rows["metric"]))
    figure = plain_figure(FRAME_HEIGHT + ROW_HEIGHT * len(labels))
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
                meta={"group": number},
            )
        )
    figure.add_vline(x=100, line={"color": POOLED, "width": 1.5, "dash": "dash"})
    places = list(range(len(labels)))
    figure.update_layout(
        meta=row_keys(ROW_HEIGHT, metrics=metrics),
        xaxis=quiet_axis(ticksuffix="%", title=axis_title(texts("chart.attained_axis")), nticks=6),
        yaxis=quiet_axis(tickvals=places, ticktext=labels, range=[len(labels) - 0.5, -0.5], showgrid=False),
        legend_y=legend_below(ROW_HEIGHT, len(labels)),
    )
    return figure
