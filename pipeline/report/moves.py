"""Which figures of a quarter two sets of its tables see differently: two runs, or then and now."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException

from pipeline.catalog import Catalog
from pipeline.ingest.store import read_table
from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.published import Figure, Move
from pipeline.report.table_block import is_missing

SCORES: tuple[Figure, ...] = ("quarter_score", "points_mean", "process_mean")
STANDINGS, METRICS, RELATIONSHIPS = "standings_by_group_quarter", "metrics_by_group_quarter", "relationships"
COMPARED = (STANDINGS, METRICS, RELATIONSHIPS)
# What reading a table raises that is not there, is no parquet, or was written by another version with other columns
UNREADABLE = (OSError, KeyError, TypeError, ValueError, ArrowException)


def moved_figures(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame], quarter: pd.Period, catalog: Catalog
) -> tuple[Move, ...]:
    """Return what differs for ``quarter`` at the digits that a reader sees: scores, metrics, verdicts, in this order.

    Both sides hold tables of `COMPARED`; verdicts are compared where both have ``relationships``. A value that is
    missing on one side only has moved.
    """
    old, new = _standings(before, quarter), _standings(after, quarter)
    moves = [
        Move(figure, group, "", *pair)
        for figure in SCORES
        for group in _keys(old, new)
        if (pair := _pair(old, new, group, figure, PRINTED_DECIMALS))
    ]
    old, new = (_metrics(tables, quarter, catalog) for tables in (before, after))
    order = {metric: place for place, metric in enumerate(catalog.metrics)}
    moves += [
        Move("metric", group, metric, *pair)
        for group, metric in sorted(_keys(old, new), key=lambda key: (order[key[1]], key[0]))
        if (pair := _pair(old, new, (group, metric), "value", catalog.metrics[metric].decimals))
    ]
    if RELATIONSHIPS in before and RELATIONSHIPS in after:
        moves += _verdicts(before[RELATIONSHIPS], after[RELATIONSHIPS])
    return tuple(moves)


def read_compared(folder: Path, catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Read the tables of `COMPARED` from a published folder; raises what `read_table` raises."""
    return {name: read_table(name, folder, catalog) for name in COMPARED}


def _verdicts(before: pd.DataFrame, after: pd.DataFrame) -> list[Move]:
    old, new = (frame.set_index(["scope", "metric"])["verdict"].to_dict() for frame in (before, after))
    pairs = [(key, _text(old.get(key)), _text(new.get(key))) for key in dict.fromkeys([*old, *new])]
    return [Move("verdict", str(scope), str(metric), then, now) for (scope, metric), then, now in pairs if then != now]


def _pair(
    old: pd.DataFrame, new: pd.DataFrame, key: object, column: str, decimals: int
) -> tuple[float | None, float | None] | None:
    """Return the value before and after; None when both look the same."""
    then, now = (_number(frame, key, column) for frame in (old, new))
    shown = [None if value is None else round(value, decimals) for value in (then, now)]
    return None if shown[0] == shown[1] else (then, now)


def _number(frame: pd.DataFrame, key: object, column: str) -> float | None:
    value = frame.at[key, column] if key in frame.index else None
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]


def _text(value: object) -> str | None:
    return None if is_missing(value) else str(value)


def _keys(old: pd.DataFrame, new: pd.DataFrame) -> list[object]:
    return list(dict.fromkeys([*new.index, *old.index]))


def _standings(tables: Mapping[str, pd.DataFrame], quarter: pd.Period) -> pd.DataFrame:
    frame = tables[STANDINGS]
    return frame[frame["quarter"] == quarter].set_index("party_group").sort_index()


def _metrics(tables: Mapping[str, pd.DataFrame], quarter: pd.Period, catalog: Catalog) -> pd.DataFrame:
    """Return the rows of the quarter by group and metric; of metrics that the catalog still has."""
    frame = tables[METRICS]
    own = frame[(frame["quarter"] == quarter) & frame["metric"].isin(list(catalog.metrics))]
    return own.set_index(["party_group", "metric"]).sort_index()
