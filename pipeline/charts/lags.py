"""The lag profile of one metric, for the analyst: r with its interval at every lag, scope beside scope."""

from collections.abc import Sequence
from dataclasses import dataclass

from plotly.graph_objects import Figure, Scatter

from pipeline.charts.forest import R_RANGE, Estimate, error_bars, interval_text
from pipeline.charts.style import POOLED, axis_title, group_colour, plain_figure, quiet_axis
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
    figure = plain_figure(LAGS_HEIGHT)
    lags = sorted({lag for profile in profiles for lag, _ in profile.estimates})
    for number, profile in enumerate(profiles):
        offset = SPREAD * ((number + 0.5) / len(profiles) - 0.5)
        colour = POOLED if profile.colour is None else group_colour(profile.colour)
        symbol = "triangle-down" if profile.colour is None else profile.colour - 1  # a second sign beside the colour
        estimates = [estimate for _, estimate in profile.estimates]
        figure.add_trace(
            Scatter(
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
    figure.update_layout(
        xaxis=quiet_axis(
            tickvals=lags, range=[-0.5, max(lags) + 0.5], showgrid=False, title=axis_title(texts("forest.lag_axis"))
        ),
        yaxis=quiet_axis(
            range=list(R_RANGE), dtick=0.5, tickformat=".1f", zeroline=True, title=axis_title(texts("chart.r_axis"))
        ),
        legend_y=-0.24,
        margin_t=14,  # room for the topmost number
    )
    return figure
