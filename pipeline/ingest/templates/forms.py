"""What the template of one kind holds, before any cell is written: its columns, choices, examples and first rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.catalog import Catalog, Column, Kind, TemplateColumn, Unit
from pipeline.catalog.records import ANY_KIND
from pipeline.ingest.checking.references import LIST_SEPARATOR, LISTED
from pipeline.ingest.templates.choices import Choices, choices_of
from pipeline.ingest.templates.prefilled import CellChoices, prefilled_choices, prefilled_rows
from pipeline.ingest.templates.subject import Record, Subject
from pipeline.ingest.vocabulary import AXIS_DTYPE, LEVEL, SCORE_DTYPE, Vocabulary
from pipeline.ingest.wordforms import header_form

LISTED_PEOPLE = 2  # in an example: enough to show what parts them


@dataclass(frozen=True)
class Field:
    """One column of a template: ``header`` as printed, ``meaning`` and ``accepted`` in words, ``unit`` as a label."""

    column: Column
    header: str
    unit: str
    meaning: str
    accepted: str
    example: str
    choices: Choices | None


@dataclass(frozen=True)
class Form:
    """One template.

    ``fields`` are its columns; of a matrix the two axes and the value, in this order. ``stated`` are the fields that
    its second row states once for the whole sheet. ``units`` are those that the second row names.
    """

    kind: Kind
    fields: tuple[Field, ...]
    stated: tuple[Field, ...]
    units: tuple[Unit, ...]
    rows: tuple[Record, ...]
    cell_choices: CellChoices


def plan_form(kind: Kind, vocabulary: Vocabulary, subject: Subject) -> Form:
    """Return the template of a kind, from nothing but the catalog and the bureau."""
    catalog = vocabulary.catalog
    described = {(entry.kind, entry.column): entry for entry in catalog.templates}
    columns = vocabulary.columns_of(kind)
    headers = _headers(kind, columns, described, vocabulary)
    fields = {name: _field(kind, columns[name], headers.get(name), described, catalog, subject) for name in columns}
    if kind.layout == "matrix":
        stated = tuple(fields[name] for name in kind.context)
        held = [field for name, field in fields.items() if columns[name].dtype in (AXIS_DTYPE, SCORE_DTYPE)]
    else:
        stated = tuple(fields[name] for name in kind.context if name not in headers)
        held = [fields[name] for name in columns if name in headers]
    return Form(
        kind=kind,
        fields=tuple(held),
        stated=stated,
        units=_units(held, catalog),
        rows=prefilled_rows(kind, catalog, subject),
        cell_choices=prefilled_choices(kind, catalog, subject),
    )


def _headers(
    kind: Kind,
    columns: Mapping[str, Column],
    described: Mapping[tuple[str, str], TemplateColumn],
    vocabulary: Vocabulary,
) -> dict[str, str]:
    """Return the header of every column that workbooks of this kind may hold: one that reading understands.

    That is the catalog's own wording for templates, else the label, else the first synonym of one level.
    """
    found = {}
    for name, column in columns.items():
        synonyms = [s.header for s in vocabulary.catalog.synonyms if (s.kind, s.column) == (kind.kind, name)]
        if not synonyms:
            continue
        entry = described.get((kind.kind, name))
        known = {header_form(synonym) for synonym in synonyms}
        wanted = [entry.header if entry else "", column.label_zh, *sorted(synonyms, key=lambda s: LEVEL in s)]
        found[name] = next(header for header in wanted if header_form(header) in known)
    return found


def _field(
    kind: Kind,
    column: Column,
    header: str | None,
    described: Mapping[tuple[str, str], TemplateColumn],
    catalog: Catalog,
    subject: Subject,
) -> Field:
    """Return one column; its header names the unit where a number without one would be refused."""
    own, general = described.get((kind.kind, column.column)), described.get((ANY_KIND, column.dtype))
    choices = choices_of(kind, column, described, catalog, subject)
    measured = catalog.units.get(column.unit)
    counted = catalog.counting_units.get(column.unit)
    unit = measured.label if measured else counted.meaning if counted else ""
    label = header or column.label_zh
    return Field(
        column=column,
        header=f"{label}({unit})" if measured else label,
        unit=unit,
        meaning=(own.note if own else "") or column.label_zh,
        accepted=general.note if general else "",
        example=_example(column, own, general, choices, subject) or label,
        choices=choices,
    )


def _example(
    column: Column,
    own: TemplateColumn | None,
    general: TemplateColumn | None,
    choices: Choices | None,
    subject: Subject,
) -> str:
    """Return the catalog's example where the bureau allows it, else the first choice; members of the first group."""
    if column.dtype in ("member", "member_list") and subject.members:
        people = subject.members_of(subject.groups[0]) or subject.members
        listable = [person for person in people if not LISTED.search(person)]
        return people[0] if column.dtype == "member" else LIST_SEPARATOR.join(listable[:LISTED_PEOPLE])
    written = (own.example if own else "") or (general.example if general else "")
    if choices is not None and choices.words and (not written or (choices.closed and written not in choices.words)):
        return choices.words[0]
    return written


def _units(fields: list[Field], catalog: Catalog) -> tuple[Unit, ...]:
    """Return the units for the second row; none where two of one family stand side by side: their headers tell."""
    units = {catalog.units[field.column.unit] for field in fields if field.column.unit in catalog.units}
    if len({unit.family for unit in units}) < len(units):
        return ()
    return tuple(unit for unit in catalog.units.values() if unit in units)
