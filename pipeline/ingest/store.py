"""Tables and readings on disk: parquet for tables, JSON and CSV for what people and other programs look at.

A month is stored as "2021-10" and a quarter as "2021Q4", so that any parquet reader understands the files.
"""

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
from pyarrow.parquet import ParquetFile
from pyarrow.parquet import write_table as write_parquet

from pipeline.catalog import Catalog, Group, Rule, Term, load_catalog
from pipeline.ingest.bureau import Bureau, Reading
from pipeline.ingest.faults import Fault
from pipeline.ingest.files.whole import NO_THREADS
from pipeline.ingest.lazy_tables import LazyTables
from pipeline.ingest.ledger import LEDGER, FileLedger, Issue, SheetLedger
from pipeline.ingest.schema import TableError, to_dictionary
from pipeline.spreadsheets.cleaning import csv_text
from pipeline.texts import LANGUAGES, load_texts

ISSUES = "issues.csv"
BUREAU = "bureau.json"
CACHE = "cache"
TABLE = ".parquet"  # ending of a table's file
STORED_TEXT = pd.StringDtype("pyarrow", na_value=float("nan"))  # pandas' "str" where pyarrow is installed
LEFT_BY = {  # which notebook leaves the tables of a stage of the data dictionary
    "input": "1_ingest",
    "reading": "1_ingest",
    "points": "2_points",
    "panel": "3_panel",
    "board": "6_bulletin_board",
}


class NotMadeYet(FileNotFoundError):
    """Raised when a file is missing that a notebook leaves."""


def write_table(frame: pd.DataFrame, name: str, folder: Path, catalog: Catalog) -> Path:
    """Write one table of the data dictionary as ``folder/name.parquet`` and return the path; the folder must exist.

    Raises `TableError` for a missing column and for one that the dictionary does not know.
    """
    path = folder / f"{name}{TABLE}"
    path.write_bytes(_pack_table(frame, name, catalog))
    return path


def read_table(name: str, folder: Path, catalog: Catalog) -> pd.DataFrame:
    """Read ``folder/name.parquet`` back with the dtypes of the data dictionary."""
    return _unpack_table(_content_of(folder / f"{name}{TABLE}"), name, catalog)


def read_columns(name: str, folder: Path, columns: Sequence[str]) -> pd.DataFrame:
    """Read some columns of ``folder/name.parquet`` as they are stored: months and quarters are text."""
    return _frame_of(_content_of(folder / f"{name}{TABLE}"), columns)


def pack_frame(frame: pd.DataFrame) -> bytes:
    """Return a table as it is to be stored as a parquet file, without its index and what else pandas knows about it.

    As `pandas.DataFrame.to_parquet`, which begins threads for a large one.
    """
    bare, packed = frame.copy(deep=False), BytesIO()
    bare.attrs = {}  # which parquet would keep
    write_parquet(pa.Table.from_pandas(bare, preserve_index=False, nthreads=1), packed)
    return packed.getvalue()


def _pack_table(frame: pd.DataFrame, name: str, catalog: Catalog) -> bytes:
    """Return a table as a parquet file: the same one, whichever way pandas keeps texts in memory."""
    typed = to_dictionary(frame, name, catalog)
    texts = [column for column, dtype in typed.dtypes.items() if isinstance(dtype, pd.PeriodDtype | pd.StringDtype)]
    return pack_frame(typed.astype(dict.fromkeys(texts, STORED_TEXT)))


def _unpack_table(content: bytes, name: str, catalog: Catalog) -> pd.DataFrame:
    return to_dictionary(_frame_of(content), name, catalog)


def _frame_of(content: bytes, columns: Sequence[str] | None = None) -> pd.DataFrame:
    """Return a parquet file, or some of its columns, as it is stored; threads and data sets cost small tables more."""
    return ParquetFile(BytesIO(content), **NO_THREADS).read(columns, use_threads=False).to_pandas(use_threads=False)


def cache_of(processed: Path) -> Path:
    """Return where a bureau's workbooks are kept as they were parsed: beside the tables of its quarters."""
    return processed / CACHE


