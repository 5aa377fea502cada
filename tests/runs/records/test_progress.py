"""Progress is plain lines in a log and one line that moves on a terminal."""

import io

import pytest

from pipeline.runs.records.progress import Progress
from pipeline.runs.records.steps import PACK_STEPS, STEPS
from pipeline.texts import load_texts


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_log_has_a_line_before_and_after_a_step() -> None:
    log = io.StringIO()
    with Progress(log, load_texts("en"), 2).step("page"):
        assert log.getvalue() == "[1/2] begun: report page and appendix …\n"
    begun, ended = log.getvalue().splitlines()
    assert begun == "[1/2] begun: report page and appendix …"
    assert ended.startswith("[1/2] done: report page and appendix, 0.")


def test_a_terminal_shows_a_bar_that_is_replaced() -> None:
    terminal = Terminal()
    progress = Progress(terminal, load_texts("zh"), 2)
    with progress.step("page"):
        pass
    with progress.step("workbook"):
        assert terminal.getvalue().endswith("[##########..........] 1/2 Excel 工作簿")
    assert terminal.getvalue().count("\n") == 2


def test_steps_side_by_side_are_told_as_such() -> None:
    """The second ends before the first: which line says what is not left to the reader's counting."""
    log = io.StringIO()
    progress = Progress(log, load_texts("en"), 2)
    progress.begin("page")
    progress.begin("workbook")
    progress.end("workbook")
    progress.end("page")
    assert [line.split(",")[0] for line in log.getvalue().splitlines()] == [
        "[1/2] begun: report page and appendix …",
        "[2/2] begun: workbook … (beside what is not done yet)",
        "[2/2] done: workbook",
        "[1/2] done: report page and appendix",
    ]


def test_on_a_terminal_the_bar_stays_while_anything_is_at_work() -> None:
    terminal = Terminal()
    progress = Progress(terminal, load_texts("en"), 3)
    progress.begin("page")
    progress.begin("workbook")
    progress.end("workbook")
    assert terminal.getvalue().endswith("1/3 report page and appendix")
    progress.skip("board_page")
    assert terminal.getvalue().endswith("2/3 report page and appendix")
    progress.stop("page")
    assert terminal.getvalue().endswith("\r")


def test_a_step_that_fails_is_not_told_as_done() -> None:
    log = io.StringIO()
    with pytest.raises(ValueError, match="broken"), Progress(log, load_texts("en"), 1).step("page"):
        raise ValueError("broken")
    assert log.getvalue() == "[1/1] begun: report page and appendix …\n"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_step_has_a_name(lang: str) -> None:
    texts = load_texts(lang)
    assert all(texts.has(f"run.step_{name}") for name in (*STEPS, *PACK_STEPS))
