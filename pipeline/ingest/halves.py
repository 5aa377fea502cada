"""Tables that lack amounts which another sheet of the bureau holds: 销量 on one sheet, 销售额 on the next."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from pipeline.ingest.faults import Fault
from pipeline.ingest.layouts.findings import AlmostRecognised, Finding, Recognised
from pipeline.ingest.layouts.headers import NUMBER_DTYPES
from pipeline.ingest.opening import OpenFile, OpenSheet, hidden_faults, holds_a_month
from pipeline.ingest.vocabulary import Vocabulary

MISSING_COLUMN = "missing_column"


def read_halves(files: Sequence[OpenFile], vocabulary: Vocabulary) -> None:
    """Let every table be read that lacks nothing but amounts which another table of its kind holds, where the two hold
    none twice; their rows are put together later (`checking.parts`). What was said of its lack is taken back.

    A table that holds nothing but sums so far is no half of a month's amounts.
    """
    open_sheets = [(file, sheet) for file in files for sheet in file.sheets if isinstance(sheet, OpenSheet)]
    tables = [table for _, sheet in open_sheets for table in sheet.tables]
    halves = {id(table) for table in tables if _is_half(table, tables, vocabulary)}
    for file, sheet in open_sheets:
        found = [table for table in sheet.tables if id(table) in halves]
        if found:
            read = tuple(_without_lack(table, halves) for table in sheet.tables)
            file.sheets[file.sheets.index(sheet)] = replace(sheet, tables=read)
            tops = {table.header.bottom for table in found}
            file.faults = [fault for fault in file.faults if not _tells_lack(fault, sheet.grid.name, tops)]
            if not any(isinstance(table, Recognised) for table in sheet.tables):
                file.faults += hidden_faults(file.path, sheet.grid, read)


def _tells_lack(fault: Fault, sheet: str, rows: Collection[int]) -> bool:
    return fault.code == MISSING_COLUMN and fault.sheet == sheet and fault.row in rows


def _is_half(table: Finding, tables: Sequence[Finding], vocabulary: Vocabulary) -> bool:
    if not isinstance(table, AlmostRecognised) or not holds_a_month(table, vocabulary):
        return False
    own, columns = _amounts(table, vocabulary), vocabulary.columns_of(table.kind)
    if not own or not all(columns[name].dtype in NUMBER_DTYPES for name in table.missing):
        return False
    others = [_amounts(other, vocabulary) for other in tables if other is not table and other.kind == table.kind]
    return any(own.isdisjoint(amounts) and amounts.issuperset(table.missing) for amounts in others)


def _amounts(table: Finding, vocabulary: Vocabulary) -> frozenset[str]:
    columns = vocabulary.columns_of(table.kind)
    found = table.found if isinstance(table, Recognised) else table.table.found
    return frozenset(name for name in found if name in columns and columns[name].dtype in NUMBER_DTYPES)


def _without_lack(table: Finding, halves: Collection[int]) -> Finding:
    if id(table) not in halves or not isinstance(table, AlmostRecognised):
        return table
    return replace(table.table, lacking=table.missing)
