"""Charts along months: a group's points above one of its results, and the points of all groups together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from plotly.graph_objects import Figure

from pipeline.charts.style import (
    MONTH_FORMAT,
    MONTH_NAMES,
    POOLED,
    QUIET,
    SHADE,
    SMALL_TEXT_SIZE,
    axis_title,
    drawn,
    filled,
    first_day,
    group_colour,
    mid_month,
    month_span,
    plain_layout,
    quiet_axis,
    scatter,
)
from pipeline.texts import Texts

TREND_HEIGHT = 470
POINTS_HEIGHT = 330
UPPER_PANEL = (0.56, 0.94)
LOWER_PANEL = (0.0, 0.40)
SIGNAL_SIZE = 13
RUN_SIZE = 9
LATE_SHARE = 4  # in the last quarter of the months words beside a mark would run off a phone
NEAR_SHARE = 3  # on a phone, words beside a mark are as wide as a third of the months
WORD_ROWS, WORD_PIXELS = 3, 16  # words of marks that are near each other stand in rows below each other
LAST_RANK = 2000  # plotly's default is 1000: what is marked comes after what is drawn
RUN_RULES = ("shift", "trend")  # rules of pipeline.stats.xmr that speak of many months in a row
SHORT_LABELS = {"dtick": "M6", **MONTH_NAMES}


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
    colour = group_colour(group)
    signals = {signal for track in (points, result) for signal in track.months["signal"].unique()} - {""}
    named = {"run": bool(signals & set(RUN_RULES)), "signal": bool(signals - set(RUN_RULES))}
    traces = [*_track(points, 1, colour, named, texts), *_track(result, 2, colour, named, texts)]
    traces += shade_entry(marks.festivals, texts("chart.festival"))
    if marks.member_counts:
        sign = {"color": POOLED, "size": 12, "symbol": "line-ns-open"}
        traces.append(_legend_entry(texts("chart.members_changed"), sign))
    months = points.months.index
    marked = _month_marks(marks, list(months), texts)
    labels = [_label(points.label, UPPER_PANEL[1]), _label(result.label, LOWER_PANEL[1])]
    span = month_span(list(months))
    layout = {
        **plain_layout(TREND_HEIGHT, hovermode="x"),
        **filled(
            shapes=month_shades(marks.festivals) + [line for line, _ in marked],
            annotations=[words for _, words in marked] + labels,
        ),
        "xaxis": quiet_axis(anchor="y2", range=span, type="date", **SHORT_LABELS),
        "yaxis": quiet_axis(domain=list(UPPER_PANEL), range=list(points.scale), nticks=5),
        "yaxis2": quiet_axis(domain=list(LOWER_PANEL), range=list(result.scale), nticks=5),
        "meta": {"months": span},
    }
    return drawn(traces, layout)


def points_chart(points: pd.DataFrame, groups: Sequence[str], quarter: Sequence[pd.Period], texts: Texts) -> Figure:
    """Draw total points by month, the quarter shaded; ``points`` has party_group, month and total_points."""
    traces = []
    for number, group in enumerate(groups, start=1):
        own = points[points["party_group"] == group]
        traces.append(
            scatter(
                x=[mid_month(month) for month in own["month"]],
                y=own["total_points"].tolist(),
                name=group,
                mode="lines+markers",
                line={"color": group_colour(number), "width": 2},
                marker={"size": 6, "symbol": number - 1},  # a second sign beside the colour
                hovertemplate=f"%{{fullData.name}}<br>%{{x|{MONTH_FORMAT}}}: %{{y:.1f}}<extra></extra>",
                meta={"group": number},
            )
        )
    layout = {
        **plain_layout(POINTS_HEIGHT),
        **filled(shapes=month_shades(quarter)),
        "xaxis": quiet_axis(type="date", dtick="M3", **MONTH_NAMES),
        "yaxis": quiet_axis(title=axis_title(texts("chart.total_points")), nticks=6),
        "meta": {"months": month_span([*points["month"], *quarter])},
    }
    return drawn(traces + shade_entry(quarter, texts("chart.this_quarter")), layout)


def _track(track: Track, panel: int, colour: str, named: Mapping[str, bool], texts: Texts) -> list[dict[str, Any]]:
    """Return one panel; ``named`` tells which marks occur in either panel, for the legend names no other."""
    axis = {"xaxis": "x", "yaxis": "y" if panel == 1 else "y2"}
    x = [mid_month(month) for month in track.months.index]
    is_first = panel == 1  # both panels share one legend
    value = scatter(
        x=x,
        y=track.months["value"].tolist(),
        name=texts("chart.by_month"),
        legendgroup="value",
        legendrank=1,
        showlegend=is_first,
        mode="lines+markers",
        line={"color": colour, "width": 2},
        marker={"size": 5},
        hovertemplate=f"%{{x|{MONTH_FORMAT}}}: %{{y:,.{track.digits}f}}<extra></extra>",
        **axis,
    )
    signs = _signs(track, colour, {name: is_first and is_named for name, is_named in named.items()}, axis, texts)
    return [*_limits(track, x, axis, texts, is_first=is_first), value, *signs]


def _limits(
    track: Track, x: Sequence[str], axis: Mapping[str, str], texts: Texts, *, is_first: bool
) -> list[dict[str, Any]]:
    """Return both limits, dotted, and the mean."""
    lines = {name: corners(x, track.months[name].tolist()) for name in ("lower", "upper", "mean")}
    return [
        scatter(
            x=[place for place, _ in lines[name]],
            y=[value for _, value in lines[name]],
            name=texts("chart.mean") if name == "mean" else texts("chart.limits"),
            legendgroup="mean" if name == "mean" else "limits",
            legendrank=2 if name == "mean" else 3,
            showlegend=is_first and name != "lower",
            mode="lines",
            line={"color": QUIET, "dash": dash, "width": 1},
            hoverinfo="skip",
            **axis,
        )
        for name, dash in (("lower", "dot"), ("upper", "dot"), ("mean", "solid"))
    ]


def corners(x: Sequence[str], y: Sequence[float]) -> list[tuple[str, float]]:
    """Return the points of a line without those in the middle of a level stretch: it looks the same.

    A limit is one number in every month: of the charts of a bureau of many groups that is the larger part.
    """
    points = list(zip(x, y, strict=True))
    inner = (
        point
        for before, point, after in zip(points, points[1:], points[2:], strict=False)
        if not before[1] == point[1] == after[1]
    )
    return [*points[:1], *inner, *points[1:][-1:]]


def _signs(
    track: Track, colour: str, named: Mapping[str, bool], axis: Mapping[str, str], texts: Texts
) -> list[dict[str, Any]]:
    """Return the marks of months in a run, and of those that stand out; ``named`` stand in the legend."""
    signals = track.months["signal"].tolist()
    months = list(zip(track.months.index, track.months["value"].tolist(), signals, strict=True))
    in_runs = [(month, value) for month, value, signal in months if signal in RUN_RULES]
    single = [(month, value) for month, value, signal in months if signal not in (*RUN_RULES, "")]
    ring = {"color": colour, "line": {"width": 2}, "size": SIGNAL_SIZE, "symbol": "circle-open"}
    signs = (
        ("run", in_runs, texts("chart.run"), {"color": colour, "size": RUN_SIZE}),
        ("signal", single, texts("chart.signal"), ring),
    )
    return [
        scatter(
            x=[mid_month(month) for month, _ in marked],
            y=[value for _, value in marked],
            name=label,
            legendgroup=name,
            legendrank=rank,
            showlegend=named[name],
            mode="markers",
            marker=marker,
            hoverinfo="skip",
            **axis,
        )
        for rank, (name, marked, label, marker) in enumerate(signs, start=4)
    ]


def month_shades(months: Sequence[pd.Period]) -> list[dict[str, Any]]:
    """Return a shade over the whole height for every month."""
    return [
        {
            "fillcolor": SHADE,
            "layer": "below",
            "line": {"width": 0},
            "type": "rect",
            "x0": first_day(month),
            "x1": first_day(month + 1),
            "y0": 0,
            "y1": 1,
            "yref": "paper",
        }
        for month in months
    ]


def shade_entry(months: Sequence[pd.Period], name: str) -> list[dict[str, Any]]:
    """Return the trace that names the shade in the legend; none where no month is shaded."""
    return [_legend_entry(name, {"color": SHADE, "size": 12, "symbol": "square"})] if months else []


def _month_marks(
    marks: MonthMarks, months: Sequence[pd.Period], texts: Texts
) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Return the lines of a month with their words.

    One stands where membership changed, a stronger one where more than one in five did, and a dotted one, its name at
    the top of the points, where a new version of the rule book began.
    """
    found, late = [], months[-1] - len(months) // LATE_SHARE
    rows = _word_rows(list(marks.member_counts), len(months) // NEAR_SHARE)
    for month, count in marks.member_counts.items():
        share = marks.turnovers.get(month)
        words = texts("chart.member_count", count=count)
        if share is not None:
            words = texts("chart.turnover", members=words, share=round(share))
        line = {"color": POOLED, "dash": "dash", "width": 1 if share is None else 2}
        found.append(_month_mark(month, line, words, top=LOWER_PANEL[1], is_late=month > late, row=rows[month]))
    for month, version in marks.versions.items():
        words = texts("chart.rule_version", version=version)
        line = {"color": POOLED, "dash": "dot", "width": 1}
        found.append(_month_mark(month, line, words, top=UPPER_PANEL[1], is_late=month > late))
    return found


def _word_rows(months: Sequence[pd.Period], near: int) -> dict[pd.Period, int]:
    """Return the row of the words of each marked month: the next one where the mark before is ``near`` months away."""
    rows: dict[pd.Period, int] = {}
    before: pd.Period | None = None
    for month in sorted(months):
        rows[month] = 0 if before is None or (month - before).n > near else (rows[before] + 1) % WORD_ROWS
        before = month
    return rows


def _month_mark(
    month: pd.Period, line: dict[str, Any], words: str, top: float, *, is_late: bool, row: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return an upright line at the beginning of a month, and words below ``top`` after it, or before it where late."""
    day = first_day(month)
    note = {
        "font": {"size": SMALL_TEXT_SIZE},
        "showarrow": False,
        "text": words,
        "x": day,
        "xanchor": "right" if is_late else "left",
        "xshift": -3 if is_late else 3,
        "y": top,
        "yanchor": "top",
        "yref": "paper",
        "yshift": -WORD_PIXELS * row,
    }
    return {"line": line, "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper"}, note


def _label(text: str, top: float) -> dict[str, Any]:
    place = {"x": 0, "xanchor": "left", "xref": "paper", "y": top, "yanchor": "bottom", "yref": "paper"}
    return {"showarrow": False, "text": text, **place}


def _legend_entry(name: str, marker: Mapping[str, object]) -> dict[str, Any]:
    return scatter(x=[None], y=[None], name=name, legendrank=LAST_RANK, mode="markers", marker=marker, hoverinfo="skip")
