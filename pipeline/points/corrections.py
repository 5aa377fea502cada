"""Corrections: appended entries that add to an item's points of a month; nothing that was published is overwritten."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from pipeline.points.keys import month_numbers, rows_by, texts_of
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
    own = corrections.sort_values(["corrected_on", "source_file", "source_row"], kind="stable")
    is_concerned = items["item"].isin(own["item"].unique()) & items["month"].isin(own["month"].unique())
    concerned = np.flatnonzero(is_concerned & items["capped_points"].notna())
    bounds = ("capped_points", "least_points", "most_points")
    standing = dict(zip(_places(items.iloc[concerned], subject), concerned.tolist(), strict=True))
    applied = np.full(len(own), np.nan)
    item = np.full(len(own), -1, dtype=np.int64)
    for place, rows in rows_by(zip(*_places(own, subject), strict=True)).items():
        if place in standing:
            item[rows] = standing[place]
            start, least, most = (float(items[name].iloc[standing[place]]) for name in bounds)
            days, changes = (own[name].iloc[rows].tolist() for name in ("corrected_on", "change_points"))
            applied[rows] = _apply_in_order(days, changes, start, least, most)
    found = item >= 0
    change = pd.Series(applied[found]).groupby(item[found]).sum(min_count=1).fillna(0.0)
    after = items["capped_points"] + 0.0  # no point is -0
    after.iloc[change.index] += change.to_numpy()
    return after, own.assign(applied_points=applied).sort_index()


def _places(table: pd.DataFrame, subject: str) -> list[tuple[str, int, str]]:
    """Return the subject, the month's number and the item of every row."""
    columns = (texts_of(table[subject]), month_numbers(table["month"]).tolist(), texts_of(table["item"]))
    return list(zip(*columns, strict=True))


def _apply_in_order(
    days: Sequence[pd.Timestamp], changes: Sequence[float], start: float, least: float, most: float
) -> list[float]:
    """Return what each correction of one item adds to its points, ``start``, day by day, within the item's range.

    Points that lie beyond the range already move back only as far as a correction moves them.
    """
    standing, before, total = start, start, 0.0
    applied: list[float] = []
    for position, change in enumerate(changes):
        if position and days[position] != days[position - 1]:
            standing, total = before, 0.0
        total += change
        after = min(max(standing + total, min(least, standing)), max(most, standing))
        applied.append(after - before)
        before = after
    return applied


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
    grouped = own.groupby(keys)
    counts = pd.DataFrame({"correction_count": grouped.size(), "last_corrected_on": grouped["corrected_on"].max()})
    both = before[[*keys, "points_mean", "rank"]].merge(
        after[[*keys, "points_mean", "rank"]], on=keys, suffixes=("_before", "")
    )
    table = both[both["quarter"].isin(own["quarter"].unique())].merge(counts.reset_index(), on=keys, how="left")
    table["correction_count"] = table["correction_count"].fillna(0).astype("Int64")
    table["change_points"] = table["points_mean"] - table["points_mean_before"]
    ended = table["quarter"].dt.end_time
    table["is_after_quarter"] = np.asarray(table["last_corrected_on"] > ended, dtype=bool)
    return table.sort_values(["quarter", "party_group"], ignore_index=True)
