"""Points: the rule book applied to the ledgers, per group and month, every point traceable to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.differences import compare_printed
from pipeline.points.measures import evaluate_measures, select_rows
from pipeline.points.scoring import RULE_COLUMNS, score_items
from pipeline.points.standings import explain_moves, rank_quarters
from pipeline.points.totals import count_members, rescale_items, total_categories, total_months
from pipeline.points.trail import trace_points

__all__ = ["Points", "score_points"]


@dataclass(frozen=True)
class Points:
    """The derived tables of the points room, by their names in the data dictionary."""

    tables: Mapping[str, pd.DataFrame]


def score_points(reading: Reading, catalog: Catalog, quarter: pd.Period) -> Points:
    """Score every group and month up to the end of ``quarter`` under the rule book in effect in each month.

    Raises `ValueError` when no month can be scored (no ledger, no group, or rules that begin later).
    """
    last_month = quarter.asfreq("M", how="end")
    grid = _grid(reading, last_month)
    plain = [measure for measure in catalog.measures.values() if measure.aggregate != "quotient"]
    selections = {measure.measure: select_rows(reading, measure, last_month) for measure in plain}
    measures = evaluate_measures(reading, catalog, grid, selections)
    items = rescale_items(score_items(measures, reading.bureau, catalog), catalog)
    categories = total_categories(items, catalog)
    months = total_months(items, categories, reading)
    sources = [(rule.item, name) for rule in reading.bureau.rules for name in (rule.measure, rule.target) if name]
    return Points(
        {
            "measures_by_group_month": measures,
            "points_by_group_month_item": items.drop(columns=RULE_COLUMNS),
            "points_by_group_month_category": categories,
            "points_by_group_month": months,
            "points_trail": trace_points(items, tuple(dict.fromkeys(sources)), selections, catalog),
            "points_differences": compare_printed(categories, reading, catalog),
            "standings_by_group_quarter": rank_quarters(months, items, categories, reading, catalog),
            "score_moves": explain_moves(items, quarter),
        }
    )


def _grid(reading: Reading, last_month: pd.Period) -> pd.DataFrame:
    """Return every (party_group, month) to score: from the first covered month under the rules, groups with members."""
    covered = reading.tables["coverage"]["month"]
    begins = [pd.Period(rule.effective_month, "M") for rule in reading.bureau.rules]
    if covered.empty or not begins:
        raise ValueError("no ledger covers any month, or the rule book is empty: nothing can be scored")
    first = max(covered.min(), min(begins))
    if first > last_month:
        raise ValueError(f"the first month that can be scored is {first}, after {last_month}")
    months = pd.period_range(first, last_month, freq="M")
    index = pd.MultiIndex.from_product([sorted(reading.bureau.groups), months], names=["party_group", "month"])
    grid = index.to_frame(index=False)
    memberships = reading.tables["memberships"]
    if memberships.empty:
        return grid
    return grid[count_members(memberships, grid) > 0].reset_index(drop=True)
