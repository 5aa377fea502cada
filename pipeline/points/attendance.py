"""Who came, who was absent and who was on approved leave, out of the lists of names in the activity ledger."""

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.checking.references import LIST_SEPARATOR
from pipeline.ingest.schema import to_dictionary
from pipeline.points.keys import IntArray, day_numbers, texts_of
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
    named = [_named(activities, column) for column in LISTS]
    names = [name for _, own in named for name in own]
    table = activities[["held_on", "activity_type", *LINEAGE]].take(np.concatenate([place for place, _ in named]))
    table = table.assign(
        member=pd.array(names, dtype="str"),
        presence=np.repeat(np.array(list(LISTS.values()), dtype=object), [len(own) for _, own in named]),
    ).drop_duplicates(["member", *LINEAGE], ignore_index=True)
    table["party_group"] = group_on_day(reading.tables["memberships"], table["member"], table["held_on"])
    leaves, known = leave_days(reading.tables["leaves"], catalog), dict[object, int]()
    on_leave = day_numbers(leaves["member"], leaves["day"], known)
    is_on_leave = np.isin(day_numbers(table["member"], table["held_on"], known), on_leave)
    table["presence"] = table["presence"].mask((table["presence"] == ABSENT) & is_on_leave, EXCUSED)
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


def _named(activities: pd.DataFrame, column: str) -> tuple[IntArray, list[str]]:
    """Return the names in a column of lists, and the position of the row that each stands in."""
    listed = np.flatnonzero(activities[column].notna())
    lists = [text.split(LIST_SEPARATOR) for text in texts_of(activities[column].iloc[listed])]
    names = [[name for name in names if name] for names in lists]
    return np.repeat(listed, [len(own) for own in names]), [name for own in names for name in own]
