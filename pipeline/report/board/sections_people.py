"""The slides of people and work: how many have five stars, the model group, pledges and opinions closed in time."""

from collections.abc import Sequence

from pipeline.report.board.slide_blocks import SINGLE_FILE, Award, Card, Cards, Row, Rows, ShareTrack, Side
from pipeline.report.board.slides import slides_of
from pipeline.report.board.table import BOARD_MATTERS
from pipeline.report.board.view import Board
from pipeline.report.material.numbers import listed
from pipeline.report.page.blocks import HtmlBlock, Section, Stack
from pipeline.report.page.table_block import MISSING, format_number

NOT_SUBMITTED, PARTIAL = "not_submitted", "partial"  # states of a ledger of work


def show_stars(board: Board) -> Stack:
    """Show how many members have five stars in each group, and the model group where there is one."""
    texts = board.texts
    award = _award(board)
    lead = texts("board.stars_named" if len(board.rows("names")) else "board.stars_lead")

    def blocks(groups: Sequence[str]) -> list[HtmlBlock]:
        return [Cards(tuple(_stars_card(board, group) for group in groups)), *award]

    return slides_of(texts, "stars", texts("board.stars_title"), lead, board.groups, blocks)


def show_work(board: Board) -> Stack:
    """Show what of the pledges and opinions due in the quarter was closed in time."""
    texts, lead = board.texts, board.texts("board.work_lead")
    if len(board.groups) <= SINGLE_FILE:
        lists = (_work_rows(board, matter, board.groups, board.matter_label(matter)) for matter in BOARD_MATTERS)
        return Stack((Section("work", texts("board.work_title"), lead), Side(tuple(lists))))
    return Stack(tuple(_show_matter(board, matter, lead) for matter in BOARD_MATTERS))


def _show_matter(board: Board, matter: str, lead: str) -> Stack:
    def blocks(groups: Sequence[str]) -> list[HtmlBlock]:
        return [_work_rows(board, matter, groups)]

    title = board.texts("board.matter_title", matter=board.matter_label(matter))
    return slides_of(board.texts, f"work-{matter}", title, lead, board.groups, blocks)


def _work_rows(board: Board, matter: str, groups: Sequence[str], title: str = "") -> Rows:
    return Rows("work", tuple(_work_row(board, matter, group) for group in groups), title)


def _stars_card(board: Board, group: str) -> Card:
    texts = board.texts
    count, rated = board.figure("stars", "five_star_count", group), board.figure("stars", "rated_count", group)
    people = [
        texts(f"board.{measure}", names=listed(names, texts))
        for measure in ("leader", "five_star")
        if (names := board.names(measure, group))
    ]
    return Card(
        name=group,
        group=board.colour_of(group),
        figure=MISSING if count is None else f"{count:g}",
        unit="" if count is None else texts("board.persons"),
        note=_rated_text(board, count, rated),
        stars=0 if count is None else int(count),
        people=tuple(people),
        is_told=count is not None,
    )


def _rated_text(board: Board, count: float | None, rated: float | None) -> str:
    """Say how many were rated, and why there is no count of them where it would tell one member's stars."""
    if rated is None:
        return board.texts("board.not_rated")
    said = board.texts("board.rated", count=f"{rated:g}")
    return said if count is not None else board.texts("privacy.rated_only", rated=said)


def _award(board: Board) -> list[HtmlBlock]:
    rows = board.rows("model_group")
    if rows.empty:
        return []
    title = board.texts("board.model_group", year=rows["period"].iloc[0])
    return [Award(title, listed(rows["party_group"], board.texts))]


def _work_row(board: Board, matter: str, group: str) -> Row:
    texts = board.texts
    state, share = board.note(matter, "due_count", group), board.figure(matter, "on_time_pct", group)
    due, on_time, closed = (
        board.figure(matter, name, group) for name in ("due_count", "on_time_count", "closed_count")
    )
    if due is None:
        note = texts("board.not_submitted" if state == NOT_SUBMITTED else "board.unknown")
    elif due == 0:
        note = texts("board.nothing_due", closed=f"{closed or 0:g}")
    else:
        note = texts("board.closed", due=f"{due:g}", on_time=f"{on_time or 0:g}", closed=f"{closed or 0:g}")
    if state == PARTIAL:
        note = texts("board.partly", note=note)
    figure = MISSING if share is None else format_number(share, 0)
    unit = "" if share is None else texts("unit.pct")
    return Row(group, board.colour_of(group), ShareTrack(share), figure, unit, note=note)
