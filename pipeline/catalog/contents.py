"""The catalog as a whole: every record of its data files, and what follows from several of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.catalog.records import (
    LIST_MARK,
    LISTS,
    Category,
    ClosedVocabulary,
    Column,
    CountingUnit,
    FunctionMetric,
    Group,
    Kind,
    Matter,
    Measure,
    Metric,
    PrintedColumn,
    RowLimit,
    RowRatio,
    RowSum,
    Rule,
    Scope,
    Synonym,
    Table,
    TemplateColumn,
    Term,
    TermClass,
    Topic,
    Unit,
    Word,
    Wording,
)


@dataclass(frozen=True)
class Catalog:
    """Everything the data files say."""

    tables: Mapping[str, Table]
    columns: tuple[Column, ...]
    kinds: Mapping[str, Kind]
    synonyms: tuple[Synonym, ...]
    words: tuple[Word, ...]
    units: Mapping[str, Unit]
    groups: Mapping[str, Group]
    attribution: tuple[FunctionMetric, ...]
    categories: Mapping[str, Category]
    measures: Mapping[str, Measure]
    metrics: Mapping[str, Metric]
    rules: tuple[Rule, ...]
    terms: tuple[Term, ...]
    topics: tuple[Topic, ...]
    matters: Mapping[str, Matter]
    printed: tuple[PrintedColumn, ...]
    vocabularies: tuple[ClosedVocabulary, ...]
    wordings: tuple[Wording, ...]
    row_sums: tuple[RowSum, ...]
    row_limits: tuple[RowLimit, ...]
    row_ratios: tuple[RowRatio, ...]
    counting_units: Mapping[str, CountingUnit]
    templates: tuple[TemplateColumn, ...]
    fingerprint: str = field(default="")  # SHA-256 over the data files

    def columns_of(self, table: str) -> tuple[Column, ...]:
        """Return the columns of ``table`` in order, the lineage columns last where the table has them."""
        return self._columns_by_table[table]

    def is_between_groups(self, table: str) -> bool:
        """Tell whether a row of ``table`` is between two party groups, of which one rates the other."""
        return sum(column.dtype == "party_group" for column in self.columns_of(table)) > 1

    @cached_property
    def _columns_by_table(self) -> Mapping[str, tuple[Column, ...]]:
        own: dict[str, list[Column]] = {}
        for column in self.columns:
            own.setdefault(column.table, []).append(column)
        lineage = own.get("*", [])
        return {
            name: (*own.get(name, ()), *(lineage if table.has_lineage else ())) for name, table in self.tables.items()
        }

    def leaf_measures(self, name: str) -> tuple[str, ...]:
        """Return the measures that read table rows for ``name``: itself, or the two sides of a quotient."""
        measure = self.measures[name]
        if measure.aggregate != "quotient":
            return (name,)
        return tuple(dict.fromkeys(self.leaf_measures(measure.value) + self.leaf_measures(measure.base)))

    def terms_of(self, term: TermClass) -> tuple[Term, ...]:
        """Return what the default rule book says of one class of terms, in order."""
        return tuple(entry for entry in self.terms if entry.term == term)

    def categories_of(self, scope: Scope) -> Mapping[str, Category]:
        """Return the categories of points of groups, or those of members; not what concerns both."""
        return {name: entry for name, entry in self.categories.items() if entry.scope == scope}

    def words_of(self, class_: str) -> frozenset[str]:
        """Return the words of one class."""
        return self._words_by_class.get(class_, frozenset())

    @cached_property
    def _words_by_class(self) -> Mapping[str, frozenset[str]]:
        classes: dict[str, set[str]] = {}
        for word in self.words:
            classes.setdefault(word.class_, set()).add(word.word)
        return {class_: frozenset(words) for class_, words in classes.items()}

    def closed_words(self, table: str, column: str) -> frozenset[str] | None:
        """Return the words that alone may stand in a column; ``None`` where its words are free."""
        own = next((entry for entry in self.vocabularies if (entry.table, entry.column) == (table, column)), None)
        if own is None:
            return None
        return frozenset().union(*(self._words_meant(word) for word in own.words))

    def wordings_of(self, table: str) -> Mapping[str, Mapping[str, str]]:
        """Return, for each column of ``table`` whose words are compared, every spelling of a known word -> the word."""
        return self._wordings_by_table.get(table, {})

    @cached_property
    def _wordings_by_table(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        found: dict[str, dict[str, dict[str, str]]] = {}
        for entry in self.wordings:
            spellings = found.setdefault(entry.table, {}).setdefault(entry.column, {})
            for word in sorted(self._words_meant(entry.word)):
                spellings |= dict.fromkeys((word, *entry.synonyms), word)
        return found

    def _words_meant(self, word: str) -> frozenset[str]:
        name = word.removeprefix(LIST_MARK)
        if name == word:
            return frozenset({word})
        if name not in LISTS:
            return self.words_of(name)
        entries: Mapping[str, Kind | Metric | Measure | Category] = getattr(self, name)
        return frozenset({*entries, *(entry.label_zh for entry in entries.values())})
