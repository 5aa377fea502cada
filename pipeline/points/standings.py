"""Quarter scores, ranks, and the items that explain a move."""

import numpy as np
import pandas as pd

from pipeline.catalog.records import TermClass
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.keys import IntArray, looked_up, month_numbers, pair_numbers, places_of, quarters_of
from pipeline.points.schemes import versions_of

DEDUCTIONS = "deductions"  # the tie-breaker that is no category
PRINTED_DECIMALS = 2  # points are published to two decimals; equal at that precision is a tie


def rank_quarters(
    months: pd.DataFrame, tie_breakers: pd.DataFrame, mutual: pd.DataFrame, reading: Reading
) -> pd.DataFrame:
    """Return ``standings_by_group_quarter``; ``tie_breakers`` are `quarter_tie_breakers`, ``mutual`` `mutual_scores`.

    The quarter score (by default 0.70 mean of months, 0.15 committee, 0.15 mutual review without self-ratings) has the
    weights of the rule book in effect at the quarter's end, and stands only where all three parts are there; a quarter
    is ranked by it when every group has one, otherwise by the mean of its months. Ties go by the order that the rule
    book writes (by default to the higher C, then A, then the fewer deductions); what is still equal shares a rank
    (1, 1, 3).
    """
    table, known = _quarter_means(months), dict[object, int]()
    own = _quarter_numbers(table["party_group"], table["quarter"], known)
    for scores, name in ((reading.tables["quarter_assessments"], "committee_score"), (mutual, "mutual_score")):
        given = _quarter_numbers(scores["party_group"], scores["quarter"], known)
        table[name] = looked_up(own, given, scores[name].to_numpy(dtype=float, na_value=np.nan))
    table["version"] = versions_at_end(table["quarter"], reading.bureau)
    table["quarter_score"] = weigh(table, reading.bureau, "quarter_score")
    complete = table["quarter_score"].notna().groupby(table["quarter"]).transform("all")
    table["rank_basis"] = np.where(complete, "quarter_score", "points_mean")
    table["score"] = table["quarter_score"].where(complete, table["points_mean"])
    table["rank"] = rank_with_ties(table, tie_breakers, "quarter", reading.bureau)
    table["change_points"] = table["points_mean"] - looked_up(own - 1, own, table["points_mean"])
    return table.drop(columns=["version", "score"]).sort_values(["quarter", "rank", "party_group"], ignore_index=True)


