"""A bureau's own rule book over the default one: a version counts as a whole, or not at all.

One item less would rescale every other item of its category, so a version with any fault is put out of use.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

from pipeline.catalog import Catalog, Rule
from pipeline.catalog.loader import parse_bands
from pipeline.ingest.faults import SEVERITIES, Fault, UnusedVersion
from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.settings import BureauSettings, by_label, one_of, word_list, wrong_cell
from pipeline.ingest.vocabulary import Vocabulary

NEEDS: Mapping[str, str] = {
    "each": "points",
    "rate": "points",
    "attain": "points",
    "bands": "bands",
    "bands_each": "bands",
    "sum": "",
    "veto": "",
}
"""What each scheme cannot be computed without; `attain` needs a target as well."""
SCOPES = ("group", "member", "both")
NO_BASE = ("zero", "leave_out")
BANDS_FORM = "95:6;85:4"
CAPS = ("cap_month", "cap_quarter")
RATE_UNIT = "pct"


@dataclass
class _Version:
    """The rows of one version, wherever they stand, and the rules that they gave."""

    rows: list[tuple[SheetRows, int]] = field(default_factory=list)
    rules: dict[str, tuple[Rule, SheetRows, int]] = field(default_factory=dict)  # by item, with its place
    has_faults: bool = False


def apply_rules(settings: BureauSettings, sheets: Sequence[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Put the faultless versions of a bureau's own rule book in place of the default from their first month on.

    A version with a fault in any of its rows is rejected whole, and each of its faults says which version counts
    instead. A row that names no version, and a header that is there twice, put every version of their sheet out of use.
    """
    versions: dict[str, _Version] = {}
    for rows in sheets:
        _read_sheet(rows, versions, vocabulary)
    own = [rule for found in versions.values() if not found.has_faults for rule, _, _ in found.rules.values()]
    if own:
        first = min(rule.effective_month for rule in own)
        earlier = [rule for rule in settings.bureau.rules if rule.effective_month < first]
        settings = replace(settings, bureau=replace(settings.bureau, rules=(*earlier, *own)))
    _reject(versions, sheets, settings.bureau.rules)
    return settings


def _read_sheet(rows: SheetRows, versions: dict[str, _Version], vocabulary: Vocabulary) -> None:
    """Sort the rows of one sheet by version and check each of them."""
    named = {row: str(name) for row, name in zip(rows.rows, rows.values["version"], strict=True) if name is not None}
    for position, row in enumerate(rows.rows):
        if row in named:
            version = versions.setdefault(named[row], _Version())
            version.rows.append((rows, position))
            if position not in rows.rejected:
                _read_row(rows, position, version, vocabulary)
    if any(_is_error(fault) and fault.row not in named for fault in rows.faults):  # of the whole sheet
        for name in set(named.values()):
            versions[name].has_faults = True
    for position, row in enumerate(rows.rows):
        if row in named and any(SEVERITIES[code] == "error" for code, _ in rows.faulty.at(position)):
            versions[named[row]].has_faults = True


def _read_row(rows: SheetRows, position: int, version: _Version, vocabulary: Vocabulary) -> None:
    """Check one row and keep its rule; a copy of the row in another file is the same rule."""
    rule = _rule(rows, position, vocabulary)
    if rule is None:
        return
    if rule.item not in version.rules:
        version.rules[rule.item] = (rule, rows, position)
        return
    earlier, other, place = version.rules[rule.item]
    if earlier != rule or other.file == rows.file:
        where = f"{other.file} [{other.sheet.names.sheet}] {cell_address(*other.places['item'][place])}"
        rows.fault("repeated_rule", "item", position, where)


def _rule(rows: SheetRows, position: int, vocabulary: Vocabulary) -> Rule | None:
    """Return one row of a rule book; ``None``, with every fault noted, when it cannot be scored by."""
    catalog = vocabulary.catalog
    values = {name: rows.values[name][position] for name in rows.columns}
    row = {name: "" if value is None else str(value) for name, value in values.items()}
    before = rows.faulty.at(position)
    names = _known_names(rows, position, row, catalog)
    try:
        bands = parse_bands(row["bands"])
    except ValueError:
        bands = ()
        wrong_cell(rows, "bands", position, BANDS_FORM)
    if not all(isfinite(number) for band in bands for number in band):
        wrong_cell(rows, "bands", position, BANDS_FORM)
    when_no_base = one_of(row["when_no_base"], NO_BASE, vocabulary) if row["when_no_base"] else "leave_out"
    if when_no_base is None:
        wrong_cell(rows, "when_no_base", position, word_list(NO_BASE, vocabulary))
    scope = one_of(row["scope"], SCOPES, vocabulary) if row["scope"] else "group"
    if scope is None:
        wrong_cell(rows, "scope", position, word_list(SCOPES, vocabulary))
    if rows.faulty.at(position) != before or names is None:
        return None
    rule = Rule(
        version=row["version"],
        effective_month=row["effective_month"],
        item=row["item"],
        category=names["category"],
        label_zh=row["item_label"],
        label_en=_default_label(row["item"], row["item_label"], catalog),
        measure=names["measure"],
        scheme=row["scheme"],  # type: ignore[arg-type]
        bands=bands,
        target=names["target"],
        metric=names["metric"],
        when_no_base=when_no_base,  # type: ignore[arg-type]
        scope=scope,  # type: ignore[arg-type]
        assessor=row["assessor"],
        zeroes_item=values["zeroes_item"] is True,
        source_file=rows.file,
        source_sheet=rows.sheet.names.sheet,
        source_row=rows.rows[position] + 1,
        **{name: values[name] for name in ("points", *CAPS)},  # type: ignore[arg-type]
    )
    _check_parts(rows, position, rule, catalog)
    _check_caps(rows, position, rule)
    return rule if rows.faulty.at(position) == before else None


