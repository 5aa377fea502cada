"""Every point traced to the rule that gave it and to the rows that earned it."""

from collections.abc import Iterable, Iterator, Mapping

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
    columns = [*keys, "measure", *RULE_PLACE, "rule_row", *LINEAGE]
    scored = items.loc[items["capped_points"].notna(), keys]
    traces = [scored.iloc[:0].reindex(columns=columns)]
    for in_effect, months in months_by_rules(tuple(rules), scored["month"].unique()).items():
        for rule in in_effect:
            corrected = corrections.loc[corrections["item"] == rule.item, [subject, "month", *LINEAGE]]
            sources = [*_sources(rule, selections, catalog, subject), corrected.assign(measure=CORRECTIONS)]
            traces += [rows[rows["month"].isin(months)].assign(item=rule.item, **_place(rule)) for rows in sources]
    trail = pd.concat(traces, ignore_index=True).merge(scored, on=keys)
    return trail[columns].sort_values([*keys, "measure", "source_file", "source_row"], ignore_index=True)


def _sources(rule: Rule, selections: Mapping[str, Selection], catalog: Catalog, subject: str) -> Iterator[pd.DataFrame]:
    """Yield the source rows of one rule's measure and target, for every subject and month."""
    leaves = [leaf for name in (rule.measure, rule.target) if name for leaf in catalog.leaf_measures(name)]
    for leaf in dict.fromkeys(leaves):
        yield selections[leaf].rows[[subject, "month", *LINEAGE]].assign(measure=leaf)


def _place(rule: Rule) -> dict[str, object]:
    """Return which rule this is: its version, and where it stands."""
    place = {column: getattr(rule, name) for column, name in RULE_PLACE.items()}
    return {**place, "rule_row": rule.source_row}
