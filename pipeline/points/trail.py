"""Every point traced to the rule that gave it and to the rows that earned it."""

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.points.measures import ABOUT, LINEAGE, Selection
from pipeline.points.schemes import months_by_rules

RULE_PLACE = {"rule_version": "version", "rule_file": "source_file", "rule_sheet": "source_sheet"}
CORRECTIONS = "corrections"  # stands as the measure of a correction's own row


def trace_points(
    items: pd.DataFrame,
    rules: Iterable[Rule],
    selections: Mapping[str, Selection],
    catalog: Catalog,
    corrections: pd.DataFrame,
    subject: str,
) -> pd.DataFrame:
    """Return the trail of ``items``: for each ``subject``, month and item the rule and the rows of its measure, its
    target and its corrections.

    ``subject`` is ``party_group`` (``points_trail``) or ``member`` (``member_points_trail``). An item that is left out
    has no trail; one that nothing was taken down for has only rows where there are any, and a missing rule place means
    the default book of the catalog's file.
    """
    keys = [subject, "month", "item"]
    scored = items.loc[items["capped_points"].notna(), keys]
    placed: list[tuple[Rule, int]] = []
    parts = [scored.iloc[:0].reindex(columns=[*keys, "measure", *LINEAGE])]
    for in_effect, months in months_by_rules(tuple(rules), scored["month"].unique()).items():
        for rule in in_effect:
            for rows in _sources(rule, in_effect, selections, catalog, corrections, subject):
                own = rows[rows["month"].isin(months)]
                placed.append((rule, len(own)))
                parts.append(own)
    trail = pd.concat(parts, ignore_index=True)
    trail = trail.assign(**_places(placed)).merge(scored, on=keys)
    columns = [*keys, "measure", *RULE_PLACE, "rule_row", *LINEAGE]
    return trail[columns].sort_values([*keys, "measure", "source_file", "source_row"], ignore_index=True)


def _sources(
    rule: Rule,
    in_effect: Iterable[Rule],
    selections: Mapping[str, Selection],
    catalog: Catalog,
    corrections: pd.DataFrame,
    subject: str,
) -> Iterator[pd.DataFrame]:
    """Yield what one item's points come from, for every subject and month: the rows of the measure and the target,
    the entries that say it was falsified, and its corrections.
    """
    columns = [subject, "month", *LINEAGE]
    leaves = [leaf for name in (rule.measure, rule.target) if name for leaf in catalog.leaf_measures(name)]
    for leaf in dict.fromkeys(leaves):
        yield selections[leaf].rows[columns].assign(item=rule.item, measure=leaf)
    for zeroing in in_effect:
        entries = selections[zeroing.measure].rows if zeroing.zeroes_item else corrections.iloc[:0]
        if ABOUT in entries and (entries[ABOUT] == rule.item).any():
            about = entries.loc[entries[ABOUT] == rule.item, columns]
            yield about.assign(item=rule.item, measure=zeroing.measure)
    corrected = corrections.loc[corrections["item"] == rule.item, columns]
    if len(corrected):
        yield corrected.assign(item=rule.item, measure=CORRECTIONS)


def _places(placed: list[tuple[Rule, int]]) -> dict[str, np.ndarray]:
    """Return which rule stands behind each row (so many of each, in order): its version, and where it stands."""
    names = {**RULE_PLACE, "rule_row": "source_row"}
    counts = [count for _, count in placed]
    columns = {column: [getattr(rule, name) for rule, _ in placed] for column, name in names.items()}
    return {column: np.repeat(np.array(values, dtype=object), counts) for column, values in columns.items()}
