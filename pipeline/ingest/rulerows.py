"""One row of items of a bureau's rule book (积分细则): names, parts and caps checked, each fault in its cell."""

from collections.abc import Mapping
from dataclasses import replace

from pipeline.catalog import Catalog, Measure, Rule
from pipeline.catalog.bands import BandGap, BandOverlap, Bands, parse_bands
from pipeline.ingest.checking.checks import ABOUT_ITEM
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.settings import by_label, one_of, word_list, wrong_cell
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
BANDS_FORM = "95:6;85:4 / 85-95:4;95-100:6"
CAPS = ("cap_month", "cap_quarter")
RATE_UNIT = "pct"


def read_rule(rows: SheetRows, position: int, vocabulary: Vocabulary) -> Rule | None:
    """Return one row of a rule book; ``None``, with every fault noted, when it cannot be scored by."""
    catalog = vocabulary.catalog
    values = {name: rows.values[name][position] for name in rows.columns}
    row = {name: "" if value is None else str(value) for name, value in values.items()}
    before = rows.faulty.at(position)
    names = _known_names(rows, position, row, catalog)
    bands = _read_bands(rows, position, row["bands"])
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
    _check_fit(rows, position, rule, vocabulary)
    if rows.faulty.at(position) == before:
        _check_parts(rows, position, rule)
        _check_caps(rows, position, rule)
    return rule if rows.faulty.at(position) == before else None


def serves_groups(name: str, catalog: Catalog) -> bool:
    """Tell whether a measure says something of a party group: not where single best results are taken, nor where its
    table is worked out for members.
    """
    leaves = [catalog.measures[leaf] for leaf in catalog.leaf_measures(name)]
    return all(leaf.aggregate != "best" and catalog.tables[leaf.table].stage == "input" for leaf in leaves)


def _read_bands(rows: SheetRows, position: int, text: str) -> Bands:
    """Return the bands of a row; none, with the fault noted, where they leave a hole, overlap or cannot be read."""
    try:
        return parse_bands(text)
    except BandGap as gap:
        rows.fault("band_gap", "bands", position, gap.values)
    except BandOverlap as overlap:
        rows.fault("band_overlap", "bands", position, overlap.values)
    except ValueError:
        wrong_cell(rows, "bands", position, BANDS_FORM)
    return ()


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


def _check_parts(rows: SheetRows, position: int, rule: Rule) -> None:
    """Note what the scheme needs and the row lacks; a cell that is a fault already is not told twice."""
    needed = [name for name in (NEEDS[rule.scheme], "target" if rule.scheme == "attain" else "") if name]
    told = {name for _, name in rows.faulty.at(position)}
    for name in needed:
        if name not in told and getattr(rule, name) in (None, (), ""):
            rows.fault("missing_rule_part", name, position, rule.scheme)


def _check_fit(rows: SheetRows, position: int, rule: Rule, vocabulary: Vocabulary) -> None:
    """Note a category, a scheme, a measure or a target that does not go with the rest of the row.

    A veto stands in a category of groups and members both, and everything else in one of its own side.
    """
    catalog = vocabulary.catalog
    if rule.scope == "both" and rule.scheme != "veto":  # whose points would it be?
        rows.fault("rule_mismatch", "scope", position, word_list(("group", "member"), vocabulary))
        return
    wanted = "both" if rule.scheme == "veto" else rule.scope
    fitting = [entry.label_zh for entry in catalog.categories.values() if entry.scope == wanted]
    if catalog.categories[rule.category].scope != wanted:
        rows.fault("rule_mismatch", "category", position, ", ".join(fitting))
        return
    measures = _fitting_measures(rule, catalog)
    if not measures:
        schemes = [scheme for scheme in NEEDS if _fitting_measures(replace(rule, scheme=scheme), catalog)]  # type: ignore[arg-type]
        rows.fault("rule_mismatch", "scheme", position, ", ".join(schemes))
    elif rule.measure not in measures:
        is_no_rate = rule.scheme == "rate" and catalog.measures[rule.measure].unit != RATE_UNIT
        code = "rule_needs_rate" if is_no_rate else "rule_mismatch"
        rows.fault(code, "measure", position, ", ".join(measures.values()))
    if rule.target and not serves_groups(rule.target, catalog):
        targets = [entry.label_zh for name, entry in catalog.measures.items() if serves_groups(name, catalog)]
        rows.fault("rule_mismatch", "target", position, ", ".join(targets))


def _fitting_measures(rule: Rule, catalog: Catalog) -> Mapping[str, str]:
    """Return measure -> label of those that a rule's scheme and scope can be computed from.

    Single results are banded each by itself, and nothing else is; a rate needs one. What is to be attained is planned
    for groups only. A rule that zeroes items is about entries that say which item they concern.
    """
    if rule.scheme == "attain" and rule.scope != "group":
        return {}
    return {
        name: measure.label_zh
        for name, measure in catalog.measures.items()
        if (rule.scope == "member" or serves_groups(name, catalog))
        and (rule.scope == "group" or measure.member)
        and (measure.aggregate == "best") == (rule.scheme == "bands_each")
        and (measure.unit == RATE_UNIT or rule.scheme != "rate")
        and (not rule.zeroes_item or _names_items(measure, catalog))
    }


def _names_items(measure: Measure, catalog: Catalog) -> bool:
    return any((column.table, column.column) == (measure.table, ABOUT_ITEM) for column in catalog.columns)


def _check_caps(rows: SheetRows, position: int, rule: Rule) -> None:
    """Note a cap that not even one award fits under: one of the two numbers is a slip of the pen."""
    award = max((points for _, points in rule.bands), default=0.0) if rule.bands else rule.points
    for name in CAPS:
        cap = getattr(rule, name)
        if cap is not None and award and rule.scheme != "sum" and (cap * award < 0 or abs(cap) < abs(award)):
            rows.fault("low_cap", name, position, f"{award:g}")


def _default_label(item: str, label: str, catalog: Catalog) -> str:
    """Return the English label of a default item that kept its name; a bureau's own items have their one label."""
    known = {(rule.item, rule.label_zh): rule.label_en for rule in catalog.rules}
    return known.get((item, label), label)
