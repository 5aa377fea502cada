"""What the page across bureaus is written from: what a batch knows of each, and their tables of one quarter together.

Only aggregates of groups and bureaus are taken; nothing here names a person, a workbook or a folder of a computer.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.schema import to_dictionary
from pipeline.periods import parse_quarter
from pipeline.report.material.base import Labelled
from pipeline.report.material.moves import UNREADABLE
from pipeline.report.province.batched import Choice, Entry, State
from pipeline.report.province.tables import OneBureau, assess_again, funnels, read_one
from pipeline.stats.provinces import RESAMPLES, Province, judge_province
from pipeline.texts import Texts, load_texts

BUREAUS, GROUPS, METRICS = "bureaus_by_quarter", "groups_by_bureau_quarter", "metrics_by_bureau_quarter"
GROUP_METRICS = "metrics_by_bureau_group_quarter"
RELATIONSHIPS, FUNNEL = "relationships_by_bureau_quarter", "funnel_by_bureau_quarter"
TABLES = (BUREAUS, GROUPS, METRICS, GROUP_METRICS, RELATIONSHIPS, FUNNEL)


@dataclass(frozen=True)
class ProvinceReport:
    """One quarter of many bureaus, ready to be put into words. ``tables`` holds `TABLES`, by bureau in order of name.

    ``facts`` say what the page was made from and when, a sentence each.
    """

    quarter: pd.Period
    choice: Choice
    texts: Texts
    catalog: Catalog
    entries: tuple[Entry, ...]
    judged: Province
    tables: Mapping[str, pd.DataFrame]
    facts: tuple[str, ...] = ()

    def of_state(self, *states: State) -> list[Entry]:
        """Return the bureaus in one of ``states``, in order of name."""
        return [entry for entry in self.entries if entry.state in states]

    def label(self, entry: Labelled) -> str:
        """Return the name of a catalog entry in the language of the page."""
        return entry.label_en if self.texts.lang == "en" else entry.label_zh


def load_province(
    entries: Sequence[Entry], choice: Choice, processed: Path, lang: str, facts: Sequence[str] = ()
) -> ProvinceReport:
    """Read the tables that the reported bureaus left under ``processed``, put them together and judge them together.

    A bureau whose tables are not there or damaged is told as failed; the others stand. Raises `ValueError` when no
    bureau is left.
    """
    catalog, quarter = load_catalog(), parse_quarter(choice.quarter)
    ordered = sorted(entries, key=lambda entry: entry.name)
    folders = {entry.name: processed / entry.name / choice.quarter for entry in ordered if entry.state == "reported"}
    found = {name: _read_or_none(folder, quarter, catalog) for name, folder in folders.items()}
    read = {name: one for name, one in found.items() if one is not None}
    ordered = [
        replace(entry, state="failed", why="tables") if entry.name in found and entry.name not in read else entry
        for entry in ordered
    ]

    def assess_bureau(bureau: str, resamples: int) -> pd.DataFrame:
        if resamples == RESAMPLES:  # as its own report has it
            return read[bureau].relationships
        return assess_again(folders[bureau], catalog, resamples)

    judged = judge_province(assess_bureau, list(read))
    tables = _together(ordered, read, judged, quarter, catalog)
    return ProvinceReport(quarter, choice, load_texts(lang), catalog, tuple(ordered), judged, tables, tuple(facts))


def _read_or_none(folder: Path, quarter: pd.Period, catalog: Catalog) -> OneBureau | None:
    """Return the tables of a bureau; None when one of them is missing or cannot be read."""
    try:
        return read_one(folder, quarter, catalog)
    except UNREADABLE:
        return None


def _together(
    entries: Sequence[Entry], read: Mapping[str, OneBureau], judged: Province, quarter: pd.Period, catalog: Catalog
) -> dict[str, pd.DataFrame]:
    parts = {
        BUREAUS: _bureau_rows(entries, read, judged),
        GROUPS: _below_each_other({name: one.groups for name, one in read.items()}),
        METRICS: _below_each_other({name: one.metrics for name, one in read.items()}),
        GROUP_METRICS: _below_each_other({name: one.group_metrics for name, one in read.items()}),
        RELATIONSHIPS: judged.relationships,
        FUNNEL: funnels(_below_each_other({name: one.estimates for name, one in read.items()}), catalog),
    }
    return {name: _typed(part, name, quarter, catalog) for name, part in parts.items()}


def _typed(frame: pd.DataFrame, name: str, quarter: pd.Period, catalog: Catalog) -> pd.DataFrame:
    columns = [column.column for column in catalog.columns_of(name)]
    frame = frame.assign(quarter=pd.PeriodIndex([quarter] * len(frame), freq="Q-DEC"))
    return to_dictionary(frame.reindex(columns=columns), name, catalog).reset_index(drop=True)


def _bureau_rows(entries: Sequence[Entry], read: Mapping[str, OneBureau], judged: Province) -> pd.DataFrame:
    """Return one row a bureau, reported or not; of one that is not, what its report would say is missing."""
    rows = [
        {
            "bureau": entry.name,
            "state": entry.state,
            "reason": entry.why,
            "latest_quarter": entry.latest_quarter or None,
            "is_synthetic": entry.is_synthetic,
            **(read[entry.name].facts if entry.name in read else {}),
            **(_row_counts(entry) if entry.name in read else {}),
        }
        for entry in entries
    ]
    return pd.DataFrame(rows).merge(judged.bureaus, on="bureau", how="left")


def _row_counts(entry: Entry) -> dict[str, int]:
    return {
        "rows_used": entry.rows_used,
        "rows_rejected": entry.rows_rejected,
        "files_refused": entry.files_refused,
    }


def _below_each_other(parts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    return pd.concat([part.assign(bureau=name) for name, part in parts.items()], ignore_index=True)
