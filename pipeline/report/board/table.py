"""The aggregate table behind the bulletin board: what everybody may see of a quarter, and nothing that is not shown.

One row is one figure or one word: ``panel``, ``party_group`` (missing: of the whole branch), ``period`` as written,
``measure``, ``value``, ``note``. The page is built from this table alone, so that what is not in it cannot be on it.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.schema import to_dictionary
from pipeline.periods import months_of
from pipeline.points.schemes import version_in_effect
from pipeline.points.stars import most_stars
from pipeline.report.material.lacking import ITEMS, Gap, compared_months, quarter_gaps
from pipeline.report.material.membership import TURNOVER
from pipeline.report.material.privacy import public_view
from pipeline.report.material.ranking import Ranking, movement_until, rank_groups

PUBLIC_TABLES = (
    "annual_by_group_year",
    "points_by_group_month",
    "points_by_group_month_category",
    "restatements",
    "standings_by_group_quarter",
    "stars_by_group_quarter",
    "work_by_group_quarter",
)
NAMING_TABLES = ("leader_terms", "stars_by_member_quarter")  # read only where the bureau publishes names
# Of the items only which months' points lack a ledger, of the turnover which months a group became another in
BOARD_TABLES = (*PUBLIC_TABLES, *NAMING_TABLES, ITEMS, "submissions", TURNOVER)
BOARD_MATTERS = (
    "pledges",
    "opinions",
)  # of the ledgers of work the two that a branch makes public (domain.md row 13, 14)
TREND_MONTHS = 12
RESTATED_QUARTERS = 4  # corrections of the last year are told again each quarter; an older quarter when it changes
NAME_SEPARATOR = "、"
COLUMNS = ["panel", "party_group", "period", "measure", "value", "note"]


def build_board(
    tables: Mapping[str, pd.DataFrame], bureau: Bureau, catalog: Catalog, quarter: pd.Period
) -> pd.DataFrame:
    """Return ``board`` from the derived tables `BOARD_TABLES`; groups stand in the order of the bureau's settings.

    Only columns that the data dictionary opens to everybody are taken over. Three judgements look
    further, as the managers' report does, and their answers alone are kept: whether the groups stand apart, which is
    asked of the score that ranks them, which months' points lack a ledger, and in which a group became one of others.
    Ranks are there only when it is yes. Names are there only where the bureau publishes them: leaders at the quarter's
    end, and members with the most stars. What is not known is missing, never 0. Raises `KeyError` for a missing table.
    """
    public = {name: public_view(tables[name], name, catalog) for name in PUBLIC_TABLES}
    standings, months = tables["standings_by_group_quarter"], tables["points_by_group_month"]
    movement = movement_until(quarter, months, tables[ITEMS])
    ranking = rank_groups(standings, months, tables[ITEMS], bureau, quarter, movement)
    groups = list(bureau.groups)
    gaps = quarter_gaps(tables, bureau, catalog, quarter)
    others = _others(tables[TURNOVER], quarter)
    not_compared = {gap.party_group for gap in gaps} | set(others["party_group"])
    parts = [
        *_about(bureau, quarter),
        _in_order(groups, quarter),
        *_points(public, groups, quarter),
        *_lacking(gaps),
        others,
        *_standing(ranking, quarter),
        _trend(public["points_by_group_month"], quarter),
        *_change(public["standings_by_group_quarter"], ranking, not_compared, groups, quarter),
        _stars((tables if bureau.publishes_names else public)["stars_by_group_quarter"], groups, quarter),
        _model_group(public["annual_by_group_year"], quarter),
        *(_work(public["work_by_group_quarter"], matter, groups, quarter) for matter in BOARD_MATTERS),
        _restated(public["restatements"], quarter),
    ]
    if bureau.publishes_names:
        parts += [_leaders(tables["leader_terms"], quarter), _most_starred(tables, bureau, quarter)]
    filled = [part.reindex(columns=COLUMNS).astype({"value": "float64"}) for part in parts if len(part)]
    return to_dictionary(pd.concat(filled, ignore_index=True), "board", catalog)


def _about(bureau: Bureau, quarter: pd.Period) -> Iterable[pd.DataFrame]:
    """Yield as-of date, versions of the rule book with the month each began, and the time for objections."""
    months, as_of = months_of(quarter), quarter.end_time.date()
    versions = [version_in_effect(bureau.rules, month) for month in months]
    days = bureau.parameter(versions[-1], "objection_days_d")
    yield _single("about", "as_of", quarter, note=as_of.isoformat())
    for version in filter(None, dict.fromkeys(versions)):
        first = min(rule.effective_month for rule in bureau.rules if rule.version == version)
        yield _single("about", "rule_version", first, note=version)
    yield _single("about", "objection_days_d", quarter, value=days)
    if bureau.objection_until and date.fromisoformat(bureau.objection_until) > as_of:  # not one of an earlier quarter
        yield _single("about", "objection_until", quarter, note=bureau.objection_until)


def _in_order(groups: Sequence[str], quarter: pd.Period) -> pd.DataFrame:
    positions = [float(number) for number, _ in enumerate(groups, start=1)]
    return _long(pd.DataFrame({"party_group": groups, "period": str(quarter), "position": positions}), "groups")


def _points(public: Mapping[str, pd.DataFrame], groups: Sequence[str], quarter: pd.Period) -> Iterable[pd.DataFrame]:
    """Yield weights and points by category, both as means of the quarter's months, and the mean of the totals."""
    rows = public["points_by_group_month_category"]
    own = rows[rows["month"].isin(months_of(quarter))]
    by_category = own.groupby(["party_group", "category"])
    for panel, column in (("weights", "weight"), ("points", "points")):
        means = by_category[column].mean().unstack("category").reindex(list(groups))
        yield _long(means.rename_axis("party_group").reset_index().assign(period=str(quarter)), panel)
    standings = _of_quarter(public["standings_by_group_quarter"], groups, quarter)
    yield _long(standings[["party_group", "period", "points_mean"]], "points")


