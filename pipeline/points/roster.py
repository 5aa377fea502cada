"""The roster as tables: headcount by month, members without a group or in two, groups without a leader."""

import pandas as pd

from pipeline.points.measures import LINEAGE
from pipeline.points.stays import assigned
from pipeline.points.totals import count_members

UNASSIGNED, TWO_GROUPS, NO_LEADER, TWO_LEADERS = "unassigned", "two_groups", "no_leader", "two_leaders"


def count_by_month(memberships: pd.DataFrame, groups: list[str], months: pd.PeriodIndex) -> pd.DataFrame:
    """Return ``headcount_by_group_month``: members on the 15th, and who came and went in the course of the month.

    A row that begins on the day another one of the same member and group ends, as after a change of leader, is the
    same stay: nobody came, and nobody went.
    """
    index = pd.MultiIndex.from_product([sorted(groups), months], names=["party_group", "month"])
    table = index.to_frame(index=False)
    table["member_count"] = count_members(memberships, table)
    stays = assigned(memberships)
    of_one = stays.groupby(["member", "party_group"])
    goes_on = {
        "joined_on": stays["joined_on"] == of_one["left_on"].shift(),
        "left_on": stays["left_on"] == of_one["joined_on"].shift(-1),
    }
    for column, name in (("joined_on", "joined_count"), ("left_on", "left_count")):
        moved = stays[~goes_on[column]]
        moves = moved.groupby([moved["party_group"], moved[column].dt.to_period("M").rename("month")]).size()
        table[name] = moves.reindex(index, fill_value=0).to_numpy()
    return table


def list_roster_findings(
    memberships: pd.DataFrame, terms: pd.DataFrame, groups: list[str], day: pd.Timestamp
) -> pd.DataFrame:
    """Return ``roster_findings`` as of ``day``: members without a group, in two groups at once, and groups that nobody
    or more than one leads. What begins after ``day`` is not known yet. A group whose members have all left needs nobody
    to lead it.
    """
    memberships = memberships[memberships["joined_on"] <= day]
    unassigned = memberships[memberships["party_group"].isna() & ~(memberships["left_on"] <= day)]
    parts = [unassigned.assign(finding=UNASSIGNED, since_on=unassigned["joined_on"])]
    stays = assigned(memberships)
    earlier_end = stays.groupby("member")["left_on"].shift()
    double = stays[stays["joined_on"] < earlier_end]
    parts.append(double.assign(finding=TWO_GROUPS, since_on=double["joined_on"]))
    current = terms[(terms["started_on"] <= day) & ~(terms["ended_on"] <= day)]
    second = current[current.duplicated("party_group")]
    parts.append(second.assign(finding=TWO_LEADERS, since_on=second["started_on"]))
    ended = set(stays["party_group"]) - set(stays.loc[stays["left_on"] > day, "party_group"])
    without = sorted(set(groups) - set(current["party_group"]) - ended)
    parts.append(pd.DataFrame({"finding": NO_LEADER, "party_group": without}))
    columns = ["finding", "member", "party_group", "since_on", *LINEAGE]
    table = pd.concat([part.reindex(columns=columns).astype({"finding": "object"}) for part in parts])
    for name in ("source_file", "source_sheet", "source_cell"):
        table[name] = table[name].fillna("")  # that nobody leads a group stands in no row
    return table.reset_index(drop=True)
