"""A bureau's own settings workbooks over the catalog's defaults; a wrong row is a fault and the default stays."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from pipeline.catalog import Catalog, Group, Rule, Unit
from pipeline.catalog.loader import parse_bands
from pipeline.catalog.records import Attribution
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.sheetrows import SheetRows
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact, person_form

SETTINGS_KINDS = ("bureau_settings", "party_groups", "aliases", "attribution", "rule_book")
FUNCTIONS = ("marketing", "enforcement", "territory")
ATTRIBUTIONS = ("own", "shared", "none")
SCHEMES = ("each", "bands", "rate", "attain", "sum")
_ALIAS_SEPARATORS = "、,;/"


@dataclass(frozen=True)
class BureauSettings:
    """A bureau, and the units that its workbooks are in where they state none (family -> unit)."""

    bureau: Bureau
    units: Mapping[str, Unit]


def default_settings(name: str, catalog: Catalog) -> BureauSettings:
    """Return what holds for a bureau without settings workbooks: the catalog's groups, attribution and rules."""
    bureau = Bureau(
        name=name,
        branch="",
        is_synthetic=False,
        groups=catalog.groups,
        aliases={alias: group.party_group for group in catalog.groups.values() for alias in group.aliases},
        attribution=_default_attribution(catalog.groups, catalog),
        rules=catalog.rules,
    )
    return BureauSettings(bureau, {})


def group_names_of(bureau: Bureau) -> dict[str, str]:
    """Return every compact name and alias of a group -> its standard name."""
    names = {compact(name): name for name in bureau.groups}
    return names | {compact(alias): name for alias, name in bureau.aliases.items() if name in bureau.groups}


