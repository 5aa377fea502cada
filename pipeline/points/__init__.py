"""Points: the rule book applied to the ledgers, per group, member and month, every point traceable to its rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from pipeline.points.annual import review_years
from pipeline.points.attendance import list_attendances
from pipeline.points.audit import Recomputed, audit_points
from pipeline.points.averaged import count_averaged, count_averages
from pipeline.points.corrections import corrections_of, list_applied, list_restatements
from pipeline.points.leaders import evaluate_leaders, list_leader_terms
from pipeline.points.measures import MonthlyMeasures, Selection, evaluate_measures, select_member_rows, select_rows
from pipeline.points.members import list_member_months, member_rules, score_member_items, total_member_months
from pipeline.points.posts import cover_posts, list_duties_without_owner
from pipeline.points.reviews import compare_reviews, list_reviews
from pipeline.points.roster import count_by_month, list_roster_findings
from pipeline.points.scoring import correct_items, group_rules, score_items
from pipeline.points.standings import explain_moves, mutual_scores, quarter_tie_breakers, rank_quarters
from pipeline.points.stars import count_stars, rate_quarters, rate_years
from pipeline.points.totals import count_members, rescale_items, total_categories, total_months
from pipeline.points.trail import trace_points

__all__ = ["Points", "score_points"]


@dataclass(frozen=True)
class Points:
    """The derived tables of the points room, by their names in the data dictionary."""

    tables: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class _GroupScores:
    """What the groups were given: items (with the columns of the rules), categories, months, standings, corrections."""

    items: pd.DataFrame
    categories: pd.DataFrame
    months: pd.DataFrame
    standings: pd.DataFrame
    tie_breakers: pd.DataFrame  # of the quarters
    corrections: pd.DataFrame


def score_points(reading: Reading, catalog: Catalog, quarter: pd.Period) -> Points:
    """Score every group, member and month up to the end of ``quarter`` under the rule book in effect in each month.

    Raises `ValueError` when no month can be scored (no ledger, no group, or rules that begin later).
    """
    last_month = quarter.asfreq("M", how="end")
    grid = _grid(reading, last_month)
    known = reading.tables["corrections"]
    known = known[known["month"] <= last_month]
    derived = {"attendances": list_attendances(reading, catalog), "corrections": known}
    reading = replace(reading, tables={**reading.tables, **derived})
    selections = _select_for_groups(reading, catalog, last_month)
    measured = evaluate_measures(reading, catalog, grid, selections)
    averaged = count_averaged(selections, reading, catalog)
    own = corrections_of(known, "party_group")
    items = score_items(measured, reading, catalog, selections)
    mutual = mutual_scores(reading.tables["mutual_reviews"])
    scores = _total_groups(reading, catalog, items, own, mutual)
    before = _total_groups(reading, catalog, items, own.iloc[:0], mutual) if len(own) else scores
    members = _score_members(reading, catalog, pd.period_range(grid["month"].min(), last_month, freq="M"))
    years = _year_tables(reading, scores, measured, members, catalog)
    rules = group_rules(reading.bureau.rules)
    trail = trace_points(scores.items, rules, selections, reading.tables, catalog, own, "party_group")
    recomputed = Recomputed(
        items=scores.items,
        items_before=before.items,
        categories=scores.categories,
        months=scores.months,
        standings=scores.standings,
        annual=years["annual_by_group_year"],
        measures=measured,
        selections=selections,
        corrections=own,
    )
    tables = {
        "measures_by_group_month": count_averages(measured.table, averaged),
        "attendances": derived["attendances"],
        **_group_tables(replace(scores, items=count_averages(scores.items, averaged)), quarter),
        "points_trail": trail,
        **members,
        **_branch_tables(reading, catalog, scores, quarter),
        **years,
        "points_audit": audit_points(recomputed, reading, catalog, quarter),
        "corrections_applied": list_applied(scores.corrections, members["corrections_applied"]),
        "restatements": list_restatements(before.standings, scores.standings, scores.corrections),
    }
    return Points({name: _of_dictionary(frame, name, catalog) for name, frame in tables.items()})


def _total_groups(
    reading: Reading, catalog: Catalog, scored: pd.DataFrame, corrections: pd.DataFrame, mutual: pd.DataFrame
) -> _GroupScores:
    corrected, applied = correct_items(scored, corrections)
    items = rescale_items(corrected, catalog)
    categories = total_categories(items, catalog)
    months = total_months(items, categories, reading)
    tie_breakers = quarter_tie_breakers(items, categories)
    standings = rank_quarters(months, tie_breakers, mutual, reading)
    return _GroupScores(items, categories, months, standings, tie_breakers, applied)


def _group_tables(scores: _GroupScores, quarter: pd.Period) -> dict[str, pd.DataFrame]:
    return {
        "points_by_group_month_item": scores.items,
        "points_by_group_month_category": scores.categories,
        "points_by_group_month": scores.months,
        "standings_by_group_quarter": scores.standings,
        "score_moves": explain_moves(scores.items, quarter),
    }


def _score_members(reading: Reading, catalog: Catalog, months: pd.PeriodIndex) -> dict[str, pd.DataFrame]:
    """Return the tables of members; ``corrections_applied`` holds those of members only."""
    bureau = reading.bureau
    rules = [rule for rule in bureau.rules if rule.scope != "group"]
    names = dict.fromkeys(rule.measure for rule in rules)
    selections = {name: select_member_rows(reading, catalog.measures[name], months[-1]) for name in names}
    member_months = list_member_months(reading, catalog, months)
    corrections = corrections_of(reading.tables["corrections"], "member")
    items, applied = score_member_items(reading, catalog, member_months, selections, corrections)
    totals = total_member_months(member_months, items, selections, reading)
    trail = trace_points(items, member_rules(bureau.rules), selections, reading.tables, catalog, corrections, "member")
    by_quarter = rate_quarters(totals, bureau)
    return {
        "points_by_member_month_item": items,
        "points_by_member_month": totals,
        "member_points_trail": trail,
        "stars_by_member_quarter": by_quarter,
        "stars_by_member_year": rate_years(totals, bureau),
        "stars_by_group_quarter": count_stars(by_quarter, "quarter", bureau),
        "corrections_applied": applied,
    }


def _branch_tables(
    reading: Reading, catalog: Catalog, scores: _GroupScores, quarter: pd.Period
) -> dict[str, pd.DataFrame]:
    """Return who is where, who leads, how groups judge each other, and who has which post."""
    tables, last_month = reading.tables, quarter.asfreq("M", how="end")
    groups = list(reading.bureau.groups)
    months = pd.period_range(scores.months["month"].min(), last_month, freq="M")
    headcount = count_by_month(tables["memberships"], groups, months)
    terms = list_leader_terms(reading, catalog)
    matrix = list_reviews(tables["mutual_reviews"], quarter)
    return {
        "headcount_by_group_month": headcount,
        "roster_findings": list_roster_findings(tables["memberships"], terms, groups, quarter.end_time.normalize()),
        "leader_terms": terms,
        "leaders_by_group_quarter": evaluate_leaders(reading, catalog, terms, scores.standings, last_month),
        "mutual_review_matrix": matrix,
        "mutual_review_by_group_quarter": compare_reviews(matrix),
        "posts_by_group_quarter": cover_posts(reading, headcount, catalog),
        "duties_without_owner": list_duties_without_owner(tables["duty_list"], tables["post_duties"], quarter),
    }


def _year_tables(
    reading: Reading,
    scores: _GroupScores,
    measures: MonthlyMeasures,
    members: Mapping[str, pd.DataFrame],
    catalog: Catalog,
) -> dict[str, pd.DataFrame]:
    stars = count_stars(members["stars_by_member_year"], "year", reading.bureau)
    annual, checks = review_years(scores.standings, measures, stars, scores.tie_breakers, reading, catalog)
    return {"annual_by_group_year": annual, "model_group_checks": checks}


def _select_for_groups(reading: Reading, catalog: Catalog, last_month: pd.Period) -> dict[str, Selection]:
    """Return the rows of every measure of groups; those of members count for groups where a rule asks for them."""
    asked = {name for rule in reading.bureau.rules if rule.scope != "member" for name in (rule.measure, rule.target)}
    chosen = [
        measure
        for name, measure in catalog.measures.items()
        if measure.aggregate != "quotient" and (not measure.member or name in asked)
    ]
    return {measure.measure: select_rows(reading, measure, last_month) for measure in chosen}


def _of_dictionary(frame: pd.DataFrame, table: str, catalog: Catalog) -> pd.DataFrame:
    """Return the columns that the data dictionary has for a table, in its order and dtypes."""
    return to_dictionary(frame[[column.column for column in catalog.columns_of(table)]], table, catalog)


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
    if memberships["party_group"].isna().all():
        return grid
    return grid[count_members(memberships, grid) > 0].reset_index(drop=True)
