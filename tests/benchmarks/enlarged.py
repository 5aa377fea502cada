"""One bureau made larger: its groups and members many times over, each copy under names of its own."""

from dataclasses import replace

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.checking.references import LIST_SEPARATOR

NAMES = ("party_group", "member", "subject", "rater_group", "rated_group", "owner", "collected_by")
LISTS = ("attendees", "absentees")


def enlarge(reading: Reading, times: int, catalog: Catalog) -> Reading:
    """Return ``reading`` with ``times`` as many groups, members and rows; rows without a group or member stand once.

    What is written of one group is written of each of its copies: the work to be done grows with the groups, while
    months, measures and rules stay. Files keep their names.
    """
    inputs = {name for name, table in catalog.tables.items() if table.stage == "input"}
    tables = {
        name: _enlarged(frame, times) if name in inputs or name in ("coverage", "printed_totals") else frame
        for name, frame in reading.tables.items()
    }
    return replace(reading, bureau=_enlarged_bureau(reading.bureau, times), tables=tables)


def _enlarged_bureau(bureau: Bureau, times: int) -> Bureau:
    groups = {
        _named(name, copy): replace(group, party_group=_named(name, copy), aliases=())
        for copy in range(times)
        for name, group in bureau.groups.items()
    }
    attribution = {
        (_named(group, copy), metric): value
        for copy in range(times)
        for (group, metric), value in bureau.attribution.items()
    }
    return replace(bureau, groups=groups, attribution=attribution)


def _enlarged(frame: pd.DataFrame, times: int) -> pd.DataFrame:
    named = [name for name in NAMES if name in frame]
    if not named or frame.empty:
        return frame
    is_named = frame[named].notna().any(axis=1) & (frame[named] != "").any(axis=1)
    copies = [_copy(frame[is_named], copy, named) for copy in range(times)]
    return pd.concat([frame[~is_named], *copies], ignore_index=True)


def _copy(frame: pd.DataFrame, copy: int, named: list[str]) -> pd.DataFrame:
    renamed = {name: frame[name].map(lambda text: _named(text, copy), na_action="ignore") for name in named}
    for name in LISTS:
        if name in frame:
            renamed[name] = frame[name].map(lambda text: _each_named(text, copy), na_action="ignore")
    return frame.assign(**{name: values.astype(frame[name].dtype) for name, values in renamed.items()})


def _named(name: str, copy: int) -> str:
    return f"{name}{copy:03d}" if name else name


def _each_named(names: str, copy: int) -> str:
    return LIST_SEPARATOR.join(_named(name, copy) for name in names.split(LIST_SEPARATOR))
