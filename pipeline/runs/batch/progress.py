"""Telling how far a batch is, and about how long the rest will take."""

from typing import TextIO

from pipeline.runs.batch.jobs import Done
from pipeline.runs.records.logbook import reached
from pipeline.runs.records.progress import BAR_CELLS, ERASE_LINE
from pipeline.spreadsheets.cleaning import one_line
from pipeline.texts import Texts

SECONDS_SHOWN = 90  # above it, the next larger unit says as much


class BatchProgress:
    """The bureaus of a batch, told to ``stream`` as they are done: a line each, and on a terminal a bar below them."""

    def __init__(self, stream: TextIO, texts: Texts) -> None:
        self._stream, self._texts = stream, texts
        self._is_terminal = stream.isatty()
        self._total = self._done = self._workers = 0
        self._seconds: list[float] = []

    def begin(self, line: str, total: int, workers: int) -> None:
        """Tell what follows: ``total`` bureaus, ``workers`` at a time."""
        self._total, self._done, self._workers, self._seconds = total, 0, workers, []
        self.say(line)
        self._draw()

    def looked_at(self) -> None:
        """Count one bureau whose workbooks were looked at."""
        self._done += 1
        self._draw()

    def done(self, name: str, result: Done) -> None:
        """Tell what came of one bureau."""
        reached("bureau.done", name=name, state=result.state, status=result.exit_status, told=result.told)
        self._done += 1
        if result.state == "published":
            self._seconds.append(result.seconds)
        texts = self._texts
        line = texts(
            f"batch.done_{result.state}",
            number=self._done,
            total=self._total,
            bureau=name,
            seconds=result.seconds,
            reason=result.told,
        )
        self.say(line if self._is_terminal else f"{line}{self._time_left()}")
        self._draw()

    def say(self, line: str) -> None:
        """Write one line of its own."""
        self._write(f"{ERASE_LINE if self._is_terminal else ''}{one_line(line)}\n")

    def end(self) -> None:
        """Take the bar away."""
        if self._is_terminal:
            self._write(ERASE_LINE)

    def _draw(self) -> None:
        if self._is_terminal and self._done < self._total:
            filled = BAR_CELLS * self._done // self._total
            bar = f"[{'#' * filled}{'.' * (BAR_CELLS - filled)}] {self._done}/{self._total}"
            self._write(f"{ERASE_LINE}{bar}{self._time_left()}")

    def _time_left(self) -> str:
        """Return how long the rest takes at most: as long as those that were made; they were the biggest."""
        left = self._total - self._done
        if not self._seconds or not left:
            return ""
        mean = sum(self._seconds) / len(self._seconds)
        return self._texts("batch.time_left", time=duration(mean * left / self._workers, self._texts))

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def duration(seconds: float, texts: Texts) -> str:
    """Return a time span in words: seconds, minutes or hours, whichever is of a size to be read at a glance."""
    if seconds < SECONDS_SHOWN:
        return texts("batch.seconds", count=round(seconds))
    minutes = seconds / 60
    return (
        texts("batch.minutes", count=round(minutes))
        if minutes < SECONDS_SHOWN
        else texts("batch.hours", count=minutes / 60)
    )
