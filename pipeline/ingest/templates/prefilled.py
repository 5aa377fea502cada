"""What a template already holds: the roster, and the settings in force, so that they read back to the same."""

from collections.abc import Callable, Mapping
from datetime import date

from pipeline import periods
from pipeline.catalog import Catalog, Kind, Rule, Term
from pipeline.catalog.bands import write_bands
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.ruleterms import CLASSES
from pipeline.ingest.templates.choices import Choices, first_word
from pipeline.ingest.templates.subject import ROSTER_TABLE, SETTINGS_TABLE, Record, Subject, Value

ALIAS_SEPARATOR = "、"
YES_NO_SETTINGS = ("setting_synthetic", "setting_public_names")
UNIT_SETTINGS = {"setting_volume_unit": "cigarettes", "setting_money_unit": "money"}  # class of words -> family

CellChoices = Mapping[tuple[int, str], Choices]  # (row, column) -> what one cell offers instead of its column


def prefilled_rows(kind: Kind, catalog: Catalog, subject: Subject) -> tuple[Record, ...]:
    """Return the rows that a template of ``kind`` starts with; none for a ledger."""
    fill = _FILLED_IN.get(kind.table)
    return () if fill is None else tuple(fill(catalog, subject))


def prefilled_choices(kind: Kind, catalog: Catalog, subject: Subject) -> CellChoices:
    """Return what the contents of single settings offer: yes or no, the units of a family."""
    if kind.table != SETTINGS_TABLE:
        return {}
    yes_or_no = Choices((first_word("yes", catalog), first_word("no", catalog)), closed=True)
    offered = dict.fromkeys(YES_NO_SETTINGS, yes_or_no)
    for class_, family in UNIT_SETTINGS.items():
        labels = tuple(unit.label for unit in catalog.units.values() if unit.family == family)
        offered[class_] = Choices(labels, closed=True)
    by_word = {first_word(class_, catalog): choices for class_, choices in offered.items()}
    rows = prefilled_rows(kind, catalog, subject)
    return {
        (number, "content"): by_word[str(row["setting"])]
        for number, row in enumerate(rows)
        if row["setting"] in by_word
    }


def _settings(catalog: Catalog, subject: Subject) -> list[Record]:
    bureau = subject.bureau
    classes = dict.fromkeys(word.class_ for word in catalog.words if word.class_.startswith("setting_"))
    present: dict[str, Value] = {
        "setting_bureau": bureau.name or None,
        "setting_branch": bureau.branch or None,
        "setting_synthetic": first_word("yes" if bureau.is_synthetic else "no", catalog),
        "setting_public_names": first_word("yes" if bureau.publishes_names else "no", catalog),
    }
    rows: list[Record] = []
    for class_ in classes:
        written = (content for setting, content in subject.settings.items() if setting in catalog.words_of(class_))
        content = present[class_] if class_ in present else next(written, None)
        rows.append({"setting": first_word(class_, catalog), "content": content})
    return rows


def _groups(catalog: Catalog, subject: Subject) -> list[Record]:
    return [
        {
            "party_group": group.party_group,
            "function": first_word(group.function, catalog),
            "alias_list": ALIAS_SEPARATOR.join(group.aliases) or None,
            "leader_post": group.leader_post or None,
        }
        for group in subject.bureau.groups.values()
    ]


def _aliases(catalog: Catalog, subject: Subject) -> list[Record]:
    """Return the other names that the groups' own workbook does not list already."""
    del catalog
    of_groups = {(alias, group.party_group) for group in subject.bureau.groups.values() for alias in group.aliases}
    return [
        {"alias": alias, "standard_name": name}
        for alias, name in subject.bureau.aliases.items()
        if (alias, name) not in of_groups
    ]


def _attribution(catalog: Catalog, subject: Subject) -> list[Record]:
    return [
        {"party_group": group, "metric": catalog.metrics[metric].label_zh, "attribution": first_word(owned, catalog)}
        for (group, metric), owned in subject.bureau.attribution.items()
    ]


def _rules(catalog: Catalog, subject: Subject) -> list[Record]:
    return [_rule(rule, catalog) for rule in subject.bureau.rules]


def _rule(rule: Rule, catalog: Catalog) -> Record:
    return {
        "version": rule.version,
        "effective_month": _first_day(rule.effective_month),
        "item": rule.item,
        "category": catalog.categories[rule.category].label_zh,
        "item_label": rule.label_zh,
        "measure": catalog.measures[rule.measure].label_zh,
        "scheme": rule.scheme,
        "points": rule.points,
        "bands": write_bands(rule.bands) or None,
        "target": catalog.measures[rule.target].label_zh if rule.target else None,
        "cap_month": rule.cap_month,
        "cap_quarter": rule.cap_quarter,
        "metric": catalog.metrics[rule.metric].label_zh if rule.metric else None,
        "when_no_base": first_word(rule.when_no_base, catalog),
        "scope": first_word(rule.scope, catalog),
        "assessor": rule.assessor or None,
        "zeroes_item": first_word("yes" if rule.zeroes_item else "no", catalog),
    }


def _terms(catalog: Catalog, subject: Subject) -> list[Record]:
    """Return what every version says besides its items, also where it is the default book that says it."""
    bureau = subject.bureau
    return [
        {
            "version": version,
            "term": first_word(term.term, catalog),
            "name": term.label_zh,
            "value": term.value,
            "lower": term.lower,
            "upper": term.upper,
        }
        for version in dict.fromkeys(rule.version for rule in bureau.rules)
        for term in _terms_of(version, bureau, catalog)
    ]


def _terms_of(version: str, bureau: Bureau, catalog: Catalog) -> list[Term]:
    """Return the terms of one version, class by class; a parameter that it does not state is the default's.

    The default book's weights of categories are those of its items, and are stated where these stand unchanged.
    """
    found: list[Term] = []
    for class_ in CLASSES:
        terms = {term.name: term for term in bureau.terms_of(version, class_)}
        if class_ == "parameter":
            terms = {term.name: term for term in bureau.terms_of("", class_)} | terms
        found += terms.values()
        items = [rule for rule in bureau.rules if rule.version == version]
        if class_ == "category_weight" and not terms and items == list(catalog.rules):
            found += [
                Term(class_, name, entry.label_zh, entry.label_en, entry.weight, None, None, "")
                for name, entry in catalog.categories.items()
                if entry.weight is not None
            ]
    return found


def _first_day(month: str) -> date:
    return periods.parse_month(month).start_time.date()


def _roster(catalog: Catalog, subject: Subject) -> list[Record]:
    del catalog
    return [dict(row) for row in subject.roster]


_FILLED_IN: Mapping[str, Callable[[Catalog, Subject], list[Record]]] = {
    SETTINGS_TABLE: _settings,
    "party_groups": _groups,
    "aliases": _aliases,
    "attribution": _attribution,
    "rule_book": _rules,
    "rule_terms": _terms,
    ROSTER_TABLE: _roster,
}
