"""The catalog's words and headers, indexed for looking up while sheets are read."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pipeline.catalog import Catalog, Column, Kind, Unit
from pipeline.ingest.wordforms import compact, header_form

DROP = "drop"  # column name of synonyms.csv for personal data that is never taken over
LEVEL = "/"  # joins the levels of a header
AXIS_DTYPE = "party_group"  # what stands at both edges of a matrix
SCORE_DTYPE = "number"  # and what stands within it


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Words by class, headers by kind, units by label, and the columns of each kind's table by name.

    Each is equal to itself alone, so that what it says of a text can be remembered.
    """

    catalog: Catalog
    words: Mapping[str, frozenset[str]]  # class of words.csv -> compact words
    headers: Mapping[str, Mapping[str, str]]  # header form, levels joined -> kind -> column
    levels: frozenset[str]  # every single level of every header
    named_columns: Mapping[str, frozenset[str]]  # kind -> columns that its headers name
    units: Mapping[str, Unit]  # label -> unit
    columns: Mapping[str, Mapping[str, Column]]  # table -> column name -> column

    @cached_property
    def forms(self) -> Mapping[str, Mapping[str, str]]:
        """For each kind: header form, levels joined -> column; in the order of synonyms.csv."""
        found: dict[str, dict[str, str]] = {kind: {} for kind in self.catalog.kinds}
        for synonym in self.catalog.synonyms:
            found[synonym.kind][levels_form(synonym.header)] = synonym.column
        return found

    @cached_property
    def endings(self) -> frozenset[str]:
        """Every end of every header: a path whose last level is none of them is no header, nor is any end of it."""
        return frozenset(form[start:] for form in self.headers for start in range(len(form)))

    @cached_property
    def kinds_of_levels(self) -> Mapping[str, frozenset[str]]:
        """For each single level of a header: the kinds that have such a header."""
        found: dict[str, set[str]] = {}
        for form, kinds in self.headers.items():
            for level in (form, *form.split(LEVEL)):
                found.setdefault(level, set()).update(kinds)
        return {level: frozenset(kinds) for level, kinds in found.items()}

    @cached_property
    def axes(self) -> Mapping[str, Mapping[str, str]]:
        """For each kind that is a matrix: header form -> column of its axes."""
        found = {}
        for kind in self.catalog.kinds.values():
            if kind.layout == "matrix":
                columns = self.columns_of(kind)
                found[kind.kind] = {
                    form: name
                    for form, name in self.forms[kind.kind].items()
                    if name in columns and columns[name].dtype == AXIS_DTYPE
                }
        return found

    def columns_of(self, kind: Kind) -> Mapping[str, Column]:
        """Return the columns that a workbook of this kind may hold: neither lineage nor what is derived on reading."""
        return self.columns[kind.table]

    def known_words(self, kind: Kind, column: str) -> frozenset[str]:
        """Return the words that the catalog knows in a column of this kind, in all their spellings, compact."""
        return frozenset(map(compact, self.catalog.wordings_of(kind.table).get(column, ())))

    def required(self, kind: Kind) -> frozenset[str]:
        """Return the columns without which a row of this kind is not used."""
        return self._required[kind.table]

    def stated_together(self, kind: Kind) -> frozenset[str]:
        """Return what a whole row holds: what its kind requires, and the values of amounts (销售额 beside 销量).

        Where a sheet has no such value its rows do without; volumes alone, with months across, may as well be plans.
        """
        values = {ratio.value for ratio in self.catalog.row_ratios if ratio.table == kind.table}
        return self.required(kind) | values

    @cached_property
    def _required(self) -> Mapping[str, frozenset[str]]:
        return {
            table: frozenset(name for name, column in columns.items() if column.required)
            for table, columns in self.columns.items()
        }


def levels_form(header: str) -> str:
    """Return the header form of a synonym, its levels joined."""
    return LEVEL.join(header_form(level) for level in header.split(LEVEL))


def build_vocabulary(catalog: Catalog) -> Vocabulary:
    """Index a catalog once for a whole run."""
    headers: dict[str, dict[str, str]] = {}
    for synonym in catalog.synonyms:
        headers.setdefault(levels_form(synonym.header), {})[synonym.kind] = synonym.column
    named: dict[str, set[str]] = {}
    for synonym in catalog.synonyms:
        named.setdefault(synonym.kind, set()).add(synonym.column)
    classes = {word.class_ for word in catalog.words}
    return Vocabulary(
        catalog=catalog,
        words={name: frozenset(compact(word) for word in catalog.words_of(name)) for name in classes},
        headers=headers,
        levels=frozenset(level for form in headers for level in form.split(LEVEL)),
        named_columns={kind: frozenset(columns - {DROP}) for kind, columns in named.items()},
        units={unit.label: unit for unit in catalog.units.values()},
        columns={
            name: {
                column.column: column
                for column in catalog.columns
                if column.table == name and column.column not in table.derived
            }
            for name, table in catalog.tables.items()
        },
    )
