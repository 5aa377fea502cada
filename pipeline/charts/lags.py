"""The lag profile of one metric, for the analyst: r with its interval at every lag, scope beside scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from plotly.graph_objects import Figure

from pipeline.charts.forest import Estimate, error_bars, interval_text, r_axis
from pipeline.charts.style import POOLED, axis_title, drawn, group_colour, plain_layout, quiet_axis, scatter
from pipeline.texts import Texts

LAGS_HEIGHT = 340
SPREAD = 0.6  # of the distance of two lags: the scopes stand side by side within it


@dataclass(frozen=True)
class LagProfile:
    """The estimates of one scope by lag in months; ``colour`` is the group's number, None for all groups pooled."""

    name: str
    colour: int | None
    estimates: Sequence[tuple[int, Estimate]]


def lags_chart(profiles: Sequence[LagProfile], texts: Texts) -> Figure:
    """Draw r with its interval by lag; no dot is marked as the best one, and no line joins them."""
    traces = []
    lags = sorted({lag for profile in profiles for lag, _ in profile.estimates})
    for number, profile in enumerate(profiles):
        offset = SPREAD * ((number + 0.5) / len(profiles) - 0.5)
        colour = POOLED if profile.colour is None else group_colour(profile.colour)
        symbol = "triangle-down" if profile.colour is None else profile.colour - 1  # a second sign beside the colour
        estimates = [estimate for _, estimate in profile.estimates]
        traces.append(
            scatter(
                x=[lag + offset for lag, _ in profile.estimates],
                y=[estimate.r for estimate in estimates],
                text=[interval_text(estimate) for estimate in estimates],
                name=profile.name,
                mode="markers",
                marker={"color": colour, "size": 9, "symbol": symbol},
                error_y=error_bars(estimates, colour),
                hovertemplate="%{fullData.name}<br>%{text}<extra></extra>",
            )
        )
    layout = {
        **plain_layout(LAGS_HEIGHT, legend_y=-0.24, margin_top=14),  # room for the topmost number
        "xaxis": quiet_axis(
            tickvals=lags, range=[-0.5, max(lags) + 0.5], showgrid=False, title=axis_title(texts("forest.lag_axis"))
        ),
        "yaxis": r_axis(texts),
    }
    return drawn(traces, layout)
