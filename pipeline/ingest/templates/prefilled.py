"""What a template already holds: the roster, and the settings in force, so that they read back to the same."""

from collections.abc import Callable, Mapping
from datetime import date

from pipeline import periods
from pipeline.catalog import Catalog, Kind, Rule
from pipeline.ingest.templates.choices import Choices, first_word
from pipeline.ingest.templates.subject import ROSTER_TABLE, SETTINGS_TABLE, Record, Subject, Value

ALIAS_SEPARATOR = "、"
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
    offered: dict[str, Choices] = {
        "setting_synthetic": Choices((first_word("yes", catalog), first_word("no", catalog)), closed=True)
    }
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
        "bands": ";".join(f"{_written(threshold)}:{_written(points)}" for threshold, points in rule.bands) or None,
        "target": catalog.measures[rule.target].label_zh if rule.target else None,
        "cap_month": rule.cap_month,
        "cap_quarter": rule.cap_quarter,
        "metric": catalog.metrics[rule.metric].label_zh if rule.metric else None,
        "when_no_base": first_word(rule.when_no_base, catalog),
        "scope": first_word(rule.scope, catalog),
        "assessor": rule.assessor or None,
        "zeroes_item": first_word("yes" if rule.zeroes_item else "no", catalog),
    }


def _written(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


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
    ROSTER_TABLE: _roster,
}
