"""Posts and duty areas: how many members have a post, which areas were served, which duties nobody has."""

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.measures import LINEAGE, NOT_SUBMITTED
from pipeline.points.stays import group_on_day
from pipeline.points.work import KEY, quarter_states


def cover_posts(reading: Reading, headcount: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return ``posts_by_group_quarter`` for every group and quarter of ``headcount`` (by month).

    A member with a post is one who has a row in the quarter and belongs to the group on the 15th of its last month. A
    duty area is served when its duty was done at least once. Coverages are missing where there is nothing to cover;
    where no ledger of posts was handed in for any month of the quarter, everything but the members is.
    """
    post_duties, memberships = reading.tables["post_duties"], reading.tables["memberships"]
    last_months = headcount[headcount["month"] == headcount["month"].dt.asfreq("Q").dt.asfreq("M", how="end")]
    table = last_months.assign(quarter=last_months["month"].dt.asfreq("Q"))[[*KEY, "member_count"]]
    rows = post_duties.assign(quarter=post_duties["month"].dt.asfreq("Q"))
    middles = rows["quarter"].dt.asfreq("M", how="end").dt.to_timestamp() + pd.Timedelta(days=14)
    belongs = group_on_day(memberships, rows["member"], middles) == rows["party_group"]
    areas = rows[rows["duty_area"].notna()].groupby([*KEY, "duty_area"])["duty_count"].sum().reset_index()
    counts = {
        "members_with_post": rows[belongs].groupby(KEY)["member"].nunique(),
        "duty_area_count": areas.groupby(KEY).size(),
        "duty_areas_served": areas[areas["duty_count"] > 0].groupby(KEY).size(),
        "pioneer_post_count": rows[rows["is_pioneer"].fillna(False).astype(bool)].groupby(KEY)["post"].nunique(),
        "duty_count": rows.groupby(KEY)["duty_count"].sum(),
    }
    states = quarter_states(reading, catalog, headcount[["party_group", "month"]], "post_duties")
    table = table.merge(states, on=KEY, how="left")
    index, is_known = pd.MultiIndex.from_frame(table[KEY]), table["state"] != NOT_SUBMITTED
    for name, values in counts.items():
        table[name] = values.reindex(index).fillna(0).astype("Int64").reset_index(drop=True).where(is_known)
    table["post_coverage_pct"] = _percent(table["members_with_post"], table["member_count"])
    table["duty_area_coverage_pct"] = _percent(table["duty_areas_served"], table["duty_area_count"])
    return table.sort_values(["quarter", "party_group"], ignore_index=True)


def list_duties_without_owner(duty_list: pd.DataFrame, post_duties: pd.DataFrame, quarter: pd.Period) -> pd.DataFrame:
    """Return ``duties_without_owner``: the duties of posts that no member held in ``quarter``."""
    held = post_duties.loc[post_duties["month"].dt.asfreq("Q") == quarter, "post"].unique()
    free = duty_list[~duty_list["post"].isin(held)]
    return free[["post", "duty", "standard", *LINEAGE]].reset_index(drop=True)


def _percent(part: "pd.Series[int]", whole: "pd.Series[int]") -> "pd.Series[float]":
    return (100.0 * part.astype("Float64") / whole.astype("Float64").where(whole > 0)).astype("float64")
