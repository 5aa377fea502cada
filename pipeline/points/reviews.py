"""The mutual review of groups: who gave whom what, who judges milder than others, and how groups see themselves."""

import pandas as pd

KEY = ["party_group", "quarter"]


def list_reviews(reviews: pd.DataFrame, last_quarter: pd.Period) -> pd.DataFrame:
    """Return ``mutual_review_matrix``: every score with ``is_self``; a cell without a score has no row."""
    given = reviews[reviews["score"].notna() & (reviews["quarter"] <= last_quarter)]
    columns = ["quarter", "rater_group", "rated_group", "review_item", "score"]
    table = given[columns].assign(is_self=given["rater_group"] == given["rated_group"])
    return table.sort_values(columns[:-1], ignore_index=True)


def compare_reviews(matrix: pd.DataFrame) -> pd.DataFrame:
    """Return ``mutual_review_by_group_quarter``.

    ``received_mean`` and ``given_mean`` leave self-ratings out. ``leniency_points`` is the mean, over what a group
    rated, of its score less the mean of the other raters' scores of the same group and item: positive is milder than
    the others; missing with a single rater. ``self_gap_points`` is the self-rating less what others gave.
    """
    own = matrix[matrix["is_self"]]
    others = matrix[~matrix["is_self"]].copy()
    by_rater = others.groupby(["rated_group", "quarter", "rater_group"])["score"].mean().reset_index()
    received = by_rater.groupby(["rated_group", "quarter"])["score"].agg(received_mean="mean", rater_count="size")
    received.index.names = KEY
    same = [others["quarter"], others["rated_group"], others["review_item"].fillna("")]
    total, count = (others["score"].groupby(same).transform(name) for name in ("sum", "size"))
    others["apart"] = others["score"] - ((total - others["score"]) / (count - 1)).where(count > 1)
    given = others.groupby(["rater_group", "quarter"])[["score", "apart"]].mean()
    given.columns = pd.Index(["given_mean", "leniency_points"])
    given.index.names = KEY
    self_scores = own.groupby(["rated_group", "quarter"])["score"].mean().rename("self_score")
    self_scores.index.names = KEY
    table = received.join(given, how="outer").join(self_scores, how="outer").reset_index()
    table["rater_count"] = table["rater_count"].fillna(0).astype("Int64")
    table["self_gap_points"] = table["self_score"] - table["received_mean"]
    return table.sort_values(["quarter", "party_group"], ignore_index=True)
