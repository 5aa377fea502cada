"""Quarter scores, ranks, and the items that explain a move."""

import numpy as np
import pandas as pd

from pipeline.catalog.records import TermClass
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.schemes import version_in_effect

DEDUCTIONS = "deductions"  # the tie-breaker that is no category
PRINTED_DECIMALS = 2  # points are published to two decimals; equal at that precision is a tie


def rank_quarters(
    months: pd.DataFrame, items: pd.DataFrame, categories: pd.DataFrame, reading: Reading
) -> pd.DataFrame:
    """Return ``standings_by_group_quarter``.

    The quarter score (by default 0.70 mean of months, 0.15 committee, 0.15 mutual review without self-ratings) has the
    weights of the rule book in effect at the quarter's end, and stands only where all three parts are there; a quarter
    is ranked by it when every group has one, otherwise by the mean of its months. Ties go by the order that the rule
    book writes (by default to the higher C, then A, then the fewer deductions); what is still equal shares a rank
    (1, 1, 3).
    """
    table = _quarter_means(months)
    table = table.merge(_committee_scores(reading), on=["party_group", "quarter"], how="left")
    table = table.merge(mutual_scores(reading.tables["mutual_reviews"]), on=["party_group", "quarter"], how="left")
    table["version"] = versions_at_end(table["quarter"], reading.bureau)
    table["quarter_score"] = weigh(table, reading.bureau, "quarter_score")
    complete = table.groupby("quarter")["quarter_score"].transform(lambda scores: scores.notna().all())
    table["rank_basis"] = np.where(complete, "quarter_score", "points_mean")
    table["score"] = table["quarter_score"].where(complete, table["points_mean"])
    by_quarter = quarter_tie_breakers(items, categories)
    table["rank"] = rank_with_ties(table, by_quarter, "quarter", reading.bureau)
    previous = table[["party_group", "quarter", "points_mean"]].assign(quarter=table["quarter"] + 1)
    table = table.merge(previous.rename(columns={"points_mean": "previous"}), on=["party_group", "quarter"], how="left")
    table["change_points"] = table["points_mean"] - table["previous"]
    return table.drop(columns=["previous", "version", "score"]).sort_values(
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


def versions_at_end(periods: "pd.Series[pd.Period]", bureau: Bureau) -> "pd.Series[str]":
    """Return the version of the rule book in effect in the last month of each quarter or year."""
    ends = periods.dt.asfreq("M", how="E")
    versions = {month: version_in_effect(bureau.rules, month) for month in ends.unique()}
    return pd.Series([versions[month] for month in ends], index=periods.index, dtype="str")


def weigh(table: pd.DataFrame, bureau: Bureau, score: TermClass) -> "pd.Series[float]":
    """Return the weighted sum of the parts of ``score`` under each row's ``version``; missing unless all are there."""
    total = pd.Series(0.0, index=table.index)
    weights = {version: bureau.weights_of(version, score) for version in table["version"].unique()}
    for part in dict.fromkeys(name for own in weights.values() for name in own):  # one order: sums are rounded
        weight = table["version"].map({version: own.get(part, 0.0) for version, own in weights.items()}).astype(float)
        total += (table[part] * weight).mask(weight == 0, 0.0)  # a part without weight may be missing
    return total


def quarter_tie_breakers(items: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Return by (party_group, quarter) what may decide a tie: the mean of every category, and ``deductions``.

    Deductions are the (negative) sum of what was taken away, so that of two groups the one with fewer stands higher;
    bonuses do not count.
    """
    key = ["party_group", "quarter"]
    table = categories.assign(quarter=categories["month"].dt.asfreq("Q"))
    wide = table.pivot_table(index=key, columns="category", values="points", aggfunc="mean")
    taken = items.assign(quarter=items["month"].dt.asfreq("Q"), taken=items["points"].clip(upper=0.0).fillna(0.0))
    wide[DEDUCTIONS] = taken.groupby(key)["taken"].sum()
    return wide


def rank_with_ties(table: pd.DataFrame, tie_breakers: pd.DataFrame, period: str, bureau: Bureau) -> "pd.Series[int]":
    """Return the rank of each row among those of its ``period``, shared where everything is equal (1, 1, 3).

    ``table`` has party_group, the period, ``version`` and ``score``; ``tie_breakers`` is indexed by (party_group,
    period), higher being better. Scores are compared as they are published, to two decimals; a missing one stands last.
    """
    asked = pd.MultiIndex.from_frame(table[["party_group", period]])
    known = tie_breakers.reindex(asked).fillna(0.0).round(PRINTED_DECIMALS)
    columns = {"score": table["score"].round(PRINTED_DECIMALS).to_numpy()}
    orders = {version: _tie_order(bureau, version) for version in table["version"].unique()}
    for place in range(max(map(len, orders.values()), default=0)):
        column = np.zeros(len(table))
        for version, order in orders.items():
            if place < len(order) and order[place] in known:
                chosen = (table["version"] == version).to_numpy()
                column[chosen] = known.loc[chosen, order[place]]
        columns[f"tie_{place}"] = column
    keys = pd.DataFrame(columns, index=table.index).fillna(-np.inf)
    ordered = keys.assign(period=table[period]).sort_values(list(columns), ascending=False, kind="stable")
    position = ordered.groupby("period").cumcount() + 1
    by_all = [ordered["period"], *(ordered[name] for name in keys)]
    return position.groupby(by_all).transform("min").reindex(table.index).astype("int64")


def _tie_order(bureau: Bureau, version: str) -> list[str]:
    terms = sorted(bureau.terms_of(version, "tie"), key=lambda term: term.value or 0.0)
    return [term.name for term in terms]


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


def mutual_scores(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return party_group, quarter, mutual_score: the mean over the other groups of the mean that each gave.

    A group's rating of itself does not count; where a review has items, a rater's items are averaged first.
    """
    others = reviews[reviews["rater_group"] != reviews["rated_group"]]
    by_rater = others.groupby(["rated_group", "quarter", "rater_group"])["score"].mean()
    means = by_rater.groupby(["rated_group", "quarter"]).mean().rename("mutual_score")
    return means.reset_index().rename(columns={"rated_group": "party_group"})
