"""Workbooks that a bureau did not hand in: months and quarters since its first one of a kind, and kinds altogether."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

import pandas as pd

from pipeline import periods
from pipeline.catalog import Catalog, Kind
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.checking.coverage import EVERY_GROUP, MONTHS_A_QUARTER, PLANS, forms_of, result_months
from pipeline.ingest.faults import Fault
from pipeline.ingest.layouts.context import GROUP
from pipeline.ingest.ledger import FileLedger
from pipeline.ingest.monthspans import find_span
from pipeline.ingest.wordforms import compact

Unused = tuple[int | None, frozenset[pd.Period]]  # year and months by which something is called that was not used
FREQUENCIES = {"monthly": "M", "quarterly": "Q-DEC"}  # cadence of a kind -> its periods


def find_missing_months(
    tables: Mapping[str, pd.DataFrame],
    files: Sequence[FileLedger],
    without_contents: Collection[str],
    bureau: Bureau,
    catalog: Catalog,
) -> list[Fault]:
    """Return one fault for each kind, and each group where groups hand it in, that names its missing periods.

    ``tables`` are those of the reading, with ``coverage``. The fault stands where `_where_missing` says. A kind that
    the bureau does not owe is missing nothing, nor is a period of which a file is there that could not be used, or not
    even opened, or has no contents (paths in ``without_contents``), where its name speaks of the kind and of that time.
    The last month is that of the results; without any, of whatever was handed in. What was never handed in at all is
    told by `find_never_handed_in`. A group whose members have all left owes nothing after that.
    """
    last, ends = _last_month(tables, catalog), _ends(tables["memberships"])
    faults = []
    for kind, own in _owed(tables, bureau, catalog):
        unused = [
            period for file in files if file.kind in forms_of(kind, catalog) for period in periods_of_unused(file)
        ]
        unused += unopened(files, without_contents, [catalog.kinds[form] for form in forms_of(kind, catalog)])
        for group in sorted({*own[GROUP]} - {EVERY_GROUP}) or [EVERY_GROUP] * (not own.empty):
            covered = own[own[GROUP].isin([group, EVERY_GROUP])]
            end = _end_of_two(bureau.groups, ends) if catalog.is_between_groups(kind.table) else ends.get(group)
            until = min(last, end) if last is not None and end is not None else last
            missing = _missing(covered["month"], kind, until)
            missing = [period for period in missing if not any(may_hold(found, period) for found in unused)]
            if missing:
                told = listed_periods(missing)
                place = _where_missing(own, covered, missing)
                faults.append(Fault("missing_months", place, None, None, None, told, _whose(kind, group)))
    return faults


def _where_missing(own: pd.DataFrame, covered: pd.DataFrame, missing: Sequence[pd.Period]) -> str:
    """Return the newest file of several groups that covers a missing period, and so lacks a group's sheet, where the
    group has stood in such files; else the newest that begins before a missing period and ends after it; else the
    newest that covers anything of it.
    """
    shared = own[own.groupby("source_file")[GROUP].transform("nunique") > 1]
    beside = shared[shared["month"].dt.asfreq(missing[0].freqstr).isin(missing)]
    is_there = covered["source_file"].isin(shared["source_file"]).any() and not beside.empty
    if not is_there:
        within = covered["source_file"].isin(_files_around(covered, missing))
        beside = covered[within] if within.any() else covered
    return str(beside.sort_values("month")["source_file"].iloc[-1])


def _files_around(covered: pd.DataFrame, missing: Sequence[pd.Period]) -> set[str]:
    """Return the files that cover a time before and one after a missing period, as that of a year without its May."""
    months = covered["month"].dt.asfreq(missing[0].freqstr).groupby(covered["source_file"]).agg(["min", "max"])
    spans = zip(months.index, months["min"], months["max"], strict=True)
    return {str(file) for file, first, last in spans if any(first < period < last for period in missing)}


def unopened(files: Iterable[FileLedger], without_contents: Collection[str], kinds: Sequence[Kind]) -> list[Unused]:
    """Return year and months of every file that could not be opened, or that is here by its name only (paths in
    ``without_contents``), where its name speaks of one of ``kinds`` and of a time; see `may_hold`.

    What else is passed over is no workbook, such as the lock file of one that is open.
    """
    closed = (file for file in files if file.status == "refused" or file.path in without_contents)
    called = (file for file in closed if _is_called(file, kinds))
    return [period for period in map(_period_of_name, called) if period is not None]


def find_never_handed_in(
    tables: Mapping[str, pd.DataFrame], files: Sequence[FileLedger], bureau: Bureau, catalog: Catalog
) -> list[Fault]:
    """Return one fault for each expected kind of which nobody ever handed one in, and for each group that never did
    where others do, once there are results for a full quarter; before, a bureau has only begun.

    It stands at the name of the kind. A workbook that is there, but could not be used, was handed in.
    """
    months = result_months(tables)
    if max(Counter(map(periods.quarter_of, months)).values(), default=0) < MONTHS_A_QUARTER:
        return []
    results = listed_periods(months)
    faults = []
    for kind, own in _owed(tables, bureau, catalog):
        if any(may_be(file, catalog.kinds[form]) for form in forms_of(kind, catalog) for file in files):
            continue
        if own.empty and kind.is_expected:
            faults.append(_never(kind, EVERY_GROUP, results))
        elif kind.per_group and not own.empty and EVERY_GROUP not in {*own[GROUP]}:
            faults += [_never(kind, group, results) for group in sorted({*bureau.groups} - {*own[GROUP]})]
    return faults


def _owed(tables: Mapping[str, pd.DataFrame], bureau: Bureau, catalog: Catalog) -> Iterator[tuple[Kind, pd.DataFrame]]:
    """Yield every kind that the bureau owes each month or quarter, with its coverage in any of its forms."""
    coverage = tables["coverage"]
    for kind in catalog.kinds.values():
        forms = forms_of(kind, catalog)
        if kind.kind == forms[0] and kind.cadence in FREQUENCIES and bureau.owes(kind, catalog):
            yield kind, coverage[coverage["kind"].isin(forms)]


def _last_month(tables: Mapping[str, pd.DataFrame], catalog: Catalog) -> pd.Period | None:
    """Return the last month with results; without any, with a row of anything but plans, which lie ahead."""
    months = result_months(tables)
    if not months:
        coverage = tables["coverage"]
        ahead = [kind.kind for kind in catalog.kinds.values() if kind.table == PLANS]
        months = sorted(coverage.loc[~coverage["kind"].isin(ahead), "month"])
    return months[-1] if months else None


def _ends(memberships: pd.DataFrame) -> Mapping[str, pd.Period]:
    """Return group -> the last month in which it had a member, for groups in which nobody is left.

    ``left_on`` is the first day on which a member is in it no more.
    """
    left = memberships.groupby("party_group")["left_on"].agg(["count", "size", "max"])
    over = left[left["count"] == left["size"]]
    return {str(group): pd.Period(day - pd.Timedelta(days=1), "M") for group, day in over["max"].items()}


def _end_of_two(groups: Iterable[str], ends: Mapping[str, pd.Period]) -> pd.Period | None:
    """Return the last month in which two groups had members; ``None`` where two or more still have."""
    left = sum(group not in ends for group in groups)
    return None if left > 1 else sorted(ends.values(), reverse=True)[1 - left]


def may_be(file: FileLedger, kind: Kind) -> bool:
    """Tell whether a file of which no row was used is a workbook of a kind, by its columns or by its name."""
    if any(sheet.used for sheet in file.sheets):
        return False
    return file.kind == kind.kind or _is_called(file, [kind])


def _is_called(file: FileLedger, kinds: Iterable[Kind]) -> bool:
    """Tell whether a file of no known kind has a name that speaks of one of ``kinds``."""
    return file.kind is None and any(word in compact(file.path) for kind in kinds for word in kind.name_words)


def _never(kind: Kind, group: str, results: str) -> Fault:
    return Fault("never_handed_in", kind.label_zh, None, None, None, results, _whose(kind, group))


def _whose(kind: Kind, group: str) -> str:
    return f"{kind.label_zh} {group}".rstrip()


def _missing(months: "pd.Series[pd.Period]", kind: Kind, last: pd.Period | None) -> list[pd.Period]:
    """Return the periods from the first one covered to the last one that has ended."""
    if last is None:
        return []
    frequency = FREQUENCIES[kind.cadence]
    covered = set(months.dt.asfreq(frequency))
    final = last.asfreq(frequency)
    if final.asfreq("M", how="end") > last:
        final -= 1
    return [period for period in pd.period_range(min(covered), final, freq=frequency) if period not in covered]


def periods_of_unused(file: FileLedger) -> list[Unused]:
    """Return year and months that the unused sheets of a file are called by: those of which every row was rejected, and
    those that were not recognised where their own name speaks of a month.
    """
    stem = PurePosixPath(file.path).stem
    year = periods.find_year(stem)
    found: list[Unused] = []
    rejected = [sheet for sheet in file.sheets if sheet.rejected and not sheet.used]
    if rejected:
        said = (periods.find_month(sheet.name, year) or periods.find_month(stem) for sheet in rejected)
        found.append((year, frozenset(month for month in said if month is not None)))
    strange = (sheet for sheet in file.sheets if sheet.unrecognised and not sheet.used)
    months = frozenset(month for sheet in strange if (month := periods.find_month(sheet.name, year)) is not None)
    return [*found, (year, months)] if months else found


def _period_of_name(file: FileLedger) -> Unused | None:
    """Return year and months that a file is called by; ``None`` where its name speaks of no time.

    Its folder may tell the year.
    """
    path = PurePosixPath(file.path)
    year = periods.find_year(path.stem) or periods.find_year(str(path.parent))
    month, quarter = periods.find_month(path.stem, year), periods.find_quarter(path.stem, year)
    span = find_span(path.stem, year)
    months = [month] if month is not None else periods.months_of(quarter) if quarter is not None else []
    months = periods.month_range(*span) if span and not months else months
    return (year, frozenset(months)) if year is not None or months else None


def may_hold(unused: Unused | None, period: pd.Period) -> bool:
    """Tell whether a file that could not be used may be the one that is missing."""
    if unused is None:
        return False
    year, months = unused
    return any(month.asfreq(period.freqstr) == period for month in months) or (
        not months and year in (None, period.year)
    )


def listed_periods(missing: Iterable[pd.Period]) -> str:
    """Return periods as text, neighbours as a range: 2020-03 … 2020-07, 2021-11."""
    spans: list[list[pd.Period]] = []
    for period in missing:
        if spans and period == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], period]
        else:
            spans.append([period])
    return ", ".join(" … ".join(map(str, span)) for span in spans)
