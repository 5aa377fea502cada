"""A bureau's folder, or any workbooks at all, to tables, ledger and issues.

First the settings workbooks and the roster say who the bureau is; then everything else is read in that light.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import pandas as pd

from pipeline.catalog import Catalog
from pipeline.ingest import settings as steps
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.checking.carriedon import leave_carried_on
from pipeline.ingest.checking.checks import check_date_order, check_items, check_memberships, check_spans
from pipeline.ingest.checking.copies import reject_copied_rows
from pipeline.ingest.checking.countedonce import note_counted_once
from pipeline.ingest.checking.coverage import latest_full_quarter, list_coverage, quarters_with_data
from pipeline.ingest.checking.dictionary import guard_derived, guard_inputs
from pipeline.ingest.checking.duplicates import find_same_bytes, find_same_content, same_file_fault
from pipeline.ingest.checking.gaps import find_missing_months, find_never_handed_in
from pipeline.ingest.checking.knownwords import settle_known_words
from pipeline.ingest.checking.lonelydays import note_lonely_days
from pipeline.ingest.checking.nottaken import leave_out_not_taken
from pipeline.ingest.checking.numberings import tell_numberings_apart
from pipeline.ingest.checking.otherspans import note_other_spans
from pipeline.ingest.checking.partrows import reject_part_rows
from pipeline.ingest.checking.parts import join_parts
from pipeline.ingest.checking.plans import note_far_from_plan
from pipeline.ingest.checking.preparedzeros import leave_out_prepared_zeros
from pipeline.ingest.checking.ratios import note_lone_amounts, reject_impossible_ratios
from pipeline.ingest.checking.references import Names, memberships_of, names_members, resolve_names
from pipeline.ingest.checking.repeats import note_repeated_rows, reject_repeated_keys
from pipeline.ingest.checking.scoredrows import (
    note_never_closed,
    note_other_points,
    note_part_lacking,
    note_uncounted,
    settle_nothing,
)
from pipeline.ingest.checking.shownnumbers import reject_shown_as_others
from pipeline.ingest.checking.timeliness import check_lateness, check_period
from pipeline.ingest.checking.typedledgers import find_missing_types
from pipeline.ingest.checking.voidrows import leave_out_struck_rows, note_void_rows
from pipeline.ingest.checking.within_rows import check_within_rows
from pipeline.ingest.faults import Fault, files_without_contents, to_issues
from pipeline.ingest.halves import read_halves
from pipeline.ingest.itemcodes import ledger_items, scored_items
from pipeline.ingest.keeping import find_reading, keep_reading
from pipeline.ingest.layouts.context import GROUP, OF_UNITS, find_context
from pipeline.ingest.layouts.extract import Surroundings, extract_sheet
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.sheetrows import SheetRows, all_faults
from pipeline.ingest.ledger import FileLedger, Issue, shown_name
from pipeline.ingest.memory import memory_for_cells
from pipeline.ingest.opening import OpenFile, list_files, open_files, unexpected, unrecognised_faults
from pipeline.ingest.rulebook import apply_rules
from pipeline.ingest.settings import BureauSettings
from pipeline.ingest.tables import build_printed_totals, build_tables
from pipeline.ingest.vocabulary import Vocabulary, build_vocabulary
from pipeline.ingest.wordforms import compact, person_form
from pipeline.parameters import ParameterError, check_bureau
from pipeline.texts import Texts

ROSTER = "roster"
OF_A_BUREAU = (*steps.SETTINGS_KINDS, ROSTER)  # what says who a bureau is

__all__ = ["check_paths", "find_faults", "latest_full_quarter", "list_paths", "quarters_with_data", "read_bureau"]


@memory_for_cells()
def read_bureau(folder: Path, catalog: Catalog, texts: Texts, cache: Path | None = None) -> Reading:
    """Read every workbook below ``folder``; never raises because of what is in one.

    Raises `NotADirectoryError` where there is no such folder: an empty reading would look like a bureau without data.
    Whatever could not be used is an issue, and every non-empty row of every sheet is accounted for in the ledger. What
    was read is kept in the folder ``cache``: the next run need not parse a file that is still the same, nor read
    anything where all of them are.
    """
    try:
        check_bureau(folder)
    except ParameterError as error:  # told here, since in a notebook nobody else would
        raise NotADirectoryError(error.tell(texts)) from error
    kept = None if cache is None else find_reading(folder, catalog, texts, cache)
    if kept is not None:
        return kept
    vocabulary = build_vocabulary(catalog)
    files = list(open_files(list_files(folder), vocabulary, texts, cache))
    reading = _read_files(files, folder.resolve().name, vocabulary, texts)
    if cache is not None and all(file.is_certain for file in files):
        return keep_reading(reading, folder, catalog, texts, cache)
    return reading


def _read_files(files: Sequence[OpenFile], name: str, vocabulary: Vocabulary, texts: Texts) -> Reading:
    """Return what the files of the bureau called ``name`` hold."""
    catalog = vocabulary.catalog
    for file in files:
        file.faults += unrecognised_faults(file)
    _skip(files, find_same_bytes((file.path, file.sha256) for file in files if file.recognised), texts)
    settings, names = _read_bureau_itself(files, name, vocabulary)
    _extract_rest(files, names.groups, settings, vocabulary, texts)
    _resolve(files, names)
    missing = _missing_roster(files, names, catalog)
    sheets = _check_rows(files, settings.bureau, vocabulary)
    tables = _guarded_tables(sheets, catalog)
    ledgers = tuple(file.ledger() for file in files)
    missing += _not_handed_in(tables, files, ledgers, settings.bureau, catalog) + find_missing_types(sheets, catalog)
    faults = _all_faults(missing, files)
    return Reading(settings.bureau, tables, ledgers, to_issues(faults, texts), faults)


def check_paths(
    paths: Iterable[Path], catalog: Catalog, texts: Texts
) -> tuple[tuple[FileLedger, ...], tuple[Issue, ...]]:
    """Read any files and folders as `find_faults` does, and return the faults as issues."""
    ledgers, faults = find_faults(paths, catalog, texts)
    return ledgers, to_issues(faults, texts)


@memory_for_cells()
def find_faults(
    paths: Iterable[Path], catalog: Catalog, texts: Texts
) -> tuple[tuple[FileLedger, ...], tuple[Fault, ...]]:
    """Read any files and folders; names of members and groups are checked only when a bureau's roster or settings are
    among them, and then as in `read_bureau`.

    A workbook of no known kind is no fault here. Paths are shown relative to the folder when there is just one, else
    as given; a file that is given twice is read once.
    """
    vocabulary = build_vocabulary(catalog)
    files = list(open_files(list_paths(paths), vocabulary, texts))
    _skip(files, find_same_bytes((file.path, file.sha256) for file in files if file.recognised), texts)
    settings, names = _read_bureau_itself(files, "", vocabulary)
    missing: list[Fault] = []
    if any(sheet.kind.kind in OF_A_BUREAU for file in files for sheet in file.recognised):
        _extract_rest(files, names.groups, settings, vocabulary, texts)
        _resolve(files, names)
        missing = _missing_roster(files, names, catalog)
        sheets = _check_rows(files, settings.bureau, vocabulary)
        tables = _guarded_tables(sheets, catalog)
        ledgers = [file.ledger() for file in files]
        missing += _not_handed_in(tables, files, ledgers, settings.bureau, catalog)
        missing += find_missing_types(sheets, catalog)
    else:
        groups = {**_groups_by_sheet(files, names.groups, vocabulary), **names.groups}
        _extract_rest(files, groups, settings, vocabulary, texts)
        _check_rows(files, settings.bureau, vocabulary)
    return tuple(file.ledger() for file in files), _all_faults(missing, files)


def _not_handed_in(
    tables: Mapping[str, pd.DataFrame],
    files: Sequence[OpenFile],
    ledgers: Sequence[FileLedger],
    bureau: Bureau,
    catalog: Catalog,
) -> list[Fault]:
    """Return a fault for each kind of which months are missing, or that never came."""
    without_contents = files_without_contents(fault for file in files for fault in file.faults)
    missing = find_missing_months(tables, ledgers, without_contents, bureau, catalog)
    return missing + find_never_handed_in(tables, ledgers, bureau, catalog)


def list_paths(paths: Iterable[Path]) -> list[tuple[Path, str]]:
    """Return (path, path as it is shown) of every file that is given or stands in a given folder, each once."""
    given = {path.absolute(): path for path in paths}
    entries = [entry for path in given.values() for entry in _listed(path, is_only=len(given) == 1)]
    return list({path.absolute(): (path, name) for path, name in entries}.values())


def _listed(path: Path, is_only: bool) -> list[tuple[Path, str]]:
    if not path.is_dir():
        return [(path, shown_name(Path(path.name) if is_only else path))]
    return [(file, name if is_only else shown_name(file)) for file, name in list_files(path)]


def _groups_by_sheet(files: Iterable[OpenFile], known: Mapping[str, str], vocabulary: Vocabulary) -> dict[str, str]:
    """Return the names of sheets that must stand for a group, as long as nobody knows what the groups are called.

    A sheet whose surroundings name one of ``known`` needs no name of its own.
    """
    return {
        compact(sheet.names.sheet): sheet.names.sheet
        for file in files
        for sheet in file.recognised
        if GROUP in sheet.kind.context
        and sheet.kind.kind not in OF_UNITS
        and GROUP in vocabulary.required(sheet.kind)
        and GROUP not in sheet.columns.values()
        and GROUP not in find_context(sheet, known).values
    }


def _extract_rest(
    files: Sequence[OpenFile],
    group_names: Mapping[str, str],
    settings: BureauSettings,
    vocabulary: Vocabulary,
    texts: Texts,
) -> None:
    """Extract every sheet that is neither settings nor roster, and leave out files that hold the same as another."""
    words = RowWords(vocabulary.words)
    read_halves(files, vocabulary)
    for file in files:
        known = {id(rows.sheet) for rows in file.rows}
        surroundings = Surroundings(group_names, settings.units, file.is_text)
        rest = [sheet for sheet in file.recognised if id(sheet) not in known]
        try:
            file.rows += [extract_sheet(sheet, vocabulary, surroundings) for sheet in rest]
            file.note_outside(words)
        except Exception as error:  # noqa: BLE001 - a fault of ours in one file must not cost the others; it is told
            file.refuse(unexpected(error, texts))
    _skip(files, find_same_content({file.path: file.rows for file in files}), texts)


def _resolve(files: Iterable[OpenFile], names: Names) -> None:
    """Check the names in everything that was not read to learn them."""
    for file in files:
        for rows in file.rows:
            if rows.sheet.kind.kind not in OF_A_BUREAU:
                resolve_names(rows, names)


def _missing_roster(files: Sequence[OpenFile], names: Names, catalog: Catalog) -> list[Fault]:
    """Return the one fault of a bureau that hands in names of members but no roster that could be used.

    It stands at the file that is called a roster, where there is one, else at the name of the kind.
    """
    sheets = [rows for file in files for rows in file.rows if rows.sheet.kind.kind not in OF_A_BUREAU]
    naming = (rows for rows in sheets if rows.rows)  # a blank ledger names nobody
    if names.has_roster or not any(names_members(rows) for rows in naming):
        return []
    roster = catalog.kinds[ROSTER]
    called = (file.path for file in files if any(word in compact(file.path) for word in roster.name_words))
    return [Fault("missing_roster", next(called, roster.label_zh), None, None, None, "")]


def _check_rows(files: Iterable[OpenFile], bureau: Bureau, vocabulary: Vocabulary) -> list[SheetRows]:
    """Turn down rows that contradict themselves or the rules or repeat others, note what else is doubtful in them.

    Return the rows of all sheets.
    """
    catalog, words = vocabulary.catalog, vocabulary.words
    sheets = [rows for file in files for rows in file.rows]
    leave_out_prepared_zeros(sheets, catalog)
    of_ledger, scored = ledger_items(bureau.rules, catalog), scored_items(bureau.rules)
    for rows in sheets:
        leave_out_struck_rows(rows, catalog, words)
        leave_out_not_taken(rows, words)
        reject_shown_as_others(rows)
        settle_known_words(rows, catalog)
        settle_nothing(rows, catalog)
        check_period(rows, words)
        check_spans(rows, words)
        check_date_order(rows)
        check_items(rows, of_ledger, scored, catalog)
    check_memberships(rows for rows in sheets if rows.sheet.kind.kind == ROSTER)
    join_parts(sheets, catalog, words)
    for rows in sheets:
        reject_impossible_ratios(rows, catalog)
    tell_numberings_apart(sheets, catalog, words)
    leave_carried_on(sheets, catalog, words)
    reject_part_rows(sheets, catalog, words)
    reject_copied_rows(sheets, catalog, words)
    reject_repeated_keys(sheets, catalog, words)
    note_repeated_rows(sheets, catalog, words)
    note_far_from_plan(sheets, catalog)
    note_never_closed(sheets, catalog)
    note_other_spans(sheets, vocabulary)
    note_part_lacking(sheets, catalog)
    note_lone_amounts(sheets, catalog)
    for rows in sheets:
        check_within_rows(rows, catalog, words)
        note_lonely_days(rows, words)
        note_uncounted(rows, bureau.rules, catalog)
        note_other_points(rows, bureau.rules, catalog)
        note_counted_once(rows, bureau.rules, catalog)
        check_lateness(rows, words)
        note_void_rows(rows, words)
    return sheets


def _guarded_tables(sheets: Sequence[SheetRows], catalog: Catalog) -> dict[str, pd.DataFrame]:
    """Return every table of a reading, each as the data dictionary has it."""
    tables = guard_inputs(build_tables(sheets, catalog), sheets, catalog)
    tables["printed_totals"] = guard_derived(build_printed_totals(sheets, catalog), "printed_totals", catalog)
    tables["coverage"] = guard_derived(list_coverage(sheets, catalog), "coverage", catalog)
    return tables


def _read_bureau_itself(files: Sequence[OpenFile], name: str, vocabulary: Vocabulary) -> tuple[BureauSettings, Names]:
    """Read the settings workbooks and the rosters, in the order in which they build on each other."""
    settings = steps.default_settings(name, vocabulary.catalog)
    general = _extract_kind(files, "bureau_settings", settings, vocabulary)
    settings = steps.apply_general(settings, general, vocabulary)
    settings = steps.apply_groups(settings, _extract_kind(files, "party_groups", settings, vocabulary), vocabulary)
    rosters = _extract_kind(files, ROSTER, settings, vocabulary)
    aliases = _extract_kind(files, "aliases", settings, vocabulary)
    people = {str(member) for rows in rosters for member in rows.values["member"] if member is not None}
    settings = steps.apply_aliases(settings, aliases, people or None)
    group_names = steps.group_names_of(settings.bureau)
    for rows in rosters:
        resolve_names(rows, Names(group_names, {}, {}))
    attribution = _extract_kind(files, "attribution", settings, vocabulary)
    for rows in attribution:
        resolve_names(rows, Names(group_names, {}, {}))
    settings = steps.apply_attribution(settings, attribution, vocabulary)
    items, terms = (_extract_kind(files, kind, settings, vocabulary) for kind in ("rule_book", "rule_terms"))
    settings = apply_rules(settings, items, terms, vocabulary)
    stays = memberships_of(rosters)
    branch = vocabulary.words["whole_branch"] | {compact(settings.bureau.branch)}
    members = _member_names(settings.bureau, stays)
    return settings, Names(group_names, members, stays, branch, vocabulary.words["everybody"])


def _member_names(bureau: Bureau, members: Iterable[str]) -> dict[str, str]:
    """Return every name by which a member may be written -> the name in the roster."""
    names = {person_form(member): member for member in members}
    return names | {person_form(alias): name for alias, name in bureau.aliases.items() if name in names}


def _extract_kind(
    files: Iterable[OpenFile], kind: str, settings: BureauSettings, vocabulary: Vocabulary
) -> list[SheetRows]:
    """Extract the sheets of one kind, keep them with their files, and return them."""
    group_names = steps.group_names_of(settings.bureau)
    found = []
    for file in files:
        for sheet in file.recognised:
            if sheet.kind.kind == kind:
                rows = extract_sheet(sheet, vocabulary, Surroundings(group_names, settings.units, file.is_text))
                leave_out_struck_rows(rows, vocabulary.catalog, vocabulary.words)
                file.rows.append(rows)
                found.append(rows)
    return found


def _skip(files: Iterable[OpenFile], copies: dict[str, str], texts: Texts) -> None:
    """Leave out the files that hold the same as an earlier one."""
    for file in files:
        if file.path in copies:
            earlier = copies[file.path]
            file.skip(texts("left_out.duplicate_file", earlier=earlier), same_file_fault(file.path, earlier))


def _all_faults(of_bureau: Iterable[Fault], files: Sequence[OpenFile]) -> tuple[Fault, ...]:
    """Return every fault file by file and in the order of its cells; first those that stand at no file."""
    order = {file.path: number for number, file in enumerate(files)}
    of_files = (fault for file in files for fault in (*file.faults, *all_faults(file.rows)))
    return tuple(sorted((*of_bureau, *of_files), key=lambda fault: order.get(fault.file, -1)))
