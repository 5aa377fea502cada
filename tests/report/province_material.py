"""Published tables of many bureaus for the tests of the page across them: the hand-made quarter, a little different
in each.
"""

import shutil
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.store import read_table, save_reading, write_table
from pipeline.report.province import view as province
from pipeline.report.province.batched import Choice, Entry
from pipeline.report.province.view import ProvinceReport, load_province
from pipeline.stats.fisher import fisher_interval
from tests.report.sample_material import derived_tables, sample_reading

QUARTER = "2021Q4"
KEPT = (
    "standings_by_group_quarter",
    "metrics_by_group_quarter",
    "points_by_group_month",
    "points_by_group_month_item",
    "submissions",
    "overdue",
    "relationships",
    "correlations_by_lag",
    "results_without_members",
    "panel",
    "turnover_by_group_month",
)
CLAIM_P = 0.0002  # so small that the bureau is run again, which is replaced here by the same answer
RELATED = 3  # every third bureau shows something


def publish(processed: Path, names: list[str]) -> None:
    """Write the tables of every bureau as its notebooks would; the first has handed in everything."""
    catalog, reading = load_catalog(), sample_reading()
    tables = derived_tables(pd.Period(QUARTER, "Q-DEC"))
    first = processed / names[0] / QUARTER
    settings = replace(reading, bureau=replace(reading.bureau, is_synthetic=True), tables={})
    save_reading(settings, first, catalog)
    for number, name in enumerate(names):
        folder = processed / name / QUARTER
        folder.mkdir(parents=True, exist_ok=True)
        if folder != first:
            shutil.copy(first / "bureau.json", folder)
        for table in KEPT:
            write_table(_varied(tables[table], table, number), table, folder, catalog)


def reported(name: str, **changes: object) -> Entry:
    """Return the entry of a bureau with a report."""
    pages = {"library": f"{name}/index.html", "report": f"{name}/{QUARTER}/report.html"}
    entry = Entry(name, "reported", pages=pages, latest_quarter=QUARTER, rows_used=900, is_synthetic=True)
    return replace(entry, **changes)  # type: ignore[arg-type]


def make_province(processed: Path, names: list[str], *others: Entry, lang: str = "zh") -> ProvinceReport:
    """Publish ``names`` and load them together with ``others``, bureaus without a report."""
    publish(processed, names)
    entries = [reported(name, rows_rejected=number % 2) for number, name in enumerate(names)]
    choice = Choice(QUARTER, len(names), len(names) + 1)
    with patch.object(province, "assess_again", stored_again):
        return load_province([*entries, *others], choice, processed, lang, ("事实",))


def stored_again(folder: Path, catalog: Catalog, _resamples: int) -> pd.DataFrame:
    """Stand for a second run with more resamples: the same p values come out."""
    return read_table("relationships", folder, catalog)


def _varied(frame: pd.DataFrame, table: str, number: int) -> pd.DataFrame:
    draw = np.random.default_rng(number)
    if table == "standings_by_group_quarter":
        return frame.assign(points_mean=frame["points_mean"] - number % 7)
    if table == "submissions" and number == 0:
        return frame.assign(state="submitted", is_submitted=True)
    if table == "relationships":
        return _judged_none(frame) if number % RELATED else _with_claim(_judged_none(frame))
    if table == "correlations_by_lag":
        return _scattered(frame, draw)
    return frame


def _scattered(frame: pd.DataFrame, draw: np.random.Generator) -> pd.DataFrame:
    """Return estimates around a little above zero, pooled ones too."""
    both = pd.concat([frame, frame.drop_duplicates(["metric", "lag"]).assign(scope="pooled")], ignore_index=True)
    r = draw.normal(0.1, 0.2, len(both)).clip(-0.9, 0.9)
    ends = [fisher_interval(value, draw.uniform(0.15, 0.25)) for value in r]
    return both.assign(r=r, ci_low=[low for low, _ in ends], ci_high=[high for _, high in ends])


def _judged(frame: pd.DataFrame) -> "pd.Series[bool]":
    return frame["p_max_t"].notna()


def _judged_none(frame: pd.DataFrame) -> pd.DataFrame:
    """Return relationships in which nothing is seen."""
    judged = _judged(frame)
    return frame.assign(p_max_t=frame["p_max_t"].mask(judged, 0.6), verdict=frame["verdict"].mask(judged, "none"))


def _with_claim(frame: pd.DataFrame) -> pd.DataFrame:
    """Return relationships of which the first judged one is evidence."""
    is_first = frame.index == _judged(frame).idxmax()
    p_values, verdicts = frame["p_max_t"].mask(is_first, CLAIM_P), frame["verdict"].mask(is_first, "evidence")
    return frame.assign(p_max_t=p_values, verdict=verdicts)
