"""Charts along months: a group's points above one of its results, and the points of all groups together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd
from plotly.graph_objects import Figure, Scatter

from pipeline.charts.style import (
    MONTH_FORMAT,
    POOLED,
    QUIET,
    SHADE,
    SMALL_TEXT_SIZE,
    axis_title,
    group_colour,
    month_span,
    plain_figure,
    quiet_axis,
)
from pipeline.texts import Texts

TREND_HEIGHT = 470
POINTS_HEIGHT = 330
UPPER_PANEL = (0.56, 0.94)
LOWER_PANEL = (0.0, 0.40)
SIGNAL_SIZE = 13
RUN_SIZE = 9
LATE_SHARE = 4  # in the last quarter of the months words beside a mark would run off a phone
LAST_RANK = 2000  # plotly's default is 1000: what is marked comes after what is drawn
RUN_RULES = ("shift", "trend")  # rules of pipeline.stats.xmr that speak of many months in a row
SHORT_LABELS = {"dtick": "M6", "tickformat": MONTH_FORMAT, "hoverformat": MONTH_FORMAT}


@dataclass(frozen=True)
class Track:
    """One series with its limits; ``months`` is a table as `pipeline.stats.xmr_signals` returns it, indexed by month.

    ``scale`` is the range of the axis, the same for every group; ``digits`` the decimals that a reader sees.
    """

    label: str
    months: pd.DataFrame
    scale: tuple[float, float]
    digits: int


@dataclass(frozen=True)
class MonthMarks:
    """What is marked on the month axis: months of the Spring Festival, changes of membership and of the rule book.

    ``member_counts`` holds the new number of members by the month of a change; ``turnovers`` those of these months in
    which more than one in five changed, with the share in per cent; ``versions`` a new rule book's version by month.
    """

    festivals: Sequence[pd.Period]
    member_counts: Mapping[pd.Period, int]
    turnovers: Mapping[pd.Period, float] = field(default_factory=dict)
    versions: Mapping[pd.Period, str] = field(default_factory=dict)


def trend_chart(points: Track, result: Track, group: int, marks: MonthMarks, texts: Texts) -> Figure:
    """Draw ``points`` above ``result`` on one month axis, each with its mean, limits and signals."""
    figure = plain_figure(TREND_HEIGHT)
    colour = group_colour(group)
    signals = {signal for track in (points, result) for signal in track.months["signal"].unique()} - {""}
    named = {"run": bool(signals & set(RUN_RULES)), "signal": bool(signals - set(RUN_RULES))}
    for panel, track in enumerate((points, result), start=1):
        _add_track(figure, track, panel, colour, named, texts)
    shade_months(figure, marks.festivals, texts("chart.festival"))
    months = points.months.index
    late = months[-1] - len(months) // LATE_SHARE
    _mark_members(figure, marks, late, texts)
    _mark_versions(figure, marks.versions, late, texts)
    span = month_span(list(months))
    figure.update_layout(
        meta={"months": span},
        xaxis=quiet_axis(anchor="y2", range=span, type="date", **SHORT_LABELS),
        yaxis=quiet_axis(domain=UPPER_PANEL, range=points.scale, nticks=5),
        yaxis2=quiet_axis(domain=LOWER_PANEL, range=result.scale, nticks=5),
        hovermode="x",
    )
    for track, panel_top in ((points, UPPER_PANEL[1]), (result, LOWER_PANEL[1])):
        figure.add_annotation(
            text=track.label,
            x=0,
            xref="paper",
            xanchor="left",
            y=panel_top,
            yref="paper",
            yanchor="bottom",
            showarrow=False,
        )
    return figure


def points_chart(points: pd.DataFrame, groups: Sequence[str], quarter: Sequence[pd.Period], texts: Texts) -> Figure:
    """Draw total points by month, the quarter shaded; ``points`` has party_group, month and total_points."""
    figure = plain_figure(POINTS_HEIGHT)
    for number, group in enumerate(groups, start=1):
        own = points[points["party_group"] == group]
        figure.add_trace(
            Scatter(
                x=[_middle(month) for month in own["month"]],
                y=own["total_points"].tolist(),
                name=group,
                mode="lines+markers",
                line={"color": group_colour(number), "width": 2},
                marker={"size": 6, "symbol": number - 1},  # a second sign beside the colour
                hovertemplate=f"%{{fullData.name}}<br>%{{x|{MONTH_FORMAT}}}: %{{y:.1f}}<extra></extra>",
                meta={"group": number},
            )
        )
    shade_months(figure, quarter, texts("chart.this_quarter"))
    figure.update_layout(
        meta={"months": month_span([*points["month"], *quarter])},
        xaxis=quiet_axis(type="date", dtick="M3", tickformat=MONTH_FORMAT, hoverformat=MONTH_FORMAT),
        yaxis=quiet_axis(title=axis_title(texts("chart.total_points")), nticks=6),
    )
    return figure


def _add_track(figure: Figure, track: Track, panel: int, colour: str, named: Mapping[str, bool], texts: Texts) -> None:
    """Draw one panel; ``named`` tells which marks occur in either panel, for the legend names no other."""
    months = track.months
    axis = {"xaxis": "x", "yaxis": "y" if panel == 1 else "y2"}
    x = [_middle(month) for month in months.index]
    is_first = panel == 1  # both panels share one legend
    value = f"%{{y:,.{track.digits}f}}<extra></extra>"
    for name, dash in (("lower", "dot"), ("upper", "dot"), ("mean", "solid")):
        figure.add_trace(
            Scatter(
                x=x,
                y=months[name].tolist(),
                name=texts("chart.mean") if name == "mean" else texts("chart.limits"),
                legendgroup="mean" if name == "mean" else "limits",
                legendrank=2 if name == "mean" else 3,
                showlegend=is_first and name != "lower",
                mode="lines",
                line={"color": QUIET, "width": 1, "dash": dash},
                hoverinfo="skip",
                **axis,
            )
        )
    figure.add_trace(
        Scatter(
            x=x,
            y=months["value"].tolist(),
            name=texts("chart.by_month"),
            legendgroup="value",
            legendrank=1,
            showlegend=is_first,
            mode="lines+markers",
            line={"color": colour, "width": 2},
            marker={"size": 5},
            hovertemplate=f"%{{x|{MONTH_FORMAT}}}: {value}",
            **axis,
        )
    )
    in_runs = months["signal"].isin(RUN_RULES)
    signs = (
        ("run", in_runs, texts("chart.run"), {"size": RUN_SIZE, "color": colour}),
        ("signal", ~in_runs & (months["signal"] != ""), texts("chart.signal"), _ring(colour)),
    )
    for rank, (name, chosen, label, marker) in enumerate(signs, start=4):
        marked = months[chosen]
        figure.add_trace(
            Scatter(
                x=[_middle(month) for month in marked.index],
                y=marked["value"].tolist(),
                name=label,
                legendgroup=name,
                legendrank=rank,
                showlegend=is_first and named[name],
                mode="markers",
                marker=marker,
                hoverinfo="skip",
                **axis,
            )
        )


def _ring(colour: str) -> dict[str, object]:
    return {"size": SIGNAL_SIZE, "symbol": "circle-open", "color": colour, "line": {"width": 2}}


def shade_months(figure: Figure, months: Sequence[pd.Period], name: str) -> None:
    """Shade months over the whole height, and name the shade in the legend."""
    for month in months:
        figure.add_shape(
            type="rect",
            x0=_start(month),
            x1=_end(month),
            y0=0,
            y1=1,
            yref="paper",
            fillcolor=SHADE,
            line={"width": 0},
            layer="below",
        )
    if months:
        _add_legend_entry(figure, name, marker={"symbol": "square", "size": 12, "color": SHADE})


def _mark_members(figure: Figure, marks: MonthMarks, late: pd.Period, texts: Texts) -> None:
    """Draw a line where membership changed, a stronger one where more than one in five did, and say so beside it."""
    for month, count in marks.member_counts.items():
        share = marks.turnovers.get(month)
        words = texts("chart.member_count", count=count)
        if share is not None:
            words = texts("chart.turnover", members=words, share=round(share))
        line = {"color": POOLED, "width": 1 if share is None else 2, "dash": "dash"}
        _mark_month(figure, month, line, words, top=LOWER_PANEL[1], is_late=month > late)
    if marks.member_counts:
        _add_legend_entry(
            figure, texts("chart.members_changed"), marker={"symbol": "line-ns-open", "size": 12, "color": POOLED}
        )


def _mark_versions(figure: Figure, versions: Mapping[pd.Period, str], late: pd.Period, texts: Texts) -> None:
    """Draw a dotted line where a new version of the rule book began, its name at the top of the points."""
    for month, version in versions.items():
        words = texts("chart.rule_version", version=version)
        line = {"color": POOLED, "width": 1, "dash": "dot"}
        _mark_month(figure, month, line, words, top=UPPER_PANEL[1], is_late=month > late)


def _mark_month(
    figure: Figure, month: pd.Period, line: Mapping[str, object], words: str, top: float, *, is_late: bool
) -> None:
    """Draw an upright line at the beginning of a month, words below ``top`` after it, or before it where late."""
    day = _start(month)
    figure.add_shape(type="line", x0=day, x1=day, y0=0, y1=1, yref="paper", line=dict(line))
    figure.add_annotation(
        text=words,
        x=day,
        y=top,
        yref="paper",
        yanchor="top",
        xanchor="right" if is_late else "left",
        xshift=-3 if is_late else 3,
        showarrow=False,
        font={"size": SMALL_TEXT_SIZE},
    )


def _add_legend_entry(figure: Figure, name: str, marker: Mapping[str, object]) -> None:
    figure.add_trace(
        Scatter(x=[None], y=[None], name=name, legendrank=LAST_RANK, mode="markers", marker=marker, hoverinfo="skip")
    )


def _start(month: pd.Period) -> str:
    return str(month.start_time.date().isoformat())


def _end(month: pd.Period) -> str:
    return str((month + 1).start_time.date().isoformat())


def _middle(month: pd.Period) -> str:
    """Return the 15th: the dot of a month stands in the middle of its shade."""
    return str(month.start_time.date().replace(day=15).isoformat())
