"""The second reader for xlsx and xlsm, Transitional and Strict: expat over the XML of each sheet."""

import re
import zipfile
from dataclasses import replace
from io import BytesIO

from pipeline.ingest.files.cell_styles import CellStyles, read_cell_styles
from pipeline.ingest.files.counting import Position, SheetCount, add_columns, check_stored_extent
from pipeline.ingest.files.grids import cell_address, is_blank
from pipeline.ingest.files.markup import local_name, make_parser, read_elements, run_parser
from pipeline.ingest.files.packages import (
    find_member,
    read_part,
    read_relations,
    require_own_part,
    require_workbook,
    target_of_kind,
)
from pipeline.ingest.files.refusals import Refused
from pipeline.ingest.files.thinning import DEFAULT_STYLE, make_thinner

WORKSHEET = "worksheet"
MACRO_SHEETS = ("xlMacrosheet", "xlIntlMacrosheet")
ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ECMA-376 part 1, 22.9.2.19: characters that XML cannot hold
NUMBER_KINDS = ("", "n")
SHARED = "s"  # the value is the number of a shared string
TRUE = ("1", "true")
NEAR_LETTERS = 2  # of the columns in which a cell, wherever it stands in its row, is not far out


def count_xlsx_rows(data: bytes) -> tuple[SheetCount, ...]:
    """Count the non-empty rows of every worksheet of an Open XML workbook, in workbook order.

    Raises `Refused`: macro_sheet (Excel 4 macros, which the first reader does not take), zip_incomplete, shared_part,
    damaged, damaged_part, damaged_address, too_wide.
    """
    archive = zipfile.ZipFile(BytesIO(data))
    workbook = require_workbook(archive)
    relations = read_relations(archive, workbook)
    blanks = _blank_shared_strings(archive, target_of_kind(relations, "sharedStrings"))
    styles = read_cell_styles(archive, target_of_kind(relations, "styles"))
    counts = []
    taken: set[str] = set()
    listed, from_1904 = _listed_sheets(archive, workbook)
    for name, relation_id in listed:
        relation = relations.get(relation_id)
        if relation is None:
            raise Refused("zip_incomplete", member=name)
        if relation.kind in MACRO_SHEETS:
            raise Refused("macro_sheet", sheet=name)
        if relation.kind == WORKSHEET:
            require_own_part(relation, name, taken)
            counts.append(_count_sheet(archive, name, relation.target, blanks, styles))
    return tuple(replace(count, from_1904=from_1904) for count in counts)


