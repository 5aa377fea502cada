"""Columns that a sheet fills and nobody reads, although their header nearly is one that its kind knows."""

from difflib import get_close_matches

from pipeline.ingest.layouts.rows import cell_at
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.vocabulary import DROP, LEVEL, Vocabulary

MIN_SIMILARITY = 0.8  # 应到会数 is 应到人数 or another; 立案日期 and 结案日期 (0.75) are two things


def note_unused(result: SheetRows, vocabulary: Vocabulary) -> None:
    """Note every filled column whose header is nearly that of a column which the sheet lacks; it is not guessed."""
    sheet = result.sheet
    claimed = {*sheet.columns, *(number for _, numbers in sheet.doubled for number in numbers)}
    sequence = vocabulary.words["sequence"]
    free = [(number, path) for number, path in sheet.header.named if number not in claimed and path not in sequence]
    if not free:
        return
    held = {DROP, *sheet.columns.values(), *(name for name, _ in sheet.doubled)}
    wanted = {form: name for form, name in vocabulary.forms[sheet.kind.kind].items() if name not in held}
    for number, path in free:
        endings = (path, path.rpartition(LEVEL)[2])
        near = next(
            (found[0] for form in endings if (found := get_close_matches(form, wanted, 1, MIN_SIMILARITY))), None
        )
        if near and any(cell_at(sheet.grid, row, number) is not None for row in result.rows):
            column = result.columns[wanted[near]]
            result.sheet_fault(
                "unused_column", sheet.header.label(number), near, (sheet.header.bottom, number), (column,)
            )