def save_reading(reading: Reading, folder: Path, catalog: Catalog) -> None:
    """Write every table, the ledger (as ``ronghe check --json`` writes it), the issues and the bureau's settings."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in pack_reading(reading, catalog).items():
        (folder / name).write_bytes(content)
    _write_issues(folder / ISSUES, reading.issues)


def load_reading(folder: Path, catalog: Catalog) -> Reading:
    """Read what `save_reading` wrote; raises `NotMadeYet` when a part is missing."""
    tables = (f"{name}{TABLE}" for name in tables_of(catalog))
    return unpack_reading({name: _content_of(folder / name) for name in (*tables, LEDGER, BUREAU)}, catalog)


def load_tables(folder: Path, catalog: Catalog) -> Reading:
    """Return what `save_reading` wrote without its files and issues, for what counts and does not tell.

    A table is read when it is first looked at: what a notebook does not look at cannot change what it says. Raises
    `NotMadeYet` when a part is missing, also for a table that nobody looks at.
    """
    names = tables_of(catalog)
    for name in names:
        if not (folder / f"{name}{TABLE}").exists():
            raise not_made_yet(folder / f"{name}{TABLE}")
    tables = LazyTables(names, lambda name: read_table(name, folder, catalog))
    return Reading(load_bureau(folder), tables, files=(), issues=())


class _PackedTables(LazyTables):
    """Tables as they were packed: what nobody looked at is still what was packed, and need not be packed again."""

    def __init__(self, parts: Mapping[str, bytes], catalog: Catalog) -> None:
        names = tables_of(catalog)
        super().__init__(names, self._unpack)
        self._parts = {name: parts[f"{name}{TABLE}"] for name in names}
        self._catalog = catalog

    def _unpack(self, name: str) -> pd.DataFrame:
        table = _unpack_table(self._parts[name], name, self._catalog)
        del self._parts[name]
        return table

    def packed(self, name: str, catalog: Catalog) -> bytes | None:
        """Return a table as it was packed; ``None`` once somebody has it, who may change it, and for other columns."""
        return self._parts.get(name) if catalog is self._catalog else None


def pack_reading(reading: Reading, catalog: Catalog) -> dict[str, bytes]:
    """Return the files that hold a reading, without its faults: name -> content."""
    tables = {f"{name}{TABLE}": _packed(reading.tables, name, catalog) for name in reading.tables}
    ledger = ledger_to_json(reading.files, reading.issues)
    return {**tables, LEDGER: _json_bytes(ledger), BUREAU: _json_bytes(_bureau_to_json(reading.bureau))}


def _packed(tables: Mapping[str, pd.DataFrame], name: str, catalog: Catalog) -> bytes:
    known = tables.packed(name, catalog) if isinstance(tables, _PackedTables) else None
    return _pack_table(tables[name], name, catalog) if known is None else known


def with_packed_tables(reading: Reading, parts: Mapping[str, bytes], catalog: Catalog) -> Reading:
    """Return a reading with its tables as `pack_reading` packed them; each is unpacked when it is looked at."""
    return replace(reading, tables=_PackedTables(parts, catalog))


def unpack_reading(parts: Mapping[str, bytes], catalog: Catalog, faults: tuple[Fault, ...] = ()) -> Reading:
    """Return the reading that `pack_reading` packed, with the faults that were kept beside it.

    A table is unpacked when it is first looked at.
    """
    files, issues = _ledger_from_json(json.loads(parts[LEDGER]))
    return Reading(
        bureau=_bureau_from_json(json.loads(parts[BUREAU])),
        tables=_PackedTables(parts, catalog),
        files=files,
        issues=issues,
        faults=faults,
    )


def tables_of(catalog: Catalog) -> tuple[str, ...]:
    """Return the names of the tables of a reading: those of workbooks, then those derived on reading."""
    return tuple(
        entry.table for stage in ("input", "reading") for entry in catalog.tables.values() if entry.stage == stage
    )


def not_made_yet(path: Path) -> NotMadeYet:
    """Return the error that says which notebook leaves a file; in both languages: who reads a file has neither."""
    table = load_catalog().tables.get(path.name.removesuffix(TABLE))
    notebook = LEFT_BY[table.stage if table else "reading"]  # what is no table is the ledger, or the settings
    return NotMadeYet(
        "\n".join(load_texts(lang)("store.not_made_yet", path=path, notebook=notebook) for lang in LANGUAGES)
    )


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise not_made_yet(path) from None


def load_ledger(folder: Path) -> tuple[tuple[FileLedger, ...], tuple[Issue, ...]]:
    """Read the files and the issues alone from what `save_reading` wrote."""
    return _ledger_from_json(json.loads(_content_of(folder / LEDGER)))


def load_bureau(folder: Path) -> Bureau:
    """Read the bureau's settings alone from what `save_reading` wrote."""
    return _bureau_from_json(json.loads(_content_of(folder / BUREAU)))


