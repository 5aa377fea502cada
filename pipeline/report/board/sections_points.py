"""The slides of points: by category, month by month, and against last quarter. Only the size of bars is computed."""

from collections.abc import Sequence

import pandas as pd

from pipeline.periods import month_range, months_of
from pipeline.report.board.lines import Line, Lines
from pipeline.report.board.sections import standing_text
from pipeline.report.board.slide_blocks import ChangeTrack, Legend, Part, Row, Rows, StackedTrack, unlabelled
from pipeline.report.board.slides import slides_of
from pipeline.report.board.view import Board
from pipeline.report.material.gaps import few_months_text
from pipeline.report.material.numbers import POINT_DIGITS, joined, listed, points_text, printed_change, short_month_text
from pipeline.report.material.ranking import place_text
from pipeline.report.page.blocks import HtmlBlock, Stack
from pipeline.report.page.table_block import MISSING, format_number

FULL = 100.0  # per cent
LEAST_SHOWN = 0.05  # points: below this a figure of one decimal is 0.0
CHANGE_ROOM = 1.1  # the longest bar of a change ends before its frame does


def show_points(board: Board) -> Stack:
    """Show the quarter's points by category as stacked bars; ranks only where the gaps mean something."""
    texts = board.texts
    weighted = [name for name in board.categories if _weight(board, name) is not None]
    legend = [
        texts(
            "board.category",
            code=name,
            label=board.category_label(name),
            weight=f"{_weight(board, name):g}",
        )
        for name in weighted
    ]
    others = [name for name in board.categories if name not in weighted]
    named = listed((_category_name(board, name) for name in others), texts)
    extra = texts("list.clauses").join((named, texts("board.rounded"))) if named else ""
    scale = _scale(board, weighted)

    def blocks(groups: Sequence[str]) -> list[HtmlBlock]:
        rows = tuple(_points_row(board, group, weighted, others, scale) for group in groups)
        return [Legend(tuple(legend), extra), Rows("points", rows)]

    by_score = board.is_spread_clear and board.note("standing", "is_spread_clear") == "quarter_score"
    basis = texts("board.ranked_by_quarter_score") if by_score else ""
    lead = joined((standing_text(board), basis, _shared_places(board)), texts)
    return slides_of(texts, "points", texts("board.points_title"), lead, board.shown_groups, blocks)


def _shared_places(board: Board) -> str:
    """Say what a badge of several places means; "" where there is none."""
    places = [place for group in board.shown_groups if (place := board.place_of(group)) is not None]
    shared = [place for place in places if place[0] != place[1]]
    return board.texts("board.shared_places", rank=place_text(shared[0])) if shared else ""


def show_trend(board: Board) -> Stack:
    """Show every group's points month by month."""
    texts, months = board.texts, _trend_months(board)
    rows = board.rows("trend", "total_points").set_index(["party_group", "period"])["value"].dropna()
    years = [texts("board.year", year=month.year) if _begins_year(month, months) else "" for month in months]

    def line(group: str) -> Line:
        values = [float(rows[group, str(month)]) if (group, str(month)) in rows.index else None for month in months]
        words = tuple(MISSING if value is None else format_number(value, POINT_DIGITS) for value in values)
        return Line(group, board.colour_of(group), tuple(values), words)

    def blocks(groups: Sequence[str]) -> list[HtmlBlock]:
        chart = Lines(
            label=texts("board.trend_label"),
            months=tuple(short_month_text(month, texts) for month in months),
            years=tuple(years),
            lines=tuple(line(group) for group in groups),
            shaded=len(months_of(board.quarter)),
            shade_label=texts("board.this_quarter"),
        )
        return [chart]

    title = texts("board.trend_title", count=len(months))
    return slides_of(texts, "trend", title, texts("board.trend_lead"), board.groups, blocks)


def show_change(board: Board) -> Stack:
    """Show the change against last quarter, and how far months move by themselves."""
    texts, gap = board.texts, board.figure("change", "clear_gap_points")
    changes = board.rows("change", "change_points")["value"].dropna().abs()
    reach = max([*changes, gap or 0.0, LEAST_SHOWN]) * CHANGE_ROOM
    lead = texts("board.change_unknown") if gap is None else texts("board.change_lead", gap=points_text(gap, texts))

    def blocks(groups: Sequence[str]) -> list[HtmlBlock]:
        return [Rows("changes", tuple(_change_row(board, group, gap, reach) for group in groups))]

    return slides_of(texts, "change", texts("board.change_title"), lead, board.shown_groups, blocks)


def _weight(board: Board, category: str) -> float | None:
    """Return the full points of a category; None for what has none (bonus and deductions)."""
    known = board.rows("weights", category)["value"].dropna()
    return float(known.max()) if len(known) else None


def _scale(board: Board, weighted: Sequence[str]) -> float:
    """Return the points that fill a bar: the full points of all categories, or the highest total above them."""
    full = sum(_weight(board, name) or 0.0 for name in weighted)
    sums = board.rows("points").query("measure != 'points_mean'").groupby("party_group")["value"].sum()
    return max([full, *sums, LEAST_SHOWN])


