"""Who belonged to which group when: the dated memberships, by day and by month."""

import numpy as np
import pandas as pd

MID_MONTH_DAY = 15  # who belongs where on the 15th is counted there for the month (domain.md section 3)
STAY = ["member", "party_group", "joined_on", "left_on"]
NOT_LEFT = pd.Timestamp("2262-01-01")  # beyond any workbook: a stay without an end


def assigned(memberships: pd.DataFrame) -> pd.DataFrame:
    """Return the stays in a group, with an end for all of them; members without a group have no stay."""
    stays = memberships[memberships["party_group"].notna() & memberships["joined_on"].notna()]
    return stays.assign(left_on=stays["left_on"].fillna(NOT_LEFT)).sort_values("joined_on", kind="stable")


def group_on_day(memberships: pd.DataFrame, members: "pd.Series[str]", days: "pd.Series[pd.Timestamp]") -> pd.Series:
    """Return the group of each member on the day beside it, missing where there is none; the later stay counts."""
    stays = assigned(memberships[STAY])
    stays_of: dict[str, list[tuple[int, int, str]]] = {}
    ends = (_microseconds(stays[name]) for name in ("joined_on", "left_on"))
    for member, *stay in zip(stays["member"], *ends, stays["party_group"], strict=True):
        stays_of.setdefault(member, []).insert(0, tuple(stay))
    groups = [
        next((group for joined, left, group in stays_of.get(member, ()) if joined <= day < left), None)
        for member, day in zip(members, _microseconds(days), strict=True)
    ]
    return pd.Series(groups, index=members.index, dtype="str")


def _microseconds(days: "pd.Series[pd.Timestamp]") -> list[int]:
    """Return days as numbers; a missing one is before all others."""
    return days.to_numpy().astype("datetime64[us]").astype(np.int64).tolist()


def days_by_member_month(memberships: pd.DataFrame, months: pd.PeriodIndex) -> pd.DataFrame:
    """Return a row per member and month with any day in a group: member, month, party_group, member_days_d.

    The group is that of the 15th, else the one with the most days. A day in two groups is one day.
    """
    stays = assigned(memberships[STAY]).reset_index(drop=True)
    starts = months.to_timestamp().to_numpy()[None, :]
    ends = (months + 1).to_timestamp().to_numpy()[None, :]
    joined, left = (stays[name].to_numpy().astype(starts.dtype)[:, None] for name in ("joined_on", "left_on"))
    days = (np.minimum(left, ends) - np.maximum(joined, starts)) / np.timedelta64(1, "D")
    stay, month = np.nonzero(days > 0)
    middle = starts + np.timedelta64(MID_MONTH_DAY - 1, "D")
    holds_middle = (joined <= middle) & (middle < left)
    rows = pd.DataFrame(
        {
            "member": stays["member"].to_numpy()[stay],
            "month": months[month],
            "party_group": stays["party_group"].to_numpy()[stay],
            "days": days[stay, month],
            "holds_middle": holds_middle[stay, month],
            "order": stay,
        }
    )
    rows = rows.sort_values(["holds_middle", "days", "order"], ascending=[False, False, False], kind="stable")
    grouped = rows.groupby(["member", "month"], sort=True)
    table = grouped["party_group"].first().to_frame()
    table["days"] = grouped["days"].sum()
    table = table.reset_index()
    table["member_days_d"] = np.minimum(table.pop("days"), table["month"].dt.days_in_month).astype("int64")
    return table
