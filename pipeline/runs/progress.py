"""Telling how far a run is: one bar on a terminal, plain lines everywhere else."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

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
        self._is_terminal = stream.isatty()

    def expect(self, total: int) -> None:
        """Set how many steps there are, where that turns out only on the way."""
        self._total = total

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Tell that the step ``name`` (text ``run.step_<name>``) begins, and how long it took unless it failed."""
        texts = self._texts
        label = texts(f"run.step_{name}")
        begun = time.monotonic()
        if self._is_terminal:
            self._write(f"{ERASE_LINE}{self._bar()} {label}")
        else:
            self._write(texts("run.step_begins", number=self._done + 1, total=self._total, label=label) + "\n")
        try:
            yield
        finally:
            if self._is_terminal:
                self._write(ERASE_LINE)
        self._done += 1
        line = self._texts(
            "run.step_ended", number=self._done, total=self._total, label=label, seconds=time.monotonic() - begun
        )
        self._write(f"{line}\n")

    def say(self, line: str) -> None:
        """Write one line of its own."""
        self._write(f"{line}\n")

    def _bar(self) -> str:
        filled = BAR_CELLS * self._done // self._total
        return f"[{'#' * filled}{'.' * (BAR_CELLS - filled)}] {self._done}/{self._total}"

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
