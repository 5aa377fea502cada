"""Columns of text, identifiers, names, yes and no, and lists of people on leave."""

import re
from datetime import date, time, timedelta

from pipeline.catalog import Column
from pipeline.ingest.cells.columns import CellFault, Cells, ColumnHints, ConvertedColumn, Words, convert_each
from pipeline.ingest.files.grids import Cell
from pipeline.ingest.wordforms import cell_text, compact, header_form, person_form, plain

MAX_EXACT_DIGITS = 15  # a spreadsheet keeps no more digits of a number; longer identifiers must be text
SURE_ZEROS = 3  # so many zeros behind the 15th digit are no chance (1 in 1,000)
_LONG_DIGITS = re.compile(rf"\d{{{MAX_EXACT_DIGITS}}}(\d+)")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+")
_LEAVE_SEPARATOR = re.compile(r"[、,;。](?![^(]*\))|(?<=\))(?=[^、,;。])")  # outside brackets, or right behind one
_LEAVE_ENTRY = re.compile(r"(?P<name>[^()\d]*)\((?P<reason>[^()]+)\)")
_LEAVE_COUNT = re.compile(r"(?P<reason>[^()\d]+?)(?P<count>\d+)(?:人次|人|名)?")
_ASIDE = re.compile(r"\(([^()]*)\)")
_HEADCOUNT = re.compile(r"\(共?\d{1,3}[人名]\)$")
_LISTED = re.compile(r"[、,;/\n]")
_NAME = re.compile(r"[\u4e00-\u9fff·]+")
WHETHER = "是否"  # how the name of a column begins that asks for something: 是否寄递
NEGATIONS = "非不未无"  # before what a column asks for: 非寄递, 不涉及寄递
MAX_ANSWER = 12  # characters of an answer; a longer text is a remark
SHORTEST_NAME = 2  # characters: a surname and one more
_PIECES = re.compile(r"[,;。、()+和及]+")  # between several proofs in one cell: 照片3张、签到表1份
_NUMBERS = "一二两三四五六七八九十"
_NOBODY = re.compile(r"0(?:人次|人|名)?")


