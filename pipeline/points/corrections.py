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

    ``items`` has one row per ``subject``, month and item in effect, with ``capped_points``, ``cap_month``,
    ``rule_points`` and ``is_deduction``. A corrected item stays in its range: an award between 0 and its full points, a
    deduction between its cap and 0. Corrections of one item add up in the order of their dates. Where there is no such
    item, or it is left out, nothing is applied (missing): there is nothing to correct.
    """
    keys = [subject, "month", "item"]
    own = corrections.sort_values(["corrected_on", "source_file", "source_row"], kind="stable")
    lower, upper = _bounds(items)
    bounded = items[keys].assign(base=items["capped_points"], lower=lower, upper=upper)
    both = own.merge(bounded, on=keys, how="left")
    both.index = own.index
    after = both["base"] + both.groupby(keys)["change_points"].cumsum()
    clipped = after.clip(lower=both["lower"], upper=both["upper"])
    before = clipped.groupby([both[name] for name in keys]).shift().fillna(both["base"])
    applied = own.assign(applied_points=(clipped - before).astype("float64"))
    changes = applied.groupby(keys)["applied_points"].sum(min_count=1).rename("change").reset_index()
    change = items[keys].merge(changes, on=keys, how="left")["change"].fillna(0.0)
    return items["capped_points"] + change.to_numpy(), applied.sort_index()


def list_applied(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return ``corrections_applied`` from the corrections of groups and members as applied, oldest first."""
    table = pd.concat(parts)[[*ENTRY, "applied_points", *LINEAGE]]
    return table.sort_values(["corrected_on", "source_file", "source_row"], ignore_index=True)


def list_restatements(before: pd.DataFrame, after: pd.DataFrame, applied: pd.DataFrame) -> pd.DataFrame:
    """Return ``restatements``: every group of every quarter that a correction of a group touched.

    ``before`` and ``after`` are standings without and with the corrections. Groups that were not corrected themselves
    stand beside the others, since their rank may have changed.
    """
    keys = ["party_group", "quarter"]
    own = applied[applied["member"].isna() & applied["party_group"].notna()]
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


def _bounds(items: pd.DataFrame) -> tuple["pd.Series[float]", "pd.Series[float]"]:
    """Return the range of each item's points in a month: [0, full] of an award, [cap, 0] of a deduction.

    An item without full points and cap (awards as they are entered) has no bound but that its sign stays.
    """
    full = items["rule_points"]
    is_deduction = items["is_deduction"]
    upper = full.where(full > 0, np.inf).mask(is_deduction, 0.0)
    lower = pd.Series(0.0, index=items.index).mask(
        is_deduction, items["cap_month"].where(items["cap_month"] < 0, -np.inf)
    )
    return lower, upper
