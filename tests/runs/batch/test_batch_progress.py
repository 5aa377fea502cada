"""How far a batch is: lines for a file, a bar below them on a terminal, time spans that are read at a glance."""

import io

import pytest

from pipeline.runs.batch.jobs import Done
from pipeline.runs.batch.progress import BatchProgress, duration
from pipeline.runs.records.progress import ERASE_LINE
from pipeline.texts import load_texts

TEXTS = load_texts("zh")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 秒"), (89.4, "89 秒"), (90, "2 分钟"), (3600, "60 分钟"), (5400, "1.5 小时"), (36_000, "10.0 小时")],
)
def test_a_time_span_has_the_unit_of_its_size(seconds: float, words: str) -> None:
    assert duration(seconds, TEXTS) == words


def test_a_terminal_shows_a_bar_below_the_lines_and_takes_it_away_at_the_end() -> None:
    terminal = Terminal()
    progress = BatchProgress(terminal, TEXTS)
    progress.begin("开始", total=2, workers=1)
    progress.done("甲", Done("published", seconds=60.0))
    progress.done("乙", Done("unchanged", seconds=0.2))
    progress.end()
    written = terminal.getvalue()
    assert "[....................] 0/2" in written
    assert "[##########..........] 1/2  至多还需约 60 秒" in written
    assert written.endswith(ERASE_LINE)
    assert "2/2\n" not in written


def test_only_reports_that_were_made_say_how_long_one_takes() -> None:
    stream = io.StringIO()
    progress = BatchProgress(stream, TEXTS)
    progress.begin("开始", total=3, workers=1)
    progress.done("甲", Done("unchanged", seconds=0.1))
    progress.done("乙", Done("published", seconds=120.0))
    first, second = stream.getvalue().splitlines()[1:]
    assert "还需" not in first
    assert second.endswith("至多还需约 2 分钟")
