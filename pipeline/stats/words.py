"""A verdict in words: which sentence says it, and the numbers that stand in it. Never a word of cause."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.stats import reasons
from pipeline.stats.pairs import FEWEST_MONTHS_POOLED
from pipeline.stats.scopes import FEWEST_MONTHS_GROUP
from pipeline.texts import Texts

NOT_JUDGED = {
    reasons.TOO_FEW_MONTHS: "stats.sentence.insufficient.too_few_months",
    reasons.ALL_MISSING: "stats.sentence.insufficient.all_missing",
    reasons.CONSTANT: "stats.sentence.insufficient.constant",
    reasons.ONE_GROUP: "stats.sentence.insufficient.one_group",
    reasons.INFINITE_VALUES: "stats.sentence.insufficient.infinite_values",
    reasons.DUPLICATE_MONTHS: "stats.sentence.insufficient.duplicate_months",
}
NEEDED = {"needed_pooled": FEWEST_MONTHS_POOLED, "needed_group": FEWEST_MONTHS_GROUP}  # months


@dataclass(frozen=True)
class Sentence:
    """A text key and the values of its placeholders: ``texts(sentence.key, **sentence.values)`` is what people read."""

    key: str
    values: Mapping[str, object]

    def read(self, texts: Texts) -> str:
        """Return the sentence in the language of ``texts``."""
        return texts(self.key, **{name: _signed(value) for name, value in self.values.items()})


class _Typeset(float):
    """A number whose minus is the sign of mathematics (U+2212), as everywhere else on the page; 0.00 has none."""

    def __format__(self, specification: str) -> str:
        text = super().__format__(specification)
        return text.replace("-", "−" if text.strip("-0.") else "")


def _signed(value: object) -> object:
    return _Typeset(value) if isinstance(value, float) else value


def verdict_name(verdict: str, texts: Texts) -> str:
    """Return the short name of a verdict, such as 线索."""
    return texts(f"stats.verdict.{verdict}")


def verdict_sentence(row: Mapping[Any, Any]) -> Sentence:
    """Return what one row of `assess_relationships` says (its fields by name; a row of the table, or a dict of it).

    Judged verdicts carry r, the interval, n, the lag, the number of pairs checked and the smallest r that could be
    seen; the others say why nothing was judged, with their months and how many it takes. An interval without 0 beside
    the verdict none looks like a claim: its sentence says why it is not one.
    """
    verdict, reason = str(row["verdict"]), str(row["reason"])
    if verdict == "coupled":
        return Sentence("stats.sentence.coupled", {"n_months": row["n_months"]})
    if verdict == "insufficient":
        return Sentence(NOT_JUDGED[reason], {"n_months": row["n_months"], **NEEDED})
    values = {
        "r": row["r"],
        "low": row["ci_low"],
        "high": row["ci_high"],
        "n_months": row["n_months"],
        "n_pairs": row["n_pairs"],
        "smallest_r": row["smallest_r"],
        "lag": row["lag"],
    }
    if verdict == "none":
        alone = row["ci_low"] > 0 or row["ci_high"] < 0
        return Sentence("stats.sentence.none.interval_without_0" if alone else "stats.sentence.none", values)
    if verdict == "clue":
        undone = reason == reasons.DROPPED_MONTH
        return Sentence("stats.sentence.clue.one_month" if undone else "stats.sentence.clue.weak", values)
    lagged = bool(row["lag"])
    return Sentence("stats.sentence.evidence.lagged" if lagged else "stats.sentence.evidence.same_month", values)