def _lacking(gaps: Iterable[Gap]) -> Iterable[pd.DataFrame]:
    """Yield the months of this quarter and the last in which points were scored without a ledger."""
    for gap in gaps:
        months = pd.DataFrame({"party_group": gap.party_group, "period": map(str, gap.months)})
        yield _long(months.assign(is_lacking=1.0), "ledgers")


def _others(turnover: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return the months after the first of the last quarter in which more than one in five members changed.

    Not the one in which all of a group left: nobody is another one afterwards.
    """
    known = turnover[turnover["month"].isin(compared_months(quarter)[1:])].sort_values("month", ascending=False)
    is_there = known.groupby("party_group")["member_count"].cummax() > 0  # in the month, or in a later one
    rows = known[known["is_flagged"].astype(bool) & is_there].sort_index()
    table = rows.rename(columns={"month": "period", "is_flagged": "is_changed"})
    return _long(table[["party_group", "period", "is_changed"]], "members")


def _standing(ranking: Ranking, quarter: pd.Period) -> Iterable[pd.DataFrame]:
    """Yield what a clear gap is, whether there is one, and only then ranks and those who lead."""
    gap, basis = ranking.noise.clear_gap, ranking.basis
    yield _single("standing", "clear_gap_points", quarter, value=gap, note=basis)
    yield _single("standing", "lacking_groups", quarter, value=len(ranking.lacking))
    yield _single("standing", "is_spread_clear", quarter, value=ranking.is_spread_clear, note=basis)
    if ranking.is_spread_clear:
        ranked = ranking.standings[["party_group", "rank"]].assign(period=str(quarter))
        for place, name in enumerate(("first_place", "last_place")):
            known = {group: places[place] for group, places in ranking.places.items()}
            ranked[name] = ranked["party_group"].map(known)
        yield _long(ranked.assign(leads=ranked["party_group"].isin(ranking.leaders)), "standing")


def _trend(points: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    last = months_of(quarter)[-1]
    recent = points[(points["month"] > last - TREND_MONTHS) & (points["month"] <= last)]
    return _long(recent.rename(columns={"month": "period"})[["party_group", "period", "total_points"]], "trend")


def _change(
    standings: pd.DataFrame, ranking: Ranking, not_compared: Collection[str], groups: Sequence[str], quarter: pd.Period
) -> Iterable[pd.DataFrame]:
    """Yield what a clear change is, the last quarter's mean of months, the change, and whether it is a clear one.

    A change of points that lack a ledger is not judged, nor one of a group of other people.
    """
    own = _of_quarter(standings, groups, quarter)
    change = own["change_points"]
    gap = ranking.months.clear_gap
    yield _single("change", "clear_gap_points", quarter, value=gap)
    table = own[["party_group", "period", "change_points"]].assign(previous_points=own["points_mean"] - change)
    if gap is not None:
        judged = change.mask(own["party_group"].isin(not_compared))
        table["is_clear"] = judged.map(ranking.months.is_clear, na_action="ignore")
    yield _long(table, "change")


def _stars(stars: pd.DataFrame, groups: Sequence[str], quarter: pd.Period) -> pd.DataFrame:
    own = _of_quarter(stars, groups, quarter)
    return _long(own[["party_group", "period", "five_star_count", "rated_count"]], "stars")


def _model_group(years: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return the model group of the year, or of the year before while this one has none."""
    recent = years[years["is_model_group"].astype(bool) & years["year"].isin([quarter.year - 1, quarter.year])]
    latest = recent[recent["year"] == recent["year"].max()]
    return _long(latest.rename(columns={"year": "period"})[["party_group", "period", "is_model_group"]], "model_group")


def _work(work: pd.DataFrame, matter: str, groups: Sequence[str], quarter: pd.Period) -> pd.DataFrame:
    """Return what was due, on time and closed; ``note`` is the state of the ledger."""
    own = _of_quarter(work[work["matter"] == matter], groups, quarter)
    names = ["due_count", "on_time_count", "on_time_pct", "closed_count"]
    table = _long(own[["party_group", "period", *names]], matter)
    return table.assign(note=table["party_group"].map(own.set_index("party_group")["state"]))


def _restated(restatements: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return before and after of corrected groups: the last four quarters, and any that was corrected since this began.

    ``note`` is the day of the latest correction.
    """
    known = restatements[(restatements["quarter"] <= quarter) & (restatements["correction_count"] > 0)]
    is_recent = known["quarter"] > quarter - RESTATED_QUARTERS
    own = known[is_recent | (known["last_corrected_on"] >= quarter.start_time)]
    names = ["points_mean_before", "points_mean", "change_points", "correction_count"]
    table = own.rename(columns={"quarter": "period"}).astype({"period": "str"})
    days = table.assign(note=table["last_corrected_on"].dt.strftime("%Y-%m-%d"))[["party_group", "period", "note"]]
    return _long(table[["party_group", "period", *names]], "restated").merge(days, on=["party_group", "period"])


def _leaders(terms: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return who leads each group on the quarter's last day."""
    last_day = quarter.end_time.normalize()
    leading = terms[(terms["started_on"] <= last_day) & ~(terms["ended_on"] <= last_day)]
    return _named(leading, "leader", quarter)


def _most_starred(tables: Mapping[str, pd.DataFrame], bureau: Bureau, quarter: pd.Period) -> pd.DataFrame:
    """Return the members with the most stars that there are; nobody else's stars are told."""
    stars = tables["stars_by_member_quarter"]
    return _named(stars[(stars["quarter"] == quarter) & (stars["stars"] == most_stars(bureau))], "five_star", quarter)


def _named(rows: pd.DataFrame, measure: str, quarter: pd.Period) -> pd.DataFrame:
    members = rows[["party_group", "member"]].drop_duplicates().sort_values("member").groupby("party_group")["member"]
    table = members.agg(NAME_SEPARATOR.join).rename("note").reset_index()
    return table.assign(panel="names", period=str(quarter), measure=measure, value=float("nan"))


def _of_quarter(rows: pd.DataFrame, groups: Sequence[str], quarter: pd.Period) -> pd.DataFrame:
    """Return the rows of a quarter, one a group of the bureau in its order; a group without a row has no values."""
    own = rows[rows["quarter"] == quarter].set_index("party_group")
    return own.reindex(list(groups)).rename_axis("party_group").reset_index().assign(period=str(quarter))


def _single(
    panel: str, measure: str, period: object, *, value: float | None = None, note: str | None = None
) -> pd.DataFrame:
    """Return one row of the whole branch."""
    row = {"panel": panel, "period": str(period), "measure": measure, "value": value, "note": note}
    return pd.DataFrame([row])


def _long(rows: pd.DataFrame, panel: str) -> pd.DataFrame:
    """Return one row per group, period and measure; every further column of ``rows`` is a measure."""
    measures = [name for name in rows.columns if name not in ("party_group", "period")]
    wide = rows.assign(panel=panel).astype({"period": "str", **dict.fromkeys(measures, "float64")})
    return wide.melt(["panel", "party_group", "period"], measures, "measure", "value")
