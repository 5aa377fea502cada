"""Every point traced to the rule that gave it and to the rows that earned it."""

from collections.abc import Iterable, Mapping

import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.points.measures import LINEAGE, Selection
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
    listed = tuple(rules)
    columns = [*keys, "measure", *RULE_PLACE, "rule_row", *LINEAGE]
    traces = [scored.iloc[:0].reindex(columns=columns)]
    for in_effect, months in months_by_rules(listed, scored["month"].unique()).items():
        own = scored[scored["month"].isin(months)]
        for rule in in_effect:
            wanted = own[own["item"] == rule.item].assign(**_place(rule))
            traces += _rows_of(rule, wanted, selections, catalog, subject)
            corrected = wanted.merge(corrections[[*keys, *LINEAGE]], on=keys)
            traces.append(corrected.assign(measure=CORRECTIONS))
    trail = pd.concat(traces, ignore_index=True)
    return trail[columns].sort_values([*keys, "measure", "source_file", "source_row"], ignore_index=True)


def _rows_of(
    rule: Rule, wanted: pd.DataFrame, selections: Mapping[str, Selection], catalog: Catalog, subject: str
) -> list[pd.DataFrame]:
    """Return the source rows of one rule's measure and target for the wanted subjects and months."""
    leaves = [leaf for name in (rule.measure, rule.target) if name for leaf in catalog.leaf_measures(name)]
    return [
        wanted.merge(selections[leaf].rows[[subject, "month", *LINEAGE]], on=[subject, "month"]).assign(measure=leaf)
        for leaf in dict.fromkeys(leaves)
    ]


def _place(rule: Rule) -> dict[str, object]:
    """Return which rule this is: its version, and where it stands."""
    place = {column: getattr(rule, name) for column, name in RULE_PLACE.items()}
    return {**place, "rule_row": rule.source_row}
