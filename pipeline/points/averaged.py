"""Of how many members the mean of a group is: a mean of one or two gives a member's score away."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.ingest.bureau import Reading
from pipeline.points.measures import KEY, MEANS, Selection

COUNT = "averaged_members"


def count_averaged(selections: Mapping[str, Selection], reading: Reading, catalog: Catalog) -> pd.DataFrame:
    """Return party_group, month, measure and ``averaged_members``, for the means of what members scored.

    The same member counts once a month. Means of tables that name no member have no row.
    """
    keys = [*KEY, "measure"]
    nobody = {**dict.fromkeys([*keys, "member"], "str"), "month": "period[M]"}
    parts = [pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in nobody.items()})]
    for name, selection in selections.items():
        measure = catalog.measures[name]
        frame = reading.tables[measure.table]
        if measure.aggregate in MEANS and "member" in frame:
            rows = selection.rows[selection.rows["amount"].notna()]  # they keep the labels of their table
            parts.append(rows[KEY].assign(measure=name, member=frame["member"].reindex(rows.index)))
    return pd.concat(parts, ignore_index=True).groupby(keys)["member"].nunique().rename(COUNT).reset_index()


def count_of_items(items: pd.DataFrame, averaged: pd.DataFrame, rules: Iterable[Rule]) -> pd.DataFrame:
    """Return ``items`` with the ``averaged_members`` of the measure that each was scored by."""
    pairs = [(rule.version, rule.item, rule.measure) for rule in rules]
    named = pd.DataFrame(pairs, columns=["rule_version", "item", "measure"]).drop_duplicates()
    counts = averaged.merge(named, on="measure").drop(columns="measure")
    return items.merge(counts, on=[*KEY, "rule_version", "item"], how="left")
