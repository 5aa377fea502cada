"""A quarter of many groups: every group of a small one again and again, each with its own name and the same rows."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.stats.aligned import POOLED
from pipeline.texts import load_texts

GROUP_COLUMNS = ("party_group", "group", "scope", "rater", "rated", "subject")  # that hold the name of a group


def grown(
    reading: Reading, derived: Mapping[str, pd.DataFrame], quarter: pd.Period, times: int, lang: str = "zh"
) -> QuarterReport:
    """The report of ``times`` as many groups; what is of no group is there once, and groups rate those beside them."""
    groups = list(reading.bureau.groups)
    tables = {name: _grown(frame, groups, times) for name, frame in derived.items()}
    whole = replace(reading, bureau=_grown_bureau(reading.bureau, times))
    return build_quarter(whole, tables, quarter, load_texts(lang), load_catalog())


def _named(group: str, copy: int) -> str:
    return f"{group}{copy}" if copy else group


def _grown_bureau(bureau: Bureau, times: int) -> Bureau:
    copies = range(times)
    return replace(
        bureau,
        groups={
            _named(name, copy): replace(group, party_group=_named(name, copy))
            for copy in copies
            for name, group in bureau.groups.items()
        },
        attribution={
            (_named(group, copy), metric): value
            for copy in copies
            for (group, metric), value in bureau.attribution.items()
        },
    )


def _grown(frame: pd.DataFrame, groups: list[str], times: int) -> pd.DataFrame:
    columns = [name for name in GROUP_COLUMNS if name in frame and frame[name].isin(groups).any()]
    if not columns:
        return frame
    is_own = frame[columns[0]].isin(groups)
    parts = [frame]
    for copy in range(1, times):
        names = {group: _named(group, copy) for group in groups}
        own = frame[is_own]
        parts.append(own.assign(**{name: own[name].replace(names).astype(frame[name].dtype) for name in columns}))
    return pd.concat(parts, ignore_index=True)


__all__ = ["POOLED", "grown"]
