"""Every point traced to the rows that earned it."""

from collections.abc import Mapping

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.points.measures import LINEAGE, Selection


def trace_points(
    items: pd.DataFrame, rules: tuple[tuple[str, str], ...], selections: Mapping[str, Selection], catalog: Catalog
) -> pd.DataFrame:
    """Return ``points_trail``: for each group, month and item in ``items`` the source rows of its measure and target.

    ``rules`` lists (item, measure) pairs; an item that is left out for a group has no trail.
    """
    scored = items.loc[items["capped_points"].notna(), ["party_group", "month", "item"]]
    traces = []
    for item, measure in rules:
        wanted = scored[scored["item"] == item]
        for leaf in catalog.leaf_measures(measure):
            rows = selections[leaf].rows[["party_group", "month", *LINEAGE]]
            traces.append(wanted.merge(rows, on=["party_group", "month"]).assign(measure=leaf))
    trail = pd.concat(traces, ignore_index=True)
    return trail[["party_group", "month", "item", "measure", *LINEAGE]].sort_values(
        ["party_group", "month", "item", "measure", "source_file", "source_row"], ignore_index=True
    )
