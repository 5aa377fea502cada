"""What a column offers in its drop-down, and whether anything else may be written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pipeline import periods
from pipeline.catalog import Catalog, Column, Kind, TemplateColumn
from pipeline.catalog.records import LIST_MARK, LISTS, Dtype
from pipeline.ingest.checking.checks import ABOUT_ITEM, SUBJECT_LEDGERS
from pipeline.ingest.itemcodes import POINTS_LEDGER, ledger_items, scored_items
from pipeline.ingest.ruleterms import CLASSES, known_names
from pipeline.ingest.templates.subject import Subject

RULE_TERMS = "rule_terms"
NAMES = ("member", "subject")  # dtypes that name people
YEARS = 15  # quarters offered from the first year of the rules on; later ones are typed, with a word of warning
QUARTER_NAMES = ("一", "二", "三", "四")


@dataclass(frozen=True)
class Choices:
    """Words of a drop-down, in order; where they are not ``closed`` another word draws a question and may stand."""

    words: tuple[str, ...]
    closed: bool


def choices_of(
    kind: Kind, column: Column, described: Mapping[tuple[str, str], TemplateColumn], catalog: Catalog, subject: Subject
) -> Choices | None:
    """Return what is offered in one column; ``None`` where nothing is, such as members without a roster.

    ``described``: (kind, column) and ("*", dtype) -> what the catalog says of it.
    """
    if column.dtype == "party_group" or (column.dtype in NAMES and kind.table != "memberships"):
        return _names(column.dtype, subject)
    of_rules = _of_rule_book(column, catalog, subject)
    if of_rules is not None:
        return of_rules
    if (kind.kind, column.column) == ("aliases", "standard_name"):
        return Choices((*subject.groups, *subject.members), closed=bool(subject.members))
    closed = next((v for v in catalog.vocabularies if (v.table, v.column) == (column.table, column.column)), None)
    if closed is not None:
        return Choices(tuple(_expanded(closed.words, catalog)), closed=True)
    if column.dtype == "quarter":
        return Choices(tuple(_quarters(catalog)), closed=False)
    for key in ((kind.kind, column.column), ("*", column.dtype)):
        entry = described.get(key)
        if entry is not None and entry.choices:
            return Choices(tuple(_expanded(entry.choices, catalog)), closed=column.dtype == "boolean")
    return None


def _names(dtype: Dtype, subject: Subject) -> Choices | None:
    """Return the groups or the members, or both; members are not offered without a roster, and groups are not all."""
    if dtype == "party_group":
        return Choices(subject.groups, closed=True)
    if dtype == "member":
        return Choices(subject.members, closed=True) if subject.members else None
    return Choices((*subject.groups, *subject.members), closed=bool(subject.members))


def _of_rule_book(column: Column, catalog: Catalog, subject: Subject) -> Choices | None:
    """Return what a column takes from the rule book: its items, its versions, or what its terms may be about."""
    rules = subject.bureau.rules
    if column.table in SUBJECT_LEDGERS and column.column in ("item", ABOUT_ITEM):
        is_entry = (column.table, column.column) == (POINTS_LEDGER, "item")
        items = ledger_items(rules, catalog) if is_entry else scored_items(rules)
        return Choices(tuple(sorted(items)), closed=True)
    if (column.table, column.column) == (RULE_TERMS, "version"):
        return Choices(tuple(dict.fromkeys(rule.version for rule in rules)), closed=False)
    if (column.table, column.column) == (RULE_TERMS, "name"):
        labels = (label for class_ in CLASSES for label in known_names(class_, catalog).values())
        return Choices(tuple(dict.fromkeys(labels)), closed=False)
    return None


def first_word(class_: str, catalog: Catalog) -> str:
    """Return the word of a class that stands first in words.csv: the one to write."""
    return next(word.word for word in catalog.words if word.class_ == class_)


def _expanded(words: Iterable[str], catalog: Catalog) -> Iterable[str]:
    for word in words:
        name = word.removeprefix(LIST_MARK)
        if name == word:
            yield word
        elif name in LISTS:
            yield from (entry.label_zh for entry in getattr(catalog, name).values())
        else:
            yield first_word(name, catalog)


def _quarters(catalog: Catalog) -> Iterable[str]:
    first = min(periods.parse_month(rule.effective_month).year for rule in catalog.rules)
    for year in range(first, first + YEARS):
        yield from (f"{year}年{name}季度" for name in QUARTER_NAMES)
