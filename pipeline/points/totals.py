"""From points per item to categories and months: rescaling, totals, process points."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.keys import day_numbers, month_numbers
from pipeline.points.measures import KEY, NOT_SUBMITTED
from pipeline.points.schemes import versions_of
from pipeline.points.stays import MID_MONTH_DAY, STAY, assigned


def rescale_items(items: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return the items with ``points`` and ``full_points``: where items are left out, the rest is scaled up (折算).

    The rest of a category is scaled to the full points of all its items in the rule book, times what the category is
    multiplied by where the book states its weight. Items that are left out have no points. A category without a weight
    (bonus and deductions) is not scaled.
    """
    counted = items["capped_points"].notna()
    full = items["rule_points"].groupby(items["part"]).transform("sum")
    available = items["rule_points"].where(counted).groupby(items["part"]).transform("sum")
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
    weight = items["rule_points"] * items["weight_factor"]
    points = items["points"].groupby(items["part"])
    first = np.unique(items["part"], return_index=True)[1]
    table = items[[*KEY, "category", "cell"]].take(first).reset_index(drop=True)
    table["points"] = points.sum(min_count=1).to_numpy()
    is_weighted = table["category"].isin(_weighted(catalog))
    table["weight"] = weight.groupby(items["part"]).sum().where(is_weighted.to_numpy()).to_numpy()
    table["is_rescaled"] = (points.count() < points.size()).to_numpy() & is_weighted.to_numpy()
    return table


def total_months(items: pd.DataFrame, categories: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    """Return ``points_by_group_month``: total and process points per group and month.

    The total adds the weighted categories (scaled to the sum of all weights when a whole category was left out) and the
    bonuses and deductions, and never falls below the floor of the rule book in effect. Process points hold only process
    categories, and in them only items that are not derived from a metric; they are missing in a month whose activity
    ledgers were not submitted.
    """
    is_weighted = categories["weight"].notna()
    weighted = categories[is_weighted & categories["points"].notna()]
    sums = weighted.groupby("cell")[["points", "weight"]].sum()
    full = categories["weight"].groupby(categories["cell"]).sum()
    extra = categories["points"][~is_weighted].groupby(categories["cell"][~is_weighted]).sum()
    total = (sums["points"] * full / sums["weight"]).add(extra, fill_value=0.0)
    table = categories.drop_duplicates("cell")[[*KEY, "cell"]].reset_index(drop=True)
    versions, bureau = versions_of(reading.bureau.rules, table["month"]), reading.bureau
    floors = {version: bureau.parameter(version, "month_floor_points") for version in sorted(set(versions))}
    table["total_points"] = total.clip(lower=np.array([floors[version] for version in versions])).to_numpy()
    process = _process_points(items).reindex(table["cell"])
    table["is_complete"] = process["is_complete"].eq(True).to_numpy()
    table["process_points"] = process["process_points"].to_numpy()
    table["process_points"] = table["process_points"].where(table["is_complete"])
    table["member_count"] = count_members(reading.tables["memberships"], table)
    return table


def count_members(memberships: pd.DataFrame, grid: pd.DataFrame) -> "pd.Series[int]":
    """Return the number of members on the 15th of each (party_group, month) row of ``grid``."""
    stays = assigned(memberships[STAY])
    stays = stays[stays["joined_on"] < stays["left_on"]]
    known: dict[object, int] = {}
    days = [day_numbers(stays["party_group"], stays[name], known) for name in ("joined_on", "left_on")]
    middles = grid["month"].dt.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)
    asked = day_numbers(grid["party_group"], middles, known)
    joined, left = (np.searchsorted(np.sort(own), asked, side="right") for own in days)
    return pd.Series(joined - left, index=grid.index, dtype="int64")


def _weighted(catalog: Catalog) -> list[str]:
    """Return the categories that have a weight: all but bonuses and deductions."""
    return [name for name, entry in catalog.categories.items() if entry.weight is not None]


def _process_points(items: pd.DataFrame) -> pd.DataFrame:
    """Return process points and completeness by cell; left-out items are scaled for as in the total.

    All months stand on the scale of the last month's rule book, so that a change of weights is no change of work.
    """
    own = items[items["is_process"]]
    is_counted = own["capped_points"].notna()
    numbers = pd.DataFrame(
        {
            "capped_points": own["capped_points"],
            "available": own["rule_points"].where(is_counted),
            "weight": own["rule_points"] * own["weight_factor"],
        }
    )
    sums = numbers.groupby(own["part"]).sum(min_count=1)
    first = own.drop_duplicates("part").set_index("part").loc[sums.index]
    points = sums["capped_points"] * (sums["weight"] / sums["available"])
    full = sums["weight"].groupby(first["cell"]).sum()
    months = month_numbers(first["month"])
    of_month = full.groupby(months[~first["cell"].duplicated().to_numpy()]).first()
    if len(of_month):
        points *= (of_month.iloc[-1] / of_month).reindex(months).to_numpy()
    is_complete = (own["state"] != NOT_SUBMITTED).groupby(own["cell"]).all()
    process = points.groupby(first["cell"]).sum(min_count=1)
    return pd.DataFrame({"process_points": process, "is_complete": is_complete})
