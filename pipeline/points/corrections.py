"""Corrections: appended entries that add to an item's points of a month; nothing that was published is overwritten."""

import numpy as np
import pandas as pd

from pipeline.points.measures import LINEAGE

ENTRY = ["corrected_on", "month", "party_group", "member", "item", "change_points", "ground"]


def corrections_of(corrections: pd.DataFrame, subject: str) -> pd.DataFrame:
    """Return the corrections of groups (``subject`` is ``party_group``) or of members (``member``)."""
    of_members = corrections["member"].notna()
    return corrections[of_members if subject == "member" else ~of_members & corrections["party_group"].notna()]


def apply_corrections(
    items: pd.DataFrame, corrections: pd.DataFrame, subject: str
) -> tuple["pd.Series[float]", pd.DataFrame]:
    """Return ``capped_points`` of ``items`` after the corrections, and the corrections with ``applied_points``.

    ``items`` has one row per ``subject``, month and item in effect, with ``capped_points``, ``least_points`` and
    ``most_points`` (`schemes.points_range`): a corrected item stays in its range. Each day's corrections add to what
    stood published before; those of one day stand together, so that their order does not matter. Where there is no
    such item, or it is left out, nothing is applied (missing): there is nothing to correct.
    """
    if corrections.empty:
        return items["capped_points"] + 0.0, corrections.assign(applied_points=np.float64())  # + 0: no point is -0
    keys = [subject, "month", "item"]
    own = corrections.sort_values(["corrected_on", "source_file", "source_row"], kind="stable")
    may_be = items["item"].isin(own["item"].unique()) & items["month"].isin(own["month"].unique())
    bounded = items.loc[may_be, [*keys, "capped_points", "least_points", "most_points"]]
    both = own.merge(bounded, on=keys, how="left").set_axis(own.index)
    parts = [_apply_in_order(rows) for _, rows in both[both["capped_points"].notna()].groupby(keys, sort=False)]
    applied = own.assign(applied_points=pd.concat(parts) if parts else np.nan).astype({"applied_points": "float64"})
    changes = applied.groupby(keys)["applied_points"].sum(min_count=1).rename("change").reset_index()
    change = pd.Series(0.0, index=items.index)
    change[may_be] = bounded[keys].merge(changes, on=keys, how="left")["change"].fillna(0.0).to_numpy()
    return items["capped_points"] + change, applied.sort_index()


def _apply_in_order(rows: pd.DataFrame) -> "pd.Series[float]":
    """Return what each correction of one item adds, day by day, within the item's range.

    Points that lie beyond the range already move back only as far as a correction moves them.
    """
    first = rows.iloc[0]
    standing = float(first["capped_points"])
    applied = []
    for _, day in rows.groupby("corrected_on", sort=True):
        bounds = min(first["least_points"], standing), max(first["most_points"], standing)
        after = (standing + day["change_points"].cumsum()).clip(*bounds)
        applied.append(after.diff().fillna(after.iloc[0] - standing))
        standing = float(after.iloc[-1])
    return pd.concat(applied)


def list_applied(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return ``corrections_applied`` from the corrections of groups and members as applied, oldest first."""
    table = pd.concat(parts)[[*ENTRY, "applied_points", *LINEAGE]]
    return table.sort_values(["corrected_on", "source_file", "source_row"], ignore_index=True)


def list_restatements(before: pd.DataFrame, after: pd.DataFrame, applied: pd.DataFrame) -> pd.DataFrame:
    """Return ``restatements``: every group of every quarter in which a correction of a group changed points.

    A correction that could not be applied, or for which its item had no room, restates nothing. ``before`` and
    ``after`` are standings without and with the corrections. Groups that were not corrected themselves stand beside the
    others, since their rank may have changed.
    """
    keys = ["party_group", "quarter"]
    own = applied[applied["member"].isna() & applied["party_group"].notna()]
    own = own[own["applied_points"].fillna(0.0) != 0]
    own = own.assign(quarter=own["month"].dt.asfreq("Q"))
    counts = own.groupby(keys).agg(correction_count=("item", "size"), last_corrected_on=("corrected_on", "max"))
    both = before[[*keys, "points_mean", "rank"]].merge(
        after[[*keys, "points_mean", "rank"]], on=keys, suffixes=("_before", "")
    )
    table = both[both["quarter"].isin(own["quarter"].unique())].merge(counts.reset_index(), on=keys, how="left")
    table["correction_count"] = table["correction_count"].fillna(0).astype("Int64")
    table["change_points"] = table["points_mean"] - table["points_mean_before"]
    ended = table["quarter"].dt.end_time
    table["is_after_quarter"] = np.asarray(table["last_corrected_on"] > ended, dtype=bool)
    return table.sort_values(["quarter", "party_group"], ignore_index=True)
