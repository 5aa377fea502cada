"""Telling how far a run is: one bar on a terminal, plain lines everywhere else."""

import io
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from pipeline.runs.records.logbook import reached
from pipeline.spreadsheets.cleaning import one_line
from pipeline.texts import Texts

BAR_CELLS = 20
ERASE_LINE = "\r" + " " * 79 + "\r"  # a console without escape sequences understands this too


class Progress:
    """The steps of one run, told to ``stream`` while they happen."""

    def __init__(self, stream: TextIO, texts: Texts, total: int) -> None:
        self._stream = stream
        self._texts = texts
        self._total = total
        self._done = 0
        self._numbered = 0
        self._begun: dict[str, tuple[int, float]] = {}  # number of the step, and when
        self._is_terminal = stream.isatty()

    @classmethod
    def silent(cls, texts: Texts) -> "Progress":
        """Return a progress that nobody reads."""
        return cls(io.StringIO(), texts, 1)

    @property
    def texts(self) -> Texts:
        """The reader's language."""
        return self._texts

    def expect(self, total: int) -> None:
        """Set how many steps there are, where that turns out only on the way."""
        self._total = total

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that the step ``name`` (text ``run.step_<name>``) begins, and how long it took unless it failed."""
        self.begin(name)
        try:
            yield
        except BaseException:
            self.stop(name)
            raise
        self.end(name)

    def begin(self, name: str) -> None:
        """Tell that a step begins; another may begin before it has ended."""
        reached(f"{name}.begun")
        texts = self._texts
        label = texts(f"run.step_{name}")
        self._numbered += 1
        is_beside = bool(self._begun)
        self._begun[name] = self._numbered, time.monotonic()
        if self._is_terminal:
            self._draw()
        else:
            key = "run.step_begins_beside" if is_beside else "run.step_begins"
            self._write(texts(key, number=self._numbered, total=self._total, label=label) + "\n")

    def end(self, name: str) -> None:
        """Tell that a step has ended well, and how long it took."""
        self.stop()
        self._done += 1
        texts, (number, begun) = self._texts, self._begun.pop(name)
        seconds = time.monotonic() - begun
        reached(f"{name}.ended", seconds=round(seconds, 2))
        label = texts(f"run.step_{name}")
        line = texts("run.step_ended", number=number, total=self._total, label=label, seconds=seconds)
        self._write(f"{line}\n")
        self._draw()

    def skip(self, name: str) -> None:
        """Tell that a step had nothing to do: what it would have made stands already."""
        self.stop()
        reached(f"{name}.skipped")
        self._done += 1
        self._numbered += 1
        texts = self._texts
        label = texts(f"run.step_{name}")
        self._write(texts("run.step_skipped", number=self._numbered, total=self._total, label=label) + "\n")
        self._draw()

    def stop(self, name: str = "") -> None:
        """Take the bar away: something else is about to be written, of the step that has failed if one is named."""
        self._begun.pop(name, None)
        if self._is_terminal:
            self._write(ERASE_LINE)

    def say(self, line: str) -> None:
        """Write one line of its own."""
        self.stop()
        self._write(f"{one_line(line)}\n")
        self._draw()

    def hand_over(self) -> None:
        """Tell whoever waits for a part of the work that it is done; a reader is told of whole steps only."""

    def _draw(self) -> None:
        """Show the bar on a terminal, with the last begun of the steps at work: more of them would not fit a line."""
        if self._is_terminal and self._begun:
            filled = BAR_CELLS * self._done // self._total
            bar = f"[{'#' * filled}{'.' * (BAR_CELLS - filled)}] {self._done}/{self._total}"
            label = self._texts(f"run.step_{next(reversed(self._begun))}")
            self._write(f"{ERASE_LINE}{bar} {label}")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
