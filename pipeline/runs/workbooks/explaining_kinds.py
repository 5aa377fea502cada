"""The part of an explanation about kinds of workbooks: what spoke for one, which columns it has, what it lacks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline import periods
from pipeline.catalog import Column, Kind
from pipeline.ingest.files.grids import cell_address, column_letters
from pipeline.ingest.layouts.context import SheetContext, find_context
from pipeline.ingest.layouts.explain import SheetExplanation, mask
from pipeline.ingest.layouts.findings import AlmostRecognised, Place, Recognised, Relaid
from pipeline.ingest.layouts.scoring import Candidate
from pipeline.ingest.vocabulary import DROP, Vocabulary
from pipeline.ingest.wordforms import cell_text, compact
from pipeline.texts import Texts

RUNNERS_UP = 2  # kinds shown beside the one taken: more are ever less alike


@dataclass(frozen=True)
class KindLines:
    """Writes about kinds in one language; ``groups``: compact name or alias -> group."""

    vocabulary: Vocabulary
    groups: Mapping[str, str]
    texts: Texts

    def known(self, explained: SheetExplanation) -> Iterator[str]:
        """Tell of each table of a known kind what spoke for it, its columns, and what its surroundings supply."""
        scored = {candidate.kind.kind: candidate for candidate in explained.candidates}
        for table in explained.tables:
            candidate = scored.get(table.kind.kind)
            if isinstance(table, AlmostRecognised):
                yield from self._almost(table, candidate, explained)
            else:
                yield self._taken(table, candidate, explained)
                yield from self._columns(table) if table.relaid is None else self._laid_columns(table.relaid)
                yield from self._context(table)
        taken = {table.kind.kind for table in explained.tables}
        others = [candidate for candidate in explained.candidates if candidate.kind.kind not in taken]
        for candidate in sorted(others, key=_by_known_headers)[:RUNNERS_UP]:
            yield self._scored("explain.other", candidate, explained)

    def unknown(self, explained: SheetExplanation) -> Iterator[str]:
        """Tell of a sheet of no known kind which kinds come nearest, and what it lacks to be one."""
        yield self.texts("explain.unknown")
        if not explained.candidates:
            yield self.texts("explain.no_candidate")
        for candidate in sorted(explained.candidates, key=_by_score)[: RUNNERS_UP + 1]:
            yield self._scored("explain.nearest", candidate, explained)

    def _taken(self, table: Recognised, candidate: Candidate | None, explained: SheetExplanation) -> str:
        kind = self._label(table.kind)
        if table.relaid is not None:
            return self.texts("explain.kind_laid_out", kind=kind)
        if table.is_matrix or candidate is None:
            corner = table.header.label(min(table.columns))
            return self.texts("explain.kind_matrix", kind=kind, corner=corner)
        return self._scored("explain.kind", candidate, explained)

    def _almost(
        self, table: AlmostRecognised, candidate: Candidate | None, explained: SheetExplanation
    ) -> Iterator[str]:
        if candidate is not None:
            yield self._scored("explain.almost", candidate, explained)
        columns = self.vocabulary.columns_of(table.kind)
        for name in table.missing:
            column = self._label(columns[name])
            number = table.nearest.get(name)
            if number is None:
                yield self.texts("explain.missing_unlike", column=column)
            else:
                cell = cell_address(table.header.bottom, number)
                yield self.texts("explain.missing", column=column, header=table.header.label(number), cell=cell)

    def _scored(self, key: str, candidate: Candidate, explained: SheetExplanation) -> str:
        """Return the sentence ``key`` about one candidate: its score, what made it, and what it lacks."""
        sequence = self.vocabulary.words["sequence"]
        headers = sum(path not in sequence for _, path in candidate.header.named)
        values = {
            "kind": self._label(candidate.kind),
            "score": f"{candidate.score:.2f}",
            "known": round(candidate.share * headers),
            "headers": headers,
            "name": self._name(candidate, explained),
            "lacks": self._lacks(candidate, is_taken_known=bool(explained.tables)),
        }
        return self.texts(key, **values)

    def _name(self, candidate: Candidate, explained: SheetExplanation) -> str:
        """Return which word of the kind stands in the names or titles of a sheet."""
        if not candidate.is_named:
            return self.texts("explain.not_named")
        titles = [cell for row in explained.grid.rows[: candidate.header.top] for cell in row if isinstance(cell, str)]
        spoken = " ".join(compact(text) for text in (explained.names.stem, explained.names.sheet, *titles))
        word = next((word for word in candidate.kind.name_words if word in spoken), "")
        return self.texts("explain.named", word=word)

    def _lacks(self, candidate: Candidate, *, is_taken_known: bool) -> str:
        if not candidate.missing:
            return self.texts("explain.lacks_rank" if is_taken_known else "explain.lacks_nothing")
        columns = self.vocabulary.columns_of(candidate.kind)
        names = self.texts("explain.list_separator").join(self._label(columns[name]) for name in candidate.missing)
        return self.texts("explain.lacks", columns=names)

    def _columns(self, table: Recognised) -> Iterator[str]:
        """Tell which column came from which header, in the order of the sheet."""
        columns = self.vocabulary.columns_of(table.kind)
        doubled = {number: name for name, numbers in table.doubled for number in numbers}
        shown = []
        for number, _ in table.header.named:
            where = {"letter": column_letters(number), "header": mask(table.header.label(number))}
            name = table.columns.get(number)
            if name == DROP:
                shown.append(self.texts("explain.column_dropped", **where))
            elif name is not None:
                shown.append(self.texts("explain.column", **where, column=self._label(columns[name])))
            elif number in doubled:
                shown.append(
                    self.texts("explain.column_doubled", **where, column=self._label(columns[doubled[number]]))
                )
            else:
                shown.append(self.texts("explain.column_unused", **where))
        if shown:
            yield self.texts("explain.columns", columns=self.texts("explain.separator").join(shown))

    def _laid_columns(self, relaid: Relaid) -> Iterator[str]:
        """Tell which columns a form or a table with months across gave, each with the first cell it was read from."""
        columns = self.vocabulary.columns_of(relaid.table.kind)
        first: dict[int, Place] = {}
        for (row, number), place in sorted(relaid.cells.items()):
            if row > relaid.table.header.bottom:
                first.setdefault(number, place)
        shown = [
            self.texts("explain.laid_column", column=self._label(columns[name]), cell=cell_address(*first[number]))
            for number, name in relaid.table.columns.items()
            if name != DROP and number in first
        ]
        if shown:
            yield self.texts("explain.laid_columns", columns=self.texts("explain.separator").join(shown))

    def _context(self, table: Recognised) -> Iterator[str]:
        """Tell which values came from names and titles, and from labels above the table."""
        columns = self.vocabulary.columns_of(table.kind)
        context = find_context(table, self.groups)
        supplied = {*table.columns.values(), *(pair.column for pair in table.pairs)}
        for name, value in context.values.items():
            if name not in supplied:
                place = self._place(context.sources[name])
                yield self.texts("explain.context", column=self._label(columns[name]), value=value, place=place)
        for name, said in context.conflicts.items():
            if name not in supplied:
                told = [self.texts("explain.said", place=self._place(place), value=value) for place, value in said]
                joined = self.texts("explain.separator").join(told)
                yield self.texts("explain.conflict", column=self._label(columns[name]), said=joined)
        for pair in table.pairs:
            cell, value = cell_address(*pair.place), mask(cell_text(pair.value))
            yield self.texts("explain.pair", column=self._label(columns[pair.column]), value=value, cell=cell)
        if context.year is not None and "year" not in context.values:
            place = self._place(_year_place(table, context))
            yield self.texts("explain.year", year=context.year, place=place)

    def _place(self, place: str) -> str:
        return self.texts(f"explain.place_{place}")

    def _label(self, entry: Kind | Column) -> str:
        return entry.label_zh if self.texts.lang == "zh" else entry.label_en


def _by_score(candidate: Candidate) -> float:
    """Order kinds by how much of a sheet they know: a kind that lacks a column may still be the nearest."""
    return -candidate.score


def _by_known_headers(candidate: Candidate) -> tuple[float, float]:
    """Order the kinds beside the one taken: one that knows the only word of a title row is not like the table."""
    return -candidate.share * len(candidate.header.named), -candidate.score


def _year_place(table: Recognised, context: SheetContext) -> str:
    """Return where the year of bare months was found: in the order in which it is looked for."""
    titles = (*table.titles, *table.outer_titles)
    if periods.find_year(table.names.sheet) == context.year:
        return "sheet"
    if any(periods.find_year(title) == context.year for title in titles):
        return "title"
    return "file" if periods.find_year(table.names.stem) == context.year else "folder"
