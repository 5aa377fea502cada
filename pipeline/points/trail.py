"""Every point traced to the rule that gave it and to the rows that earned it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.catalog import Catalog, Rule
from pipeline.points.keys import IntArray, month_numbers, months_of, number, pair_numbers, spread, texts_of
from pipeline.points.measures import ABOUT, LINEAGE, Selection
from pipeline.points.schemes import months_by_rules

RULE_PLACE = {"rule_version": "version", "rule_file": "source_file", "rule_sheet": "source_sheet"}
CORRECTIONS = "corrections"  # stands as the measure of a correction's own row

Sources = Sequence[tuple[Rule, Selection]]  # what points come from: rows under the rule that counts them


def trace_points(
    items: pd.DataFrame,
    rules: Iterable[Rule],
    selections: Mapping[str, Selection],
    tables: Mapping[str, pd.DataFrame],
    catalog: Catalog,
    corrections: pd.DataFrame,
    subject: str,
) -> pd.DataFrame:
    """Return the trail of ``items``: for each ``subject``, month and item the rule and the rows of its measure, its
    target and its corrections.

    ``subject`` is ``party_group`` (``points_trail``) or ``member`` (``member_points_trail``); the rows of the
    ``selections`` stand in ``tables``. An item that is left out has no trail; one that nothing was taken down for has
    only rows where there are any, and a missing rule place means the default book of the catalog's file.
    """
    scored = items[items["capped_points"].notna()]
    tables = {**tables, CORRECTIONS: corrections}
    corrected = _by_item(corrections, subject)
    sources = [
        (rule, rows.only(np.isin(rows.month, [month.ordinal for month in months])))
        for in_effect, months in months_by_rules(tuple(rules), scored["month"].unique()).items()
        for rule in in_effect
        for rows in _sources(rule, in_effect, selections, tables, catalog, corrected)
    ]
    source = np.repeat(np.arange(len(sources)), [len(rows) for _, rows in sources])
    lineage, place = _lineage(sources, tables)
    is_kept = _is_among(sources, source, scored, subject)
    order = _in_order(sources, source, lineage["source_file"].take(place), lineage["source_row"].take(place))
    order = order[is_kept[order]]
    where, rows = source[order], lineage.take(place[order]).reset_index(drop=True)
    months = _joined([own.month for _, own in sources], np.int64)
    columns: dict[str, object] = {
        subject: _joined([own.subject for _, own in sources], object)[order],
        "month": months_of(months[order]),
        "item": spread([rule.item for rule, _ in sources], where),
        "measure": spread([own.measure for _, own in sources], where),
        **{name: spread([getattr(rule, part) for rule, _ in sources], where) for name, part in RULE_PLACE.items()},
        "rule_row": pd.array([rule.source_row for rule, _ in sources], dtype="Int64").take(where),
    }
    return pd.concat([pd.DataFrame(columns), rows], axis=1)


def _sources(
    rule: Rule,
    in_effect: Iterable[Rule],
    selections: Mapping[str, Selection],
    tables: Mapping[str, pd.DataFrame],
    catalog: Catalog,
    corrected: Mapping[str, Selection],
) -> Iterator[Selection]:
    """Yield what one item's points come from, for every subject and month: the rows of the measure and the target,
    the entries that say it was falsified, and its corrections (``corrected``, by item).
    """
    leaves = [leaf for name in (rule.measure, rule.target) if name for leaf in catalog.leaf_measures(name)]
    for leaf in dict.fromkeys(leaves):
        yield selections[leaf]
    for zeroing in in_effect:
        if zeroing.zeroes_item:
            entries = selections[zeroing.measure]
            frame = tables[entries.table]
            if ABOUT in frame:
                yield entries.only(texts_of(frame[ABOUT].iloc[entries.place]) == rule.item)
    if rule.item in corrected:
        yield corrected[rule.item]


def _by_item(corrections: pd.DataFrame, subject: str) -> dict[str, Selection]:
    """Return the corrections of every item that has some."""
    amounts = corrections["change_points"].to_numpy(dtype=float)
    subjects, months = texts_of(corrections[subject]), month_numbers(corrections["month"])
    rows = Selection(CORRECTIONS, CORRECTIONS, np.arange(len(corrections)), subjects, months, amounts)
    items = texts_of(corrections["item"])
    return {item: rows.only(items == item) for item in corrections["item"].dropna().unique()}


def _lineage(sources: Sources, tables: Mapping[str, pd.DataFrame]) -> tuple[pd.DataFrame, IntArray]:
    """Return where every row of the tables behind ``sources`` stands in its workbook, and the rows of the sources
    among them.
    """
    names = list(dict.fromkeys([CORRECTIONS, *(rows.table for _, rows in sources)]))
    starts = np.cumsum([0, *(len(tables[name]) for name in names)])
    start_of = dict(zip(names, starts.tolist(), strict=False))
    lineage = pd.concat([tables[name][LINEAGE] for name in names], ignore_index=True)
    return lineage, _joined([start_of[rows.table] + rows.place for _, rows in sources], np.int64)


def _is_among(sources: Sources, source: IntArray, scored: pd.DataFrame, subject: str) -> npt.NDArray[np.bool_]:
    """Tell of each row of the sources whether its subject, month and item stand in ``scored``."""
    names: dict[object, int] = {}
    items: dict[object, int] = {}
    wanted_items, item_of = number(scored["item"], items), number([rule.item for rule, _ in sources], items)
    wanted = pair_numbers(scored[subject], month_numbers(scored["month"]), names) * len(items) + wanted_items
    pairs = _joined([pair_numbers(rows.subject, rows.month, names) for _, rows in sources], np.int64)
    return np.isin(pairs * len(items) + item_of[source], wanted)


def _in_order(sources: Sources, source: IntArray, files: "pd.Series[str]", rows: "pd.Series[int]") -> IntArray:
    """Return the order by subject, month, item, measure and place; rows that are alike keep theirs."""
    subjects = _joined([own.subject for _, own in sources], object)
    months = _joined([own.month for _, own in sources], np.int64)
    items, measures = (
        pd.factorize(np.fromiter(names, dtype=object), sort=True)[0]
        for names in ([rule.item for rule, _ in sources], [own.measure for _, own in sources])
    )
    file_numbers, subject_numbers = (pd.factorize(values, sort=True)[0] for values in (files, subjects))
    row_numbers = rows.to_numpy(dtype=float, na_value=np.inf)
    return np.lexsort((row_numbers, file_numbers, measures[source], items[source], months, subject_numbers))


def _joined(parts: Sequence[np.ndarray], dtype: npt.DTypeLike) -> np.ndarray:
    return np.concatenate([*parts, np.empty(0, dtype=dtype)])
