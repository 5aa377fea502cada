"""Members whom the list of a quiz names although they did not take it: 缺考 in place of a score."""

from pipeline.ingest.cells.columns import Words
from pipeline.ingest.layouts.sheetrows import SheetRows
from pipeline.ingest.wordforms import cell_text, compact

QUIZ, SCORE = "quiz_results", "score"


def leave_out_not_taken(rows: SheetRows, words: Words) -> None:
    """Leave out, as notes, the rows that say in place of a score that there is none: a row of the table is one attempt,
    and who has none did not take part.
    """
    if rows.sheet.kind.table != QUIZ:
        return
    found = {
        position
        for position in rows.rejected
        if compact(cell_text(rows.cell(SCORE, position))) in words["not_taken"] and rows.values["member"][position]
    }
    rows.forgive(found)
    rows.rejected -= found
    rows.prepared |= found
