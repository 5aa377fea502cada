"""The join of points and results: one row per group, month and metric, with attribution applied."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Kind
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points import Points
from pipeline.points.measures import LINEAGE, summarise_quarters

KEY = ["party_group", "month"]


def build_panel(points: Points, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``panel``: a row per group, month and metric that the group owns or shares, missing months explicit.

    A metric that is not attributed to a group has no row at all; a month whose workbook was not handed in, or in which
    nothing was due, has a row without a value and says so in ``state``.
    """
    measures = points.tables["measures_by_group_month"]
    parts = []
    for metric in catalog.metrics.values():
        rows = measures.loc[measures["measure"] == metric.measure, [*KEY, "value", "state"]].assign(
            metric=metric.metric
        )
        owned = rows["party_group"].map(lambda group, name=metric.metric: bureau.owns(group, name)).astype(bool)
        parts.append(rows[owned])
    panel = pd.concat(parts, ignore_index=True)
    pairs = zip(panel["party_group"], panel["metric"], strict=True)
    panel["attribution"] = [bureau.attribution[pair] for pair in pairs]
    months = points.tables["points_by_group_month"][[*KEY, "process_points", "total_points"]]
    panel = panel.merge(months, on=KEY, how="left")
    columns = [*KEY, "metric", "attribution", "value", "state", "process_points", "total_points"]
    return panel[columns].sort_values([*KEY, "metric"], ignore_index=True)


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


def process_points(panel: pd.DataFrame) -> pd.DataFrame:
    """Return group, month, value of the process points (``assess_relationships``)."""
    rows = panel.drop_duplicates(subset=KEY)[[*KEY, "process_points"]].reset_index(drop=True)
    return rows.rename(columns={"party_group": "group", "process_points": "value"})


def coupled_metrics(bureau: Bureau, catalog: Catalog) -> tuple[str, ...]:
    """Return the metrics that process points contain: none, unless process items without a tag measure a metric.

    Items that the rule book tags with a metric are already left out of the process points. An untagged item of a
    process category that measures a metric all the same is caught here, so that no result is compared with itself.
    """
    process = {name for name, category in catalog.categories.items() if category.is_process}
    hidden = {rule.measure for rule in bureau.rules if rule.category in process and not rule.metric}
    return tuple(sorted(name for name, metric in catalog.metrics.items() if metric.measure in hidden))


def summarise_metrics(points: Points, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``metrics_by_group_quarter`` for every quarter: value, target, same quarter last year, change.

    ``change`` is in percent, for rates in percentage points; without a base above 0 there is none. A same-quarter
    comparison keeps the Spring Festival on both sides: its sales window always falls into the first quarter.
    """
    quarters = summarise_quarters(points.tables["measures_by_group_month"], catalog)
    parts = [_summarise_metric(quarters, metric.metric, bureau, catalog) for metric in catalog.metrics.values()]
    columns = [
        "party_group",
        "quarter",
        "metric",
        "value",
        "target",
        "last_year",
        "change",
        "attained_pct",
        "month_count",
    ]
    return pd.concat(parts, ignore_index=True)[columns].sort_values(
        ["party_group", "quarter", "metric"], ignore_index=True
    )


def _summarise_metric(quarters: pd.DataFrame, name: str, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    metric = catalog.metrics[name]
    on = ["party_group", "quarter"]
    own = quarters[quarters["measure"] == metric.measure].drop(columns="measure").assign(metric=name)
    own = own[own["party_group"].map(lambda group: bureau.owns(group, name)).astype(bool)]
    target = quarters.loc[quarters["measure"] == metric.target, [*on, "value"]].rename(columns={"value": "target"})
    before = own[[*on, "value", "month_count"]].assign(quarter=own["quarter"] + 4)
    before = before.rename(columns={"value": "last_year", "month_count": "months_before"})
    table = own.merge(target, on=on, how="left").merge(before, on=on, how="left")
    # a partial quarter is never compared with a whole one
    table["last_year"] = table["last_year"].where(table["months_before"] == table["month_count"])
    difference = table["value"] - table["last_year"]
    percent = (100.0 * difference / table["last_year"]).where(table["last_year"] > 0)
    table["change"] = difference if metric.unit == "pct" else percent
    table["attained_pct"] = (100.0 * table["value"] / table["target"]).where(table["target"] > 0)
    return table


def list_overdue(reading: Reading, as_of: pd.Timestamp, catalog: Catalog) -> pd.DataFrame:
    """Return ``overdue``: decisions, opinions and pledges past their date and not closed on ``as_of``, oldest first."""
    kept = reading.tables["pledges"]["status"].isin(list(catalog.words_of("pledge_kept")))
    pledges = reading.tables["pledges"][~kept].assign(number="", topic="")
    sources = [
        ("decisions", reading.tables["decisions"].rename(columns={"decision_no": "number"})),
        ("opinions", reading.tables["opinions"].rename(columns={"opinion_no": "number", "category": "topic"})),
        ("pledges", pledges),
    ]
    columns = ["matter", "party_group", "number", "topic", "due_on", "days_overdue_d", *LINEAGE]
    parts = []
    for matter, rows in sources:
        late = rows[(rows["due_on"] < as_of) & ~(rows["closed_on"] <= as_of)]
        days = (as_of - late["due_on"]).dt.days
        parts.append(late.assign(matter=matter, days_overdue_d=days)[columns])
    return pd.concat(parts, ignore_index=True).sort_values("due_on", ignore_index=True)


def list_submissions(reading: Reading, catalog: Catalog, quarter: pd.Period) -> pd.DataFrame:
    """Return ``submissions``: for each workbook kind and month of the quarter whether it was handed in, and by whom.

    A quarterly or yearly workbook is asked for once, in the last month of its period. Kinds that are kept per group
    have a row for every group of the bureau; the others have an empty ``party_group``.
    """
    months = pd.period_range(quarter.asfreq("M", "start"), quarter.asfreq("M", "end"), freq="M")
    coverage = reading.tables["coverage"]
    groups = sorted(reading.bureau.groups)
    rows = []
    for kind in catalog.kinds.values():
        own = coverage[coverage["kind"] == kind.kind]
        for month, accepted in _due_months(kind, months):
            handed_in = own[own["month"].isin(list(accepted))]
            covered = set(handed_in["party_group"].fillna("").astype("str"))
            for group in groups if kind.per_group else [""]:
                is_submitted = bool(covered) if group == "" else bool(covered & {"", group})
                rows.append((kind.kind, kind.label_zh, month, group, is_submitted))
    table = pd.DataFrame(rows, columns=["kind", "kind_label", "month", "party_group", "is_submitted"])
    return table.astype({"month": "period[M]", "is_submitted": bool})


def _due_months(kind: Kind, months: pd.PeriodIndex) -> list[tuple[pd.Period, pd.PeriodIndex]]:
    """Return (month to report under, months of which one must be covered) for one kind in one quarter."""
    if kind.cadence == "monthly":
        return [(month, pd.PeriodIndex([month])) for month in months]
    if kind.cadence == "quarterly":
        return [(months[-1], months)]
    if kind.cadence == "yearly" and months[-1].month == 12:  # December
        return [(months[-1], pd.period_range(f"{months[-1].year}-01", f"{months[-1].year}-12", freq="M"))]
    return []
