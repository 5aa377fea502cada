"""From points per item to categories and months: rescaling, totals, process points."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.measures import KEY, NOT_SUBMITTED

MID_MONTH_DAY = 15  # domain.md section 3: under half a month is not scored


def rescale_items(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the items with ``points`` and ``full_points`` scaled so that each category reaches its weight (折算).

    Items that are left out have no points. A category without a weight (bonus and deductions) is not scaled.
    """
    counted = items["capped_points"].notna()
    by_category = [items[name] for name in [*KEY, "category"]]
    available = items["rule_points"].where(counted).groupby(by_category).transform("sum")
    weight = items["category"].map(_weights(catalog))
    factor = (weight / available).where(weight.notna(), 1.0)
    result = items.copy()
    result["points"] = result["capped_points"] * factor
    result["full_points"] = (result["rule_points"] * factor).where(counted & weight.notna())
    return result


def total_categories(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_by_group_month_category``; a category whose items were all left out has no points."""
    grouped = items.groupby([*KEY, "category"], sort=True)
    table = grouped["points"].sum(min_count=1).reset_index()
    table["weight"] = table["category"].map(_weights(catalog))
    left_out = grouped["points"].count() < grouped["points"].size()
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
    table = table.join(_process_points(items, _weights(catalog))).reset_index()
    table["process_points"] = table["process_points"].where(table["is_complete"])
    table["member_count"] = count_members(reading.tables["memberships"], table)
    return table


def count_members(memberships: pd.DataFrame, grid: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of members on the 15th of each (party_group, month) row of ``grid``."""
    days = (grid["month"].dt.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)).to_numpy()[:, None]
    current = (memberships["joined_on"].to_numpy() <= days) & ~(memberships["left_on"].to_numpy() <= days)
    own = memberships["party_group"].to_numpy(dtype=object) == grid["party_group"].to_numpy(dtype=object)[:, None]
    return pd.Series((current & own).sum(axis=1), index=grid.index, dtype="int64")


def _weights(catalog: Catalog) -> dict[str, float]:
    """Return the weight of every category; bonuses and deductions have none (NaN)."""
    return {name: np.nan if entry.weight is None else entry.weight for name, entry in catalog.categories.items()}


def _process_points(items: pd.DataFrame, weights: Mapping[str, float]) -> pd.DataFrame:
    """Return process points and completeness by (party_group, month), from capped points, scaled to the weights."""
    own = items[items["is_process"]]
    full = own["rule_points"].where(own["capped_points"].notna())
    sums = own.assign(full=full).groupby([*KEY, "category"])[["capped_points", "full"]].sum(min_count=1).reset_index()
    sums["process_points"] = sums["capped_points"] * (sums["category"].map(weights) / sums["full"])
    complete = own.assign(is_complete=own["state"] != NOT_SUBMITTED).groupby(KEY)["is_complete"].all()
    return sums.groupby(KEY)["process_points"].sum(min_count=1).to_frame().join(complete)
