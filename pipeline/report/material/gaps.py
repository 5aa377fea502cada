"""What a number of the quarter lacks: months without data, and rows of its workbooks that were not used."""

from collections.abc import Collection, Iterable, Sequence

import pandas as pd

from pipeline.catalog import Metric
from pipeline.points.measures import NOT_SUBMITTED
from pipeline.report.material.base import kept
from pipeline.report.material.covering import kinds_of_tables, speaks_of
from pipeline.report.material.lacking import Gap, quarter_gaps
from pipeline.report.material.membership import is_counted_nowhere, scored_months
from pipeline.report.material.numbers import listed, short_month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.texts import Texts

COPIED_SHEET = "copied_sheet"  # codes of issues
COPIED_ROW = "copied_row"
ACTIVITIES = "activities"  # the table of the activity ledger
MONTHS_NAMED = 3  # a quarter; a sentence with more is not read


@kept
def gaps_of(report: QuarterReport, metric: Metric) -> tuple[Gap, ...]:
    """Return which groups that own ``metric`` lack which months of it.

    A month in which nothing was due is no gap, nor is one in which the group has no members; but it is one where a
    workbook has the result all the same, which then counts nowhere.
    """
    return _gaps(report, metric, report.of_quarter("panel"), "metric", metric.metric, metric.measure)


@kept
def target_gaps_of(report: QuarterReport, metric: Metric) -> tuple[Gap, ...]:
    """Return which groups that own ``metric`` lack which months of its target; empty for a metric without one."""
    if not metric.target:
        return ()
    rows = report.of_quarter("measures_by_group_month")
    return _gaps(report, metric, rows, "measure", metric.target, metric.target)


def months_missing(report: QuarterReport, group: str, metric: Metric) -> tuple[pd.Period, ...]:
    """Return the quarter's months without data of one group that owns ``metric``."""
    return _months_missing(report, metric).get(group, ())


@kept
def _months_missing(report: QuarterReport, metric: Metric) -> dict[str, tuple[pd.Period, ...]]:
    return {gap.party_group: gap.months for gap in gaps_of(report, metric)}


@kept
def points_gaps_of(report: QuarterReport) -> tuple[Gap, ...]:
    """Return in which months of this quarter and the last which groups' points lack a ledger."""
    return quarter_gaps(report.tables, report.bureau, report.catalog, report.quarter)


@kept
def silent_groups_of(report: QuarterReport) -> tuple[Gap, ...]:
    """Return in which months of the quarter a group has no activity that counts, while others have some.

    The ledger is there, and the group's points are those of a month without activities: whether there were none,
    nobody wrote them down, or in other words, only people know. A group without members has none to write down.
    """
    counted = [name for name, one in report.catalog.measures.items() if one.table == ACTIVITIES]
    rows = report.of_quarter("measures_by_group_month")
    rows = rows[rows["measure"].isin(counted) & (rows["state"] != NOT_SUBMITTED)]
    sums = rows.groupby(["month", "party_group"])["value"].sum().unstack("party_group")
    points = report.of_quarter("points_by_group_month")
    members = points.set_index(["month", "party_group"])["member_count"].unstack("party_group").reindex_like(sums)
    is_silent = sums.eq(0) & members.gt(0) & sums.gt(0).any(axis=1).to_numpy()[:, None]
    found = {str(group): tuple(is_silent.index[is_silent[group]]) for group in is_silent.columns}
    return tuple(Gap(group, found[group]) for group in report.groups if found.get(group))


def silent_text(report: QuarterReport) -> str:
    """Return what must be asked of groups without a row in the activity ledger; "" where all have some."""
    gaps = silent_groups_of(report)
    return report.texts("summary.points_silent", places=gap_text(gaps, report.texts)) if gaps else ""


def lacking_sentence(gaps: Sequence[Gap], unequal: Collection[str], texts: Texts) -> str:
    """Return what points that lack a ledger cannot be compared with; "" where none do.

    ``unequal`` are the groups that lack what others do not (`lacking.unequal_groups`).
    """
    if not gaps:
        return ""
    return texts(f"summary.{lacking_key(gaps, is_unequal=bool(unequal))}", places=gap_text(gaps, texts))


