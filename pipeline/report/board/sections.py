"""The first and the last slide of the board: the quarter in one sentence, and what its figures rest on."""

from datetime import date

import pandas as pd

from pipeline.report.board.slide_blocks import Facts
from pipeline.report.board.view import Board
from pipeline.report.material.numbers import date_text, listed, month_text, points_text, quarter_text
from pipeline.report.page.blocks import Prose, Section, Stack

RESTATED_SHOWN = 3


def show_cover(board: Board) -> Stack:
    """Show the answer of the quarter in one sentence, and what it rests on; the title is the page's own."""
    texts = board.texts
    facts = (
        (texts("board.as_of"), (date_text(board.as_of, texts),)),
        (texts("board.rules"), _versions(board)),
    )
    return Stack((Prose((standing_text(board),)), Facts(facts)))


def show_notes(board: Board) -> Stack:
    """Show what the figures rest on, what corrections changed, and how to object."""
    texts = board.texts
    scope = texts("board.scope_named" if len(board.rows("names")) else "board.scope_without_names")
    facts = (
        (texts("board.as_of"), (date_text(board.as_of, texts),)),
        (texts("board.rules"), _versions(board)),
        (texts("board.corrections"), _restated_lines(board)),
        (texts("board.objections"), (_objection_text(board),)),
        (
            texts("board.contact"),
            (board.contact or texts("board.ask_branch", branch=board.branch or texts("board.the_branch")),),
        ),
        (texts("board.scope"), (scope,)),
    )
    return Stack((Section("notes", texts("board.notes_title")), Facts(facts)))


def standing_text(board: Board) -> str:
    """Return whether the groups stand apart, in words; a rank is never spoken of where they do not."""
    texts, gap = board.texts, board.figure("standing", "clear_gap_points")
    if board.figure("standing", "lacking_groups"):
        return texts("board.standing_lacking")
    if len(board.shown_groups) == 1:
        return texts("board.standing_alone")
    if gap is None:
        return texts("board.standing_unknown")
    basis = board.note("standing", "clear_gap_points")
    score, gap_text = texts(f"board.score_{basis}"), points_text(gap, texts)
    if not board.is_spread_clear:
        return texts("board.standing_not_clear", score=score, gap=gap_text)
    leaders = [group for group in board.shown_groups if board.figure("standing", "leads", group)]
    key = "board.standing_lead" if len(leaders) == 1 else "board.standing_leaders"
    return texts(key, groups=listed(leaders, texts), score=score, gap=gap_text)


def _versions(board: Board) -> tuple[str, ...]:
    texts = board.texts
    rows = board.rows("about", "rule_version")
    return tuple(
        texts("board.version", version=version, month=month_text(pd.Period(month, freq="M"), texts))
        for version, month in zip(rows["note"], rows["period"], strict=True)
    )


def _restated_lines(board: Board) -> tuple[str, ...]:
    texts, rows = board.texts, board.rows("restated", "change_points")
    if rows.empty:
        return (texts("board.no_corrections"),)
    points = board.rows("restated").pivot(index=["period", "party_group"], columns="measure", values="value")
    latest = rows.sort_values("note", ascending=False, kind="stable")
    lines = [
        _restated_text(board, quarter, group, points.loc[(quarter, group)], day)
        for quarter, group, day in zip(latest["period"], latest["party_group"], latest["note"], strict=True)
    ]
    more = len(lines) - RESTATED_SHOWN
    return (*lines[:RESTATED_SHOWN], *([texts("board.more_corrections", count=more)] if more > 0 else []))


def _restated_text(board: Board, quarter: str, group: str, points: "pd.Series[float]", day: str) -> str:
    texts = board.texts
    return texts(
        "board.restated",
        quarter=quarter_text(pd.Period(quarter, freq="Q-DEC"), texts),
        group=group,
        before=points_text(points["points_mean_before"], texts),
        after=points_text(points["points_mean"], texts),
        day=date_text(date.fromisoformat(day), texts),
    )


def _objection_text(board: Board) -> str:
    texts, until = board.texts, board.note("about", "objection_until")
    if until is not None:
        return texts("board.objection_until", day=date_text(date.fromisoformat(until), texts))
    return texts("board.objection_days", days=f"{board.figure('about', 'objection_days_d'):g}")
