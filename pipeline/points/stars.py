"""Stars of members by quarter and year, on half-open intervals, and how many have the most in each group."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from pipeline.catalog import Term
from pipeline.ingest.bureau import Bureau
from pipeline.points.keys import texts_of
from pipeline.points.members import ON_LEAVE, SCORED
from pipeline.points.schemes import versions_of
from pipeline.points.standings import PRINTED_DECIMALS

VETO, NOT_SCORED, TOO_FEW_MONTHS, BELOW_STARS = "veto", "not_scored", "too_few_months", "below_stars"
YEAR_NOT_OVER = "year_not_over"
DECEMBER = 12


def rate_quarters(member_months: pd.DataFrame, bureau: Bureau) -> pd.DataFrame:
    """Return ``stars_by_member_quarter`` from ``points_by_member_month``.

    The mean is over the months that are scored, so that a newcomer is averaged over active months and a month on
    leave leaves the denominator; ``month_count`` and ``leave_month_count`` say how many. A veto in the quarter leaves
    no star.
    """
    months = member_months.sort_values("month").assign(quarter=lambda rows: rows["month"].dt.asfreq("Q"))
    table = _summarise(months, "quarter", bureau)
    first = months.drop_duplicates("member")  # months are in order
    late = first[first["month"] > member_months["month"].min()]
    newcomers = pd.MultiIndex.from_frame(late[["member", "quarter"]])
    table["is_newcomer"] = pd.MultiIndex.from_frame(table[["member", "quarter"]]).isin(newcomers)
    table["reason"] = _reasons([(table["has_veto"], VETO), (table["month_count"] == 0, NOT_SCORED)], table)
    return _without_stars(table)


def rate_years(member_months: pd.DataFrame, bureau: Bureau) -> pd.DataFrame:
    """Return ``stars_by_member_year`` from ``points_by_member_month``.

    No star under the rule book's ``annual_star_months`` scored months, none before December is scored, and none after
    a veto, whose year is 0.
    """
    months = member_months.assign(year=member_months["month"].dt.year)
    table = _summarise(months, "year", bureau)
    table["points_mean"] = table["points_mean"].mask(table["has_veto"], 0.0)
    least = {version: bureau.parameter(version, "annual_star_months") for version in table["version"].unique()}
    too_few = table["month_count"] < table["version"].map(least).astype(float)
    over = months.groupby("year")["month"].max().dt.month == DECEMBER
    is_over = table["year"].map(over).astype(bool)
    rules = [
        (table["has_veto"], VETO),
        (table["month_count"] == 0, NOT_SCORED),
        (~is_over, YEAR_NOT_OVER),
        (too_few, TOO_FEW_MONTHS),
    ]
    table["reason"] = _reasons(rules, table)
    return _without_stars(table)


def count_stars(stars: pd.DataFrame, period: str, bureau: Bureau) -> pd.DataFrame:
    """Return by party_group and ``period``: rated_count, five_star_count (members with the most stars there are)."""
    most = most_stars(bureau)
    rated = stars[stars["month_count"] > 0]
    grouped = rated.assign(has_most=(rated["stars"] == most).fillna(False)).groupby(["party_group", period])
    counts = pd.DataFrame({"rated_count": grouped.size(), "five_star_count": grouped["has_most"].sum()})
    return counts.reset_index().astype({"rated_count": "Int64", "five_star_count": "Int64"})


def most_stars(bureau: Bureau) -> int:
    """Return the highest number of stars that any version of the bureau's rule book knows; 0 without stars."""
    return max((int(term.name) for term in bureau.terms if term.term == "star"), default=0)


def stars_of(points: "pd.Series[float]", terms: Iterable[Term]) -> "pd.Series[int]":
    """Return the stars of points, missing for none: half-open [lower, upper), the highest star closed above.

    Points are taken as they are published, to two decimals.
    """
    stars = sorted(terms, key=lambda term: term.lower or 0.0)
    shown = points.round(PRINTED_DECIMALS)
    result = pd.Series(pd.NA, index=points.index, dtype="Int64")
    for term in stars:
        is_highest = term is stars[-1]
        upper = float("inf") if term.upper is None else term.upper
        inside = (shown >= (term.lower or 0.0)) & ((shown <= upper) if is_highest else (shown < upper))
        result = result.mask(inside, int(term.name))
    return result


def _summarise(months: pd.DataFrame, period: str, bureau: Bureau) -> pd.DataFrame:
    """Return one row a member and period: means, counts, the version at its end, and the stars before any veto."""
    ordered = months.sort_values("month")
    states = texts_of(ordered["state"])
    is_scored = states == SCORED
    (member, members), (own, periods) = (pd.factorize(ordered[name], sort=True) for name in ("member", period))
    found, place = np.unique(member * len(periods) + own, return_inverse=True)
    last, last_scored = np.zeros(len(found), dtype=np.int64), np.full(len(found), -1)
    last[place] = np.arange(len(ordered))  # of several months the last one stays
    last_scored[place[is_scored]] = np.flatnonzero(is_scored)
    counted = {
        "month_count": is_scored,
        "leave_month_count": states == ON_LEAVE,
        "excused_count": ordered["excused_count"].to_numpy(),
        "has_veto": ordered["has_veto"].to_numpy(),
    }
    counts = {name: np.bincount(place, weights=values, minlength=len(found)) for name, values in counted.items()}
    table = pd.DataFrame(
        {
            "member": members.take(found // max(len(periods), 1)),
            period: periods.take(found % max(len(periods), 1)),
            "points_mean": ordered["total_points"].where(is_scored).groupby(place).mean(),
            **{name: values.astype(np.int64) for name, values in counts.items()},
            "has_veto": counts["has_veto"] > 0,
            "party_group": ordered["party_group"].array.take(np.where(last_scored >= 0, last_scored, last)),
            "version": versions_of(bureau.rules, ordered["month"].iloc[last]),
        }
    )
    table["stars"] = pd.Series(pd.NA, index=table.index, dtype="Int64")
    for version in table["version"].unique():
        chosen = table["version"] == version
        table.loc[chosen, "stars"] = stars_of(table.loc[chosen, "points_mean"], bureau.terms_of(version, "star"))
    return table


def _reasons(rules: list[tuple["pd.Series[bool]", str]], table: pd.DataFrame) -> "pd.Series[str]":
    """Return the first reason that holds for having no star; missing where there is a star."""
    reason = pd.Series(pd.NA, index=table.index, dtype="object")
    for condition, name in ((table["stars"].isna(), BELOW_STARS), *reversed(rules)):
        reason = reason.mask(condition.astype(bool), name)
    return reason


def _without_stars(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(stars=table["stars"].mask(table["reason"].notna()))
