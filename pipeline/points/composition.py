"""Who a group is from month to month: how many came and went, and the points of those who were there all along."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points import Points, score_points
from pipeline.points.attendance import EXCUSED, PRESENT, list_attendances
from pipeline.points.measures import LINEAGE
from pipeline.points.stays import MID_MONTH_DAY, assigned

TURNOVER_PCT = 20.0  # statistics.md, "Composition": months with more than 20 % turnover are flagged
FEWEST_CONSTANT = 2  # one member who stayed is not a group


def list_turnover(memberships: pd.DataFrame, groups: list[str], months: pd.PeriodIndex) -> pd.DataFrame:
    """Return ``turnover_by_group_month``: who is a member on the 15th compared with the 15th of the month before.

    ``turnover_pct`` is the larger of those who came and those who went, of the members before; missing in the first
    month and where nobody was there before. A member who left and came back within the month did neither.
    """
    tables = []
    for group in sorted(groups):
        belongs = _belongs(memberships[memberships["party_group"] == group], months)
        before = np.vstack([belongs[:1], belongs[:-1]])
        joined, left = (belongs & ~before).sum(axis=1), (before & ~belongs).sum(axis=1)
        counts = {"member_count": belongs.sum(axis=1), "joined_count": joined, "left_count": left}
        base = before.sum(axis=1) * (np.arange(len(months)) > 0)
        pct = np.divide(100.0 * np.maximum(joined, left), base, out=np.full(len(months), np.nan), where=base > 0)
        flagged = pct > TURNOVER_PCT
        tables.append(
            pd.DataFrame({"party_group": group, "month": months, **counts, "turnover_pct": pct, "is_flagged": flagged})
        )
    return pd.concat(tables, ignore_index=True)


def score_constant_members(reading: Reading, catalog: Catalog, quarter: pd.Period, months: pd.PeriodIndex) -> Points:
    """Score the groups as if only those had ever been members who belonged to one group on the 15th of all ``months``.

    What the ledgers say of named members (attendance lists, quizzes, visits) counts for these members only; what names
    nobody cannot be split and stays as it is. A group with fewer than two such members is left as it is too.
    """
    return score_points(
        _with_members(reading, constant_members(reading.tables["memberships"], months), catalog), catalog, quarter
    )


def constant_members(memberships: pd.DataFrame, months: pd.PeriodIndex) -> pd.DataFrame:
    """Return member and party_group of those who belonged to the group on the 15th of every one of ``months``."""
    stays = assigned(memberships)
    rows = [
        (str(member), str(group))
        for (member, group), own in stays.groupby(["member", "party_group"])
        if _belongs(own, months).all()
    ]
    table = pd.DataFrame(rows, columns=["member", "party_group"])
    return table[table.groupby("party_group")["member"].transform("size") >= FEWEST_CONSTANT].reset_index(drop=True)


def _belongs(stays: pd.DataFrame, months: pd.PeriodIndex) -> "np.ndarray[tuple[int, int], np.dtype[np.bool_]]":
    """Return for each month (rows) and member (columns) of ``stays`` whether one of the stays holds the 15th."""
    stays = assigned(stays)
    middle = (months.to_timestamp() + pd.Timedelta(days=MID_MONTH_DAY - 1)).to_numpy()[:, None]
    joined, left = (stays[name].to_numpy().astype(middle.dtype)[None, :] for name in ("joined_on", "left_on"))
    there = (joined <= middle) & (middle < left)
    members = stays["member"].to_numpy()
    return (
        np.array([there[:, members == member].any(axis=1) for member in dict.fromkeys(members)], dtype=bool)
        .reshape(-1, len(months))
        .T
    )


def _with_members(reading: Reading, members: pd.DataFrame, catalog: Catalog) -> Reading:
    """Return the reading with only ``members`` in the groups that have some; the other groups are left alone."""
    groups, names = set(members["party_group"]), set(members["member"])
    tables = dict(reading.tables)
    of_changed = set(tables["memberships"].loc[tables["memberships"]["party_group"].isin(groups), "member"]) - names
    for name, frame in reading.tables.items():
        if "member" in frame and name in catalog.tables and catalog.tables[name].stage == "input":
            tables[name] = frame[~frame["member"].isin(of_changed)]
    tables["activities"] = _recount(reading, of_changed, catalog)
    return replace(reading, tables=tables)


def _recount(reading: Reading, others: set[str], catalog: Catalog) -> pd.DataFrame:
    """Return the activities with their counts less the named ``others``; where nobody is named the counts stay."""
    activities = reading.tables["activities"]
    named = list_attendances(reading, catalog)
    taken = named[named["member"].isin(others)]
    place = pd.MultiIndex.from_frame(activities[LINEAGE])
    counts = {
        "present": taken["presence"] == PRESENT,
        "expected": pd.Series(True, index=taken.index),
        "excused_count": taken["presence"] == EXCUSED,
    }
    changed = activities.copy()
    for column, counted in counts.items():
        less = taken[counted].groupby(LINEAGE).size().reindex(place, fill_value=0).to_numpy()
        changed[column] = (activities[column] - less).clip(lower=0)
    return changed
