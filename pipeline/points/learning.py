"""Learning by group and quarter: who took the quizzes, how well, how often again, and hours of training."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from pipeline.points.attendance import leave_days
from pipeline.points.averaged import FEWEST_MEMBERS
from pipeline.points.measures import NOT_SUBMITTED
from pipeline.points.stays import assigned, group_on_day
from pipeline.points.work import KEY, percent, quarter_states

SCORES = ["quiz_mean", "retake_count"]  # what they tell of a few members is theirs alone
COUNTS = ["session_count", "expected_count", "excused_count", "participant_count", "retake_count"]


def summarise_learning(reading: Reading, headcount: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``learning_by_group_quarter`` for every group and quarter of ``headcount_by_group_month``.

    A session is a day with quiz results; everybody who belongs to a group on that day is expected in it, but for those
    on approved leave who did not take part (``excused_count``). The mean is over the best attempt of each member and
    session; it and the retakes are missing where fewer than `FEWEST_MEMBERS` took part in a month of the quarter, since
    that month is what the quarter is more than the months that are shown. Where no quiz was handed in there are no
    numbers, where no training ledger was, no hours.
    """
    grid = headcount[["party_group", "month"]]
    table = quarter_states(reading, catalog, grid, "quiz_results")
    index = pd.MultiIndex.from_frame(table[KEY])
    found = _count_seats(_list_seats(reading, catalog)).reindex(index)
    sessions = reading.tables["quiz_results"]["session_on"].drop_duplicates().dt.to_period("Q-DEC").value_counts()
    found["session_count"] = table["quarter"].map(sessions).to_numpy()
    found[COUNTS] = found[COUNTS].fillna(0)
    found[SCORES] = found[SCORES].mask(found.pop("fewest_members") < FEWEST_MEMBERS)
    found["participation_pct"] = percent(found["participant_count"], found["expected_count"])
    found = found.astype("float64")
    found.loc[(table["state"] == NOT_SUBMITTED).to_numpy()] = np.nan
    found["training_hours_h"] = _training_hours(reading, catalog, grid).reindex(index)
    return to_dictionary(pd.concat([table, found.reset_index(drop=True)], axis=1), "learning_by_group_quarter", catalog)


def _list_seats(reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return a row a session and member of any group that day: attempt_count, best (missing), is_on_leave."""
    results, memberships = reading.tables["quiz_results"], reading.tables["memberships"]
    attempts = results.groupby(["session_on", "member"])["score"].agg(attempt_count="size", best="max").reset_index()
    seats = (
        results[["session_on"]].drop_duplicates().merge(assigned(memberships)[["member"]].drop_duplicates(), "cross")
    )
    seats["party_group"] = group_on_day(memberships, seats["member"], seats["session_on"])
    seats = seats[seats["party_group"].notna()].merge(attempts, on=["session_on", "member"], how="left")
    seats["attempt_count"] = seats["attempt_count"].fillna(0)
    on_leave = leave_days(reading.tables["leaves"], catalog).rename(columns={"day": "session_on"})
    seats = seats.merge(on_leave.assign(is_on_leave=True), on=["session_on", "member"], how="left")
    return seats.assign(is_on_leave=seats["is_on_leave"].notna())


def _count_seats(seats: pd.DataFrame) -> pd.DataFrame:
    """Return the counts and the mean of seats by group and quarter, and the fewest members of a month."""
    took_part = seats["attempt_count"] > 0
    rows = seats.assign(
        quarter=seats["session_on"].dt.to_period("Q-DEC"),
        took_part=took_part,
        is_excused=seats["is_on_leave"] & ~took_part,
        retakes=(seats["attempt_count"] - 1).clip(lower=0),
        participant=seats["member"].where(took_part),
    )
    grouped = rows.groupby(KEY)
    excused = grouped["is_excused"].sum()
    found = {
        "excused_count": excused,
        "participant_count": grouped["took_part"].sum(),
        "retake_count": grouped["retakes"].sum(),
        "quiz_mean": grouped["best"].mean(),
        "expected_count": grouped.size() - excused,
    }
    return pd.DataFrame(found).assign(fewest_members=_fewest_members(rows))


def _fewest_members(rows: pd.DataFrame) -> "pd.Series[int]":
    """Return by group and quarter how many members took part in the month with the fewest; no month without any."""
    months = rows["session_on"].dt.to_period("M").rename("month")
    counts = rows[rows["took_part"]].groupby([*KEY, months])["participant"].nunique()
    return counts.groupby(KEY).min()


def _training_hours(reading: Reading, catalog: Catalog, grid: pd.DataFrame) -> "pd.Series[float]":
    """Return the hours that a group's members were trained, by group and quarter; 0 where the ledger has no row."""
    rows = reading.tables["trainings"]
    quarters = rows["held_on"].dt.to_period("Q-DEC").rename("quarter")
    hours = rows.groupby([rows["party_group"], quarters])["hours_h"].sum()
    states = quarter_states(reading, catalog, grid, "trainings")
    table = states.merge(hours.rename("hours").reset_index(), on=KEY, how="left").set_index(KEY)
    return table["hours"].fillna(0.0).where(table["state"] != NOT_SUBMITTED)
