"""Which figures of a quarter two sets of its tables see differently: two runs, or then and now."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from pyarrow import ArrowException

from pipeline.catalog import Catalog
from pipeline.ingest.store import read_table
from pipeline.points.standings import PRINTED_DECIMALS
from pipeline.report.material.published import Figure, Move
from pipeline.report.page.table_block import is_missing

SCORES: tuple[Figure, ...] = ("quarter_score", "points_mean", "process_mean")
STANDINGS, METRICS, RELATIONSHIPS = "standings_by_group_quarter", "metrics_by_group_quarter", "relationships"
COMPARED = (STANDINGS, METRICS, RELATIONSHIPS)
Key = tuple[str, str]  # party group (or scope), metric ("" for points)
Values = dict[Key, float | None]
# What reading a table raises that is not there, is no parquet, or was written by another version with other columns
UNREADABLE = (OSError, KeyError, TypeError, ValueError, ArrowException)


def moved_figures(
    before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame], quarter: pd.Period, catalog: Catalog
) -> tuple[Move, ...]:
    """Return what differs for ``quarter`` at the digits that a reader sees: scores, metrics, verdicts, in this order.

    Both sides hold tables of `COMPARED`; verdicts are compared where both have ``relationships``. A value that is
    missing on one side only has moved.
    """
    moves = []
    for figure in SCORES:
        then, now = (_scores(tables[STANDINGS], quarter, figure) for tables in (before, after))
        moves += _moved(figure, then, now, dict.fromkeys((*then, *now), PRINTED_DECIMALS))
    then, now = (_metrics(tables[METRICS], quarter, catalog) for tables in (before, after))
    order = {metric: place for place, metric in enumerate(catalog.metrics)}
    keys = sorted({*then, *now}, key=lambda key: (order[key[1]], key[0]))
    moves += _moved("metric", then, now, {key: catalog.metrics[key[1]].decimals for key in keys})
    if RELATIONSHIPS in before and RELATIONSHIPS in after:
        moves += _verdicts(before[RELATIONSHIPS], after[RELATIONSHIPS])
    return tuple(moves)


def read_compared(folder: Path, catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Read the tables of `COMPARED` from a published folder; raises what `read_table` raises."""
    return {name: read_table(name, folder, catalog) for name in COMPARED}


def _moved(figure: Figure, then: Values, now: Values, decimals: Mapping[Key, int]) -> list[Move]:
    """Return a move for every key of ``decimals`` whose value looks different at so many decimals."""
    pairs = [(key, then.get(key), now.get(key)) for key in decimals]
    return [
        Move(figure, *key, before, after)
        for key, before, after in pairs
        if _rounded(before, decimals[key]) != _rounded(after, decimals[key])
    ]


def _verdicts(before: pd.DataFrame, after: pd.DataFrame) -> list[Move]:
    old, new = (
        {
            (str(scope), str(metric)): None if is_missing(verdict) else str(verdict)
            for scope, metric, verdict in zip(frame["scope"], frame["metric"], frame["verdict"], strict=True)
        }
        for frame in (before, after)
    )
    keys = dict.fromkeys((*new, *old))
    return [Move("verdict", *key, old.get(key), new.get(key)) for key in keys if old.get(key) != new.get(key)]


def _rounded(value: float | None, decimals: int) -> float | None:
    return None if value is None else round(value, decimals)


def _number(value: object) -> float | None:
    return None if is_missing(value) else float(value)  # type: ignore[arg-type]


def _scores(standings: pd.DataFrame, quarter: pd.Period, figure: str) -> Values:
    own = standings[standings["quarter"] == quarter].sort_values("party_group")
    pairs = zip(own["party_group"], own[figure], strict=True)
    return {(str(group), ""): _number(value) for group, value in pairs}


def _metrics(table: pd.DataFrame, quarter: pd.Period, catalog: Catalog) -> Values:
    """Return the values of the quarter by group and metric; of metrics that the catalog still has."""
    own = table[(table["quarter"] == quarter) & table["metric"].isin(list(catalog.metrics))]
    rows = zip(own["party_group"], own["metric"], own["value"], strict=True)
    return {(str(group), str(metric)): _number(value) for group, metric, value in rows}