def explain_moves(items: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return ``score_moves``: the mean points of each item this quarter and the last, largest change first.

    An item that was left out in a month adds nothing to that month, so that the items add up to the group's mean and
    their changes to its move; ``left_out_months`` says in how many months of this quarter that was so.
    """
    now, before = (_mean_points(items, period) for period in (quarter, quarter - 1))
    moves = now.merge(
        before[["party_group", "item", "points"]].rename(columns={"points": "previous_points"}),
        on=["party_group", "item"],
        how="left",
    )
    moves["quarter"] = pd.PeriodIndex([quarter] * len(moves), freq="Q-DEC")
    moves["change_points"] = moves["points"] - moves["previous_points"]
    moves = moves[moves["change_points"].abs().round(PRINTED_DECIMALS) > 0].copy()
    moves["size"] = -moves["change_points"].abs()
    moves = moves.sort_values(["party_group", "size", "item"], ignore_index=True)
    moves["position"] = moves.groupby("party_group").cumcount() + 1
    columns = ["points", "previous_points", "change_points", "left_out_months", "position"]
    return moves[["party_group", "quarter", "item", *columns]]


def _mean_points(items: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return the points that each item added to its group's mean of one quarter, and the months it was left out."""
    own = items[month_numbers(items["month"]) // 3 == quarter.ordinal]
    months = own["cell"].groupby(own["party_group"]).nunique()
    rows = own[["party_group", "item"]].assign(points=own["points"].fillna(0.0), left_out_months=own["points"].isna())
    sums = rows.groupby(["party_group", "item"]).sum().reset_index()
    sums["points"] /= sums["party_group"].map(months).astype("float64")  # of no item it would be text
    return sums


def versions_at_end(periods: "pd.Series[pd.Period]", bureau: Bureau) -> "pd.Series[str]":
    """Return the version of the rule book in effect in the last month of each quarter or year."""
    return pd.Series(
        versions_of(bureau.rules, pd.PeriodIndex(periods).asfreq("M", how="E")), index=periods.index, dtype="object"
    )


def weigh(table: pd.DataFrame, bureau: Bureau, score: TermClass) -> "pd.Series[float]":
    """Return the weighted sum of the parts of ``score`` under each row's ``version``; missing unless all are there."""
    total = pd.Series(0.0, index=table.index)
    weights = {version: bureau.weights_of(version, score) for version in table["version"].unique()}
    for part in dict.fromkeys(name for own in weights.values() for name in own):  # one order: sums are rounded
        weight = np.array([weights[version].get(part, 0.0) for version in table["version"]])
        total += (table[part] * weight).mask(weight == 0, 0.0)  # a part without weight may be missing
    return total


def quarter_tie_breakers(items: pd.DataFrame, categories: pd.DataFrame) -> pd.DataFrame:
    """Return by (party_group, quarter) what may decide a tie: the mean of every category, and ``deductions``.

    Deductions are the (negative) sum of what was taken away, so that of two groups the one with fewer stands higher;
    bonuses do not count.
    """
    known: dict[object, int] = {}
    of_categories, of_items = (
        pair_numbers(table["party_group"], month_numbers(table["month"]) // 3, known) for table in (categories, items)
    )
    quarters, first, place = np.unique(of_categories, return_index=True, return_inverse=True)
    kind, kinds = pd.factorize(categories["category"], sort=True)
    means = categories["points"].groupby(place * len(kinds) + kind).mean()
    wide = np.full(len(quarters) * len(kinds), np.nan)
    wide[means.index] = means
    owners = categories.iloc[first]
    index = pd.MultiIndex.from_arrays(
        [owners["party_group"], quarters_of(month_numbers(owners["month"]))], names=["party_group", "quarter"]
    )
    table = pd.DataFrame(wide.reshape(len(quarters), len(kinds)), index=index, columns=list(kinds))
    taken = items["points"].clip(upper=0.0).fillna(0.0).groupby(places_of(of_items, quarters)).sum()
    return table.assign(**{DEDUCTIONS: taken.to_numpy()})


def rank_with_ties(table: pd.DataFrame, tie_breakers: pd.DataFrame, period: str, bureau: Bureau) -> "pd.Series[int]":
    """Return the rank of each row among those of its ``period``, shared where everything is equal (1, 1, 3).

    ``table`` has party_group, the period, ``version`` and ``score``; ``tie_breakers`` is indexed by (party_group,
    period), higher being better. Scores are compared as they are published, to two decimals; a missing one stands last.
    """
    asked = pd.MultiIndex.from_arrays([table["party_group"], table[period]])
    known = tie_breakers.reindex(asked).fillna(0.0).round(PRINTED_DECIMALS)
    columns = [table["score"].round(PRINTED_DECIMALS).fillna(-np.inf).to_numpy()]
    orders = {version: _tie_order(bureau, version) for version in table["version"].unique()}
    for place in range(max(map(len, orders.values()), default=0)):
        column = np.zeros(len(table))
        for version, order in orders.items():
            if place < len(order) and order[place] in known:
                chosen = (table["version"] == version).to_numpy()
                column[chosen] = known[order[place]].to_numpy()[chosen]
        columns.append(column)
    standing = list(zip(*(column.tolist() for column in columns), strict=True))
    by_period: dict[object, list[tuple[float, ...]]] = {}
    for own, own_period in zip(standing, table[period], strict=True):
        by_period.setdefault(own_period, []).append(own)
    first = {own_period: _first_places(rows) for own_period, rows in by_period.items()}
    ranks = [first[own_period][own] for own, own_period in zip(standing, table[period], strict=True)]
    return pd.Series(ranks, index=table.index, dtype="int64")


def _first_places(rows: list[tuple[float, ...]]) -> dict[tuple[float, ...], int]:
    """Return the place of each row among all, the highest first; those that are equal share the first of theirs."""
    places: dict[tuple[float, ...], int] = {}
    for place, row in enumerate(sorted(rows, reverse=True), start=1):
        places.setdefault(row, place)
    return places


def _tie_order(bureau: Bureau, version: str) -> list[str]:
    terms = sorted(bureau.terms_of(version, "tie"), key=lambda term: term.value or 0.0)
    return [term.name for term in terms]


def _quarter_means(months: pd.DataFrame) -> pd.DataFrame:
    pairs = pair_numbers(months["party_group"], month_numbers(months["month"]) // 3, {})
    place, first = pd.factorize(pairs)[0], ~pd.Series(pairs).duplicated().to_numpy()
    grouped = months[["total_points", "process_points"]].groupby(place)
    means = grouped.mean()
    return pd.DataFrame(
        {
            "party_group": months["party_group"].to_numpy(dtype=object)[first],
            "quarter": quarters_of(month_numbers(months["month"])[first]),
            "points_mean": means["total_points"].to_numpy(),
            "process_mean": means["process_points"].to_numpy(),
            "month_count": grouped["total_points"].count().to_numpy(),
        }
    )


def _quarter_numbers(groups: "pd.Series[str]", quarters: "pd.Series[pd.Period]", known: dict[object, int]) -> IntArray:
    return pair_numbers(groups, month_numbers(quarters), known)


def mutual_scores(reviews: pd.DataFrame) -> pd.DataFrame:
    """Return party_group, quarter, mutual_score: the mean over the other groups of the mean that each gave.

    A group's rating of itself does not count; where a review has items, a rater's items are averaged first.
    """
    others = reviews[reviews["rater_group"] != reviews["rated_group"]]
    by_rater = others.groupby(["rated_group", "quarter", "rater_group"])["score"].mean()
    means = by_rater.groupby(["rated_group", "quarter"]).mean().rename("mutual_score")
    return means.reset_index().rename(columns={"rated_group": "party_group"})
