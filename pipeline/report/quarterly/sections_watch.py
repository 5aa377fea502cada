"""Section: signs that points are aimed at instead of the work; each check in a sentence with its figures."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipeline.points.thresholds import NEAR
from pipeline.report.material.numbers import listed, points_text, quantity, rate_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets, Fold, Prose, Section, Stack
from pipeline.report.page.table_block import is_missing
from pipeline.stats.goodhart import (
    AT_CAP,
    BUNCHING,
    CHECKS,
    DIVERGING,
    LATE_DAYS,
    LATE_ENTRY,
    SMALL_SPREAD,
    WINDOW_MONTHS,
)

RAISED, QUIET, UNKNOWN = "raised", "quiet", "unknown"
STATES = (RAISED, QUIET, UNKNOWN)
SENTENCES: Mapping[tuple[str, str], str] = {
    (AT_CAP, RAISED): "watch.at_cap_raised",
    (AT_CAP, QUIET): "watch.at_cap_quiet",
    (AT_CAP, UNKNOWN): "watch.at_cap_unknown",
    (BUNCHING, RAISED): "watch.bunching_raised",
    (BUNCHING, QUIET): "watch.bunching_quiet",
    (BUNCHING, UNKNOWN): "watch.bunching_unknown",
    (SMALL_SPREAD, RAISED): "watch.small_spread_raised",
    (SMALL_SPREAD, QUIET): "watch.small_spread_quiet",
    (SMALL_SPREAD, UNKNOWN): "watch.small_spread_unknown",
    (DIVERGING, RAISED): "watch.diverging_raised",
    (DIVERGING, QUIET): "watch.diverging_quiet",
    (DIVERGING, UNKNOWN): "watch.diverging_unknown",
    (LATE_ENTRY, RAISED): "watch.late_entry_raised",
    (LATE_ENTRY, QUIET): "watch.late_entry_quiet",
    (LATE_ENTRY, UNKNOWN): "watch.late_entry_unknown",
}
Record = Mapping[Any, Any]


@dataclass(frozen=True)
class Watched:
    """One check put into words: whether it is raised, quiet, or could not be judged."""

    check: str
    state: str
    sentence: str


def show_watch(report: QuarterReport) -> Stack:
    """Show what is raised, and folded below it what was checked and quiet and what could not be judged."""
    texts, found = report.texts, watch_sentences(report)
    by_state = {state: tuple(entry.sentence for entry in found if entry.state == state) for state in STATES}
    counts = {state: len(sentences) for state, sentences in by_state.items()}
    lead = texts("watch.lead" if counts[RAISED] else "watch.lead_quiet", all=len(found), **counts)
    blocks: list[Block] = [Section("watch", texts("watch.title"), lead), Prose((texts("watch.intro"),))]
    if by_state[RAISED]:
        blocks.append(Bullets(by_state[RAISED]))
    for state in (QUIET, UNKNOWN):
        if by_state[state]:
            blocks.append(Fold(texts(f"watch.fold_{state}", count=counts[state]), Bullets(by_state[state])))
    return Stack(tuple(blocks))


def watch_sentences(report: QuarterReport) -> tuple[Watched, ...]:
    """Return every check of the watch as a sentence, in the order of the checks; a group's results are one sentence."""
    table = report.tables["goodhart_watch"]
    found: list[Watched] = []
    for check in CHECKS:
        own = table[table["check"] == check]
        if check == DIVERGING:
            groups = (own[own["party_group"] == group].to_dict("records") for group in report.groups)
            found += [_diverging(report, records) for records in groups if records]
        else:
            found += [_watched(report, check, record) for record in own.to_dict("records")]
    return tuple(found)


def _watched(report: QuarterReport, check: str, record: Record) -> Watched:
    state = _state(record)
    values: dict[str, object] = {"n": record["n_count"], "months": WINDOW_MONTHS, "near": f"{max(NEAR.values()):g}"}
    if check in (AT_CAP, BUNCHING):
        values["item"] = _item(report, str(record["item"]))
    if state != UNKNOWN:
        values |= _figures(report, check, record)
    return Watched(check, state, report.texts(SENTENCES[check, state], **values))


def _figures(report: QuarterReport, check: str, record: Record) -> dict[str, object]:
    """Return the figures of a row in the words of its check."""
    texts = report.texts
    value, comparison, threshold, n = (record[name] for name in ("value", "comparison", "threshold", "n_count"))
    if check == SMALL_SPREAD:
        last = "" if is_missing(comparison) else texts("watch.last_spread", spread=points_text(comparison, texts))
        return {"spread": points_text(value, texts), "threshold": points_text(threshold, texts), "last": last}
    shares: dict[str, object] = {"share": rate_text(value, texts), "threshold": rate_text(threshold, texts)}
    if check == LATE_ENTRY:
        key = "watch.days_before" if comparison < 0 else "watch.days_after"
        median = texts(key, days=quantity(abs(comparison), "d", 0, texts))
        return {**shares, "count": _part(value, n), "median": median, "late": LATE_DAYS}
    if check == BUNCHING:
        return {**shares, "above": _part(value, n), "below": _part(comparison, n)}
    return {**shares, "count": int(comparison)}


def _diverging(report: QuarterReport, records: Sequence[Record]) -> Watched:
    """Return one sentence for a group: its process points, and every result that could be compared."""
    texts, first = report.texts, records[0]
    group, judged = first["party_group"], [record for record in records if not is_missing(record["comparison"])]
    if is_missing(first["value"]) or not judged:
        n = max(int(record["n_count"]) for record in records)
        return Watched(DIVERGING, UNKNOWN, texts(SENTENCES[DIVERGING, UNKNOWN], group=group, n=n))
    state = RAISED if any(record["is_raised"] for record in records) else QUIET
    sentence = texts(
        SENTENCES[DIVERGING, state],
        group=group,
        change=points_text(first["value"], texts, signed=True),
        threshold=points_text(first["threshold"], texts),
        results=listed(_results(report, judged), texts),
    )
    return Watched(DIVERGING, state, sentence)


def _results(report: QuarterReport, records: Iterable[Record]) -> Iterable[str]:
    for record in records:
        metric = report.catalog.metrics[str(record["metric"])]
        unit = "pp" if metric.unit == "pct" else metric.unit
        change = quantity(record["comparison"], unit, max(metric.decimals, 1), report.texts, signed=True)
        yield report.texts("watch.result", metric=report.label(metric), change=change)


def _state(record: Record) -> str:
    if is_missing(record["value"]):
        return UNKNOWN
    return RAISED if record["is_raised"] else QUIET


def _item(report: QuarterReport, item: str) -> str:
    labels = report.item_labels()
    return report.texts("watch.item", code=item, label=labels[item]) if item in labels else item


def _part(share: float, n: int) -> int:
    """Return how many of ``n`` a share in percent is."""
    return round(share * n / 100.0)
