"""What ``ronghe report`` says at its end."""

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.report.material.published import Move
from pipeline.runs.quarter.report import Outcome
from pipeline.runs.quarter.report_words import outcome_lines
from pipeline.texts import load_texts
from tests.runs.desk import Desk

TEXTS = load_texts("zh")
MOVE = Move("metric", "营销管理", "volume_xiang", 650.1, 700.1)


def lines_of(outcome: Outcome, moves: tuple[Move, ...] | None) -> list[str]:
    changes = replace(outcome.manifest.changes, since="2026-11-29T20:00:00+00:00", causes=("inputs",), moves=moves)
    told = replace(outcome, manifest=replace(outcome.manifest, changes=changes))
    return list(outcome_lines(told, TEXTS, Path.as_posix))


@pytest.mark.parametrize("count", [1, 3])
def test_figures_that_moved_are_counted_and_it_is_said_where_they_stand(count: int, desk: Desk) -> None:
    outcome = desk.run()
    lines = lines_of(outcome, (MOVE,) * count)
    assert TEXTS("run.moved", count=count, page=outcome.library.as_posix()) in lines
    assert TEXTS("run.nothing_moved") not in lines


def test_that_no_figure_moved_is_said_and_nothing_where_nothing_was_compared(desk: Desk) -> None:
    outcome = desk.run()
    lines = lines_of(outcome, ())
    assert TEXTS("run.nothing_moved") in lines
    assert any("与其他季度的比较等可能变了" in line for line in lines)
    said = "\n".join(lines_of(outcome, None))
    assert "变了的数字" not in said
    assert TEXTS("run.nothing_moved") not in said
