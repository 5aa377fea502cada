"""The sentences that answer first: one a question, written from the tables, five of them above everything else."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.periods import months_of
from pipeline.report.material.gaps import gap_text, lacking_sentence, points_gaps_of, silent_text, unused_rows_text
from pipeline.report.material.lacking import Gap
from pipeline.report.material.membership import (
    counted_nowhere,
    groups_in,
    others_sentence,
    others_since_last_quarter,
    partly_scored,
    partly_scored_sentence,
)
from pipeline.report.material.numbers import (
    correlation_text,
    joined,
    listed,
    metric_change,
    metric_value,
    points_text,
    rate_text,
)
from pipeline.report.material.overdue import MATTERS, longest_overdue, matter_gap_text, matter_gaps, overdue_elsewhere
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.ranking import Ranking, changes_of_points, ranking_of
from pipeline.report.material.relations import (
    SHOWN_FIRST,
    claim_label,
    count_verdicts,
    dated_r,
    never_kept,
    pairs_tested,
)
from pipeline.report.material.totals import bureau_total, completeness
from pipeline.report.quarterly.handed_in import few_missing_workbooks, never_handed_in


def summary_sentences(report: QuarterReport) -> tuple[str, ...]:
    """Return the quarter in five sentences: data, standings, results, relationships, overdue matters."""
    return (
        data_sentence(report),
        standing_sentence(report),
        results_sentence(report),
        relations_sentence(report),
        overdue_sentence(report),
    )


def data_sentence(report: QuarterReport) -> str:
    """Say how many workbooks came in, which are missing where they are few, and how many could not be used."""
    texts, handed_in = report.texts, completeness(report)
    if handed_in.due == handed_in.submitted:
        first = texts("completeness.all_in", due=handed_in.due)
    else:
        named = few_missing_workbooks(report)
        first = texts(
            "completeness.few_missing" if named else "completeness.some_missing",
            due=handed_in.due,
            submitted=handed_in.submitted,
            share=rate_text(handed_in.submitted_pct, texts),
            missing=handed_in.due - handed_in.submitted,
            workbooks=named,
        )
        first = joined((first, _never_among(report)), texts)
    if not handed_in.unreadable:
        return first
    return joined((first, texts("completeness.some_unreadable", count=handed_in.unreadable)), texts)


def _never_among(report: QuarterReport) -> str:
    """Say how many of the missing workbooks are of kinds that nobody keeps; "" where none is."""
    kinds, submissions = never_handed_in(report), report.of_quarter("submissions")
    count = int(submissions["kind"].isin(kinds).sum())
    return report.texts("completeness.never_among", count=count, kinds=len(kinds)) if kinds else ""


def standing_sentence(report: QuarterReport) -> str:
    """Say who stands where, or that the gap means nothing, and whose points moved most, of those that compare."""
    texts, ranking = report.texts, ranking_of(report)
    if ranking.scores.empty:
        return texts("summary.no_points")
    low, high = ranking.scores.min(), ranking.scores.max()
    span = {"score": texts(f"standings.{ranking.basis}")}
    span |= {"low": points_text(low, texts), "high": points_text(high, texts)}
    if ranking.lacking:
        first = texts("summary.standings_lacking", **span)
    elif ranking.is_alone:
        first = texts("summary.standings_alone", group=str(ranking.scores.index[0]), **span)
    elif ranking.noise.clear_gap is None:
        first = texts("summary.standings_unknown", **span)
    elif not ranking.is_spread_clear:
        first = texts("summary.standings_not_clear", **span)
    else:
        leaders = listed(ranking.leaders, texts)
        key = "summary.standings_clear" if ranking.is_lead_clear else "summary.standings_lead_not_clear"
        first = texts(key, leaders=leaders, **span)
    lacking = lacking_sentence(points_gaps_of(report), ranking.lacking, texts)
    others = others_sentence(others_since_last_quarter(report), texts)
    few = partly_scored_sentence(report)
    return joined((first, _largest_move(report, ranking), few, lacking, others, silent_text(report)), texts)


def _largest_move(report: QuarterReport, ranking: Ranking) -> str:
    moves = pd.Series(changes_of_points(report), dtype="float64")
    not_compared = {gap.party_group for gap in points_gaps_of(report)} | {*others_since_last_quarter(report)}
    not_compared |= {*partly_scored(report)}  # a mean of one month is the furthest from all others by itself
    compared = moves.drop(list(not_compared), errors="ignore")
    if compared.empty:
        return ""
    said = _said_of_move(report, ranking, compared)
    return said if len(compared) == len(moves) else report.texts("summary.of_comparable", sentence=said)


def _said_of_move(report: QuarterReport, ranking: Ranking, moves: "pd.Series[float]") -> str:
    texts, group = report.texts, str(moves.abs().idxmax())
    change = float(moves[group])
    said = {"group": group, "score": texts("standings.points_mean"), "change": points_text(change, texts, signed=True)}
    form, gap = "alone", ranking.months.clear_gap
    if gap is not None:
        form = "clear" if ranking.months.is_clear(change) else "within_noise"
        said["gap"] = points_text(gap, texts)
    return texts(f"summary.own_move_{form}" if ranking.is_alone else f"summary.largest_move_{form}", **said)


def results_sentence(report: QuarterReport) -> str:
    """Say volume against plan and last year, and the cases filed; what is missing is not mentioned with a dash."""
    return joined((_volume_sentence(report), _cases_sentence(report)), report.texts)


def _without_members_sentence(report: QuarterReport, gaps: Sequence[Gap]) -> str:
    """Say which groups have no members in months for which a workbook has their results: who took over reports them."""
    nowhere = {(group, month) for group, month, _ in counted_nowhere(report)}
    groups = [gap.party_group for gap in gaps if any((gap.party_group, month) in nowhere for month in gap.months)]
    return report.texts("summary.without_members", groups=listed(groups, report.texts)) if groups else ""


def _volume_sentence(report: QuarterReport) -> str:
    texts, metric = report.texts, report.catalog.metrics["volume_xiang"]
    volume = bureau_total(report, metric.metric)
    if volume.gaps:
        first = texts("summary.no_volume", places=gap_text(volume.gaps, report.texts))
        return joined((first, _without_members_sentence(report, volume.gaps)), texts)
    if volume.value is None:
        return ""  # nobody owns it
    value = metric_value(volume.value, metric, report.catalog, texts)
    if volume.target_gaps:
        first = texts("summary.volume_plan_lacking", value=value, places=gap_text(volume.target_gaps, report.texts))
    elif volume.attained_pct is None:
        first = texts("summary.volume_only", value=value)
    else:
        first = texts("summary.volume", value=value, attained=rate_text(volume.attained_pct, texts))
    change = ""
    if volume.change_pct is not None:
        change = texts("summary.change", change=metric_change(volume.change_pct, metric, texts))
        change = joined((change, _other_groups(report, metric.metric)), texts)
    return joined((first, change, unused_rows_text(report, metric)), texts)


def _other_groups(report: QuarterReport, metric: str) -> str:
    """Say which groups a total of last year is of, where they are not those of this one."""
    quarters = (months_of(report.quarter - 4), report.months)
    before, now = (
        [group for group in groups_in(report, months) if report.bureau.owns(group, metric)] for months in quarters
    )
    texts = report.texts
    return "" if before == now else texts("summary.other_groups", before=listed(before, texts), now=listed(now, texts))


def _cases_sentence(report: QuarterReport) -> str:
    texts, metric = report.texts, report.catalog.metrics["cases_filed"]
    cases = bureau_total(report, metric.metric)
    if cases.gaps:
        return texts("summary.no_cases", places=gap_text(cases.gaps, report.texts))
    if cases.value is None:
        return ""  # nobody owns them
    value = metric_value(cases.value, metric, report.catalog, texts)
    first = texts("summary.cases_alone", value=value)
    if cases.last_year is not None:
        last_year = metric_value(cases.last_year, metric, report.catalog, texts)
        first = texts("summary.cases", value=value, last_year=last_year)
    return joined((first, unused_rows_text(report, metric)), texts)


def relations_sentence(report: QuarterReport) -> str:
    """Say how many pairs were checked and what came out; a claim is named with its r, interval, n and smallest r."""
    texts, counts, tested = report.texts, count_verdicts(report), pairs_tested(report)
    if tested == 0:
        never = listed(never_kept(report), texts)
        said = texts("summary.relations_never_kept", items=never) if never else ""
        return joined((texts("summary.relations_none_tested"), said), texts)
    first = texts(
        "summary.relations", tested=tested, evidence=counts["evidence"], clue=counts["clue"], none=counts["none"]
    )
    named = [_claim(report, row) for row in _claims(report).to_dict("records")]
    return joined((first, *named), texts)


def _claims(report: QuarterReport) -> pd.DataFrame:
    """Return the strongest claim: evidence before clues, the smaller p first; at most one row."""
    table = report.tables["relationships"]
    claims = table[table["verdict"].isin(SHOWN_FIRST)]
    order = claims["verdict"].map({verdict: place for place, verdict in enumerate(SHOWN_FIRST)})
    return claims.assign(order=order).sort_values(["order", "p_max_t"], kind="stable").head(1)


def _claim(report: QuarterReport, row: Mapping[Any, Any]) -> str:
    return report.texts(
        f"summary.claim_{row['verdict']}",
        scope=claim_label(str(row["scope"]), str(row["metric"]), report),
        metric=report.label(report.catalog.metrics[str(row["metric"])]),
        r=dated_r(report, row),
        low=correlation_text(row["ci_low"]),
        high=correlation_text(row["ci_high"]),
        n=row["n_months"],
        smallest=correlation_text(row["smallest_r"]),
    )


def overdue_sentence(report: QuarterReport) -> str:
    """Say how many matters are overdue, of which kind, for how long, and which ledgers are not in the count."""
    texts, overdue, gaps = report.texts, report.tables["overdue"], matter_gaps(report)
    lacking = texts("overdue.lacking", matters=matter_gap_text(gaps, report)) if gaps else ""
    others = overdue_elsewhere(report)
    if overdue.empty:
        return joined((texts("overdue.none_known" if gaps else "overdue.none"), lacking, others), texts)
    counts = overdue["matter"].value_counts()
    parts = [texts(f"overdue.count_{matter}", count=int(counts[matter])) for matter in MATTERS if matter in counts]
    found = texts("overdue.some", count=len(overdue), parts=listed(parts, texts), longest=longest_overdue(report))
    return joined((found, lacking, others), texts)
