"""Quarter scores, ranks, and the items that explain a move."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading

PRINTED_DECIMALS = 2  # points are published to two decimals; equal at that precision is a tie


def rank_quarters(
    months: pd.DataFrame, items: pd.DataFrame, categories: pd.DataFrame, reading: Reading, catalog: Catalog
) -> pd.DataFrame:
    """Return ``standings_by_group_quarter``.

    The quarter score (0.70 mean of months, 0.15 committee, 0.15 mutual review without self-ratings: ``weights.csv``)
    stands only where all three parts are there; a quarter is ranked by it when every group has one, otherwise by the
    mean of its months. Ties go to the higher C, then A, then the fewer deductions; what is still equal shares a rank
    (1, 1, 3).
    """
    table = _quarter_means(months)
    table = table.merge(_committee_scores(reading), on=["party_group", "quarter"], how="left")
    table = table.merge(_mutual_scores(reading), on=["party_group", "quarter"], how="left")
    weights = catalog.weights_of("quarter_score")
    table["quarter_score"] = sum(table[part] * weight for part, weight in weights.items())
    complete = table.groupby("quarter")["quarter_score"].transform(lambda scores: scores.notna().all())
    table["rank_basis"] = np.where(complete, "quarter_score", "points_mean")
    table = table.merge(_tie_breakers(items, categories), on=["party_group", "quarter"], how="left")
    table["rank"] = _ranks(table)
    previous = table[["party_group", "quarter", "points_mean"]].assign(quarter=table["quarter"] + 1)
    table = table.merge(previous.rename(columns={"points_mean": "previous"}), on=["party_group", "quarter"], how="left")
    table["change_points"] = table["points_mean"] - table["previous"]
    return table.drop(columns=["previous", *_TIE_BREAKERS]).sort_values(
        ["quarter", "rank", "party_group"], ignore_index=True
    )


def explain_moves(items: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return ``score_moves``: the mean points of each item this quarter and the last, largest change first.

    An item that was left out in a month adds nothing to that month, so that the items add up to the group's mean and
    their changes to its move; ``left_out_months`` says in how many months of this quarter that was so.
    """
    table = items.assign(quarter=items["month"].dt.asfreq("Q"), points=items["points"].fillna(0.0))
    table = table.assign(left_out=items["points"].isna())
    months = table.groupby(["party_group", "quarter"])["month"].nunique()
    keys = ["party_group", "item", "quarter"]
    sums = table.groupby(keys).agg(points=("points", "sum"), left_out_months=("left_out", "sum")).reset_index()
    sums["points"] /= sums.merge(months.rename("months").reset_index(), on=["party_group", "quarter"])["months"]
    previous = sums.loc[sums["quarter"] == quarter - 1, ["party_group", "item", "points"]]
    moves = sums[sums["quarter"] == quarter].merge(
        previous.rename(columns={"points": "previous_points"}), on=["party_group", "item"], how="left"
    )
    moves["change_points"] = moves["points"] - moves["previous_points"]
    moves = moves[moves["change_points"].abs().round(PRINTED_DECIMALS) > 0].copy()
    moves["size"] = -moves["change_points"].abs()
    moves = moves.sort_values(["party_group", "size", "item"], ignore_index=True)
    moves["position"] = moves.groupby("party_group").cumcount() + 1
    columns = ["points", "previous_points", "change_points", "left_out_months", "position"]
    return moves[["party_group", "quarter", "item", *columns]]


_TIE_BREAKERS = ["c_points", "a_points", "deduction_points"]


def _quarter_means(months: pd.DataFrame) -> pd.DataFrame:
    table = months.assign(quarter=months["month"].dt.asfreq("Q"))
    means = table.groupby(["party_group", "quarter"]).agg(
        points_mean=("total_points", "mean"),
        process_mean=("process_points", "mean"),
        month_count=("total_points", "count"),
    )
    return means.reset_index()


def _committee_scores(reading: Reading) -> pd.DataFrame:
    return reading.tables["quarter_assessments"][["party_group", "quarter", "committee_score"]]


def _mutual_scores(reading: Reading) -> pd.DataFrame:
    """Return the mean score that other groups gave; a group's rating of itself does not count."""
    reviews = reading.tables["mutual_reviews"]
    others = reviews[reviews["rater_group"] != reviews["rated_group"]]
    means = others.groupby(["rated_group", "quarter"])["score"].mean().rename("mutual_score")
    return means.reset_index().rename(columns={"rated_group": "party_group"})


def _tie_breakers(items: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Return what decides a tie, in the written order: C, then A, then fewer deductions (bonuses do not count)."""
    table = categories.assign(quarter=categories["month"].dt.asfreq("Q"))
    wide = table.pivot_table(index=["party_group", "quarter"], columns="category", values="points", aggfunc="mean")
    wide = wide.reindex(columns=["C", "A"]).fillna(0.0)
    taken = items.assign(quarter=items["month"].dt.asfreq("Q"), taken=items["points"].clip(upper=0.0).fillna(0.0))
    wide["D"] = taken.groupby(["party_group", "quarter"])["taken"].sum()
    wide.columns = pd.Index(_TIE_BREAKERS)
    return wide.reset_index()


def _ranks(table: pd.DataFrame) -> "pd.Series[int]":
    keys = table[["quarter"]].copy()
    basis = np.where(table["rank_basis"] == "quarter_score", table["quarter_score"], table["points_mean"])
    keys["score"] = np.round(basis.astype(float), PRINTED_DECIMALS)
    for name in _TIE_BREAKERS:
        keys[name] = table[name].round(PRINTED_DECIMALS)
    score_keys = ["score", *_TIE_BREAKERS]
    order = keys.apply(lambda row: tuple(row[name] for name in score_keys), axis=1)
    better = [
        int(sum(other > mine for other in order[keys["quarter"] == quarter]))
        for mine, quarter in zip(order, keys["quarter"], strict=True)
    ]
    return pd.Series(better, index=table.index) + 1
