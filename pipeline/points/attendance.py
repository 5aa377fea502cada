"""Who came, who was absent and who was on approved leave, out of the lists of names in the activity ledger."""

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.references import LIST_SEPARATOR
from pipeline.ingest.schema import to_dictionary
from pipeline.points.measures import LINEAGE
from pipeline.points.stays import group_on_day

PRESENT, ABSENT, EXCUSED = "present", "absent", "excused"
LISTS = {"attendees": PRESENT, "absentees": ABSENT}


def list_attendances(reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return ``attendances``: one row a member named in a list of an activity.

    A member who is listed as absent while on approved leave that day is excused. Activities that name nobody give no
    row: whether a member was there is then not known.
    """
    activities = reading.tables["activities"]
    parts = [_named(activities, column).assign(presence=presence) for column, presence in LISTS.items()]
    table = pd.concat(parts, ignore_index=True).drop_duplicates(["member", *LINEAGE], ignore_index=True)
    table["party_group"] = group_on_day(reading.tables["memberships"], table["member"], table["held_on"])
    on_leave = pd.MultiIndex.from_frame(leave_days(reading.tables["leaves"], catalog))
    named = pd.MultiIndex.from_frame(table[["member", "held_on"]])
    table["presence"] = table["presence"].mask((table["presence"] == ABSENT) & named.isin(on_leave), EXCUSED)
    columns = [column.column for column in catalog.columns_of("attendances")]
    return to_dictionary(table[columns], "attendances", catalog)


def leave_days(leaves: pd.DataFrame, catalog: Catalog) -> pd.DataFrame:
    """Return (member, day) for every day of approved leave, each once; the last day of a leave is one of its days.

    公假, 病假, 产假 and 学习 are approved (domain.md section 3: they leave the denominator); any other leave is not.
    """
    approved = leaves[leaves["leave_type"].isin(list(catalog.words_of("leave_approved")))]
    lengths = (approved["to_on"] - approved["from_on"]).dt.days + 1
    approved = approved[lengths > 0]
    rows = approved.loc[approved.index.repeat(lengths[lengths > 0])]
    offsets = rows.groupby(level=0).cumcount()
    days = rows["from_on"] + pd.to_timedelta(offsets, unit="D")
    return pd.DataFrame({"member": rows["member"], "day": days}).drop_duplicates(ignore_index=True)


def attendance_is_kept(activities: pd.DataFrame) -> pd.DataFrame:
    """Return the (party_group, month) whose activity workbook names who came or who was absent, each once.

    A workbook that names anybody at all keeps such lists, so that an empty cell in it means that nobody was absent.
    """
    names_somebody = activities["attendees"].notna() | activities["absentees"].notna()
    files = activities.loc[names_somebody, "source_file"].unique()
    kept = activities[activities["source_file"].isin(files)]
    months = kept["held_on"].dt.to_period("M")
    return pd.DataFrame({"party_group": kept["party_group"], "month": months}).drop_duplicates(ignore_index=True)


def _named(activities: pd.DataFrame, column: str) -> pd.DataFrame:
    """Return one row a name in a column of lists."""
    listed = activities[activities[column].notna()]
    names = listed[column].str.split(LIST_SEPARATOR)
    rows = listed[["held_on", "activity_type", *LINEAGE]].assign(member=names).explode("member")
    return rows[rows["member"].fillna("") != ""]