def _known_names(rows: SheetRows, position: int, row: Mapping[str, str], catalog: Catalog) -> Mapping[str, str] | None:
    """Return what the row refers to by its name in the catalog; ``None``, with the faults noted, for unknown names."""
    measures = by_label({measure.measure: measure.label_zh for measure in catalog.measures.values()})
    metrics = by_label({metric.metric: metric.label_zh for metric in catalog.metrics.values()})
    categories = by_label({category.category: category.label_zh for category in catalog.categories.values()})
    checks: tuple[tuple[str, Mapping[str, str], bool], ...] = (
        ("category", categories, True),
        ("measure", measures, True),
        ("scheme", {scheme: scheme for scheme in NEEDS}, True),
        ("target", measures, False),
        ("metric", metrics, False),
    )
    wrong = [name for name, known, is_required in checks if row[name] not in known and (is_required or row[name])]
    for name, known, _ in checks:
        if name in wrong:
            wrong_cell(rows, name, position, ", ".join(sorted(set(known.values()))))
    return None if wrong else {name: known.get(row[name], "") for name, known, _ in checks}


def _check_parts(rows: SheetRows, position: int, rule: Rule, catalog: Catalog) -> None:
    """Note what the scheme needs and the row lacks; a cell that is a fault already is not told twice."""
    needed = [name for name in (NEEDS[rule.scheme], "target" if rule.scheme == "attain" else "") if name]
    told = {name for _, name in rows.faulty.at(position)}
    for name in needed:
        if name not in told and getattr(rule, name) in (None, (), ""):
            rows.fault("missing_rule_part", name, position, rule.scheme)
    if rule.scheme == "rate" and catalog.measures[rule.measure].unit != RATE_UNIT:
        rates = [measure.label_zh for measure in catalog.measures.values() if measure.unit == RATE_UNIT]
        rows.fault("rule_needs_rate", "measure", position, ", ".join(rates))


def _check_caps(rows: SheetRows, position: int, rule: Rule) -> None:
    """Note a cap that not even one award fits under: one of the two numbers is a slip of the pen."""
    award = max((points for _, points in rule.bands), default=0.0) if rule.bands else rule.points
    for name in CAPS:
        cap = getattr(rule, name)
        if cap is not None and award and rule.scheme != "sum" and (cap * award < 0 or abs(cap) < abs(award)):
            rows.fault("low_cap", name, position, f"{award:g}")


def _reject(versions: Mapping[str, _Version], sheets: Iterable[SheetRows], rules: Sequence[Rule]) -> None:
    """Turn down every row of the versions with faults, and say at each fault what counts instead."""
    notes: dict[tuple[int, int], UnusedVersion] = {}
    for name, version in versions.items():
        if not version.has_faults:
            continue
        months = [rows.values["effective_month"][position] for rows, position in version.rows]
        begin = min((str(month) for month in months if month is not None), default=None)
        for rows, position in version.rows:
            rows.rejected.add(position)
            notes[id(rows), rows.rows[position]] = UnusedVersion(name, _version_in_effect(rules, begin))
    for rows in sheets:
        by_row = {row: note for (sheet, row), note in notes.items() if sheet == id(rows)}
        rows.faults = [_with_note(fault, by_row) for fault in rows.faults]


def _with_note(fault: Fault, by_row: Mapping[int, UnusedVersion]) -> Fault:
    """Return a fault with what it put out of use: the version of its row, or all of its sheet."""
    if not by_row or not _is_error(fault):
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
    begun = [rule for rule in rules if month is None or rule.effective_month <= month]
    return max(begun, key=lambda rule: rule.effective_month).version if begun else ""


def _default_label(item: str, label: str, catalog: Catalog) -> str:
    """Return the English label of a default item that kept its name; a bureau's own items have their one label."""
    known = {(rule.item, rule.label_zh): rule.label_en for rule in catalog.rules}
    return known.get((item, label), label)
