"""The annual review of groups: quarters and peer appraisal, votes, and who may be the model group."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.points.keys import month_numbers, texts_of
from pipeline.points.measures import NOT_SUBMITTED, MonthlyMeasures, summarise_periods
from pipeline.points.schemes import EXACT_DECIMALS, VETO, months_by_measure
from pipeline.points.standings import DEDUCTIONS, rank_with_ties, versions_at_end, weigh

QUARTERS, MONTHS = 4, 12
FIRST_YEAR = 1970  # of `keys.month_numbers`
KEY = ["party_group", "year"]


def review_years(
    standings: pd.DataFrame,
    measures: MonthlyMeasures,
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
    table["rank"] = ranks.where(table["year_score"].notna().groupby(table["year"]).transform("all"))
    table = table.merge(_votes(reading, standings), on=KEY, how="left")
    table["has_veto"] = _vetoed(table, measures, bureau) | table["has_vote_veto"].fillna(False).astype(bool)
    table = table.merge(year_stars[[*KEY, "rated_count", "five_star_count"]], on=KEY, how="left")
    checks = _check_conditions(table, measures, bureau, catalog)
    table["is_eligible"] = _all_met(checks, table)
    table.loc[table["has_veto"], "is_eligible"] = False
    is_open = table["is_eligible"].fillna(True).astype(bool)  # a group that cannot be judged yet may still win
    most = table["vote_share_pct"].where(is_open).groupby(table["year"]).transform("max")
    is_eligible = table["is_eligible"].fillna(False).astype(bool)
    table["is_model_group"] = (is_eligible & (table["vote_share_pct"] == most)).fillna(False).astype(bool)
    return table.sort_values(["year", "party_group"], ignore_index=True), checks


def _year_scores(standings: pd.DataFrame, reading: Reading) -> pd.DataFrame:
    rows = standings.assign(year=standings["quarter"].dt.year)
    scores = rows.groupby(KEY)["quarter_score"]
    means = pd.DataFrame({"quarter_count": scores.count(), "quarter_mean": scores.mean()})
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
    by_year = rows.groupby(KEY)
    last = by_year[["votes", "voters"]].last()
    last["vote_share_pct"] = (100.0 * last["votes"] / last["voters"].where(last["voters"] > 0)).astype("float64")
    last["has_vote_veto"] = by_year["veto_ground"].count() > 0
    return last[["vote_share_pct", "has_vote_veto"]].reset_index().astype({"year": "int64"})


def _vetoed(table: pd.DataFrame, measures: MonthlyMeasures, bureau: Bureau) -> "pd.Series[bool]":
    """Return whether a vetoing entry of the rule book fell into the year, about the group or one of its members."""
    vetoing = months_by_measure(bureau.rules, measures.grid["month"].unique(), is_veto_of_groups)
    groups, months = texts_of(measures.grid["party_group"]), month_numbers(measures.grid["month"])
    vetoed: set[tuple[str, int]] = set()
    for name, own in vetoing.items():
        is_entry = np.isin(months, [month.ordinal for month in own]) & (measures.value[name] > 0)
        vetoed |= set(zip(groups[is_entry], (FIRST_YEAR + months[is_entry] // MONTHS).tolist(), strict=True))
    rows = zip(table["party_group"], table["year"], strict=True)
    return pd.Series([row in vetoed for row in rows], index=table.index, dtype=bool)


def is_veto_of_groups(rule: Rule) -> bool:
    """Tell whether an entry under a rule bars a group from being the model group."""
    return rule.scheme == VETO and rule.scope != "member"


def _check_conditions(table: pd.DataFrame, measures: MonthlyMeasures, bureau: Bureau, catalog: Catalog) -> pd.DataFrame:
    """Return ``model_group_checks``: every condition of the rule book against what the year came to.

    ``month_count`` counts the months whose ledger was handed in. A month in which nothing was due is one of them: it
    leaves a rate as it is, while a month without its ledger may change it. A group that was founded in the year is
    asked for no month before.
    """
    versions = list(dict.fromkeys(table["version"]))
    terms = {version: bureau.terms_of(version, "model_group") for version in versions}
    names = dict.fromkeys(term.name for own in terms.values() for term in own if term.name not in table)
    yearly = _yearly_measures(measures, list(names), catalog)
    asked = _months_asked(measures, list(names))
    nothing = (np.nan, 0)
    columns = [*KEY, "condition", "value", "lower", "upper", "is_met", "month_count"]
    rows: list[tuple[object, ...]] = []
    for version in versions:
        own = table[table["version"] == version]
        places = list(zip(own["party_group"], own["year"], strict=True))
        for term in terms[version]:
            if term.name in own:
                known = own[term.name].notna()
                found = list(zip(own[term.name].astype("float64"), MONTHS * known.astype("int64"), strict=True))
            else:
                found = [yearly.get((*place, term.name), nothing) for place in places]
            bounds = (_number(term.lower), _number(term.upper))
            rows += [
                (*place, term.name, value, *bounds, count, count in (MONTHS, asked.get(place)))
                for place, (value, count) in zip(places, found, strict=True)
            ]
    if not rows:
        return pd.DataFrame(columns=columns)
    checks = pd.DataFrame(rows, columns=[*KEY, "condition", "value", "lower", "upper", "month_count", "is_whole"])
    return checks.assign(is_met=_met(checks))[columns]


def _yearly_measures(
    measures: MonthlyMeasures, names: Sequence[str], catalog: Catalog
) -> dict[tuple[str, int, str], tuple[float, int]]:
    """Return by party_group, year and measure the value and the months whose ledger was handed in."""
    known = [name for name in names if name in measures.value]
    if not known:
        return {}
    rows = measures.of(known).table
    values = summarise_periods(rows, catalog, ["party_group"], "year", "Y")
    places = zip(values["party_group"], values["year"].dt.year, values["measure"], strict=True)
    value_of = dict(zip(places, values["value"], strict=True))
    kept = rows[rows["state"] != NOT_SUBMITTED]
    count_of = Counter(zip(kept["party_group"], kept["month"].dt.year, kept["measure"], strict=True))
    return {place: (value_of.get(place, np.nan), count) for place, count in count_of.items()}


def _months_asked(measures: MonthlyMeasures, names: Sequence[str]) -> dict[tuple[str, int], int]:
    """Return by party_group and year in how many months a group had members that has some at the end of a whole year,
    one that the bureau scored from its first month on.
    """
    known = [name for name in names if name in measures.value]
    if not known:
        return {}
    rows = measures.of(known).table[["party_group", "month"]].drop_duplicates()
    year, month = rows["month"].dt.year, rows["month"].dt.month
    whole = set(year[month == 1])
    asked = month.groupby([rows["party_group"], year]).agg(["size", "max"])
    return {
        (str(group), int(of_year)): int(count)
        for (group, of_year), count, last in zip(asked.index, asked["size"], asked["max"], strict=True)
        if last == MONTHS and of_year in whole
    }


def _number(bound: float | None) -> float:
    return np.nan if bound is None else bound


def _met(checks: pd.DataFrame) -> "pd.Series[bool]":
    """Return whether each value lies within its bounds; missing where the year is not whole and more may change it.

    Before a year is whole only one thing cannot be undone: a value that is beyond its upper bound.
    """
    value = checks["value"].round(EXACT_DECIMALS)
    above = checks["lower"].isna() | (value >= checks["lower"])
    below = checks["upper"].isna() | (value <= checks["upper"])
    is_whole = checks["is_whole"].fillna(False).astype(bool)
    met = pd.Series(pd.NA, index=checks.index, dtype="boolean")
    met = met.mask(is_whole & value.notna(), above & below)
    return met.mask(value.notna() & ~below, False)


def _all_met(checks: pd.DataFrame, table: pd.DataFrame) -> "pd.Series[bool]":
    """Return for each row of ``table`` True when all its conditions are met, False when one is not, missing when one
    cannot be judged or there is none.
    """
    found: dict[tuple[str, int], set[object]] = {}
    for group, year, met in zip(*(checks[name] for name in (*KEY, "is_met")), strict=True):
        found.setdefault((group, year), set()).add(met)
    met_of = {place: False if False in own else pd.NA if pd.NA in own else True for place, own in found.items()}
    rows = zip(table["party_group"], table["year"], strict=True)
    return pd.Series([met_of.get(row, pd.NA) for row in rows], index=table.index, dtype="boolean")