def lacking_key(gaps: Sequence[Gap], is_unequal: bool) -> str:
    """Return the end of the text that says what points that lack a ledger cannot be compared with.

    Where all groups lack the same and only one lacks it, there is no other.
    """
    if is_unequal:
        return "points_lacking"
    return "points_lacking_alike" if len(gaps) > 1 else "points_lacking_alone"


def gap_text(gaps: Iterable[Gap], texts: Texts) -> str:
    """Return gaps as words, months of each counted where they are many: 营销管理 11月；专卖综合 3月至9月间共 5 个月."""
    return texts("list.clauses").join(
        texts("gap.group_months", group=gap.party_group, months=few_months_text(gap.months, texts)) for gap in gaps
    )


def few_months_text(months: Sequence[pd.Period], texts: Texts) -> str:
    """Return months by their names; where they are more than a quarter, how many there are, the first and the last."""
    names = [short_month_text(month, texts) for month in months]
    if len(names) > MONTHS_NAMED:
        return texts("gap.many_months", count=len(names), first=names[0], last=names[-1])
    return listed(names, texts)


@kept
def rows_not_used(report: QuarterReport, metric: Metric) -> int:
    """Return how many rows of the quarter's workbooks behind ``metric`` were rejected: the number may be too low.

    A rejected row has no date that could be trusted, so every row counts of a sheet that may concern the quarter; but
    not one that says the same as another, which counts.
    """
    kinds = kinds_of_tables(_tables_behind(report, metric.measure), report.catalog)
    return sum(
        max(sheet.rejected - _copied_rows(report, file.path, sheet.name, sheet.rejected), 0)
        for file in report.files
        if file.kind in kinds and file.status == "read"
        for sheet in file.sheets
        if speaks_of(file.path, sheet.name, report.months)
    )


def _copied_rows(report: QuarterReport, file: str, sheet: str, rejected: int) -> int:
    """Return how many of the rejected rows of a sheet say the same as others in all that was rejected of them, or are
    carried on by others: a row may hold many months. On a sheet that is the same as another, all do that have no fault
    of their own.
    """
    found: dict[bool, set[int]] = {True: set(), False: set()}
    is_copy, carried_on = False, 0
    for finding in report.findings:
        if (finding.file, finding.sheet) == (file, sheet):
            is_copy |= finding.code == COPIED_SHEET
            carried_on += finding.carried_on
            if finding.outcome == "row" and finding.row is not None:
                found[finding.code == COPIED_ROW].add(finding.row)
    return rejected - len(found[False]) if is_copy else len(found[True] - found[False]) + carried_on


def unused_rows_text(report: QuarterReport, metric: Metric) -> str:
    """Return the reservation that a number of ``metric`` needs when rows behind it were not used; "" when all were."""
    count = rows_not_used(report, metric)
    return report.texts("gap.rows_not_used", count=count) if count else ""


def _gaps(
    report: QuarterReport, metric: Metric, rows: pd.DataFrame, key: str, name: str, measure: str
) -> tuple[Gap, ...]:
    own, measures = rows[rows[key] == name], report.catalog.leaf_measures(measure)
    states = {
        (group, month): state
        for group, month, state in zip(own["party_group"], own["month"], own["state"], strict=True)
    }
    found = []
    for group in report.groups:
        if report.bureau.owns(group, metric.metric):
            months = [
                month
                for month in report.months
                if (
                    states.get((group, month), NOT_SUBMITTED) == NOT_SUBMITTED
                    if month in scored_months(report)[group]
                    else is_counted_nowhere(report, group, month, measures)
                )
            ]
            if months:
                found.append(Gap(group, tuple(months)))
    return tuple(found)


def _tables_behind(report: QuarterReport, measure_name: str) -> set[str]:
    measure = report.catalog.measures[measure_name]
    if measure.aggregate != "quotient":
        return {measure.table}
    return _tables_behind(report, measure.value) | _tables_behind(report, measure.base)
