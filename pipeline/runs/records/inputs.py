"""Noticing that a workbook changed while it was being read: what is hashed is what the report shows."""

import json
from collections.abc import Iterable
from pathlib import Path

from pipeline.ingest.ledger import LEDGER
from pipeline.parameters import SpokenError
from pipeline.runs.records.fingerprints import InputHash, hash_inputs
from pipeline.runs.records.manifest import compare_inputs
from pipeline.texts import Texts

MOST_NAMED = 5  # files in a message; more of them have one cause


class InputChanged(SpokenError):
    """Raised when a workbook changed while it was being read: what was hashed is not what the report shows."""


def check_unchanged(bureau: Path, before: tuple[InputHash, ...], tables: Path, texts: Texts) -> None:
    """Raise `InputChanged` naming the workbooks that are not as they were ``before``, or were not when they were read.

    A file may change and change back in between; so the hashes of the bytes that were parsed, which the account of rows
    in the folder of the ``tables`` holds, count as well. A file that was too large to be loaded has none.
    """
    now = compare_inputs(hash_inputs(bureau), before)
    hashed = {file.path: file.sha256 for file in before}
    parsed = dict(_parsed(tables / LEDGER))
    read_otherwise = {name for name, sha256 in parsed.items() if sha256 and hashed.get(name) not in (None, sha256)}
    unread = hashed.keys() - parsed.keys()
    changed = sorted({*now["changed"], *now["added"], *now["removed"], *read_otherwise, *unread})
    if changed:
        named = [*changed[:MOST_NAMED], *(["…"] if len(changed) > MOST_NAMED else [])]
        raise InputChanged("run.bureau_changed", bureau=bureau, files=texts("place.separator").join(named))


def _parsed(ledger: Path) -> Iterable[tuple[str, str]]:
    """Yield each file of an account of rows, and the hash of the bytes that were parsed."""
    for file in json.loads(ledger.read_text(encoding="utf-8"))["files"]:
        yield file["path"], file["sha256"]
