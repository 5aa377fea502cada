"""One row of the measured table: what was asked, what was found, whether the bar is met; as markdown and as JSON."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

from tests.benchmarks.speed.spread import Spread
from tests.benchmarks.speed.words import HEADS, LABELS, VERDICTS, Lang

Sense = Literal["at_least", "at_most"]


@dataclass(frozen=True)
class Bar:
    """What is asked of a ratio: at least or at most ``bound``."""

    sense: Sense
    bound: float

    def is_met(self, ratio: float) -> bool:
        """Tell whether a ratio meets the bar."""
        return ratio >= self.bound if self.sense == "at_least" else ratio <= self.bound

    def __str__(self) -> str:
        sign = {"at_least": "≥ ", "at_most": "≤ "}[self.sense]
        return f"{sign}{self.bound:.3g}"


@dataclass(frozen=True)
class Row:
    """A measured line: ``name`` has its words in `words.LABELS`.

    ``ours`` and ``rival`` are in ``unit``; ``ratio`` is judged, by its median over the rounds. ``is_sound`` is False
    where a run did not do what it was measured for (a page differs, nothing says why), which ``notes`` then tell.
    """

    name: str
    unit: str
    ours: Spread
    rival: Spread | None
    ratio: Spread
    bar: Bar
    rounds: int
    notes: tuple[str, ...] = ()
    is_sound: bool = True

    @property
    def is_met(self) -> bool:
        """Whether the median of the ratio meets the bar, and the run was what it had to be."""
        return self.is_sound and self.bar.is_met(self.ratio.median)


@dataclass(frozen=True)
class Table:
    """The rows, what could not be measured and why, and on what machine."""

    rows: tuple[Row, ...]
    left_out: Mapping[str, str] = field(default_factory=dict)
    machine: Mapping[str, str] = field(default_factory=dict)

    def renewed(self, other: "Table") -> "Table":
        """Return this table with the rows of ``other`` in the places of those of the same names, and its machine."""
        newer = {row.name: row for row in other.rows}
        rows = tuple(newer.pop(row.name, row) for row in self.rows)
        left_out = {name: why for name, why in self.left_out.items() if name not in newer} | dict(other.left_out)
        return Table(
            (*(row for row in rows if row.name not in other.left_out), *newer.values()), left_out, other.machine
        )

    def missed(self) -> list[str]:
        """Return the names of rows that miss their bar or could not be measured."""
        return [row.name for row in self.rows if not row.is_met] + list(self.left_out)

    def markdown(self, lang: Lang) -> str:
        """Return the table in one language, ready for the README."""
        lines = [HEADS[lang], "|---|---|---|---|---|---|---|"]
        lines += [_line(row, lang) for row in self.rows]
        lines += [f"| {LABELS[name][lang]} | | | | | | {VERDICTS[lang]['left_out']} |" for name in self.left_out]
        return "\n".join(lines) + "\n"

    def notes(self) -> Iterable[str]:
        """Yield what is to be known beside the table."""
        for row in self.rows:
            yield from (f"{row.name}: {note}" for note in row.notes)
        for why in dict.fromkeys(self.left_out.values()):
            names = [name for name, reason in self.left_out.items() if reason == why]
            yield f"{', '.join(names)}: not measured: {why}"
        yield from (f"{name}: {value}" for name, value in self.machine.items())

    def save(self, path: Path) -> None:
        """Write the table as JSON, for the README and for `scale`."""
        path.write_text(json.dumps(asdict(self), ensure_ascii=False, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> "Table":
        """Return a table that was saved."""
        record = json.loads(path.read_text(encoding="utf-8"))
        return cls(tuple(map(_row, record["rows"])), record["left_out"], record["machine"])


def _row(record: Mapping) -> Row:
    spreads = {name: record[name] and Spread(**record[name]) for name in ("ours", "rival", "ratio")}
    return Row(**{**record, **spreads, "bar": Bar(**record["bar"]), "notes": tuple(record["notes"])})


def _line(row: Row, lang: Lang) -> str:
    label = LABELS[row.name][lang]
    rival = _range(row.rival, row.unit) if row.rival else "–"
    verdict = VERDICTS[lang]["met" if row.is_met else "missed"]
    cells: Sequence[str] = (
        label,
        _range(row.ours, row.unit),
        rival,
        _range(row.ratio, ""),
        str(row.bar),
        str(row.rounds),
        verdict,
    )
    return f"| {' | '.join(cells)} |"


def _range(spread: Spread, unit: str) -> str:
    """Return the median with its range; the range is left out where there was but one round."""
    median = f"{_number(spread.median)}{f' {unit}' if unit else ''}"
    if spread.low == spread.high:
        return median
    return f"{median} ({_number(spread.low)} – {_number(spread.high)})"


def _number(value: float) -> str:
    """Three digits that count, without an exponent: 1234, 12.3, 0.0123."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
