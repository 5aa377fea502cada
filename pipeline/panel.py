"""The join of points and results: one row per group, month and metric, with attribution applied."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Kind
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.checking.coverage import forms_of
from pipeline.ingest.checking.gaps import Unused, may_hold, periods_of_unused, unopened
from pipeline.ingest.faults import files_without_contents
from pipeline.points import Points
from pipeline.points.composition import score_constant_members
from pipeline.points.keys import IntArray, looked_up, month_numbers, number, pair_numbers, spread
from pipeline.points.matters import list_entries, overdue_on
from pipeline.points.measures import KEY, KNOWN, LINEAGE, NO_BASE, summarise_quarters
from pipeline.points.without_members import months_with_members

SPRING_MONTHS = (1, 2)  # the festival falls between 21 January and 20 February


def build_panel(points: Points, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``panel``: a row per group, month and metric that the group owns or shares, missing months explicit.

    A metric that is not attributed to a group has no row at all; a month whose workbook was not handed in, or in which
    nothing was due, has a row without a value and says so in ``state``.
    """
    measures = points.tables["measures_by_group_month"]
    known: dict[object, int] = {}
    measure, groups = number(measures["measure"], known), number(measures["party_group"], known)
    places: list[IntArray] = []
    for metric in catalog.metrics.values():
        owners = [known[name] for name in bureau.groups if name in known and bureau.owns(name, metric.metric)]
        places.append(np.flatnonzero((measure == known.get(metric.measure, -1)) & np.isin(groups, owners)))
    rows = measures[[*KEY, "value", "state"]].take(np.concatenate(places)).reset_index(drop=True)
    metrics = np.repeat(np.arange(len(places)), [len(own) for own in places])
    rows["metric"] = spread(list(catalog.metrics), metrics)
    pairs = zip(rows["party_group"].tolist(), rows["metric"].tolist(), strict=True)
    rows["attribution"] = pd.array([bureau.attribution[pair] for pair in pairs], dtype="str")
    months, names = points.tables["points_by_group_month"], dict[object, int]()
    own, scored = (pair_numbers(table["party_group"], month_numbers(table["month"]), names) for table in (rows, months))
    for name in ("process_points", "total_points"):
        rows[name] = looked_up(own, scored, months[name])
    columns = [*KEY, "metric", "attribution", "value", "state", "process_points", "total_points"]
    return rows[columns].sort_values([*KEY, "metric"], ignore_index=True)