def _listed_sheets(archive: zipfile.ZipFile, workbook: str) -> tuple[list[tuple[str, str]], bool]:
    """Return name and relation id of each sheet as the workbook lists them, and whether days count from 1904."""
    sheets: list[tuple[str, str]] = []
    from_1904 = False

    def visit(element: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if element == "sheet":
            sheets.append((attributes.get("name", ""), attributes.get("id", "")))
        elif element == "workbookPr":
            from_1904 = attributes.get("date1904") in TRUE

    read_elements(BytesIO(read_part(archive, workbook)), workbook, visit)
    return sheets, from_1904


def _blank_shared_strings(archive: zipfile.ZipFile, part: str | None) -> frozenset[str]:
    """Return the indices, as sheets write them, of shared strings without visible text; phonetic guides are no text."""
    member = find_member(archive, part) if part else None
    if member is None:
        return frozenset()
    blanks: set[str] = set()
    texts: list[str] = []
    inside = {"t": False, "rPh": False}
    index = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        element = local_name(name)
        if element == "si":
            texts.clear()
        elif element in inside:
            inside[element] = True

    def characters(text: str) -> None:
        if inside["t"] and not inside["rPh"]:
            texts.append(text)

    def end(name: str) -> None:
        nonlocal index
        element = local_name(name)
        if element in inside:
            inside[element] = False
        elif element == "si":
            if _is_blank_xml_text("".join(texts)):
                blanks.add(str(index))
            index += 1

    parser = make_parser()
    parser.StartElementHandler, parser.CharacterDataHandler, parser.EndElementHandler = start, characters, end
    with archive.open(member) as stream:
        run_parser(parser, stream, member)
    return frozenset(blanks)


def _is_blank_xml_text(text: str) -> bool:
    return is_blank(text) or is_blank(ESCAPED.sub(lambda match: chr(int(match[1], 16)), text))


def _count_sheet(
    archive: zipfile.ZipFile, name: str, part: str, blanks: frozenset[str], styles: CellStyles
) -> SheetCount:
    """Run the automaton of one sheet over its part."""
    member = find_member(archive, part)
    if member is None:
        raise Refused("zip_incomplete", member=part)
    sheet = _SheetAutomaton(blanks, styles)
    with archive.open(member) as stream:
        run_parser(sheet.parser, stream, member, thin=make_thinner(blanks, styles.telling))
    check_stored_extent(name, *sheet.extent())
    return SheetCount(
        name,
        len(sheet.filled),
        sheet.errors,
        tuple(sheet.formulas),
        tuple(sheet.hidden),
        percent_cells=tuple(sheet.percent),
        shifted_cells=tuple(sheet.shifted),
        struck_cells=tuple(sheet.struck),
        hidden_columns=tuple(sheet.hidden_columns),
    )


class _SheetAutomaton:
    """Rows, cells and their values as expat meets them.

    Only element starts and text are handled, not ends: a cell is complete when the next one, or the next row, starts.
    That is two calls a cell less, and what follows the end of a value is white space in every well-formed sheet.
    """

    def __init__(self, blanks: frozenset[str], styles: CellStyles) -> None:
        self.blanks = blanks
        self.styles = styles
        self.percent: list[Position] = []
        self.shifted: list[Position] = []
        self.struck: list[Position] = []
        self.filled: set[int] = set()
        self.errors: dict[Position, str] = {}
        self.formulas: list[Position] = []
        self.hidden: list[int] = []
        self.hidden_columns: list[int] = []
        self.last_row = self.last_column = -1
        self.ends: set[str] = set()  # last columns of the rows that came as one element
        self.row = self.column = -1
        self.row_digits = ""
        self.last_stored = ""  # address of the last cell of the row with a value, which may be a blank text
        self.address = self.kind = self.style = self.value = ""
        self.in_cell = self.in_value = self.has_formula = False
        self.names: dict[str, str] = {}
        self.parser = make_parser()
        self.parser.StartElementHandler = self._find_root

    def _find_root(self, name: str, _attributes: dict[str, str]) -> None:
        """Learn the namespace from the root element (it differs in Strict files), then watch for its elements."""
        if local_name(name) != WORKSHEET:
            raise Refused("damaged")  # another part, of which no row would be seen
        namespace = name.removesuffix(local_name(name))
        self.names = {namespace + local: local for local in ("row", "c", "v", "t", "f", "filled", "col")}
        self.parser.StartElementHandler = self._start
        self.parser.CharacterDataHandler = self._characters

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        element = self.names.get(name)
        self.in_value = False
        if element in ("v", "t"):
            self.in_value = self.in_cell
        elif element == "c":
            self.close_cell()
            self.in_cell = True
            self.column += 1
            self.address = attributes.get("r", "")
            self.kind = attributes.get("t", "")
            self.style = attributes.get("s", DEFAULT_STYLE)
        elif element == "f":
            self.has_formula = self.in_cell
        elif element == "row":
            self.close_row()
            self._open_row(attributes)
        elif element == "filled":
            self.close_row()
            self._open_row(attributes)
            self.filled.add(self.row)
            self.ends.add(attributes.get("c", ""))
        elif element == "col" and attributes.get("hidden") in TRUE:
            add_columns(self.hidden_columns, int(attributes["min"]) - 1, int(attributes["max"]) - 1)

    def _characters(self, text: str) -> None:
        if self.in_value:
            self.value += text

    def _open_row(self, attributes: dict[str, str]) -> None:
        self.row = int(attributes["r"]) - 1 if "r" in attributes else self.row + 1
        self.row_digits = str(self.row + 1)
        self.column = -1
        if attributes.get("hidden") in TRUE:
            self.hidden.append(self.row)

    def close_row(self) -> None:
        """Complete the last cell of a row, and remember how far to the right the row goes."""
        self.close_cell()
        if self.last_stored:
            self._reach(self.last_stored)
            self.last_stored = ""

    def _reach(self, address: str) -> None:
        row, column = parse_address(address)
        self.last_row, self.last_column = max(self.last_row, row), max(self.last_column, column)

    def extent(self) -> tuple[int, int]:
        """Return how many rows and columns reach from A1 to the last stored cells, once the sheet is at its end."""
        self.close_row()
        last_columns = [self.last_column, *(parse_address(f"{letters}1")[1] for letters in self.ends)]
        return max(self.last_row, max(self.filled, default=-1)) + 1, max(last_columns) + 1

    def close_cell(self) -> None:
        """Take the cell that was being read into account; its text is complete by now."""
        if not self.in_cell:
            return
        value, self.value = self.value, ""
        has_formula, self.has_formula = self.has_formula, False
        self.in_cell = False
        if value:
            self.last_stored = self.address or cell_address(self.row, self.column)
            letters = self.last_stored.removesuffix(self.row_digits)
            if len(letters) > NEAR_LETTERS or not letters.isalpha():  # out of its order it may be the outermost
                self._reach(self.last_stored)
        if self._is_filled(value):
            follows_row = self.last_stored.endswith(self.row_digits)  # nearly always, and much quicker to ask
            self.filled.add(self.row if follows_row else parse_address(self.last_stored)[0])
            if self.kind == "e":
                self.errors[parse_address(self.last_stored)] = value
            elif self.style in self.styles.percent and self.kind in NUMBER_KINDS:
                self.percent.append(parse_address(self.last_stored))
            elif self.style in self.styles.shifted and self.kind in NUMBER_KINDS:
                self.shifted.append(parse_address(self.last_stored))
            if self.style in self.styles.struck:
                self.struck.append(parse_address(self.last_stored))
        elif has_formula and self.kind != "str":  # an empty text is the stored value of many a formula
            self.formulas.append(parse_address(self.address or cell_address(self.row, self.column)))

    def _is_filled(self, value: str) -> bool:
        if self.kind == SHARED and value.strip():
            if not (value.isascii() and value.strip().isdigit()):
                raise Refused("damaged")  # the first reader would take the first text there is
            return value not in self.blanks
        return not _is_blank_xml_text(value)


def parse_address(address: str) -> Position:
    """Return row and column from 0 of an address: "D7" is (6, 3); raises `Refused` (damaged_address)."""
    match = ADDRESS.fullmatch(address)
    if match is None:
        raise Refused("damaged_address", address=address)
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]) - 1, column - 1
