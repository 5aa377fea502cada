"""What each row of a table of no known kind is, and why."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal

from pipeline.ingest.files.grids import cell_address
from pipeline.ingest.layouts.reasons import RowReason
from pipeline.ingest.layouts.rowwords import RowWords
from pipeline.ingest.layouts.shapeheaders import MIN_WIDTH
from pipeline.ingest.layouts.shapelines import Line

ShapeClass = Literal["title", "header", "data", "total", "section", "note", "unrecognised"]
Verdict = tuple[ShapeClass, RowReason]

_ENUMERATED = re.compile(
    r"(?:[一二三四五六七八九十]+、|\([一二三四五六七八九十]+\))"
)  # 一、 and (一): an item of its own
_SHARE = "占"  # 占全国: a share of the total and not the total
_MIDST = ("section", "note")  # one text alone: what it is depends on whether rows of the table follow


def judge_lines(
    lines: Sequence[Line], header: range | None, numbers: frozenset[int], words: RowWords
) -> dict[int, Verdict]:
    """Return row number -> (class, reason) of the rows of one table, its titles and notes included.

    ``header`` are positions in ``lines`` and ``numbers`` the columns that hold numbers.
    """
    top = header.start if header else _first_of_table(lines)
    below = header.stop if header else top
    found: dict[int, Verdict] = {}
    for line in lines[:top]:
        found[line.number] = _above(line, words)
    for level, line in enumerate(lines[top:below], start=1):
        found[line.number] = ("header", RowReason("header_level", level=level, levels=below - top))
    headers = {line.texts for line in lines[top:below]}
    last = _last_of_table(lines, below, numbers, words)
    is_noting = False
    for position, line in enumerate(lines[below:], start=below):
        verdict = _of_body(line, headers, numbers, words, position < last)
        is_noting = (is_noting or verdict[1].code == "note_word") and not line.values
        if is_noting and verdict[0] in _MIDST and verdict[1].code != "note_word":
            verdict = ("note", RowReason("note_goes_on"))
        found[line.number] = verdict
    return found


def judge_texts(lines: Iterable[Line], words: RowWords) -> dict[int, Verdict]:
    """Return the verdicts on rows among which there is no table."""
    return {
        line.number: ("note", _word_reason("note_word", line)) if words.is_note(line.text) else _NO_TABLE
        for line in lines
    }


_AFTER: Verdict = ("note", RowReason("after_table"))
_NO_TABLE: Verdict = ("unrecognised", RowReason("no_table"))


def _first_of_table(lines: Sequence[Line]) -> int:
    return next(index for index, line in enumerate(lines) if line.width >= MIN_WIDTH and (line.values or line.years))


def _last_of_table(lines: Sequence[Line], below: int, numbers: frozenset[int], words: RowWords) -> int:
    """Return the position of the last row that holds numbers, or fills several columns of a table of texts."""
    body = [
        index
        for index, line in enumerate(lines)
        if index >= below and not words.is_note(line.text) and (line.values or not (numbers or line.is_speech))
    ]
    return body[-1] if body else below


def _above(line: Line, words: RowWords) -> Verdict:
    if words.is_note(line.text):
        return "note", _word_reason("note_word", line)
    return "title", RowReason("above_header")


def _of_body(
    line: Line, headers: set[tuple[tuple[int, str], ...]], numbers: frozenset[int], words: RowWords, is_midst: bool
) -> Verdict:
    """Return the verdict on one row below the header; ``is_midst``: rows of the table follow."""
    held = line.values | line.years
    if line.texts in headers and not line.is_speech:
        return "header", RowReason("header_again")
    if words.is_note(line.text) and (":" in line.text or not held & numbers):
        return "note", _word_reason("note_word", line)
    labels = [
        (column, text) for column, text, kind in line.cells if kind == "word" and column <= min(held, default=column)
    ]
    total = next(((column, text) for column, text in labels if _is_total(text, words)), None)
    if total is not None:
        return "total", RowReason("total_word", total[1], cell_address(line.number, total[0]))
    is_valueless = bool(numbers) and not held
    if line.is_speech:
        return ("section", _word_reason("heading", line)) if is_midst else _AFTER
    if is_valueless and not line.words & numbers and _ENUMERATED.match(line.text):
        return "section", _word_reason("heading", line)
    return _AFTER if is_valueless and not is_midst and line.is_caption else _data(line, labels, numbers, words)


def _data(line: Line, labels: Sequence[tuple[int, str]], numbers: frozenset[int], words: RowWords) -> Verdict:
    """Return why a row is data."""
    if labels and words.is_among(labels[0][1]):
        return "data", RowReason("among", labels[0][1], cell_address(line.number, labels[0][0]))
    if line.covered:
        return "data", RowReason("under_merged")
    return "data", RowReason("label_and_numbers" if (line.values | line.years) & numbers else "texts")


def _is_total(label: str, words: RowWords) -> bool:
    """Tell whether a label is that of a total; 三、资产总计 is an item of its own among 一、 and 二、"""
    enumerated = _ENUMERATED.match(label)
    if enumerated:
        return words.is_total_word(label[enumerated.end() :])
    return words.is_total(label) and not label.startswith(_SHARE)


def _word_reason(code: str, line: Line) -> RowReason:
    return RowReason(code, line.text, cell_address(line.number, line.column))
