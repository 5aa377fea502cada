"""A bureau's own settings workbooks over the catalog's defaults; a wrong row is a fault and the default stays."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pipeline.catalog import Catalog, Group, Unit
from pipeline.catalog.records import Attribution
from pipeline.ingest.bureau import Bureau
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact, person_form
from pipeline.periods import PeriodError, parse_date

SETTINGS_KINDS = ("bureau_settings", "party_groups", "aliases", "attribution", "rule_book", "rule_terms")
DAY_FORM = "2022-01-15"
FUNCTIONS = ("marketing", "enforcement", "territory")
GROUP_WORDS = ("党小组", "小组", "组")  # the longest first: 党小组 ends in the others
ATTRIBUTIONS = ("own", "shared", "none")
VOLUME, MONEY = "xiang", "yuan"  # units of the dictionary for which a bureau may set another one; seizures are neither
_ALIAS_SEPARATORS = "、,;/"
_Class = TypeVar("_Class", bound=str)  # of words.csv


@dataclass(frozen=True)
class BureauSettings:
    """A bureau, and the units that its workbooks are in where they state none (unit of the dictionary -> unit)."""

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
        terms=catalog.terms,
    )
    return BureauSettings(bureau, {})


def group_names_of(bureau: Bureau) -> dict[str, str]:
    """Return every compact name and alias of a group -> its standard name: 城东 is also 城东组 and 城东党小组."""
    names = {compact(name): name for name in bureau.groups}
    names |= {compact(alias): name for alias, name in bureau.aliases.items() if name in bureau.groups}
    called = Counter(full for name in bureau.groups for full in _called_groups(compact(name)))
    of_one = {full: name for name in bureau.groups for full in _called_groups(compact(name)) if called[full] == 1}
    return of_one | names


def _called_groups(name: str) -> list[str]:
    """Return a name with each word for a group at its end, in place of its own: 第一党小组 is 第一组."""
    own = next((word for word in GROUP_WORDS if name.endswith(word)), "")
    return [name.removesuffix(own) + word for word in GROUP_WORDS] if name != own else []


def apply_groups(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Replace the catalog's groups by those of the 党小组设置 workbooks, where there are any.

    A group of the catalog whose function is not understood keeps the catalog's; another such group is left out.
    """
    defaults = settings.bureau.groups
    groups: dict[str, Group] = {}
    for rows, position, row in used_rows(sheets):
        name = compact(row["party_group"])
        function = one_of(row["function"], FUNCTIONS, vocabulary)
        if function is None:
            wrong_cell(rows, "function", position, word_list(FUNCTIONS, vocabulary))
            if name not in defaults:
                continue
        group = Group(
            party_group=name,
            function=function or defaults[name].function,  # type: ignore[arg-type]
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


def apply_aliases(
    settings: BureauSettings, sheets: Iterable[SheetRows], members: Iterable[str] | None
) -> BureauSettings:
    """Add the names of the 名称对照 workbooks; the standard name must be a group's or a member's.

    Without a roster (``None``) nobody knows the members, and any name may be one.
    """
    groups = group_names_of(settings.bureau)
    people = {person_form(member): member for member in members or ()}
    aliases = dict(settings.bureau.aliases)
    for rows, position, row in used_rows(sheets):
        standard = groups.get(compact(row["standard_name"])) or people.get(person_form(row["standard_name"]))
        if standard is None and members is None:
            standard = person_form(row["standard_name"])
        if standard is None:
            wrong_cell(rows, "standard_name", position, ", ".join(settings.bureau.groups))
            continue
        aliases[row["alias"]] = standard
    return replace(settings, bureau=replace(settings.bureau, aliases=aliases))


def apply_attribution(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Override the attribution of metrics, row by row; groups must have been resolved."""
    metrics = by_label({metric.metric: metric.label_zh for metric in vocabulary.catalog.metrics.values()})
    attribution = dict(settings.bureau.attribution)
    for rows, position, row in used_rows(sheets):
        metric = metrics.get(row["metric"])
        owned = one_of(row["attribution"], ATTRIBUTIONS, vocabulary)
        if metric is None:
            wrong_cell(
                rows, "metric", position, ", ".join(entry.label_zh for entry in vocabulary.catalog.metrics.values())
            )
        elif owned is None:
            wrong_cell(rows, "attribution", position, word_list(ATTRIBUTIONS, vocabulary))
        else:
            attribution[row["party_group"], metric] = owned  # type: ignore[assignment]
    return replace(settings, bureau=replace(settings.bureau, attribution=attribution))


def apply_general(settings: BureauSettings, sheets: Iterable[SheetRows], vocabulary: Vocabulary) -> BureauSettings:
    """Take over names, the mark of sample data and the default units of the 单位设置 workbooks.

    A known setting without a content stays as it is.
    """
    bureau, units = settings.bureau, dict(settings.units)
    words = vocabulary.words
    known = frozenset[str]().union(*(words[name] for name in _setting_classes(words)))
    for rows, position, row in used_rows(sheets):
        setting, content = compact(row["setting"]), row["content"]
        if not content and setting in known:
            continue  # not said, so that the default stays
        of_board = _of_board(setting, content, rows, position, vocabulary)
        if of_board is not None:
            bureau = replace(bureau, **of_board)
        elif setting in words["setting_bureau"]:
            bureau = replace(bureau, name=content or bureau.name)
        elif setting in words["setting_branch"]:
            bureau = replace(bureau, branch=content)
        elif setting in words["setting_synthetic"]:
            if compact(content) in words["yes"] | words["no"]:
                bureau = replace(bureau, is_synthetic=compact(content) in words["yes"])
            else:
                wrong_cell(rows, "content", position, word_list(("yes", "no"), vocabulary))
        elif setting in words["setting_volume_unit"] | words["setting_money_unit"]:
            stands_for = MONEY if setting in words["setting_money_unit"] else VOLUME
            family = vocabulary.catalog.units[stands_for].family
            unit = vocabulary.units.get(compact(content))
            if unit is None or unit.family != family:
                wrong_cell(rows, "content", position, _labels(vocabulary, family))
            else:
                units[stands_for] = unit
        else:
            wrong_cell(rows, "setting", position, word_list(_setting_classes(words), vocabulary))
    return BureauSettings(bureau, units)


def _of_board(
    setting: str, content: str, rows: SheetRows, position: int, vocabulary: Vocabulary
) -> dict[str, Any] | None:
    """Return what a row of settings changes for the bulletin board; ``None`` for another setting.

    A content that cannot be understood is a fault, and changes nothing: names are published on a clear yes only.
    """
    words = vocabulary.words
    if setting in words["setting_objection_contact"]:
        return {"objection_contact": content}
    if setting in words["setting_public_names"]:
        if compact(content) in words["yes"] | words["no"]:
            return {"publishes_names": compact(content) in words["yes"]}
        wrong_cell(rows, "content", position, word_list(("yes", "no"), vocabulary))
        return {}
    if setting in words["setting_objection_until"]:
        try:
            return {"objection_until": parse_date(content.split(" ", maxsplit=1)[0], None).isoformat()}
        except PeriodError:
            wrong_cell(rows, "content", position, DAY_FORM)
            return {}
    return None


def _default_attribution(groups: Mapping[str, Group], catalog: Catalog) -> dict[tuple[str, str], Attribution]:
    return {
        (group.party_group, entry.metric): entry.attribution
        for group in groups.values()
        for entry in catalog.attribution
        if entry.function == group.function
    }


def used_rows(sheets: Iterable[SheetRows]) -> Iterable[tuple[SheetRows, int, dict[str, str]]]:
    """Yield every used row as text by column, missing values as empty text."""
    for rows in sheets:
        for position in rows.kept():
            values = {name: rows.values[name][position] for name in rows.columns}
            yield rows, position, {name: "" if value is None else str(value) for name, value in values.items()}


def wrong_cell(rows: SheetRows, name: str, position: int, expected: str) -> None:
    """Note a cell that says nothing known, and turn its row down."""
    rows.fault("wrong_setting", name, position, expected)
    rows.rejected.add(position)


def one_of(written: str, classes: Iterable[_Class], vocabulary: Vocabulary) -> _Class | None:
    """Return the class of words.csv that a written word belongs to."""
    return next((name for name in classes if compact(written) in vocabulary.words[name]), None)


def word_list(classes: Iterable[str], vocabulary: Vocabulary) -> str:
    """Return the words of some classes as a fault lists them."""
    return ", ".join(word.word for name in classes for word in vocabulary.catalog.words if word.class_ == name)


def _setting_classes(words: Mapping[str, frozenset[str]]) -> list[str]:
    return sorted(name for name in words if name.startswith("setting_"))


def _labels(vocabulary: Vocabulary, family: str) -> str:
    return ", ".join(unit.label for unit in vocabulary.units.values() if unit.family == family)


def by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return a look-up by name and by Chinese label."""
    return {label: name for name, label in labels.items()} | {name: name for name in labels}


def _split(text: str) -> list[str]:
    for separator in _ALIAS_SEPARATORS[1:]:
        text = text.replace(separator, _ALIAS_SEPARATORS[0])
    return [part.strip() for part in text.split(_ALIAS_SEPARATORS[0]) if part.strip()]
