"""Months in which a group has members, and what workbooks say of it in others: it is not founded yet, or was merged."""

from collections.abc import Iterator

import pandas as pd

from pipeline.catalog import Catalog, Measure
from pipeline.ingest.bureau import Reading
from pipeline.points.keys import month_numbers, months_of
from pipeline.points.measures import KEY, select_rows
from pipeline.points.totals import count_members


def months_with_members(reading: Reading, months: pd.PeriodIndex) -> set[tuple[str, pd.Period]]:
    """Return group and month, of ``months``, in which a group has members; all where the roster has nobody in a group.

    It is scored in these.
    """
    index = pd.MultiIndex.from_product([sorted(reading.bureau.groups), months], names=KEY)
    grid, memberships = index.to_frame(index=False), reading.tables["memberships"]
    if not memberships["party_group"].isna().all():
        grid = grid[count_members(memberships, grid) > 0]
    return set(zip(grid["party_group"], grid["month"], strict=True))


def list_results_without_members(
    reading: Reading, catalog: Catalog, scored: pd.DataFrame, quarter: pd.Period
) -> pd.DataFrame:
    """Return ``results_without_members``: the measures of results and targets that a workbook has for a group in a
    month in which it has no members; ``scored`` is ``points_by_group_month``.

    They count nowhere. The group was merged into another and a workbook goes on in its name, or the roster is wrong.
    """
    known = set(zip(scored["party_group"].tolist(), month_numbers(scored["month"]).tolist(), strict=True))
    first = min((month for _, month in known), default=0)
    rows = []
    for measure, owners in _dated_measures(reading, catalog):
        found = select_rows(reading, measure, quarter.asfreq("M", how="end"))
        pairs = found.only(found.amount > 0).pairs() - known
        rows += [(group, month, measure.measure) for group, month in pairs if month >= first and group in owners]
    table = pd.DataFrame(sorted(rows), columns=[*KEY, "measure"])
    months = months_of(table["month"].to_numpy(dtype="int64"))
    return table.assign(month=months).astype({"party_group": "str", "measure": "str"})


def _dated_measures(reading: Reading, catalog: Catalog) -> Iterator[tuple[Measure, set[str]]]:
    """Yield the measures behind results and targets, each with the groups that own it.

    Only those that count a row in the month of its first date: a term that runs out and a closure follow an earlier
    month, and go on for a while after a group has ended.
    """
    owners: dict[str, set[str]] = {}
    for metric in catalog.metrics.values():
        own = {group for group in reading.bureau.groups if reading.bureau.owns(group, metric.metric)}
        for asked in filter(None, (metric.measure, metric.target)):
            for name in catalog.leaf_measures(asked):
                owners.setdefault(name, set()).update(own)
    for name, groups in owners.items():
        measure = catalog.measures[name]
        dates = (column.column for column in catalog.columns_of(measure.table) if column.dtype in ("date", "month"))
        if measure.period == next(dates):
            yield measure, groups
