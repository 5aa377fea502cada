"""The annual review of groups: quarters and peer appraisal, votes, and who may be the model group."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.measures import NOT_SUBMITTED, summarise_periods
from pipeline.points.schemes import VETO, months_by_measure
from pipeline.points.standings import DEDUCTIONS, rank_with_ties, versions_at_end, weigh

QUARTERS, MONTHS = 4, 12
KEY = ["party_group", "year"]


def review_years(
    standings: pd.DataFrame,
    measures: pd.DataFrame,
    year_stars: pd.DataFrame,
    tie_breakers: pd.DataFrame,
    reading: Reading,
    catalog: Catalog,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return ``annual_by_group_year`` and ``model_group_checks``.

    ``year_stars`` counts the stars by group and year (`stars.count_stars`); ``tie_breakers`` are those of the quarters.
    The year score (by default 0.80 mean of quarters + 0.20 peer appraisal) is missing until there are four quarter
    scores and the appraisal, and nobody is ranked until every group has one. The model group is the one with the
    largest share of votes among those that meet every condition; two with the same share both stand. Appraisal and
    votes are given when a year is over: of a year that has quarters to come they are not known yet.
    """
    bureau = reading.bureau
    table = _year_scores(standings, reading)
    table["version"] = versions_at_end(
        pd.PeriodIndex(table["year"].astype(str), freq="Y").to_series(index=table.index), bureau
    )
    table["year_score"] = weigh(table, bureau, "annual_score").where(table["quarter_count"] == QUARTERS)
    table["score"] = table["year_score"]
    by_year = _yearly(tie_breakers)
    ranks = rank_with_ties(table, by_year, "year", bureau).astype("Int64")
    table["rank"] = ranks.where(table.groupby("year")["year_score"].transform(lambda scores: scores.notna().all()))
    table = table.merge(_votes(reading, standings), on=KEY, how="left")
    table["has_veto"] = _vetoed(table, measures, bureau) | table["has_vote_veto"].fillna(False).astype(bool)
    table = table.merge(year_stars[[*KEY, "five_star_count"]], on=KEY, how="left")
    checks = _check_conditions(table, measures, bureau, catalog)
    met = checks.groupby(KEY)["is_met"].agg(_all_met).rename("is_eligible").reset_index()
    table = table.merge(met, on=KEY, how="left").astype({"is_eligible": "boolean"})
    table.loc[table["has_veto"], "is_eligible"] = False
    is_open = table["is_eligible"].fillna(True).astype(bool)  # a group that cannot be judged yet may still win
    most = table["vote_share_pct"].where(is_open).groupby(table["year"]).transform("max")
    is_eligible = table["is_eligible"].fillna(False).astype(bool)
    table["is_model_group"] = (is_eligible & (table["vote_share_pct"] == most)).fillna(False).astype(bool)
    return table.sort_values(["year", "party_group"], ignore_index=True), checks


