"""Rows of a ledger below 下月计划 or 下阶段工作: they say what is to be done, and nothing of it has taken place yet."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from pipeline.ingest.files.grids import Row, cell_address
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.recognise import Recognised
from pipeline.ingest.vocabulary import Vocabulary
from pipeline.ingest.wordforms import compact, header_form

CODE = "planned"  # of the reason of such a row
MAX_HEADING = 24  # characters; a longer text is a sentence
HAPPENED = ("present", "score", "has_record")  # columns that nobody can fill in beforehand
MATTER_ENDS = "closed_on"  # a table with this column is of matters that have come up, and open ones are yet to be done
_STYLES = {  # how headings are numbered: those of one rank alike
    "一、": re.compile(r"第?[一二三四五六七八九十]{1,3}[、.]"),
    "(一)": re.compile(r"[(][一二三四五六七八九十\d]{1,3}[)]"),
    "1.": re.compile(r"\d{1,2}[、.)]"),
}


def find_planned_rows(sheet: Recognised, classes: Mapping[int, str], vocabulary: Vocabulary) -> dict[int, RowReason]:
    """Return row -> why it is planned, for every row of data or of a total that is announced and has not happened.

    Only a ledger of days holds such rows; plans and targets are tables of their own, and what a meeting decided was
    decided, below 下步工作 as well. What the name of the sheet or a title right above the table announces is all of it,
    unless any row has happened: then it is kept as the ledger. A heading within it holds up to the next one of its
    rank, or of the rank of one above it. A row that says how many came has happened.
    """
    if not _is_of_days(sheet, vocabulary):
        return {}
    names = (*sheet.titles, sheet.names.sheet)
    of_all = next((compact(name) for name in names if announces(name, vocabulary)), None)
    happened = _happened(sheet, classes, vocabulary)
    reason = None if of_all is None or happened else RowReason(CODE, of_all)
    return {row: own for row, own in _reasons(sheet, classes, reason, vocabulary) if row not in happened}


def _happened(sheet: Recognised, classes: Mapping[int, str], vocabulary: Vocabulary) -> frozenset[int]:
    """Return the rows of data that hold what nobody can fill in beforehand."""
    columns, empty = [number for number, name in sheet.columns.items() if name in HAPPENED], vocabulary.words["empty"]
    found = set()
    for row, class_ in classes.items():
        cells = sheet.grid.rows[row] if class_ == "data" and row > sheet.header.bottom else ()
        told = (cells[number] for number in columns if number < len(cells))
        if any(cell is not None and not (isinstance(cell, str) and compact(cell) in empty) for cell in told):
            found.add(row)
    return frozenset(found)


def announces(text: str, vocabulary: Vocabulary) -> bool:
    """Tell whether a heading or a title announces what is to be done: 二、下月工作计划, 2月份活动计划.

    计划完成情况 and 1月份总结及下月计划 speak of what was done as well.
    """
    form = _unnumbered(header_form(text))
    words = vocabulary.words
    if len(form) > MAX_HEADING or any(word in compact(text) for word in words["not_ahead"]):
        return False
    endings = tuple(words["plan_ending"])
    is_ahead = form.startswith(tuple(words["ahead"])) and form.endswith((*endings, *words["ahead_ending"]))
    return is_ahead or form in words["ahead"] or form.removesuffix("表").endswith(endings)


def _is_of_days(sheet: Recognised, vocabulary: Vocabulary) -> bool:
    columns = vocabulary.columns_of(sheet.kind)
    has_days = any(column.required and column.dtype == "date" for column in columns.values())
    return sheet.kind.cadence != "once" and has_days and MATTER_ENDS not in columns


def _reasons(
    sheet: Recognised, classes: Mapping[int, str], of_all: RowReason | None, vocabulary: Vocabulary
) -> Iterator[tuple[int, RowReason]]:
    """Yield the announced rows of data and of totals below the header."""
    held, ranks, is_followed = of_all, {""} if of_all else set[str](), False
    for row, class_ in classes.items():
        if row <= sheet.header.bottom:
            continue
        text = _lone_text(sheet.grid.rows[row])
        if text and announces(text, vocabulary):
            column = next(number for number, cell in enumerate(sheet.grid.rows[row]) if cell is not None)
            held, is_followed = RowReason(CODE, text, cell_address(row, column)), False
            ranks.add(_rank(text))
            if class_ == "data":  # it stands in a column of the table
                yield row, replace(held, code="note_word")
        elif text and (class_ == "title" or (class_ == "data" and _rank(text))):
            if held is None:
                ranks.add(_rank(text))
            elif held is not of_all and is_followed and _rank(text) in ranks:
                held = of_all
            elif class_ == "data":
                is_followed = True
                yield row, held
        elif held is not None and class_ in ("data", "total"):
            is_followed = True
            yield row, held


def _lone_text(row: Row) -> str:
    filled = [cell for cell in row if cell is not None]
    return compact(filled[0]) if len(filled) == 1 and isinstance(filled[0], str) else ""


def _rank(text: str) -> str:
    return next((style for style, pattern in _STYLES.items() if pattern.match(text)), "")


def _unnumbered(form: str) -> str:
    for pattern in _STYLES.values():
        form = pattern.sub("", form, count=1) if pattern.match(form) else form
    return form
