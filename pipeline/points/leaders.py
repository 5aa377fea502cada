"""Group leaders: their terms, and what was said of how they do their duty (for the secretary only)."""

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.attendance import PRESENT, attendance_is_kept
from pipeline.points.measures import LINEAGE, NOT_SUBMITTED
from pipeline.points.stays import NOT_LEFT, assigned
from pipeline.points.work import KEY, quarter_states

FULL_POINTS = 100.0  # of a duty for which the form states none
COUNTED = {"training_hours_h": "training", "training_count": "training", "education_count": "education"}  # by ledger


def list_leader_terms(reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return ``leader_terms``: every stay of a member whose party role is that of a leader, in order."""
    stays = assigned(reading.tables["memberships"])
    leading = stays[stays["party_role"].isin(list(catalog.words_of("leader_role")))]
    table = leading.rename(columns={"joined_on": "started_on", "left_on": "ended_on"})
    table["ended_on"] = table["ended_on"].mask(table["ended_on"] == NOT_LEFT)
    columns = ["party_group", "member", "started_on", "ended_on", "term", *LINEAGE]
    return table[columns].sort_values(["party_group", "started_on"], ignore_index=True)


def evaluate_leaders(
    reading: Reading, catalog: Catalog, terms: pd.DataFrame, standings: pd.DataFrame, last_month: pd.Period
) -> pd.DataFrame:
    """Return ``leaders_by_group_quarter``: who led, or was assessed as a leader, in each quarter up to ``last_month``.

    ``duty_score_pct`` is points over full points of all duties and assessors, missing where nobody was assessed.
    Training and education count what the ledgers say of this member in the quarter. A ledger that says nothing of the
    member counts as 0 where it was handed in (for education: names who came) for any month of the quarter, and is
    missing where it was not.
    """
    keys = ["member", "quarter"]
    led = _leading_in(terms, standings["quarter"])
    duties = reading.tables["leader_duties"]
    duties = duties[duties["quarter"] <= last_month.asfreq("Q")]
    full = duties["full_points"].fillna(FULL_POINTS)
    by_member = duties.assign(full=full).groupby(keys)
    sums = by_member[["points", "full"]].sum().assign(duty_item_count=by_member.size())
    assessed = duties[[*keys, "party_group"]].dropna().drop_duplicates(keys)
    table = pd.concat([led, assessed]).drop_duplicates(keys).merge(sums.reset_index(), on=keys, how="left")
    table["duty_score_pct"] = 100.0 * table["points"] / table["full"]
    table = table.merge(_training(reading), on=keys, how="left")
    table = table.merge(_education(reading, catalog), on=keys, how="left")
    means = standings[["party_group", "quarter", "points_mean"]].rename(columns={"points_mean": "group_points_mean"})
    table = table.merge(means, on=["party_group", "quarter"], how="left")
    table["duty_item_count"] = table["duty_item_count"].fillna(0)
    is_kept = {"training": _has_training_ledger(table, reading, catalog), "education": _has_names(table, reading)}
    for name, ledger in COUNTED.items():
        table[name] = table[name].mask(is_kept[ledger] & table[name].isna(), 0)
    return table.drop(columns=["points", "full"]).sort_values(["quarter", "party_group", "member"], ignore_index=True)


def _leading_in(terms: pd.DataFrame, quarters: "pd.Series[pd.Period]") -> pd.DataFrame:
    """Return (party_group, member, quarter) for every quarter in which a term has a day."""
    periods = quarters.drop_duplicates().to_frame("quarter")
    both = terms[["party_group", "member", "started_on", "ended_on"]].merge(periods, how="cross")
    begun = both["started_on"] <= both["quarter"].dt.end_time
    not_ended = ~(both["ended_on"] <= both["quarter"].dt.start_time)
    return both.loc[begun & not_ended, ["party_group", "member", "quarter"]]


def _has_training_ledger(table: pd.DataFrame, reading: Reading, catalog: Catalog) -> "pd.Series[bool]":
    """Tell of each row whether a training ledger was handed in for its group in any month of its quarter."""
    keys = table[KEY].drop_duplicates()
    months = [keys.assign(month=keys["quarter"].dt.asfreq("M", how="start") + step) for step in range(3)]
    states = quarter_states(reading, catalog, pd.concat(months, ignore_index=True), "trainings")
    return _is_among(table, states[states["state"] != NOT_SUBMITTED])


def _has_names(table: pd.DataFrame, reading: Reading) -> "pd.Series[bool]":
    """Tell of each row whether its group's activity ledger names who came in any month of its quarter."""
    kept = attendance_is_kept(reading.tables["activities"])
    return _is_among(table, kept.assign(quarter=kept["month"].dt.asfreq("Q")))


def _is_among(table: pd.DataFrame, others: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows have their group and quarter in ``others``."""
    own, wanted = (pd.MultiIndex.from_frame(frame[KEY].astype({KEY[0]: "object"})) for frame in (table, others))
    return pd.Series(own.isin(wanted), index=table.index)


def _training(reading: Reading) -> pd.DataFrame:
    rows = reading.tables["trainings"]
    quarters = rows["held_on"].dt.to_period("Q-DEC").rename("quarter")
    grouped = rows.groupby([rows["member"], quarters])
    found = {"training_hours_h": grouped["hours_h"].sum(), "training_count": grouped.size()}
    return pd.DataFrame(found).reset_index()


def _education(reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return how many activities of leader education each member attended, by quarter."""
    rows = reading.tables["attendances"]
    kinds = list(catalog.words_of("leader_education"))
    rows = rows[(rows["presence"] == PRESENT) & rows["activity_type"].isin(kinds)]
    quarters = rows["held_on"].dt.to_period("Q-DEC").rename("quarter")
    return rows.groupby([rows["member"], quarters]).size().rename("education_count").reset_index()