def ledger_to_json(files: tuple[FileLedger, ...], issues: tuple[Issue, ...]) -> dict[str, object]:
    """Return files and issues in the form of ``ronghe check --json``."""
    return {"files": [file.to_json() for file in files], "issues": [{**vars(issue)} for issue in issues]}


def _ledger_from_json(ledger: Mapping[str, Any]) -> tuple[tuple[FileLedger, ...], tuple[Issue, ...]]:
    files = tuple(_file_from_json(record) for record in ledger["files"])
    return files, tuple(Issue(**record) for record in ledger["issues"])


def _file_from_json(record: Mapping[str, Any]) -> FileLedger:
    sheets = tuple(
        SheetLedger(name=sheet["name"], visible=sheet["visible"], **sheet["rows"]) for sheet in record["sheets"]
    )
    return FileLedger(**{**record, "sheets": sheets})


def _write_issues(path: Path, issues: tuple[Issue, ...]) -> None:
    """Write the issues for a spreadsheet: utf-8 with a mark, so that Excel and WPS show Chinese; none is a formula."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, [field.name for field in fields(Issue)])
        writer.writeheader()
        for issue in issues:
            writer.writerow({name: value and csv_text(value) for name, value in vars(issue).items()})


def _bureau_to_json(bureau: Bureau) -> dict[str, object]:
    record = {field.name: getattr(bureau, field.name) for field in fields(Bureau)}
    return {
        **record,
        "groups": [asdict(group) for group in bureau.groups.values()],
        "aliases": dict(bureau.aliases),
        "attribution": [[*key, value] for key, value in bureau.attribution.items()],
        "rules": [asdict(rule) for rule in bureau.rules],
        "terms": [asdict(term) for term in bureau.terms],
    }


def _bureau_from_json(record: Mapping[str, Any]) -> Bureau:
    groups = [Group(**{**group, "aliases": tuple(group["aliases"])}) for group in record["groups"]]
    bands = [tuple((low, points) for low, points in rule["bands"]) for rule in record["rules"]]
    return Bureau(
        **{
            **record,
            "groups": {group.party_group: group for group in groups},
            "attribution": {(group, metric): value for group, metric, value in record["attribution"]},
            "terms": tuple(Term(**term) for term in record["terms"]),
            "rules": tuple(
                Rule(**{**rule, "bands": pairs}) for rule, pairs in zip(record["rules"], bands, strict=True)
            ),
        }
    )


def _json_bytes(content: Mapping[str, object]) -> bytes:
    """Return a file of JSON, a line for each entry of a list: what indents deeper is not written in C."""
    entries = ",\n".join(f"{_json(name)}: {_json_lines(value)}" for name, value in content.items())
    return f"{{\n{entries}\n}}\n".encode()


def _json_lines(value: object) -> str:
    if not isinstance(value, list) or not value:
        return _json(value)
    return "[\n" + ",\n".join(map(_json, value)) + "\n]"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


__all__ = [
    "NotMadeYet",
    "TableError",
    "cache_of",
    "ledger_to_json",
    "load_bureau",
    "load_ledger",
    "load_reading",
    "load_tables",
    "not_made_yet",
    "pack_reading",
    "read_columns",
    "read_table",
    "save_reading",
    "tables_of",
    "unpack_reading",
    "with_packed_tables",
    "write_table",
]
