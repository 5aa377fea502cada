"""What the months of one series show, in sentences that say since when and in which direction."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.report.material.numbers import listed, short_month_text
from pipeline.report.material.quarter import QuarterReport

POINT_RULES = ("outside", "two_of_three")  # rules of pipeline.stats.xmr that speak of single months
RUN_RULES = ("trend", "shift")  # and of many in a row
RUN_TEXTS: Mapping[tuple[str, bool], str] = {  # (rule, upwards) -> text
    ("trend", True): "trend.trend_up",
    ("trend", False): "trend.trend_down",
    ("shift", True): "trend.shift_up",
    ("shift", False): "trend.shift_down",
}


@dataclass(frozen=True)
class Run:
    """Months in a row that rise or fall (``trend``), or that lie on one side of the mean (``shift``)."""

    last: pd.Period
    length: int
    is_up: bool


def noticed(label: str, track: pd.DataFrame, report: QuarterReport) -> list[str]:
    """Return what the quarter's months of one series show, one sentence a rule (``track``: as `xmr_signals`)."""
    texts = report.texts
    own = track[track.index.isin(report.months)]
    if own["value"].isna().all():
        return [texts("trend.no_data", label=label)]
    months = own[own["signal"] != ""]
    if months.empty:
        return [texts("trend.quiet", label=label)]
    sentences = []
    for rule in POINT_RULES:
        single = months.index[months["signal"] == rule]
        if len(single):
            names = listed((short_month_text(month, texts) for month in single), texts)
            sentences.append(texts(f"trend.noticed_{rule}", label=label, months=names))
    for rule in RUN_RULES:
        joined_up = months.index[months["signal"] == rule]
        if len(joined_up):
            run = run_until(track, joined_up[-1], rule)
            said = {"label": label, "last": short_month_text(run.last, texts), "count": run.length}
            sentences.append(texts(RUN_TEXTS[rule, run.is_up], **said))
    return sentences


def run_until(track: pd.DataFrame, last: pd.Period, rule: str) -> Run:
    """Return the run that ends with ``last``: its months counted backwards while they go the same way."""
    values = track.loc[:last, "value"]
    ways = values.diff() if rule == "trend" else values - track.loc[:last, "mean"]
    is_up = bool(ways.iloc[-1] > 0)
    same = (ways > 0) if is_up else (ways < 0)
    length = int(same[::-1].cummin().sum())
    return Run(last, length + 1 if rule == "trend" else length, is_up)  # n steps join n + 1 months


def marks_shown(tracks: tuple[pd.DataFrame, ...]) -> frozenset[str]:
    """Return which marks stand in a chart of ``tracks``: ``ring`` for single months, ``dot`` for runs."""
    found = {str(signal) for track in tracks for signal in track["signal"].unique()}
    names = {"ring": POINT_RULES, "dot": RUN_RULES}
    return frozenset(name for name, rules in names.items() if found & set(rules))
