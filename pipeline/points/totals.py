"""From points per item to categories and months: rescaling, totals, process points."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.measures import KEY, NOT_SUBMITTED
from pipeline.points.scoring import full_points

MID_MONTH_DAY = 15  # domain.md section 3: under half a month is not scored


def rescale_items(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the items with ``points`` and ``full_points`` scaled so that each category reaches its weight (折算).

    Items that are left out have no points. A category without a weight (bonus and deductions) is not scaled.
    """
    counted = items["capped_points"].notna()
    available = (
        items["full_points"].where(counted).groupby([items[name] for name in [*KEY, "category"]]).transform("sum")
    )
    weight = (
        items["category"].map({name: category.weight for name, category in catalog.categories.items()}).astype(float)
    )
    factor = (weight / available).where(weight.notna(), 1.0)
    result = items.copy()
    result["points"] = result["capped_points"] * factor
    result["full_points"] = (result["full_points"] * factor).where(counted & weight.notna())
    return result


def total_categories(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_by_group_month_category``; a category whose items were all left out has no points."""
    grouped = items.groupby([*KEY, "category"], sort=True)
    table = grouped["points"].sum(min_count=1).reset_index()
    table["weight"] = (
        table["category"].map({name: entry.weight for name, entry in catalog.categories.items()}).astype(float)
    )
    left_out = grouped["points"].apply(lambda points: bool(points.isna().any()))
    table["is_rescaled"] = left_out.to_numpy() & table["weight"].notna().to_numpy()
    return table


def total_months(items: pd.DataFrame, categories: pd.DataFrame, reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_by_group_month``: total and process points per group and month.

    The total adds the weighted categories (scaled to the sum of all weights when a whole category was left out) and the
    bonuses and deductions, floor 0. Process points hold only process categories, and in them only items that are not
    derived from a business metric; they are missing in a month whose activity ledgers were not submitted.
    """
    weighted = categories[categories["weight"].notna() & categories["points"].notna()]
    sums = weighted.groupby(KEY)[["points", "weight"]].sum()
    full = sum(category.weight or 0.0 for category in catalog.categories.values())
    extra = categories[categories["weight"].isna()].groupby(KEY)["points"].sum()
    total = (sums["points"] * full / sums["weight"]).add(extra, fill_value=0.0).clip(lower=0.0)

    table = total.rename("total_points").to_frame()
    table = table.join(_process_points(items, reading.bureau, catalog)).reset_index()
    table["process_points"] = table["process_points"].where(table["is_complete"])
    table["member_count"] = count_members(reading.tables["memberships"], table)
    return table


def count_members(memberships: pd.DataFrame, grid: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of members on the 15th of each (party_group, month) row of ``grid``."""
    counts = []
    for group, month in zip(grid["party_group"], grid["month"], strict=True):
        day = month.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)
        current = (memberships["joined_on"] <= day) & ~(memberships["left_on"] <= day)
        counts.append(int((current & (memberships["party_group"] == group)).sum()))
    return pd.Series(counts, index=grid.index, dtype="int64")


def _process_points(items: pd.DataFrame, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return process points and completeness by (party_group, month), from capped points, scaled to the weights."""
    derived = {(rule.version, rule.item) for rule in bureau.rules if rule.metric}
    keys = zip(items["rule_version"], items["item"], strict=True)
    process = items["category"].map({name: entry.is_process for name, entry in catalog.categories.items()}).astype(bool)
    own = items[process & ~np.fromiter((key in derived for key in keys), bool, len(items))]
    full = {(rule.version, rule.item): full_points(rule) for rule in bureau.rules}
    full_of = [full[key] for key in zip(own["rule_version"], own["item"], strict=True)]
    counted = own.assign(full=np.where(own["capped_points"].notna(), full_of, np.nan))
    sums = counted.groupby([*KEY, "category"])[["capped_points", "full"]].sum(min_count=1).reset_index()
    weight = sums["category"].map({name: entry.weight for name, entry in catalog.categories.items()}).astype(float)
    sums["process_points"] = sums["capped_points"] * (weight / sums["full"])
    complete = own.assign(is_complete=own["state"] != NOT_SUBMITTED).groupby(KEY)["is_complete"].all()
    return sums.groupby(KEY)["process_points"].sum(min_count=1).to_frame().join(complete)
