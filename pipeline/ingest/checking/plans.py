"""What a month came to against what was planned for it: several times as much is the sum of months, or another unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from pipeline.catalog import Catalog, Measure
from pipeline.ingest.checking.scoredrows import added_columns
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.layouts.sheetrows import SheetRows

MONTH = "month"
# Plans are met by 90 to 108 % (domain.md section 4). February with January in it is 2.1 times its month by the volume
# index there, 万支 in place of 箱 is 5 times as much, and a year's plan in place of a month's makes a twelfth.
MOST, LEAST = 2.0, 1 / 3
Key = tuple[object, object]  # group and month


def note_far_from_plan(sheets: Sequence[SheetRows], catalog: Catalog) -> None:
    """Note amounts that are far from the plan of their group and month, once for each sheet; they are used."""
    for metric in catalog.metrics.values():
        measure, target = catalog.measures[metric.measure], catalog.measures.get(metric.target)
        if target is None or measure.aggregate != "sum" or target.aggregate != "sum":
            continue
        planned = {key: amount for rows in sheets for _, key, amount in _amounts(rows, target)}
        unit = catalog.units[measure.unit].label if measure.unit in catalog.units else ""
        for rows in sheets:
            _note_far(rows, measure, planned, unit)


def _note_far(rows: SheetRows, measure: Measure, planned: Mapping[Key, float], unit: str) -> None:
    far = [
        (position, amount, planned[key])
        for position, key, amount in _amounts(rows, measure)
        if planned.get(key) and not LEAST <= amount / planned[key] <= MOST
    ]
    if far:
        position, amount, plan = far[0]
        seen, expected = f"{amount:,.10g} {unit}".rstrip(), f"{plan:,.10g} {unit}".rstrip()
        column = next(name for name in added_columns(measure) if rows.values[name][position] is not None)
        rows.fault("far_from_plan", column, position, expected, seen, alike=[other for other, _, _ in far[1:]])


def _amounts(rows: SheetRows, measure: Measure) -> Iterator[tuple[int, Key, float]]:
    """Yield the used rows of a sheet of a measure's table, with their group and month and what they come to."""
    if rows.sheet.kind.table != measure.table:
        return
    names = added_columns(measure)
    for position in rows.kept():
        key = (rows.values[GROUP][position], rows.values[MONTH][position])
        amounts = _numbers(rows.values[name][position] for name in names)
        if amounts:
            yield position, key, sum(amounts)


def _numbers(values: Iterable[object]) -> list[float]:
    return [float(value) for value in values if isinstance(value, int | float)]
