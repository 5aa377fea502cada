"""Words that points are counted by: every spelling of a known one becomes the one that is compared, others are told."""

from collections.abc import Mapping

from pipeline.catalog import Catalog
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import compact

# What is told of a word that nobody knows; in other columns it is one of many that nothing depends on.
CODES: Mapping[tuple[str, str], str] = {
    ("activities", "activity_type"): "unknown_activity",
    ("leaves", "leave_type"): "unknown_leave",
}


def settle_known_words(rows: SheetRows, catalog: Catalog) -> None:
    """Bring the words of a sheet to the spelling that measures compare; blanks inside a word do not matter.

    A word that is no spelling of a known one stays as it is, and is told where points depend on the column: once, at
    its first cell, however often a ledger repeats it. Of a row that is turned down more need not be said.
    """
    table = rows.sheet.kind.table
    for name, spellings in catalog.wordings_of(table).items():
        if name in rows.values:
            known = {compact(spelling): word for spelling, word in spellings.items()}
            _settle(rows, name, known, CODES.get((table, name), ""))


def _settle(rows: SheetRows, name: str, known: Mapping[str, str], code: str) -> None:
    words = tuple(dict.fromkeys(known.values()))
    values = rows.values[name]
    unknown: dict[str, list[int]] = {}
    for position, value in enumerate(values):
        if not isinstance(value, str):
            continue
        word = known.get(compact(value))
        if word is not None:
            values[position] = word
        elif code and position not in rows.breakdown and position not in rows.rejected:
            unknown.setdefault(compact(value), []).append(position)
    for first, *others in unknown.values():
        rows.fault(code, name, first, " / ".join(words), alike=others)