def correlated_results(panel: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return group, month, metric, value of the metrics that are compared with points (``assess_relationships``).

    Heavy-tailed amounts are taken as log(1 + value): one seizure in a border area is a thousand times the usual.
    """
    chosen = {name: metric for name, metric in catalog.metrics.items() if metric.is_correlated}
    rows = panel[panel["metric"].isin(list(chosen))]
    results = rows.rename(columns={"party_group": "group"})[["group", "month", "metric", "value"]].reset_index(
        drop=True
    )
    heavy = results["metric"].isin([name for name, metric in chosen.items() if metric.has_heavy_tail])
    results["value"] = results["value"].mask(heavy, np.log1p(results["value"]))
    return results


def directed_results(panel: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return party_group, month, metric, value and direction (1: more is better, -1: less is) of the results that are
    compared with points and have a good side; more cases, for one, do not mean a better market.
    """
    signs = {"up": 1, "down": -1}
    chosen = {name: metric.direction for name, metric in catalog.metrics.items() if metric.is_correlated}
    directions = panel["metric"].map(chosen).map(signs)
    rows = panel[directions.notna()][[*KEY, "metric", "value"]]
    return rows.assign(direction=directions[directions.notna()].astype("int64")).reset_index(drop=True)


def process_points(panel: pd.DataFrame) -> pd.DataFrame:
    """Return group, month, value of the process points (``assess_relationships``)."""
    rows = panel.drop_duplicates(subset=KEY)[[*KEY, "process_points"]].reset_index(drop=True)
    return rows.rename(columns={"party_group": "group", "process_points": "value"})


def turnover_months(turnover: pd.DataFrame) -> pd.DataFrame:
    """Return group and month of the flagged rows of ``turnover_by_group_month``, the largest first (``assess``)."""
    flagged = turnover[turnover["is_flagged"]].rename(columns={"party_group": "group"})
    flagged = flagged.sort_values("turnover_pct", ascending=False, kind="stable")
    return flagged[["group", "month"]].reset_index(drop=True)


def constant_process_points(
    process: pd.DataFrame, reading: Reading, turnover: pd.DataFrame, catalog: Catalog, quarter: pd.Period
) -> pd.DataFrame:
    """Return ``process`` (`process_points`) with other points for groups in which a month is flagged in
    ``turnover_by_group_month``: as if only those had been members who were there all along.

    Empty where no month is flagged: nothing would change much.
    """
    flagged = set(turnover.loc[turnover["is_flagged"], "party_group"])
    if not flagged:
        return process.iloc[:0]
    months = pd.period_range(turnover["month"].min(), turnover["month"].max(), freq="M")
    points = score_constant_members(reading, catalog, quarter, months)
    constant = process_points(build_panel(points, reading.bureau, catalog))
    return pd.concat(
        [process[~process["group"].isin(flagged)], constant[constant["group"].isin(flagged)]], ignore_index=True
    )


def coupled_metrics(bureau: Bureau, catalog: Catalog) -> tuple[str, ...]:
    """Return the metrics that process points contain: none, unless process items without a tag measure a metric.

    Items that the rule book tags with a metric are already left out of the process points. An untagged item of a
    process category that measures a metric, or a part of one, all the same is caught here, so that no result is
    compared with itself.
    """
    process = {name for name, category in catalog.categories.items() if category.is_process}
    hidden = {
        leaf
        for rule in bureau.rules
        if rule.category in process and not rule.metric
        for leaf in catalog.leaf_measures(rule.measure)
    }
    return tuple(
        sorted(name for name, entry in catalog.metrics.items() if hidden & set(catalog.leaf_measures(entry.measure)))
    )


def summarise_metrics(points: Points, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``metrics_by_group_quarter`` for every quarter: value, target, same quarter last year, change.

    Like is compared with like: a target counts for the months that have a result, and last year only where it has
    every month that this quarter has; a month in which nothing was due lacks nothing. The Spring Festival stays on both
    sides: its sales window always falls into January and February, which are compared combined (元春) or not at all.
    ``change`` is in percent, for rates in percentage points; without a base above 0 there is none.
    """
    measures = points.tables["measures_by_group_month"]
    measures = measures[measures["state"].isin([KNOWN, NO_BASE])]
    told = _rows_by_metric(measures, {name: metric.measure for name, metric in catalog.metrics.items()})
    pairs = zip(told["party_group"].tolist(), told["metric"].tolist(), strict=True)
    told = told[np.array([bureau.owns(group, metric) for group, metric in pairs], dtype=np.bool_)]
    own, known = told[told["state"] == KNOWN], measures[measures["state"] == KNOWN]
    targets = _rows_by_metric(known, {name: metric.target for name, metric in catalog.metrics.items()})
    told_before = _without_lone_spring_months(_in_months_of(told.assign(month=told["month"] + 12), told))
    last_year = told_before[told_before["state"] == KNOWN]
    table = _by_quarter(
        {
            "value": own,
            "target": _in_months_of(targets, own),
            "aimed_value": _in_months_of(own, targets),
            "last_year": last_year,
        },
        catalog,
    )
    months, months_before = (_months_by_quarter(rows, table) for rows in (told, told_before))
    table["last_year"] = table["last_year"].where(months == months_before)
    table["month_count"] = table["value_months"].astype("int64")
    difference = table["value"] - table["last_year"]
    is_rate = table["metric"].map({name: metric.unit == "pct" for name, metric in catalog.metrics.items()}).astype(bool)
    percent = (100.0 * difference / table["last_year"]).where(table["last_year"] > 0)
    table["change"] = difference.where(is_rate, percent)
    table["attained_pct"] = (100.0 * table["aimed_value"] / table["target"]).where(table["target"] > 0)
    return table[[column.column for column in catalog.columns_of("metrics_by_group_quarter")]]


def _rows_by_metric(measures: pd.DataFrame, measure_of: Mapping[str, str]) -> pd.DataFrame:
    """Return the monthly rows of each metric's measure (or target), named by the metric."""
    names = pd.DataFrame([(metric, measure) for metric, measure in measure_of.items()], columns=["metric", "measure"])
    return measures.merge(names, on="measure")


def _without_lone_spring_months(rows: pd.DataFrame) -> pd.DataFrame:
    """Drop a January without its February and a February without its January: the festival moves between them."""
    is_spring = rows["month"].dt.month.isin(SPRING_MONTHS)
    spring_months = is_spring.groupby([rows["party_group"], rows["metric"], rows["month"].dt.year]).transform("sum")
    return rows[~is_spring | (spring_months == len(SPRING_MONTHS))]


def _in_months_of(rows: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the rows whose group, month and metric stand in ``others`` too."""
    known: dict[object, int] = {}
    own, wanted = (_metric_numbers(table, "month", known) for table in (rows, others))
    return rows[np.isin(own, wanted)]


def _by_quarter(rows: Mapping[str, pd.DataFrame], catalog: Catalog) -> pd.DataFrame:
    """Return a row for each party group, quarter and metric of the first of the monthly ``rows``: the value of the
    quarter of each of them under its name, and the number of its months (``..._months``).
    """
    all_rows = pd.concat([own.assign(role=name) for name, own in rows.items()], ignore_index=True)
    values = summarise_quarters(all_rows, catalog, ["role", "party_group", "metric"])
    known: dict[object, int] = {}
    by_role = {name: values[values["role"] == name] for name in rows}
    places = {name: _metric_numbers(own, "quarter", known) for name, own in by_role.items()}
    first = next(iter(rows))
    table = by_role[first][["party_group", "quarter", "metric"]].reset_index(drop=True)
    for name, own in by_role.items():
        table[name] = looked_up(places[first], places[name], own["value"])
        table[f"{name}_months"] = looked_up(places[first], places[name], own["month_count"])
    return table.sort_values(["party_group", "quarter", "metric"], ignore_index=True)


def _months_by_quarter(rows: pd.DataFrame, table: pd.DataFrame) -> IntArray:
    """Return for each row of ``table`` how many monthly ``rows`` its party group, quarter and metric have."""
    of_quarter = rows.assign(quarter=rows["month"].dt.asfreq("Q"))
    known: dict[object, int] = {}
    wanted, found = (_metric_numbers(one, "quarter", known) for one in (table, of_quarter))
    numbers, counts = np.unique(found, return_counts=True)
    places = np.searchsorted(numbers, wanted)
    return np.where(np.isin(wanted, numbers), np.append(counts, 0)[places], 0)


def _metric_numbers(table: pd.DataFrame, period: str, known: dict[object, int]) -> IntArray:
    """Return one number for each party group, metric and period."""
    names = zip(table["party_group"].tolist(), table["metric"].tolist(), strict=True)
    return pair_numbers(names, month_numbers(table[period]), known)


def list_overdue(reading: Reading, as_of: pd.Timestamp, catalog: Catalog) -> pd.DataFrame:
    """Return ``overdue``: entries of the listed matters past their date and not closed on ``as_of``, oldest first.

    ``owner`` (for the secretary only) is whom the ledger names for it; number and topic are empty where it has none.
    """
    columns = ["matter", "party_group", "number", "topic", "owner", "due_on", "days_overdue_d", *LINEAGE]
    parts = []
    for matter in catalog.matters.values():
        if matter.is_listed:
            entries = list_entries(reading, matter, catalog)
            late = entries[overdue_on(entries, as_of)]
            days = (as_of - late["due_on"]).dt.days
            parts.append(late.assign(matter=matter.matter, days_overdue_d=days)[columns])
    overdue = pd.concat(parts, ignore_index=True).fillna({"number": "", "topic": ""})
    return overdue.sort_values("due_on", ignore_index=True)


def list_submissions(reading: Reading, catalog: Catalog, quarter: pd.Period) -> pd.DataFrame:
    """Return ``submissions``: for each workbook kind and month of the quarter whether it was handed in, and by whom.

    A quarterly or yearly workbook is asked for once, in the last month of its period. Kinds that are kept per group
    have a row for every group of the bureau; the others have an empty ``party_group``. A workbook of which nothing
    could be used, or that could not even be opened or has no contents while its name speaks of the kind and the time,
    is ``unreadable``, not missing: whoever keeps it did hand it in. Two forms of one report (a matrix and a list) are
    asked for once, under the first one. A group without members in a month, before it was founded or after it was
    merged into another, is not asked for that month, nor is what groups say of each other where there is only one.
    """
    months = pd.period_range(quarter.asfreq("M", "start"), quarter.asfreq("M", "end"), freq="M")
    exists = months_with_members(reading, months)
    groups = sorted(reading.bureau.groups)
    submitted = _groups_by_kind_and_month(reading.tables["coverage"])
    without_contents = files_without_contents(reading.issues)
    rows = []
    for kind in catalog.kinds.values():
        forms = forms_of(kind, catalog)
        if kind.kind != forms[0] or not reading.bureau.owes(kind, catalog):
            continue
        closed = unopened(reading.files, without_contents, [catalog.kinds[form] for form in forms])
        closed += [period for file in reading.files if file.kind in forms for period in periods_of_unused(file)]
        for month, accepted in _due_months(kind, months):
            handed_in = (submitted.get((form, own.ordinal), set()) for form in forms for own in accepted)
            covered = set[str]().union(*handed_in)
            asked = [group for group in groups if (group, month) in exists or group in covered]
            there = {group for group, own in exists if own in accepted}
            if len(there) < 2 and not covered and catalog.is_between_groups(kind.table):
                continue  # nobody is there to be rated
            for group in asked if kind.per_group else [""]:
                is_submitted = bool(covered) if group == "" else bool(covered & {"", group})
                is_unused = _may_be_in(closed, accepted)
                state = "submitted" if is_submitted else "unreadable" if is_unused else "missing"
                rows.append((kind.kind, kind.label_zh, month, group, is_submitted, state))
    table = pd.DataFrame(rows, columns=["kind", "kind_label", "month", "party_group", "is_submitted", "state"])
    return table.astype({"month": "period[M]", "is_submitted": bool})


def _groups_by_kind_and_month(coverage: pd.DataFrame) -> dict[tuple[str, int], set[str]]:
    """Return the groups whose workbooks of a kind cover a month, "" for one that covers them all."""
    found: dict[tuple[str, int], set[str]] = {}
    columns = (
        coverage["kind"].tolist(),
        month_numbers(coverage["month"]).tolist(),
        coverage["party_group"].fillna("").tolist(),
    )
    for kind, month, group in zip(*columns, strict=True):
        found.setdefault((kind, month), set()).add(group)
    return found


def _may_be_in(files: Iterable[Unused], months: pd.PeriodIndex) -> bool:
    """Tell whether one of ``months`` may be in a file that could not be opened."""
    return any(may_hold(file, month) for file in files for month in months)


def _due_months(kind: Kind, months: pd.PeriodIndex) -> list[tuple[pd.Period, pd.PeriodIndex]]:
    """Return (month to report under, months of which one must be covered) for one kind in one quarter."""
    if kind.cadence == "monthly":
        return [(month, pd.PeriodIndex([month])) for month in months]
    if kind.cadence == "quarterly":
        return [(months[-1], months)]
    if kind.cadence == "yearly" and months[-1].month == 12:  # December
        return [(months[-1], pd.period_range(f"{months[-1].year}-01", f"{months[-1].year}-12", freq="M"))]
    return []
