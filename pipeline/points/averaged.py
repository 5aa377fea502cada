"""Of how many members the mean of a group is: a mean of a few gives a member's score away."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Reading
from pipeline.points.keys import month_numbers, months_of, texts_of
from pipeline.points.measures import KEY, MEANS, Selection

COUNT = "averaged_members"
# [D] k = 5: domain.md section 6 names the danger of small groups and no number; docs/decisions.md has the reason
FEWEST_MEMBERS = 5


def count_averaged(selections: Mapping[str, Selection], reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return party_group, month, measure and ``averaged_members``, for the means of what members scored.

    The same member counts once a month. Means of tables that name no member have no row.
    """
    keys = [*KEY, "measure"]
    nobody = {**dict.fromkeys([*keys, "member"], "object"), "month": "int64"}
    parts = [pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in nobody.items()})]
    for name, selection in selections.items():
        frame = reading.tables[selection.table]
        if catalog.measures[name].aggregate in MEANS and "member" in frame:
            members = texts_of(frame["member"].iloc[selection.place])
            columns = {"party_group": selection.subject, "month": selection.month, "measure": name, "member": members}
            parts.append(pd.DataFrame(columns)[~np.isnan(selection.amount)])
    counts = pd.concat(parts, ignore_index=True).groupby(keys)["member"].nunique().rename(COUNT).reset_index()
    return counts.assign(month=months_of(counts["month"].to_numpy()))


def count_averages(table: pd.DataFrame, averaged: pd.DataFrame) -> pd.DataFrame:
    """Return ``table`` with the ``averaged_members`` of the ``measure`` of each row, by its group and month."""
    count_of = dict(zip(_places(averaged), averaged[COUNT], strict=True))
    return table.assign(**{COUNT: pd.array([count_of.get(place) for place in _places(table)], dtype="Int64")})


def _places(table: pd.DataFrame) -> Iterator[tuple[str, int, str]]:
    return zip(table["party_group"], month_numbers(table["month"]).tolist(), table["measure"], strict=True)