def _category_name(board: Board, category: str) -> str:
    return board.texts("standings.category", code=category, label=board.category_label(category))


def _points_row(board: Board, group: str, weighted: Sequence[str], others: Sequence[str], scale: float) -> Row:
    texts = board.texts
    points = {name: board.figure("points", name, group) for name in (*weighted, *others)}
    parts = tuple(
        Part(f"{name} {format_number(points[name], POINT_DIGITS)}", FULL * max(points[name] or 0.0, 0.0) / scale, place)
        for place, name in enumerate(weighted)
        if points[name] is not None
    )
    extra = sum(points[name] or 0.0 for name in others)
    total = board.figure("points", "points_mean", group)
    notes = [*unlabelled(parts)]
    notes += [
        texts("board.extra", code=name, points=format_number(points[name], POINT_DIGITS, signed=True))
        for name in others
        if abs(points[name] or 0.0) >= LEAST_SHOWN
    ]
    rest = 0.0 if total is None else total - sum(value or 0.0 for value in points.values())
    if abs(rest) >= LEAST_SHOWN:
        notes.append(texts("board.rest", points=points_text(rest, texts, signed=True)))
    lacking = _lacking_text(board, group, since=months_of(board.quarter)[0])
    place = board.place_of(group)
    return Row(
        name=group,
        group=board.colour_of(group),
        track=StackedTrack(parts, FULL * extra / scale if abs(extra) >= LEAST_SHOWN else 0.0),
        figure=MISSING if total is None else format_number(total, POINT_DIGITS),
        unit="" if total is None else texts("unit.points"),
        badge="" if place is None else texts("board.rank", rank=place_text(place)),
        note=texts("list.clauses").join(filter(None, (listed(notes, texts), _few_months_text(board, group), lacking))),
    )


def _trend_months(board: Board) -> list[pd.Period]:
    """Return every month from the first that the board has to the quarter's last."""
    periods = pd.PeriodIndex(board.rows("trend")["period"], freq="M")
    last = months_of(board.quarter)[-1]
    return month_range(min([*periods, months_of(board.quarter)[0]]), last)


def _lacking_text(board: Board, group: str, since: pd.Period) -> str:
    """Return the months from ``since`` on whose points lack a ledger of the group, in words; "" where none does."""
    texts, rows = board.texts, board.rows("ledgers")
    months = [pd.Period(month, freq="M") for month in rows["period"][rows["party_group"] == group]]
    recent = [month for month in months if month >= since]
    return texts("board.months_lacking", months=few_months_text(recent, texts)) if recent else ""


def _few_months_text(board: Board, group: str) -> str:
    """Return the months of the quarter that have points, where it is not all of them; "" where it is, or none."""
    texts, rows = board.texts, board.rows("trend", "total_points")
    known = set(rows.loc[(rows["party_group"] == group) & rows["value"].notna(), "period"])
    months = months_of(board.quarter)
    own = [month for month in months if str(month) in known]
    if not 0 < len(own) < len(months):
        return ""
    return texts("board.few_months", months=listed((short_month_text(month, texts) for month in own), texts))


def _others_text(board: Board, group: str) -> str:
    """Return the months in which a group became one of other people, in words; "" where it did not."""
    texts, rows = board.texts, board.rows("members", "is_changed")
    months = sorted(pd.Period(month, freq="M") for month in rows["period"][rows["party_group"] == group])
    named = listed((short_month_text(month, texts) for month in months), texts)
    return texts("board.other_members", months=named) if months else ""


def _begins_year(month: pd.Period, months: Sequence[pd.Period]) -> bool:
    return bool(month == months[0] or month.month == 1)


def _change_row(board: Board, group: str, gap: float | None, reach: float) -> Row:
    texts = board.texts
    previous, now = board.figure("change", "previous_points", group), board.figure("points", "points_mean", group)
    change = printed_change(now, previous, POINT_DIGITS)
    band = FULL * (gap or 0.0) / reach
    if change is None:
        note = texts("board.no_last_quarter")
        return Row(group, board.colour_of(group), ChangeTrack(0.0, band), MISSING, note=note)
    before, after = (MISSING if value is None else format_number(value, POINT_DIGITS) for value in (previous, now))
    note = texts("board.change_from", before=before, after=after)
    is_clear = board.figure("change", "is_clear", group)
    if is_clear is not None:
        judged = texts("board.change_clear" if is_clear else "board.change_in_noise")
        note = texts("board.change_judged", change=note, judged=judged)
    lacking = _lacking_text(board, group, since=months_of(board.quarter - 1)[0])
    others = _others_text(board, group)
    return Row(
        name=group,
        group=board.colour_of(group),
        track=ChangeTrack(FULL * change / reach, band),
        figure=format_number(change, POINT_DIGITS, signed=True),
        unit=texts("unit.points"),
        note=texts("list.clauses").join(filter(None, (note, _few_months_text(board, group), lacking, others))),
    )