def apply_groups(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Replace the catalog's groups by those of the 党小组设置 workbooks, where there are any."""
    groups: dict[str, Group] = {}
    for rows, position, row in _used(sheets):
        function = _one_of(row["function"], FUNCTIONS, vocabulary)
        if function is None:
            _wrong(rows, "function", position, _words(FUNCTIONS, vocabulary))
            continue
        group = Group(
            party_group=compact(row["party_group"]),
            function=function,  # type: ignore[arg-type]
            leader_post=row["leader_post"],
            aliases=tuple(_split(row["alias_list"])),
        )
        groups[group.party_group] = group
    if not groups:
        return settings
    bureau = replace(
        settings.bureau,
        groups=groups,
        aliases={alias: group.party_group for group in groups.values() for alias in group.aliases},
        attribution=_default_attribution(groups, vocabulary.catalog),
    )
    return replace(settings, bureau=bureau)


def apply_aliases(settings: BureauSettings, sheets: Iterable[SheetRows], members: Iterable[str]) -> BureauSettings:
    """Add the names of the 名称对照 workbooks; the standard name must be a group's or a member's."""
    groups = group_names_of(settings.bureau)
    people = {person_form(member): member for member in members}
    aliases = dict(settings.bureau.aliases)
    for rows, position, row in _used(sheets):
        standard = groups.get(compact(row["standard_name"])) or people.get(person_form(row["standard_name"]))
        if standard is None:
            _wrong(rows, "standard_name", position, ", ".join(settings.bureau.groups))
            continue
        aliases[row["alias"]] = standard
    return replace(settings, bureau=replace(settings.bureau, aliases=aliases))


def apply_attribution(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Override the attribution of metrics, row by row; groups must have been resolved."""
    metrics = _by_label({metric.metric: metric.label_zh for metric in vocabulary.catalog.metrics.values()})
    attribution = dict(settings.bureau.attribution)
    for rows, position, row in _used(sheets):
        metric = metrics.get(row["metric"])
        owned = _one_of(row["attribution"], ATTRIBUTIONS, vocabulary)
        if metric is None:
            _wrong(rows, "metric", position, ", ".join(entry.label_zh for entry in vocabulary.catalog.metrics.values()))
        elif owned is None:
            _wrong(rows, "attribution", position, _words(ATTRIBUTIONS, vocabulary))
        else:
            attribution[row["party_group"], metric] = owned  # type: ignore[assignment]
    return replace(settings, bureau=replace(settings.bureau, attribution=attribution))


def apply_general(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Take over names, the mark of sample data and the default units of the 单位设置 workbooks."""
    bureau, units = settings.bureau, dict(settings.units)
    words = vocabulary.words
    for rows, position, row in _used(sheets):
        setting, content = compact(row["setting"]), row["content"]
        if setting in words["setting_bureau"]:
            bureau = replace(bureau, name=content or bureau.name)
        elif setting in words["setting_branch"]:
            bureau = replace(bureau, branch=content)
        elif setting in words["setting_synthetic"] and compact(content) in words["yes"] | words["no"]:
            bureau = replace(bureau, is_synthetic=compact(content) in words["yes"])
        elif setting in words["setting_volume_unit"] | words["setting_money_unit"]:
            unit = vocabulary.units.get(compact(content))
            family = "money" if setting in words["setting_money_unit"] else "cigarettes"
            if unit is None or unit.family != family:
                _wrong(rows, "content", position, _labels(vocabulary, family))
            else:
                units[family] = unit
        else:
            _wrong(rows, "setting", position, _words(_setting_classes(words), vocabulary))
    return BureauSettings(bureau, units)


def apply_rules(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Put a bureau's own rule book in place of the default from its first effective month on."""
    catalog = vocabulary.catalog
    own = []
    for rows, position, row in _used(sheets):
        rule = _rule(rows, position, row, catalog, vocabulary)
        if rule is not None:
            own.append(rule)
    if not own:
        return settings
    first = min(rule.effective_month for rule in own)
    earlier = [rule for rule in settings.bureau.rules if rule.effective_month < first]
    return replace(settings, bureau=replace(settings.bureau, rules=(*earlier, *own)))


def _rule(
    rows: SheetRows, position: int, row: Mapping[str, str], catalog: Catalog, vocabulary: Vocabulary
) -> Rule | None:
    """Return one row of a rule book; ``None``, with the fault noted, when it names something that there is not."""
    measures = _by_label({measure.measure: measure.label_zh for measure in catalog.measures.values()})
    metrics = _by_label({metric.metric: metric.label_zh for metric in catalog.metrics.values()})
    categories = _by_label({category.category: category.label_zh for category in catalog.categories.values()})
    checks: tuple[tuple[str, Mapping[str, str], bool], ...] = (
        ("category", categories, True),
        ("measure", measures, True),
        ("scheme", {scheme: scheme for scheme in SCHEMES}, True),
        ("target", measures, False),
        ("metric", metrics, False),
    )
    for name, known, is_required in checks:
        if row[name] not in known and (is_required or row[name]):
            _wrong(rows, name, position, ", ".join(sorted(set(known.values()))))
            return None
    try:
        bands = parse_bands(row["bands"])
    except ValueError:
        _wrong(rows, "bands", position, "95:6;85:4")
        return None
    numbers = {name: rows.values[name][position] for name in ("points", "cap_month", "cap_quarter")}
    return Rule(
        version=row["version"],
        effective_month=row["effective_month"],
        item=row["item"],
        category=categories[row["category"]],
        label_zh=row["item_label"],
        label_en=_default_label(row["item"], row["item_label"], catalog),
        measure=measures[row["measure"]],
        scheme=row["scheme"],  # type: ignore[arg-type]
        bands=bands,
        target=measures.get(row["target"], ""),
        metric=metrics.get(row["metric"], ""),
        when_no_base=_one_of(row["when_no_base"], ("zero", "leave_out"), vocabulary) or "leave_out",  # type: ignore[arg-type]
        **numbers,  # type: ignore[arg-type]
    )


def _default_label(item: str, label: str, catalog: Catalog) -> str:
    """Return the English label of a default item that kept its name; a bureau's own items have their one label."""
    known = {(rule.item, rule.label_zh): rule.label_en for rule in catalog.rules}
    return known.get((item, label), label)


def _default_attribution(groups: Mapping[str, Group], catalog: Catalog) -> dict[tuple[str, str], Attribution]:
    return {
        (group.party_group, entry.metric): entry.attribution
        for group in groups.values()
        for entry in catalog.attribution
        if entry.function == group.function
    }


def _used(sheets: Iterable[SheetRows]) -> Iterable[tuple[SheetRows, int, dict[str, str]]]:
    """Yield every used row as text by column, missing values as empty text."""
    for rows in sheets:
        for position in rows.kept():
            values = {name: rows.values[name][position] for name in rows.columns}
            yield rows, position, {name: "" if value is None else str(value) for name, value in values.items()}


def _wrong(rows: SheetRows, name: str, position: int, expected: str) -> None:
    rows.fault("wrong_setting", name, position, expected)
    rows.rejected.add(position)


def _one_of(written: str, classes: Iterable[str], vocabulary: Vocabulary) -> str | None:
    """Return the class of words.csv that a written word belongs to."""
    return next((name for name in classes if compact(written) in vocabulary.words[name]), None)


def _words(classes: Iterable[str], vocabulary: Vocabulary) -> str:
    return ", ".join(word.word for name in classes for word in vocabulary.catalog.words if word.class_ == name)


def _setting_classes(words: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(name for name in words if name.startswith("setting_"))


def _labels(vocabulary: Vocabulary, family: str) -> str:
    return ", ".join(unit.label for unit in vocabulary.units.values() if unit.family == family)


def _by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return a look-up by name and by Chinese label."""
    return {label: name for name, label in labels.items()} | {name: name for name in labels}


def _split(text: str) -> list[str]:
    for separator in _ALIAS_SEPARATORS[1:]:
        text = text.replace(separator, _ALIAS_SEPARATORS[0])
    return [part.strip() for part in text.split(_ALIAS_SEPARATORS[0]) if part.strip()]
