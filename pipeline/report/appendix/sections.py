"""The appendix: every pair with its estimate, months and interval, and what a spreadsheet would have shown."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import pandas as pd

from pipeline.report.appendix.frame import every_pair, in_order, pair_label
from pipeline.report.material.marks import verdict_mark
from pipeline.report.material.numbers import correlation_text, joined, listed, month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import SHOWN_FIRST, count_verdicts, interval_words, pairs_tested, verdict_words
from pipeline.report.page.blocks import Block, Bullets, PageLink, Prose, Section, Stack
from pipeline.report.page.facets import RowKeys
from pipeline.report.page.files import REPORT_FILE
from pipeline.report.page.table_block import MISSING, Column, Table, filled_columns, is_missing
from pipeline.stats.aligned import POOLED
from pipeline.stats.fisher import ALPHA, POWER
from pipeline.stats.naive import count_flagged
from pipeline.stats.words import verdict_name

P_DIGITS = 3
BY_PAIR = RowKeys(group="group", metric="metric")
UNJUDGED = ("insufficient", "coupled")


def show_pairs(report: QuarterReport) -> Stack:
    """Show the way back, how to read the page, and every pair in one table."""
    texts, counts = report.texts, count_verdicts(report)
    back = PageLink(texts("appendix.back"), f"{REPORT_FILE}#relations")
    lead = texts("appendix.pairs_lead", rows=sum(counts.values()), tested=pairs_tested(report), **counts)
    section = Section("pairs", texts("appendix.pairs_title"), lead)
    if report.tables["relationships"].empty:
        return Stack((section, back, Prose((texts("relations.nothing"),))))
    return Stack((section, back, Prose((texts("appendix.pairs_read"),)), _pairs_table(report), *_months(report)))


def show_naive(report: QuarterReport) -> Stack:
    """Show what plain correlations at p < .05 would have flagged, beside our verdicts."""
    texts, plain = report.texts, report.tables["naive_correlations"]
    section = Section("naive", texts("appendix.naive_title"), _naive_lead(report))
    read = Prose((texts("appendix.naive_read"),))
    if plain["r"].isna().all():
        return Stack((section, *_not_computed(report)))
    return Stack((section, read, _naive_table(report), *_not_computed(report)))


def _pairs_table(report: QuarterReport) -> Table:
    texts, pairs = report.texts, every_pair(report)
    frame = pd.DataFrame([_pair_cells(report, row) for row in pairs.to_dict("records")])
    columns = (
        Column("pair", texts("appendix.pair_column")),
        Column("n", texts("forest.months"), digits=0),
        Column("verdict", texts("relations.verdict")),
        Column("lag", texts("appendix.lag"), digits=0),
        Column("adjusted", texts("appendix.adjusted")),
        Column("shrunk", texts("appendix.shrunk")),
        Column("plain", texts("appendix.plain")),
        Column("effective", texts("appendix.effective"), digits=0),
        Column("p", texts("appendix.p"), digits=P_DIGITS),
        Column("smallest", texts("appendix.smallest")),
        Column("reason", texts("appendix.reason")),
    )
    shown = filled_columns(frame, columns)
    return Table(
        frame,
        shown,
        caption=texts("appendix.pairs_title"),
        note=texts("appendix.pairs_note", power=f"{POWER:.0%}"),
        keys=BY_PAIR,
    )


def _pair_cells(report: QuarterReport, row: Mapping[Any, Any]) -> dict[str, Any]:
    verdict = str(row["verdict"])
    return {
        **_keys(str(row["scope"]), str(row["metric"])),
        "pair": pair_label(report, str(row["metric"]), str(row["scope"])),
        "n": row["n_months"],
        "verdict": verdict_mark(verdict, verdict_name(verdict, report.texts)),
        "lag": row["lag"],
        "adjusted": interval_words(report, row, "r", "ci_low", "ci_high"),
        "shrunk": interval_words(report, row, "r_shrunk", "shrunk_low", "shrunk_high"),
        "plain": interval_words(report, row, "plain_r", "plain_low", "plain_high"),
        "effective": row["n_effective"],
        "p": row["p_max_t"],
        "smallest": None if is_missing(row["smallest_r"]) else correlation_text(row["smallest_r"]),
        "reason": verdict_words(row, report) if verdict in UNJUDGED else None,
    }


def _keys(scope: str, metric: str) -> dict[str, str]:
    """Return what a row is about; all groups pooled are about every one of them."""
    return {"group": "" if scope == POOLED else scope, "metric": metric}


def _months(report: QuarterReport) -> list[Block]:
    """Return, for every clue and piece of evidence, the month without which it is weakest."""
    texts, table = report.texts, report.tables["relationships"]
    claims = in_order(report, table[table["verdict"].isin(SHOWN_FIRST)].dropna(subset=["weakest_month"]))
    lines = [
        texts(
            "appendix.weakest",
            pair=pair_label(report, str(row["metric"]), str(row["scope"])),
            verdict=verdict_name(str(row["verdict"]), texts),
            month=month_text(row["weakest_month"], texts),
        )
        for row in claims.to_dict("records")
    ]
    return [Prose((texts("appendix.weakest_intro"),)), Bullets(tuple(lines))] if lines else []


def _naive_lead(report: QuarterReport) -> str:
    texts, flagged = report.texts, count_flagged(report.tables["naive_correlations"])
    if flagged.tests == 0:
        return texts("appendix.naive_none")
    counts = count_verdicts(report)
    told = asdict(flagged) | {"expected_by_chance": f"{flagged.expected_by_chance:.1f}", "alpha": f"{ALPHA:g}"}
    would = texts("appendix.naive_lead", **told)
    return joined((would, texts("appendix.naive_ours", evidence=counts["evidence"], clue=counts["clue"])), texts)


def _not_computed(report: QuarterReport) -> list[Block]:
    """Return the pairs of which the plain method computes nothing at any lag, each with its reason."""
    texts, plain = report.texts, in_order(report, report.tables["naive_correlations"], "group")
    lines = [
        texts(
            "appendix.not_computed",
            pair=pair_label(report, str(metric), str(group)),
            reason=texts(f"reasons.{own['reason'].iloc[0]}"),
        )
        for (group, metric), own in plain.groupby(["group", "metric"], sort=False)
        if own["r"].isna().all()
    ]
    return [Bullets(tuple(lines))] if lines else []


def _naive_table(report: QuarterReport) -> Table:
    """Return one row a group and metric: the lags that the plain method flags, its smallest p, and our verdict."""
    texts = report.texts
    verdicts = report.tables["relationships"].set_index(["scope", "metric"])["verdict"].to_dict()
    plain = in_order(report, report.tables["naive_correlations"].dropna(subset=["p_value"]), "group")
    rows = [
        _naive_cells(report, str(group), str(metric), own, verdicts.get((group, metric)))
        for (group, metric), own in plain.groupby(["group", "metric"], sort=False)
    ]
    columns = (
        Column("pair", texts("appendix.pair_column")),
        Column("flagged", texts("appendix.flagged_lags")),
        Column("p", texts("appendix.smallest_p"), digits=P_DIGITS),
        Column("r", texts("appendix.r_there")),
        Column("n", texts("forest.months"), digits=0),
        Column("verdict", texts("appendix.our_verdict")),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("appendix.naive_title"), keys=BY_PAIR)


def _naive_cells(
    report: QuarterReport, group: str, metric: str, own: pd.DataFrame, verdict: str | None
) -> dict[str, Any]:
    texts = report.texts
    flagged = [str(lag) for lag in own.loc[own["is_flagged"].astype(bool), "lag"]]
    strongest = own.iloc[int(own["p_value"].argmin())]
    return {
        **_keys(group, metric),
        "pair": pair_label(report, metric, group),
        "flagged": listed(flagged, texts) or MISSING,
        "p": strongest["p_value"],
        "r": texts("appendix.r_at_lag", r=correlation_text(strongest["r"]), lag=strongest["lag"]),
        "n": strongest["n_months"],
        "verdict": None if verdict is None else verdict_mark(verdict, verdict_name(verdict, texts)),
    }
