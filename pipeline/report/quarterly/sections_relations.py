"""Section: where do points and results move together, and where do they disagree?"""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import pandas as pd

from pipeline.report.material.marks import verdict_mark
from pipeline.report.material.numbers import listed
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.material.relations import (
    SHOWN_FIRST,
    claim_label,
    count_verdicts,
    dated_r,
    never_kept,
    of_scope,
    owners_of,
    pairs_tested,
    pool_members,
    scope_label,
    verdict_words,
)
from pipeline.report.page.blocks import About, Block, Bullets, Notice, Prose, Section, Stack
from pipeline.report.page.facets import Facet, RowKeys
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.headline import page_frame
from pipeline.report.quarterly.sentences import relations_sentence
from pipeline.stats.aligned import POOLED
from pipeline.stats.pairs import FEWEST_MONTHS_POOLED
from pipeline.stats.words import verdict_name


def show_relations(report: QuarterReport) -> Stack:
    """Show what was checked, what was left out, and every verdict with its numbers."""
    texts = report.texts
    blocks: list[Block] = [Section("relations", texts("relations.title"), relations_sentence(report))]
    if report.tables["relationships"].empty:
        return Stack((*blocks, Prose((texts("relations.nothing"),))))
    blocks.append(Notice(texts("relations.remember"), page_frame(report).footer))
    blocks.append(Prose((_counts(report), texts("relations.meaning_none"), texts("relations.meaning_n"))))
    claims = _claims(report)
    if claims:
        blocks.append(Bullets(claims))
    blocks += [_verdict_table(report), Bullets(_left_out(report))]
    return Stack(tuple(blocks))


def _counts(report: QuarterReport) -> str:
    table = report.tables["relationships"]
    return report.texts("relations.counts", rows=len(table), tested=pairs_tested(report), **count_verdicts(report))


def _verdict_table(report: QuarterReport) -> Table:
    """Return one row a metric and one column a scope, each verdict with its number in brackets."""
    texts, scopes = report.texts, (*report.groups, POOLED)
    verdicts = {scope: of_scope(report, scope).to_dict("index") for scope in scopes}
    rows = [
        {"metric": report.label(metric), "code": name}
        | {
            f"scope_{place}": _verdict_cell(verdicts[scope][name], report) if name in verdicts[scope] else None
            for place, scope in enumerate(scopes)
        }
        for name, metric in report.catalog.metrics.items()
        if any(name in own for own in verdicts.values())
    ]
    columns = [Column("metric", texts("column.metric"))]
    columns += [
        Column(f"scope_{place}", scope_label(scope, report), facet=facet_of_scope(scope))
        for place, scope in enumerate(scopes)
    ]
    frame = pd.DataFrame(rows, columns=[*(column.name for column in columns), "code"])
    note, keys = texts("relations.table_note"), RowKeys(metric="code")
    return Table(frame, tuple(columns), caption=texts("relations.table"), note=note, keys=keys)


def facet_of_scope(scope: str, metric: str = "") -> Facet:
    """Return what a scope's results are about: its group, or every group where they are pooled."""
    return Facet("" if scope == POOLED else scope, metric)


def _verdict_cell(row: Mapping[Any, Any], report: QuarterReport) -> Any:
    """Return a verdict with its number in brackets: r and its lag where it was judged, the months where it was not."""
    texts, verdict = report.texts, str(row["verdict"])
    name = verdict_name(verdict, texts)
    if pd.isna(row["r"]):
        return verdict_mark(verdict, texts("relations.without_r", verdict=name, n=row["n_months"]))
    return verdict_mark(verdict, texts("relations.with_r", verdict=name, r=dated_r(report, row)))


def _claims(report: QuarterReport) -> tuple[About, ...]:
    """Return every clue and every piece of evidence in its full sentence."""
    table = report.tables["relationships"]
    rows = table[table["verdict"].isin(SHOWN_FIRST)].sort_values("p_max_t", kind="stable")
    return tuple(
        About(
            report.texts(
                "relations.claim",
                scope=claim_label(str(row["scope"]), str(row["metric"]), report),
                metric=report.label(report.catalog.metrics[str(row["metric"])]),
                words=verdict_words(row, report),
            ),
            facet_of_scope(str(row["scope"]), str(row["metric"])),
        )
        for row in rows.to_dict("records")
    )


def _left_out(report: QuarterReport) -> tuple[str, ...]:
    """Return what was not correlated, and why: the total, results a group does not own, results within the points."""
    texts = report.texts
    correlated = [metric.metric for metric in report.catalog.metrics.values() if metric.is_correlated]
    foreign = sum(not report.bureau.owns(group, metric) for group in report.groups for metric in correlated)
    lines = [texts("relations.without_total"), texts("relations.without_foreign", count=foreign)]
    coupled = report.tables["relationships"].query("verdict == 'coupled'")["metric"].nunique()
    lines.append(texts("relations.without_coupled", count=coupled))
    never = never_kept(report)
    if never:
        lines.append(texts("relations.never_kept", items=listed(never, texts)))
    lines += [*_not_pooled(report), *_not_judged(report)]
    return tuple(lines)


def _not_pooled(report: QuarterReport) -> list[str]:
    """Return which groups are not in a pool that was judged, since they have too few months for it."""
    texts, judged = report.texts, of_scope(report, POOLED)
    judged = judged[judged["r"].notna()]
    metrics: dict[str, list[str]] = {}
    for name in judged.index:
        for group in owners_of(name, report):
            if group not in pool_members(report, name):
                metrics.setdefault(group, []).append(report.label(report.catalog.metrics[name]))
    needed = FEWEST_MONTHS_POOLED
    return [
        texts("relations.not_pooled", group=group, metrics=listed(names, texts), needed=needed)
        for group, names in metrics.items()
    ]


def _not_judged(report: QuarterReport) -> list[str]:
    """Return why pairs were not judged: each reason once, with the number of pairs that it holds for."""
    table = report.tables["relationships"]
    reasons = Counter(verdict_words(row, report) for row in table[table["r"].isna()].to_dict("records"))
    return [report.texts("relations.not_judged", count=count, words=words) for words, count in reasons.most_common()]
