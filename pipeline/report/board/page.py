"""The bulletin board as a page: what stands around its slides, and how the executed notebook becomes ``board.html``."""

from pathlib import Path
from typing import Any

from pipeline.report.board.view import Board
from pipeline.report.material.numbers import date_text, listed, quarter_text
from pipeline.report.page.exporter import export_page
from pipeline.report.page.frame import PageFrame

BOARD_TEMPLATE = "board_template"


def board_frame(board: Board) -> PageFrame:
    """Return the title, whose board it is, the banner of sample data, and the line at the foot of every slide."""
    texts, versions = board.texts, board.rows("about", "rule_version")["note"]
    return PageFrame(
        lang=texts.lang,
        title=texts("board.title", quarter=quarter_text(board.quarter, texts)),
        subtitle=texts("board.owner", bureau=board.bureau, branch=board.branch).strip(),
        banner=texts("board.synthetic") if board.is_synthetic else None,
        footer=texts(
            "board.footer",
            quarter=quarter_text(board.quarter, texts),
            day=date_text(board.as_of, texts),
            versions=listed(versions, texts),
        ).strip(),
    )


def export_board(notebook: dict[str, Any] | Path, target: Path, frame: PageFrame) -> None:
    """Write the slides of an executed notebook 6 to ``target``: a page that turns by itself, and an A3 sheet on paper.

    Raises what `pipeline.report.page.exporter.export_page` raises.
    """
    export_page(notebook, target, frame, BOARD_TEMPLATE)
