"""Ledgers that take their type from a title (主题党日活动台账): each covers the months of that type and of no other."""

from collections import defaultdict
from collections.abc import Sequence

import pandas as pd

from pipeline.catalog import Catalog, Kind
from pipeline.ingest.checking.coverage import months_covered, results_span
from pipeline.ingest.checking.gaps import listed_periods
from pipeline.ingest.faults import Fault
from pipeline.ingest.layouts.sheetrows import SheetRows


def find_missing_types(sheets: Sequence[SheetRows], catalog: Catalog) -> list[Fault]:
    """Return a fault for each type that has ledgers of its own and lacks one for months that others of the kind cover,
    up to the last month with results: nothing of that type would count as nothing held.

    A ledger with a column of types covers them all. A month without any ledger of the kind is told by
    `gaps.find_missing_months`.
    """
    first, last = results_span(sheets)
    of_type: defaultdict[tuple[str, str], dict[pd.Period, str]] = defaultdict(dict)
    of_all: defaultdict[str, set[pd.Period]] = defaultdict(set)
    covered: defaultdict[str, set[pd.Period]] = defaultdict(set)
    for rows in sheets:
        kind = rows.sheet.kind
        column = _type_column(kind, catalog)
        if column is None or not rows.handed_in():
            continue
        months = months_covered(rows, catalog, first, last)
        covered[kind.kind] |= months
        if column in rows.held:
            of_all[kind.kind] |= months
        else:
            of_type[kind.kind, str(rows.values[column][0])].update(dict.fromkeys(sorted(months), rows.file))
    faults = []
    for (name, word), own in sorted(of_type.items()):
        missing = sorted(month for month in covered[name] - of_all[name] - own.keys() if month > min(own))
        if missing:
            file = own[max(own)]
            told = listed_periods(missing)
            faults.append(
                Fault("missing_months", file, None, None, None, told, f"{catalog.kinds[name].label_zh} {word}")
            )
    return faults


def _type_column(kind: Kind, catalog: Catalog) -> str | None:
    """Return the column of known words that a title may state for all rows of a kind."""
    wordings = catalog.wordings_of(kind.table)
    return next((name for name in kind.context if name in wordings), None)
