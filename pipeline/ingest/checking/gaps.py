"""Months and quarters between a bureau's first workbook of a kind and its last results for which none was handed in."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePosixPath

import pandas as pd

from pipeline import periods
from pipeline.catalog import Catalog, Kind
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.checking.coverage import EVERY_GROUP, result_months
from pipeline.ingest.faults import Fault
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.ledger import FileLedger

FREQUENCIES = {"monthly": "M", "quarterly": "Q-DEC"}  # cadence of a kind -> its periods


def find_missing_months(
    tables: Mapping[str, pd.DataFrame], files: Sequence[FileLedger], bureau: Bureau, catalog: Catalog
) -> list[Fault]:
    """Return one fault for each kind, and each group where groups hand it in, that names its missing periods.

    ``tables`` are those of the reading, with ``coverage``. The fault stands at the newest file of the kind. A kind that
    nobody hands in or that the bureau does not owe is missing nothing, nor is a period of which a file is there that
    could not be used; without any results nobody knows how far the bureau has come.
    """
    months, coverage = result_months(tables), tables["coverage"]
    if not months:
        return []
    faults = []
    for kind in catalog.kinds.values():
        own = coverage[coverage["kind"] == kind.kind]
        if kind.cadence not in FREQUENCIES or own.empty or not bureau.owes(kind, catalog):
            continue
        unused = [_period_of_unused(file) for file in files if file.kind == kind.kind]
        for group in sorted({*own[GROUP]} - {EVERY_GROUP}) or [EVERY_GROUP]:
            covered = own[own[GROUP].isin([group, EVERY_GROUP])]
            missing = _missing(covered["month"], kind, months[-1])
            missing = [period for period in missing if not any(_excuses(found, period) for found in unused)]
            if missing:
                newest = covered.sort_values("month")["source_file"].iloc[-1]
                whose = f"{kind.label_zh} {group}".rstrip()
                faults.append(Fault("missing_months", str(newest), None, None, None, _listed(missing), whose))
    return faults


def _missing(months: "pd.Series[pd.Period]", kind: Kind, last: pd.Period) -> list[pd.Period]:
    """Return the periods from the first one covered to the last one that has ended."""
    frequency = FREQUENCIES[kind.cadence]
    covered = set(months.dt.asfreq(frequency))
    final = last.asfreq(frequency)
    if final.asfreq("M", how="end") > last:
        final -= 1
    return [period for period in pd.period_range(min(covered), final, freq=frequency) if period not in covered]


Unused = tuple[int | None, frozenset[pd.Period]]


def _period_of_unused(file: FileLedger) -> Unused | None:
    """Return year and months that the unused sheets of a file are called by; ``None`` where everything was used."""
    unused = [sheet for sheet in file.sheets if sheet.rejected and not sheet.used]
    if not unused:
        return None
    stem = PurePosixPath(file.path).stem
    year = periods.find_year(stem)
    said = (periods.find_month(sheet.name, year) or periods.find_month(stem) for sheet in unused)
    return year, frozenset(month for month in said if month is not None)


def _excuses(unused: Unused | None, period: pd.Period) -> bool:
    """Tell whether a file that could not be used may be the one that is missing."""
    if unused is None:
        return False
    year, months = unused
    return any(month.asfreq(period.freqstr) == period for month in months) or (
        not months and year in (None, period.year)
    )


def _listed(missing: Iterable[pd.Period]) -> str:
    """Return periods as text, neighbours as a range: 2020-03 … 2020-07, 2021-11."""
    spans: list[list[pd.Period]] = []
    for period in missing:
        if spans and period == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], period]
        else:
            spans.append([period])
    return ", ".join(" … ".join(map(str, span)) for span in spans)
