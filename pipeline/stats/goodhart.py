"""The Goodhart watch: signs that points are aimed at instead of the work that they stand for.

"The more any quantitative indicator is used for decisions, the more it will be subject to corruption pressures"
(Campbell 1979); where targets reward, results pile up at the full score and just above thresholds, and measured work
rises while what it is for does not (Bevan & Hood 2006). None of this proves anything: every row is a reason to look.
"""

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
import pandas as pd
from scipy.special import bdtrc, bdtrik

from pipeline.points.scoring import SCORED
from pipeline.stats.columns import ROUNDING
from pipeline.stats.xmr import LIMIT_FACTOR, TRIAL_BELOW_POINTS, xmr

AT_CAP, BUNCHING, SMALL_SPREAD = "at_cap", "bunching", "small_spread"
DIVERGING, LATE_ENTRY = "diverging", "late_entry"
CHECKS = (AT_CAP, BUNCHING, SMALL_SPREAD, DIVERGING, LATE_ENTRY)

WINDOW_MONTHS = 12  # every season once
AT_CAP_PCT = 80.0  # our default [D]: an item that four of five months get in full tells only one in five apart
FEWEST_GROUP_MONTHS = TRIAL_BELOW_POINTS  # one group's year; below that a share is a guess
FEWEST_NEAR = 10  # with fewer values near a threshold even nine in ten above it may be chance (p > .01)
CHANCE = 0.05  # one-sided: so rarely do as many of the near values lie above when either side is as likely
ABOVE_TO_BELOW = 2.0  # our default [D]: twice as many above, so that a slope of the values is no bunching
SMALL_SPREAD_POINTS = 3.0  # domain.md section 6: everyone scoring high (spread < 3)
FEWEST_MONTHS = 9  # of the twelve compared with the year before: three quarters of a year
LATE_DAYS = 15  # domain.md section 2 keeps the ledger monthly; half a month later the entry is made from memory [D]
LATE_PCT = 10.0  # our default [D]
FEWEST_ENTRIES = 10  # one late entry of fewer would be more than the limit

COLUMNS = {
    **dict.fromkeys(("check", "party_group", "item", "metric"), "str"),
    **dict.fromkeys(("value", "comparison", "threshold"), "float64"),
    "n_count": "Int64",
    "is_raised": "boolean",
}


@dataclass(frozen=True)
class WatchedTables:
    """What the watch looks at.

    ``items`` is points_by_group_month_item, ``points`` points_by_group_month, ``standings`` standings_by_group_quarter,
    ``entries`` the points_ledger. ``thresholds`` has rule_version, item, threshold and width (how near a value is to
    count), ``results`` has party_group, month, metric, value and direction (1: more is better, -1: less is).
    """

    items: pd.DataFrame
    points: pd.DataFrame
    standings: pd.DataFrame
    entries: pd.DataFrame
    thresholds: pd.DataFrame
    results: pd.DataFrame


def goodhart_watch(tables: WatchedTables, quarter: pd.Period) -> pd.DataFrame:
    """Return ``goodhart_watch`` as of the end of ``quarter``: every check with its figures, raised or not.

    Where there is too little to judge by, ``value`` is missing, nothing is raised, and ``n_count`` says how little.
    """
    last = quarter.asfreq("M", how="end")
    parts = [
        watch_caps(tables.items, last),
        watch_thresholds(tables.items[tables.items["month"] <= last], tables.thresholds),
        watch_spread(tables.standings, quarter),
        watch_divergence(tables.points, tables.results, last),
        watch_late_entries(tables.entries, last),
    ]
    table = pd.concat([part.reindex(columns=list(COLUMNS)).astype("object") for part in parts], ignore_index=True)
    return table.astype(COLUMNS)


