"""From points per item to categories and months: rescaling, totals, process points."""

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.measures import KEY, NOT_SUBMITTED
from pipeline.points.schemes import version_in_effect
from pipeline.points.stays import MID_MONTH_DAY, assigned


def rescale_items(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the items with ``points`` and ``full_points``: where items are left out, the rest is scaled up (折算).

    The rest of a category is scaled to the full points of all its items in the rule book, times what the category is
    multiplied by where the book states its weight. Items that are left out have no points. A category without a weight
    (bonus and deductions) is not scaled.
    """
    counted = items["capped_points"].notna()
    by_category = [items[name] for name in [*KEY, "category"]]
    full = items["rule_points"].groupby(by_category).transform("sum")
    available = items["rule_points"].where(counted).groupby(by_category).transform("sum")
    is_weighted = items["category"].isin(_weighted(catalog))
    factor = (items["weight_factor"] * full / available).where(is_weighted, 1.0)
    result = items.copy()
    result["points"] = result["capped_points"] * factor
    result["full_points"] = (result["rule_points"] * factor).where(counted & is_weighted)
    return result


def total_categories(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``points_by_group_month_category``; a category whose items were all left out has no points.

    ``weight`` is what the rule book in effect states, else the sum of its full points; bonuses and deductions have
    none.
    """
    items = items.assign(weight=items["rule_points"] * items["weight_factor"])
    grouped = items.groupby([*KEY, "category"], sort=True)
    table = grouped["points"].sum(min_count=1).reset_index()
    table["weight"] = grouped["weight"].sum().to_numpy()
    table["weight"] = table["weight"].where(table["category"].isin(_weighted(catalog)))
    left_out = grouped["points"].count() < grouped["points"].size()
    table["is_rescaled"] = left_out.to_numpy() & table["weight"].notna().to_numpy()
    return table


def total_months(items: pd.DataFrame, categories: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return ``points_by_group_month``: total and process points per group and month.

    The total adds the weighted categories (scaled to the sum of all weights when a whole category was left out) and the
    bonuses and deductions, and never falls below the floor of the rule book in effect. Process points hold only process
    categories, and in them only items that are not derived from a metric; they are missing in a month whose activity
    ledgers were not submitted.
    """
    weighted = categories[categories["weight"].notna() & categories["points"].notna()]
    sums = weighted.groupby(KEY)[["points", "weight"]].sum()
    full = categories.groupby(KEY)["weight"].sum()
    extra = categories[categories["weight"].isna()].groupby(KEY)["points"].sum()
    total = (sums["points"] * full / sums["weight"]).add(extra, fill_value=0.0)
    bureau = reading.bureau
    versions = {month: version_in_effect(bureau.rules, month) for month in items["month"].unique()}
    floors = {month: bureau.parameter(version, "month_floor_points") for month, version in versions.items()}
    total = total.clip(lower=total.index.get_level_values("month").map(floors).to_numpy(dtype=float))

    table = total.rename("total_points").to_frame()
    table = table.join(_process_points(items)).reset_index()
    table["process_points"] = table["process_points"].where(table["is_complete"])
    table["member_count"] = count_members(reading.tables["memberships"], table)
    return table


def count_members(memberships: pd.DataFrame, grid: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of members on the 15th of each (party_group, month) row of ``grid``."""
    stays = assigned(memberships)[["party_group", "joined_on", "left_on"]].astype({"party_group": "object"})
    rows = pd.DataFrame({"party_group": grid["party_group"].astype("object").to_numpy(), "row": range(len(grid))})
    rows["middle"] = (grid["month"].dt.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)).to_numpy()
    both = rows.merge(stays, on="party_group")
    current = both[(both["joined_on"] <= both["middle"]) & (both["middle"] < both["left_on"])]
    counts = current.groupby("row").size().reindex(range(len(grid)), fill_value=0)
    return pd.Series(counts.to_numpy(), index=grid.index, dtype="int64")


def _weighted(catalog: Catalog) -> list[str]:
    """Return the categories that have a weight: all but bonuses and deductions."""
    return [name for name, entry in catalog.categories.items() if entry.weight is not None]


def _process_points(items: pd.DataFrame) -> pd.DataFrame:
    """Return process points and completeness by (party_group, month); left-out items are scaled for as in the total.

    All months stand on the scale of the last month's rule book, so that a change of weights is no change of work.
    """
    own = items[items["is_process"]]
    available = own["rule_points"].where(own["capped_points"].notna())
    weight = own["rule_points"] * own["weight_factor"]
    grouped = own.assign(available=available, weight=weight).groupby([*KEY, "category"])
    sums = grouped[["capped_points", "available", "weight"]].sum(min_count=1).reset_index()
    sums["process_points"] = sums["capped_points"] * (sums["weight"] / sums["available"])
    full = sums.groupby(KEY)["weight"].sum().groupby("month").first()
    sums["process_points"] *= sums["month"].map(full.iloc[-1] / full).to_numpy() if len(full) else 1.0
    complete = own.assign(is_complete=own["state"] != NOT_SUBMITTED).groupby(KEY)["is_complete"].all()
    return sums.groupby(KEY)["process_points"].sum(min_count=1).to_frame().join(complete)
