"""A bureau's own rule book over the default one: a version counts as a whole, or not at all.

One item less would rescale every other item of its category, so a version with any fault is put out of use: in its
items (积分细则) or in its terms (考核办法).
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from pipeline.catalog import Catalog, Rule, Term
from pipeline.ingest.faults import SEVERITIES, Fault, UnusedVersion
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.rulerows import read_rule
from pipeline.ingest.ruleterms import PlacedTerm, read_term, settle_terms
from pipeline.ingest.settings import BureauSettings
from pipeline.ingest.vocabulary import Vocabulary


@dataclass
class _Version:
    """The rows of one version, wherever they stand, and the rules and terms that they gave."""

    rows: list[tuple[SheetRows, int]] = field(default_factory=list)
    rules: dict[Hashable, tuple[Rule, SheetRows, int]] = field(default_factory=dict)  # by item, with its place
    terms: dict[Hashable, tuple[Term, SheetRows, int]] = field(default_factory=dict)  # by class and name
    settled: tuple[Term, ...] = ()  # the terms as they count
    has_items: bool = False
    has_faults: bool = False


_Entry = TypeVar("_Entry", Rule, Term)
_TakeRow = Callable[[SheetRows, int, _Version, Vocabulary], None]


def apply_rules(
    settings: BureauSettings,
    items: Sequence[SheetRows],
    terms: Sequence[SheetRows],
    vocabulary: Vocabulary,
) -> BureauSettings:
    """Put the faultless versions of a bureau's own rule book in place of the default from their first month on, and
    add what they state besides their items.

    ``items`` are the sheets of 积分细则 and ``terms`` those of 考核办法. A version with a fault in any of its rows is
    rejected whole, and each of its faults says which version counts instead. A row that names no version, and a header
    that is there twice, put every version of their sheet out of use. Terms may also be those of the default version;
    of a version that there is not they are rejected by themselves.
    """
    versions: dict[str, _Version] = {}
    for rows in items:
        _read_sheet(rows, versions, _take_rule, vocabulary)
    for rows in terms:
        _read_sheet(rows, versions, _take_term, vocabulary)
    _turn_down_strangers(versions, settings.bureau.rules)
    _settle(versions, vocabulary.catalog)
    sheets = [*items, *terms]
    for rows in sheets:
        _mark_faults(rows, versions)
    used = [version for version in versions.values() if not version.has_faults]
    own = [rule for version in used for rule, _, _ in version.rules.values()]
    bureau = settings.bureau
    if own:
        first = min(rule.effective_month for rule in own)
        earlier = [rule for rule in bureau.rules if rule.effective_month < first]
        bureau = replace(bureau, rules=(*earlier, *own))
    bureau = replace(bureau, terms=(*bureau.terms, *(term for version in used for term in version.settled)))
    _reject(versions, sheets, bureau.rules)
    return replace(settings, bureau=bureau)


def _read_sheet(rows: SheetRows, versions: dict[str, _Version], take: _TakeRow, vocabulary: Vocabulary) -> None:
    """Sort the rows of one sheet by version and check each of them."""
    for position, name in enumerate(rows.values["version"]):
        if name is not None:
            version = versions.setdefault(str(name), _Version())
            version.rows.append((rows, position))
            version.has_items |= take is _take_rule
            if position not in rows.rejected:
                take(rows, position, version, vocabulary)


def _take_rule(rows: SheetRows, position: int, version: _Version, vocabulary: Vocabulary) -> None:
    rule = read_rule(rows, position, vocabulary)
    if rule is not None:
        _keep(version.rules, rule.item, (rule, rows, position), "item", lambda one, other: one == other)


def _take_term(rows: SheetRows, position: int, version: _Version, vocabulary: Vocabulary) -> None:
    term = read_term(rows, position, vocabulary)
    if term is not None:
        _keep(version.terms, (term.term, term.name), (term, rows, position), "name", _say_the_same)


def _say_the_same(one: Term, other: Term) -> bool:
    return replace(one, source="") == replace(other, source="")


def _keep(
    kept: dict[Hashable, tuple[_Entry, SheetRows, int]],
    key: Hashable,
    found: tuple[_Entry, SheetRows, int],
    column: str,
    is_same: Callable[[_Entry, _Entry], bool],
) -> None:
    """Keep what a row says; a copy of the row in another file says it again, and any other second row is a fault."""
    entry, rows, position = found
    earlier, other, place = kept.setdefault(key, found)
    if kept[key] is found:
        return
    if not is_same(earlier, entry) or other.file == rows.file:
        where = f"{other.file} [{other.sheet.names.sheet}] {cell_address(*other.places[column][place])}"
        rows.fault("repeated_rule", column, position, where)


def _turn_down_strangers(versions: dict[str, _Version], rules: Iterable[Rule]) -> None:
    """Take out the versions of terms that no rule book has, and tell each of them once a sheet."""
    known = list(dict.fromkeys(rule.version for rule in rules))
    known += [name for name, version in versions.items() if version.has_items and name not in known]
    for name in [name for name in versions if name not in known]:
        told: list[SheetRows] = []
        for rows, position in versions.pop(name).rows:
            rows.rejected.add(position)
            if all(rows is not sheet for sheet in told):
                rows.fault("terms_without_rules", "version", position, ", ".join(known))
                told.append(rows)


def _settle(versions: Mapping[str, _Version], catalog: Catalog) -> None:
    for version in versions.values():
        placed = [PlacedTerm(term, rows, position) for term, rows, position in version.terms.values()]
        version.settled = settle_terms(placed, catalog)


def _mark_faults(rows: SheetRows, versions: Mapping[str, _Version]) -> None:
    """Mark the versions of one sheet that have a fault in a row of theirs, or all of them for one of the sheet."""
    own = [None if name is None else versions.get(str(name)) for name in rows.values["version"]]
    named = {rows.rows[position] for position, name in enumerate(rows.values["version"]) if name is not None}
    is_of_sheet = any(_is_error(fault) and fault.row not in named for fault in rows.faults)
    for position, version in enumerate(own):
        of_row = any(SEVERITIES[code] == "error" for code, _ in rows.faulty.at(position))
        if version is not None and (is_of_sheet or of_row):
            version.has_faults = True


def _reject(versions: Mapping[str, _Version], sheets: Iterable[SheetRows], rules: Sequence[Rule]) -> None:
    """Turn down every row of the versions with faults, and say at each fault what counts instead."""
    notes: dict[tuple[int, int], UnusedVersion] = {}
    for name, version in versions.items():
        if not version.has_faults:
            continue
        note = UnusedVersion(name, _version_in_effect(rules, _begin(name, version, rules)))
        for rows, position in version.rows:
            rows.rejected.add(position)
            notes[id(rows), rows.rows[position]] = note
    for rows in sheets:
        by_row = {row: note for (sheet, row), note in notes.items() if sheet == id(rows)}
        others = {rows.rows[position] for position, name in enumerate(rows.values["version"]) if name is not None}
        rows.faults = [_with_note(fault, by_row, others - by_row.keys()) for fault in rows.faults]


def _begin(name: str, version: _Version, rules: Iterable[Rule]) -> str | None:
    """Return the first month of a version that is out of use: by its own rows, or by the default of the same name."""
    dated = [(rows, position) for rows, position in version.rows if "effective_month" in rows.values]
    months = [rows.values["effective_month"][position] for rows, position in dated]
    written = [str(month) for month in months if month is not None]
    return min(written or (rule.effective_month for rule in rules if rule.version == name and not dated), default=None)


def _with_note(fault: Fault, by_row: Mapping[int, UnusedVersion], others: Collection[int]) -> Fault:
    """Return a fault with what it put out of use: the version of its row, or all of its sheet.

    ``others`` are the rows of versions that are in use or that there are not; their faults put nothing out of use.
    """
    if not by_row or fault.row in others or not _is_error(fault):
        return fault
    if fault.row is not None and fault.row in by_row:
        return replace(fault, unused_version=by_row[fault.row])
    of_sheet = list(dict.fromkeys(by_row.values()))
    versions, others = ([getattr(note, name) for note in of_sheet] for name in ("version", "instead"))
    return replace(fault, unused_version=UnusedVersion(", ".join(versions), ", ".join(dict.fromkeys(others))))


def _is_error(fault: Fault) -> bool:
    return SEVERITIES[fault.code] == "error"


def _version_in_effect(rules: Sequence[Rule], month: str | None) -> str:
    """Return the version that a month is scored under; for an unknown month the latest, and "" where none has begun."""
    starts: dict[str, str] = {}  # a version begins with the first of its rows
    for rule in rules:
        starts[rule.version] = min(rule.effective_month, starts.get(rule.version, rule.effective_month))
    begun = {version: start for version, start in starts.items() if month is None or start <= month}
    return max(begun, key=begun.__getitem__) if begun else ""