def watch_caps(items: pd.DataFrame, last: pd.Period) -> pd.DataFrame:
    """Return a row an item: the share of its group-months of the last year at full points (``comparison``: how many).

    Only months in which the item was measured count; what was not handed in says nothing about the item.
    """
    recent = items[_is_recent(items["month"], last) & (items["full_points"] > 0)]
    is_scored = recent["state"] == SCORED
    at_full = is_scored & (recent["points"] >= recent["full_points"] * (1 - ROUNDING))
    counts = pd.DataFrame({"n_count": is_scored, "comparison": at_full}).groupby(recent["item"]).sum().reset_index()
    counts = counts.astype({"n_count": "int64", "comparison": "float64"})
    is_enough = counts["n_count"] >= FEWEST_GROUP_MONTHS
    counts["comparison"] = counts["comparison"].where(is_enough)
    counts["value"] = 100.0 * counts["comparison"] / counts["n_count"].where(is_enough)
    return counts.assign(check=AT_CAP, threshold=AT_CAP_PCT, is_raised=counts["value"] >= AT_CAP_PCT)


def watch_thresholds(items: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Return a row an item in bands: of the values near a threshold the share just above it against that just below.

    Near is within the width of the threshold's row. A threshold that no value exceeds is left out: at the top of a
    scale every good value is just above it. Raised when as many lie above as chance would rarely bring, and at least
    twice as many as below. ``threshold`` is the share from which on that is so.
    """
    values = items.loc[(items["state"] == SCORED) & items["value"].notna(), ["rule_version", "item", "value"]]
    highest = values.groupby("item")["value"].max()
    tested = thresholds[thresholds["threshold"] < thresholds["item"].map(highest)]
    both = values.merge(tested, on=["rule_version", "item"])
    distance = both["value"] - both["threshold"]
    sides = pd.DataFrame(
        {"above": (distance >= 0) & (distance < both["width"]), "below": (distance < 0) & (distance >= -both["width"])}
    )
    named = thresholds["item"].drop_duplicates().sort_values()
    counts = sides.groupby(both["item"]).sum().reindex(named, fill_value=0)
    rows = [_bunching(str(item), int(row["above"]), int(row["below"])) for item, row in counts.iterrows()]
    return pd.DataFrame(rows, columns=["item", "value", "comparison", "threshold", "n_count", "is_raised"]).assign(
        check=BUNCHING
    )


def watch_spread(standings: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return one row: how far apart the groups' means of the quarter are, in points, and those of the last quarter."""
    now, before = (
        standings.loc[standings["quarter"] == period, "points_mean"].dropna() for period in (quarter, quarter - 1)
    )
    value, comparison = (float(np.ptp(means)) if len(means) > 1 else np.nan for means in (now, before))
    row = {"check": SMALL_SPREAD, "value": value, "comparison": comparison, "threshold": SMALL_SPREAD_POINTS}
    return pd.DataFrame([row | {"n_count": len(now), "is_raised": value < SMALL_SPREAD_POINTS}])


def watch_divergence(points: pd.DataFrame, results: pd.DataFrame, last: pd.Period) -> pd.DataFrame:
    """Return a row a group and result: by how much process points rose over the last four quarters, and the result.

    Both are means of the last twelve months less the same months a year before, so that the season is on both sides;
    a change is clear when it exceeds what those differences vary by themselves (`year_on_year`). ``threshold`` is the
    clear change of the points. Raised when the points clearly rose and no result of the group clearly improved.
    """
    rows = []
    process_of = dict(iter(points.groupby("party_group", sort=False)))
    for group, own in results.groupby("party_group", sort=True):
        rise = year_on_year(_by_month(process_of.get(group, points.iloc[:0]), "process_points"), last)
        found = []
        for metric, months in own.groupby("metric", sort=True):
            change = year_on_year(_by_month(months, "value"), last)
            improved = float(months["direction"].iloc[0]) * change.mean > change.clear
            found.append((metric, change, improved))
        is_judged = any(not np.isnan(change.mean) for _, change, _ in found)
        diverges = rise.mean > rise.clear and is_judged and not any(improved for _, _, improved in found)
        rows += [
            {
                "party_group": group,
                "metric": metric,
                "value": rise.mean,
                "comparison": change.mean,
                "threshold": rise.clear,
                "n_count": min(rise.month_count, change.month_count),
                "is_raised": diverges and not np.isnan(change.mean),
            }
            for metric, change, _ in found
        ]
    return pd.DataFrame(rows, columns=[name for name in COLUMNS if name != "check"]).assign(check=DIVERGING)


def watch_late_entries(entries: pd.DataFrame, last: pd.Period) -> pd.DataFrame:
    """Return one row: the share of the last year's entries recorded more than 15 days after the end of their month.

    ``comparison`` is the median of days from the end of the month (below 0: before it). Entries without the day of
    recording do not count.
    """
    dated = entries[_is_recent(entries["month"], last) & entries["recorded_on"].notna()]
    delays = (dated["recorded_on"] - dated["month"].dt.end_time.dt.normalize()).dt.days
    is_enough = len(delays) >= FEWEST_ENTRIES
    value = 100.0 * float((delays > LATE_DAYS).mean()) if is_enough else np.nan
    median = float(delays.median()) if is_enough else np.nan
    row = {"check": LATE_ENTRY, "value": value, "comparison": median, "threshold": LATE_PCT}
    return pd.DataFrame([row | {"n_count": len(delays), "is_raised": value >= LATE_PCT}])


@dataclass(frozen=True)
class YearOnYear:
    """The mean change of twelve months against the year before, the change that would be clear, and the months
    compared; both are NaN with too few.
    """

    mean: float
    clear: float
    month_count: int


def year_on_year(values: pd.Series, last: pd.Period) -> YearOnYear:
    """Return how a monthly series (index: months) changed over the twelve months up to ``last``.

    The differences from the same month a year before have no season; their moving ranges tell how much one of them
    varies by itself. XmR limits stand at 2.66 mean moving ranges for one month, and at that over sqrt(n) for the mean
    of n (as `pipeline.report.material.noise` has it for quarters).
    """
    both_years = np.full(2 * WINDOW_MONTHS, np.nan)
    place = np.asarray(values.index.astype("int64")) - (last.ordinal - 2 * WINDOW_MONTHS + 1)
    is_inside = (place >= 0) & (place < 2 * WINDOW_MONTHS)
    both_years[place[is_inside]] = values.to_numpy(dtype=float, na_value=np.nan)[is_inside]
    before, now = both_years[:WINDOW_MONTHS], both_years[WINDOW_MONTHS:]
    differences = now - before
    count = int(np.isfinite(differences).sum())
    if count < FEWEST_MONTHS:
        return YearOnYear(np.nan, np.nan, count)
    clear = LIMIT_FACTOR * float(xmr(differences)["moving_range"]) / sqrt(count)
    return YearOnYear(float(np.nanmean(differences)), clear, count)


def _by_month(rows: pd.DataFrame, name: str) -> pd.Series:
    return pd.Series(rows[name].to_numpy(), index=pd.PeriodIndex(rows["month"]))


def _bunching(item: str, above: int, below: int) -> tuple[str, float, float, float, int, bool]:
    near = above + below
    if near < FEWEST_NEAR:
        return item, np.nan, np.nan, np.nan, near, False
    needed = max(_rare_count(near), ceil(near * ABOVE_TO_BELOW / (1 + ABOVE_TO_BELOW)))
    return item, 100.0 * above / near, 100.0 * below / near, 100.0 * needed / near, near, above >= needed


def _rare_count(near: int) -> int:
    """Return the smallest count with P(so many or more) <= `CHANCE` if a toss of a coin puts each of ``near`` above."""
    count = ceil(bdtrik(1 - CHANCE, near, 0.5))  # off by one where the inverse of a sum of steps falls between two
    while bdtrc(count - 1, near, 0.5) > CHANCE:
        count += 1
    while bdtrc(count - 2, near, 0.5) <= CHANCE:
        count -= 1
    return count


def _is_recent(months: "pd.Series[pd.Period]", last: pd.Period) -> "pd.Series[bool]":
    return (months > last - WINDOW_MONTHS) & (months <= last)