def convert_texts(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return half-width text; "NA" is text, numbers and days are spelt out. In a required column 无 is an answer."""
    del hints
    empties = words["empty"] - words["none"] if column.required else words["empty"]
    return convert_each(cells, _parse_text, empties)


def convert_grounds(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return what stands against somebody; a word of no (无, 否, 未发现) says that nothing does."""
    del column, hints
    return convert_each(cells, _parse_text, words["empty"] | words["no"])


def convert_identifiers(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return identifiers as text with their leading zeros; a number of more than 15 digits has lost some of them.

    So has a text that was such a number once: 4.51422E+17, or nothing but zeros after the 15th digit. One or two zeros
    may be chance where another identifier of the column kept its last digits.
    """
    del column, hints
    texts = {cell for cell in cells if isinstance(cell, str) and len(cell) > MAX_EXACT_DIGITS}
    numeric = (compact(text) for text in texts if text.rstrip()[-1:].isdigit())
    long_ones = [found for text in numeric if (found := _LONG_DIGITS.fullmatch(text))]
    least_zeros = SURE_ZEROS if any(found[1].strip("0") for found in long_ones) else 1
    return convert_each(cells, lambda cell: _parse_identifier(cell, least_zeros), words["empty"])


def convert_group_names(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return names of groups as written but compact, without a leading 其中 and without how many belong to it (3人)."""
    del column, hints
    return convert_each(cells, lambda cell: _without_among(cell, words["among"]), words["empty"])


def convert_person_names(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return people's names without inner blanks, titles and asides: 张 三, 张三同志 and 张三(女) are 张三.

    Several people in one cell are a fault: each has a row of his own.
    """
    del column, hints
    return convert_each(cells, lambda cell: _parse_person(_parse_text(cell), words), words["empty"])


def convert_booleans(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return True and False by the words of yes and no; 无 is no here and not missing, and 3张 is yes.

    What is asked for is an answer too: 物流寄递 and 寄递渠道 say yes to 是否寄递, 非寄递 no. Where a header lists kinds
    (案件类型) any other kind leaves it open.
    """
    asked = column.label_zh.removeprefix(WHETHER) if column.label_zh.startswith(WHETHER) else ""

    def parse(cell: Cell) -> bool | None:
        told = _says_what_is_asked(cell, asked)
        if told is not None:
            return told
        try:
            return _parse_boolean(cell, words)
        except CellFault:
            if hints.lists_kinds and asked and isinstance(cell, str):
                return None
            raise

    return convert_each(cells, parse, words["empty"] - words["no"])


def _says_what_is_asked(cell: Cell, asked: str) -> bool | None:
    """Tell whether a text names what a column asks for, or denies it; ``None`` for any other cell."""
    text = compact(cell) if isinstance(cell, str) else ""
    if not asked or asked not in text or len(text) > MAX_ANSWER:
        return None
    before = text.partition(asked)[0]
    return not any(word in before for word in NEGATIONS)


def convert_leave_counts(cells: Cells, column: Column, hints: ColumnHints, words: Words) -> ConvertedColumn:
    """Return how many people were on approved leave: 王五(公假)、李四(事假) is 1; nobody listed is 0.

    Only the number is kept. Someone without a reason, and a reason that words.csv does not know, are faults: whether
    such a person leaves the denominator is not for the reader to decide.
    """
    del column, hints
    parsed = convert_each(cells, lambda cell: _count_leave(cell, words), words["empty"] | words["leave_nobody"])
    faulty = {fault.position for fault in parsed.faults}
    parsed.values = [
        0 if value is None and position not in faulty else value for position, value in enumerate(parsed.values)
    ]
    return parsed


def _parse_text(cell: Cell) -> str:
    return plain(cell) if isinstance(cell, str) else cell_text(cell)


def _parse_person(text: str, words: Words) -> str:
    for aside in _ASIDE.findall(text):
        if compact(aside) in words["person_aside"]:
            text = text.replace(f"({aside})", "")
    for title in sorted(words["person_title"], key=len, reverse=True):
        bare = text.rstrip().removesuffix(title).rstrip()
        text = bare if len(compact(bare)) >= SHORTEST_NAME else text
    if _are_several(text, words):
        raise CellFault("several_members")
    return person_form(text)


def _are_several(text: str, words: Words) -> bool:
    """Tell whether a text lists people: 张三、李四, or 张三 李四; 欧阳 修 and 欧阳 娜娜 are one each."""
    listed = [compact(part) for part in _LISTED.split(text) if part.strip()]
    if len(listed) == 1 and not text.startswith(tuple(words["compound_surname"])):
        listed = text.split()
    return len(listed) > 1 and all(len(name) >= SHORTEST_NAME and _NAME.fullmatch(name) for name in listed)


def _parse_identifier(cell: Cell, least_zeros: int) -> str:
    if isinstance(cell, bool | date | time | timedelta):
        raise CellFault("bad_identifier")
    if isinstance(cell, float | int) and abs(cell) >= 10**MAX_EXACT_DIGITS:
        raise CellFault("identifier_too_long")
    text = _parse_text(cell)
    if not text[-1:].isdigit():  # nearly all case numbers end in 号
        return text
    if _SCIENTIFIC.fullmatch(text):
        raise CellFault("identifier_too_long")
    if (found := _LONG_DIGITS.fullmatch(text)) and len(found[1]) >= least_zeros and not found[1].strip("0"):
        raise CellFault("identifier_too_long")
    return text


def _without_among(cell: Cell, among: frozenset[str]) -> str:
    text = _HEADCOUNT.sub("", compact(_parse_text(cell)))
    for word in among:
        if text.startswith(word):
            return text.removeprefix(word).lstrip(":")
    return text


def _parse_boolean(cell: Cell, words: Words) -> bool:
    if isinstance(cell, bool):
        return cell
    text = header_form(cell) if isinstance(cell, str) else ""  # 是(快递) is yes
    if text in words["yes"]:
        return True
    if text in words["no"]:
        return False
    pieces = [_is_evidence(piece, words) for piece in filter(None, _PIECES.split(compact(cell_text(cell))))]
    if pieces and None not in pieces:
        return any(pieces)
    raise CellFault("bad_boolean")


def _is_evidence(piece: str, words: Words) -> bool | None:
    """Tell whether a text counts proofs, and how many: 3张, 照片3张, 图片两张, 签到表; ``None`` for any other text."""
    counters, kinds = ("|".join(map(re.escape, words[name])) for name in ("counter_evidence", "evidence"))
    found = re.fullmatch(rf"(?:{kinds})*[共各]?(\d+|[{_NUMBERS}]+)(?:{counters})(?:{kinds})*", piece)
    if found:
        return not found[1].isdigit() or int(found[1]) > 0
    return True if re.fullmatch(rf"(?:{kinds})+", piece) else None


def _count_leave(cell: Cell, words: Words) -> int:
    text = compact(cell_text(cell))
    if _NOBODY.fullmatch(text):
        return 0
    approved = 0
    for entry in filter(None, _LEAVE_SEPARATOR.split(text)):
        reason, count = _leave_entry(entry, words["leave_approved"] | words["leave_other"])
        if reason in words["leave_approved"]:
            approved += count
        elif reason not in words["leave_other"]:
            raise CellFault("bad_leave")
    return approved


def _leave_entry(entry: str, reasons: frozenset[str]) -> tuple[str, int]:
    """Return reason and count of 王五(公假), 公假2人, 王五：公假, 公假：王五 or 王五公假; "" for a reason not seen."""
    if found := _LEAVE_ENTRY.fullmatch(entry):
        return found["reason"], 1
    if found := _LEAVE_COUNT.fullmatch(entry):
        return found["reason"], int(found["count"])
    parts = entry.split(":")
    spoken = [part for part in parts if part in reasons] if len(parts) == 2 else []
    spoken = spoken or [reason for reason in reasons if ":" not in entry and entry.endswith(reason)]
    return (spoken[0], 1) if len(spoken) == 1 else ("", 0)
