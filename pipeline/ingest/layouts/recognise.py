"""Which kind of table a sheet is: every kind is scored by its headers and its names, and the best one is taken."""

import re
from collections.abc import Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from pipeline import periods
from pipeline.ingest.files.grids import Grid
from pipeline.ingest.layouts.findings import AlmostRecognised, Finding, Recognised, SheetNames
from pipeline.ingest.layouts.headers import header_candidates
from pipeline.ingest.layouts.matrices import recognise_matrix
from pipeline.ingest.layouts.scoring import Candidate, convincing_candidates, titles_above
from pipeline.ingest.vocabulary import LEVEL, Vocabulary
from pipeline.ingest.wordforms import person_form

__all__ = ["AlmostRecognised", "Finding", "Recognised", "SheetNames", "recognise"]

ALMOST_MIN_COLUMNS = 3  # fewer do not show what a sheet was meant to be
MIN_LIKENESS = 0.5  # of a header that may be the missing one: it is only shown, so half of its characters are enough
MAX_NAMES = 20  # cells that are looked at
_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}|[\u4e00-\u9fff]+·[\u4e00-\u9fff·]+")  # of a person, as most are


def recognise(
    grid: Grid, names: SheetNames, vocabulary: Vocabulary, outer_titles: tuple[str, ...] = ()
) -> Finding | None:
    """Return the best table of a sheet or of a region of it; ``None`` when it is of no known kind.

    ``outer_titles`` are the titles of the whole sheet, where ``grid`` is only a region of it.
    """
    matrix = recognise_matrix(grid, names, vocabulary)
    if matrix is not None:
        return replace(matrix, outer_titles=outer_titles)
    headers = header_candidates(grid, vocabulary)
    convincing = convincing_candidates(grid, headers, names, vocabulary, outer_titles)
    best = max(convincing, key=lambda found: found.rank, default=None)
    if best is None:
        return None
    best = _whole_header(best, convincing, vocabulary)
    table = Recognised(
        kind=best.kind,
        names=names,
        grid=grid,
        header=best.header,
        columns=best.columns,
        doubled=best.doubled,
        seconds=best.seconds,
        titles=titles_above(grid, best.header.top),
        outer_titles=outer_titles,
        pairs=best.pairs,
    )
    if not best.missing:
        return table
    if best.is_named and (len(best.found) >= ALMOST_MIN_COLUMNS or _holds_sums_to_date(best, vocabulary)):
        nearest = _nearest_headers(best, grid, vocabulary)
        return AlmostRecognised(best.kind, grid, best.header, best.missing, table, nearest)
    return None


def _whole_header(best: Candidate, convincing: Sequence[Candidate], vocabulary: Vocabulary) -> Candidate:
    """Return a table that lacks a column with the levels above its header, where these hold what the header lacks: its
    last level alone (销量, 销售额) hides that 累计 stands above it, although the sheet may be called like the unit.
    """
    lacking = vocabulary.required(best.kind) - best.found
    deeper = [
        found
        for found in convincing
        if found.kind == best.kind
        and found.header.bottom == best.header.bottom
        and found.header.top < best.header.top
        and not lacking <= vocabulary.required(found.kind) - found.found
    ]
    return max(deeper, key=lambda found: found.rank, default=best)


def _holds_sums_to_date(candidate: Candidate, vocabulary: Vocabulary) -> bool:
    """Tell whether a header names what an amount is from January on: with that few columns show a report."""
    columns = vocabulary.columns_of(candidate.kind)
    return any(columns[name].label_zh.startswith(periods.TO_DATE) for name in candidate.found)


def _nearest_headers(candidate: Candidate, grid: Grid, vocabulary: Vocabulary) -> dict[str, int]:
    """Return missing column -> number of the unclaimed header that looks most like one of its names, each used once.

    Where people's names are missing it must hold such: 走访内容 looks like 走访党员, and is what was talked about.
    """
    kind = candidate.kind.kind
    columns = vocabulary.columns_of(candidate.kind)
    claimed = {*candidate.columns, *(number for _, numbers in candidate.doubled for number in numbers)}
    never = vocabulary.words["sequence"] | vocabulary.words["aside"]  # 入党时间 is no 入组时间
    free = [(number, path) for number, path in candidate.header.named if number not in claimed]
    likeness = [
        (SequenceMatcher(None, form, path.rpartition(LEVEL)[2]).ratio(), name, number)
        for form, kinds in vocabulary.headers.items()
        if (name := kinds.get(kind, "")) in candidate.missing
        for number, path in free
        if path.rpartition(LEVEL)[2] not in never and periods.TO_DATE not in path  # no month's amount under its sum
    ]
    nearest: dict[str, int] = {}
    for ratio, name, number in sorted(likeness, key=lambda entry: (-entry[0], entry[2], entry[1])):
        may_be = columns[name].dtype != "member" or _holds_names(grid, candidate.header.bottom, number)
        if ratio >= MIN_LIKENESS and may_be and name not in nearest and number not in nearest.values():
            nearest[name] = number
    return nearest


def _holds_names(grid: Grid, bottom: int, number: int) -> bool:
    """Tell whether the first filled cells of a column all look like names of people, or there is none."""
    cells = [row[number] for row in grid.rows[bottom + 1 :] if number < len(row) and row[number] is not None]
    return all(isinstance(cell, str) and _NAME.fullmatch(person_form(cell)) for cell in cells[:MAX_NAMES])
