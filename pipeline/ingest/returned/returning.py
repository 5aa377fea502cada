"""All faulty workbooks of one reading back to their senders, compared with what was sent back the last time."""

import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.ingest.ledger import Issue
from pipeline.ingest.returned.comparing import compare
from pipeline.ingest.returned.copier import Copier
from pipeline.ingest.returned.memory import Compared, Memory, SentFile, SentIssue, read_memory, write_memory
from pipeline.ingest.returned.names import EXCERPT, copy_name
from pipeline.ingest.returned.orders import OF_ORIGINAL, WAYS
from pipeline.ingest.returned.origins import find_originals
from pipeline.ingest.returned.wording import LANGUAGE, build_order
from pipeline.texts import Texts, load_texts


def write_returned(
    sources: Mapping[str, Path], issues: Sequence[Issue], out: Path, previous: Memory | None = None
) -> Memory:
    """Write a marked copy of every workbook with faults into ``out``, and the memory for the next time beside them.

    ``sources`` are all workbooks that were read, faulty or not, by the path that issues name them with. ``issues`` are
    in the language of the copies (`wording.LANGUAGE`); those of other files make no copy, nor do those about a file as
    a whole alone. ``previous`` is what was sent back last time; None looks for it in ``out``. Of what lies there only
    copies that this function wrote, and that nobody has touched since, are replaced or removed.

    Returns the new memory; its ``not_copied`` names the workbooks of which no copy could be made. Raises `OSError`.
    """
    out.mkdir(parents=True, exist_ok=True)
    here = read_memory(out) or Memory()
    last = previous or here
    _remove_copies(here, out)
    originals = find_originals(sources, last)
    by_file = _by_file(issues, sources)
    faulty = {path for path, found in by_file.items() if any(issue.sheet is not None for issue in found)}
    to_send: list[SentFile] = []
    compared: list[Compared] = []
    for path in sorted({*faulty, *originals}):
        sha256, before = _sha256(sources[path]), originals.get(path)
        result = compare(by_file.get(path, []), before, sha256)
        is_resubmitted = before is not None and (before.path, before.sha256) != (path, sha256)
        if is_resubmitted or (before is not None and (result.mended or result.new)):
            compared.append(Compared(path, result.mended, result.still_open, result.new))
        if path in faulty:
            to_send.append(SentFile(path, sha256, None, None, result.issues))
    sent = _make_copies(to_send, sources, out, load_texts(LANGUAGE))
    absent = _absent(last, {file.path for file in originals.values()}, sources)
    compared += [_said_absent(file) for file in absent if not file.is_absent]
    kept = [replace(file, copy=None, copy_sha256=None, is_absent=True) for file in absent]
    memory = Memory((*sent, *kept), tuple(compared))
    write_memory(memory, out)
    return memory


@dataclass(frozen=True)
class _Workshop:
    """What the making of every copy shares."""

    out: Path
    copier: Copier
    texts: Texts


def _by_file(issues: Iterable[Issue], sources: Mapping[str, Path]) -> dict[str, list[Issue]]:
    found: dict[str, list[Issue]] = {}
    for issue in issues:
        if issue.file in sources:
            found.setdefault(issue.file, []).append(issue)
    return found


def _remove_copies(memory: Memory, out: Path) -> None:
    """Take away the copies of the last time; one that was worked on since is somebody's and stays."""
    for file in memory.files:
        copy = out / file.copy if file.copy else None
        if copy is not None and copy.is_file() and _sha256(copy) == file.copy_sha256:
            with contextlib.suppress(PermissionError):  # open in Excel on Windows: it is being worked on
                copy.unlink()


def _make_copies(files: Sequence[SentFile], sources: Mapping[str, Path], out: Path, texts: Texts) -> list[SentFile]:
    with Copier() as copier:
        workshop = _Workshop(out, copier, texts)
        return [_make_copy(file, sources[file.path], workshop) for file in files]


def _make_copy(file: SentFile, source: Path, workshop: _Workshop) -> SentFile:
    """Return the file with the copy that was made in the best way that works; without one when none does.

    An original that was too much for a process within its limits is not loaded a second time.
    """
    is_too_much = False
    taken = [entry.name for entry in workshop.out.iterdir()]
    for way in WAYS:
        if is_too_much and way in OF_ORIGINAL:
            continue
        name = copy_name(file.path, taken, EXCERPT if way == "excerpt" else "")
        target = workshop.out / name
        outcome = workshop.copier.make(build_order(file, str(source), str(target), way, workshop.texts))
        if outcome == "made":
            return replace(file, copy=name, copy_sha256=_sha256(target))
        is_too_much = outcome == "exhausted"
    return file


def _absent(last: Memory, found: set[str], sources: Mapping[str, Path]) -> list[SentFile]:
    """Return what was sent back and is not among the files that were read: nobody knows whether it is mended."""
    return [file for file in last.files if file.path not in found and file.path not in sources]


def _said_absent(file: SentFile) -> Compared:
    still: list[SentIssue] = [issue for issue in file.issues if issue.state != "mended"]
    return Compared(file.path, 0, len(still), 0, is_absent=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