def _year_scores(standings: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    rows = standings.assign(year=standings["quarter"].dt.year)
    means = rows.groupby(KEY).agg(quarter_count=("quarter_score", "count"), quarter_mean=("quarter_score", "mean"))
    reviews = _of_years_over(reading.tables["annual_reviews"], standings)
    reviews = reviews[[*KEY, "peer_appraisal"]].astype({"year": "int64"})
    return means.reset_index().astype({"year": "int64"}).merge(reviews, on=KEY, how="left")


def _yearly(tie_breakers: pd.DataFrame) -> pd.DataFrame:
    """Return the tie-breakers of quarters by year: means of categories, the sum of deductions."""
    rows = tie_breakers.reset_index()
    years = rows["quarter"].dt.year.rename("year")
    grouped = rows.drop(columns="quarter").groupby([rows["party_group"], years])
    table = grouped.mean(numeric_only=True)
    table[DEDUCTIONS] = grouped[DEDUCTIONS].sum()
    return table


def _of_years_over(rows: pd.DataFrame, standings: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of years whose fourth quarter is among the standings, or that came before them."""
    last = standings["quarter"].max()
    return rows[rows["year"] <= (last.year if last.quarter == QUARTERS else last.year - 1)]


def _votes(reading: Reading, standings: pd.DataFrame) -> pd.DataFrame:
    """Return the share of votes of the last round that the form of a year has, and whether it names a veto."""
    rows = _of_years_over(reading.tables["model_votes"], standings).sort_values(
        ["source_file", "source_row"], kind="stable"
    )
    last = rows.groupby(KEY).agg(votes=("votes", "last"), voters=("voters", "last"), veto=("veto_ground", "count"))
    last["vote_share_pct"] = (100.0 * last["votes"] / last["voters"].where(last["voters"] > 0)).astype("float64")
    last["has_vote_veto"] = last["veto"] > 0
    return last[["vote_share_pct", "has_vote_veto"]].reset_index().astype({"year": "int64"})


def _vetoed(table: pd.DataFrame, measures: pd.DataFrame, bureau: Bureau) -> "pd.Series[bool]":
    """Return whether a vetoing entry of the rule book fell into the year, about the group or one of its members."""
    vetoing = months_by_measure(bureau.rules, measures["month"].unique(), is_veto_of_groups)
    entries = measures[measures["measure"].isin(list(vetoing)) & (measures["value"] > 0)]
    in_effect = [entries[(entries["measure"] == name) & entries["month"].isin(own)] for name, own in vetoing.items()]
    rows = pd.concat(in_effect) if in_effect else entries.iloc[:0]
    vetoed = pd.MultiIndex.from_arrays([rows["party_group"].astype("object"), rows["month"].dt.year])
    own = pd.MultiIndex.from_arrays([table["party_group"].astype("object"), table["year"]])
    return pd.Series(own.isin(vetoed), index=table.index)


def is_veto_of_groups(rule: Rule) -> bool:
    """Tell whether an entry under a rule bars a group from being the model group."""
    return rule.scheme == VETO and rule.scope != "member"


def _check_conditions(table: pd.DataFrame, measures: pd.DataFrame, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``model_group_checks``: every condition of the rule book against what the year came to.

    ``month_count`` counts the months whose ledger was handed in. A month in which nothing was due is one of them: it
    leaves a rate as it is, while a month without its ledger may change it.
    """
    yearly = _yearly_measures(measures, catalog)
    parts = []
    for version in table["version"].unique():
        own = table[table["version"] == version]
        for term in bureau.terms_of(version, "model_group"):
            bounds = {"lower": _number(term.lower), "upper": _number(term.upper)}
            part = own[KEY].assign(condition=term.name, **bounds)
            if term.name in own:
                part["value"], part["month_count"] = own[term.name], MONTHS * own[term.name].notna()
                part["is_whole"] = own[term.name].notna()
            else:
                rows = yearly[yearly["measure"] == term.name]
                part = part.merge(rows[[*KEY, "value", "month_count"]], on=KEY, how="left")
                part["is_whole"] = part["month_count"] == MONTHS
            parts.append(part)
    columns = [*KEY, "condition", "value", "lower", "upper", "is_met", "month_count"]
    if not parts:
        return pd.DataFrame(columns=columns)
    checks = pd.concat(parts, ignore_index=True)
    checks["is_met"] = _met(checks)
    checks["month_count"] = checks["month_count"].fillna(0).astype("int64")
    return checks[columns]


def _yearly_measures(measures: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return party_group, year, measure, value and the months (month_count) whose ledger was handed in."""
    rows = measures.assign(measure=measures["measure"].astype("object"), year=measures["month"].dt.year)
    values = summarise_periods(rows, catalog, ["party_group"], "year", "Y").drop(columns="month_count")
    values["year"] = values["year"].dt.year
    kept = rows[rows["state"] != NOT_SUBMITTED].groupby([*KEY, "measure"])["month"].nunique()
    return values.merge(kept.rename("month_count").reset_index(), on=[*KEY, "measure"], how="outer")


def _number(bound: float | None) -> float:
    return np.nan if bound is None else bound


def _met(checks: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each value lies within its bounds; missing where the year is not whole and more may change it.

    Before a year is whole only one thing cannot be undone: a value that is beyond its upper bound.
    """
    value = checks["value"]
    above = checks["lower"].isna() | (value >= checks["lower"])
    below = checks["upper"].isna() | (value <= checks["upper"])
    is_whole = checks["is_whole"].fillna(False).astype(bool)
    met = pd.Series(pd.NA, index=checks.index, dtype="boolean")
    met = met.mask(is_whole & value.notna(), above & below)
    return met.mask(value.notna() & ~below, False)


def _all_met(met: "pd.Series[bool]") -> object:
    """Return True when all are met, False when one is not, missing when one cannot be judged."""
    if (~met.fillna(True).astype(bool)).any():
        return False
    return pd.NA if met.isna().any() else True
