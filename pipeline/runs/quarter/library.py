"""The period library of a bureau: made from what is published, again whenever that or the code has changed.

Whether it has is told without loading pandas, by the manifests and by names and sizes of files; the page carries the
digest that it was made from, and its own, so that a page that somebody has changed is made again as well.
"""

import hashlib
import json
import re
from pathlib import Path

from pipeline.report.material.published import LIBRARY_FILE, PublishedQuarter
from pipeline.runs.processes.tasks import in_fork
from pipeline.runs.records.durable import write_durably
from pipeline.runs.records.fingerprints import package_versions
from pipeline.runs.records.manifest import FORMAT, BadManifest, Manifest, find_damage
from pipeline.runs.records.places import MANIFEST, Places
from pipeline.runs.records.progress import Progress

QUARTER_FOLDER = re.compile(r"\d{4}Q[1-4]")


def library_of(places: Places) -> Path:
    """Return where the period library of a bureau stands."""
    return places.figures.final.parent / LIBRARY_FILE


def refresh_library(places: Places, code: str, progress: Progress) -> bool:
    """Write ``index.html`` of a bureau unless it says already what it would say; tell whether it was written.

    ``code`` is the fingerprint of the code. Needs the bureau's lock. The page is replaced in one step, by a process of
    its own.
    """
    page = library_of(places)
    if _is_of(page, _digest_of_published(page.parent, places.processed.final.parent, code)):
        return False
    in_fork(write_library, places, code, progress=progress)
    return True


def write_library(places: Places, code: str, _: Progress) -> None:
    """Write ``index.html`` of a bureau."""
    from pipeline.report.library.page import render_library
    from pipeline.report.library.view import load_library  # loads pandas and plotly

    page, processed = library_of(places), places.processed.final.parent
    basis = _digest_of_published(page.parent, processed, code)
    text = render_library(load_library(published_quarters(page.parent, processed), processed, page.parent.name))
    write_durably(page, text + _seal(text.encode(), basis))


def published_quarters(figures: Path, processed: Path) -> tuple[PublishedQuarter, ...]:
    """Return every quarter that has a folder in ``figures`` or ``processed`` (the bureau's), in order."""
    return tuple(_published(quarter, figures / quarter, processed / quarter) for quarter in _names(figures, processed))


def _published(quarter: str, figures: Path, tables: Path) -> PublishedQuarter:
    pages = tuple(sorted(path.name for path in figures.glob("*") if path.is_file() and path.name != MANIFEST))
    path = figures / MANIFEST
    if not path.is_file():
        return PublishedQuarter(quarter, pages, "no_manifest")
    try:
        manifest = Manifest.read(path)
    except BadManifest:
        return PublishedQuarter(quarter, pages, _why_bad(path))
    return PublishedQuarter(
        quarter=quarter,
        pages=pages,
        refusal=_fault_of_tables(tables, manifest),
        run_at=manifest.run_at,
        lang=manifest.basis.parameters.lang,
        rule_versions=manifest.findings.rule_versions,
        rows_used=manifest.findings.rows.used,
        rows_rejected=manifest.findings.rows.rejected,
        is_synthetic=manifest.findings.is_synthetic,
        changes=manifest.changes,
    )


def _why_bad(path: Path) -> str:
    """Tell a manifest of another version from one that cannot be read at all."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return "damaged_manifest"
    is_other = isinstance(record, dict) and isinstance(record.get("format"), int) and record["format"] != FORMAT
    return "other_manifest" if is_other else "damaged_manifest"


def _fault_of_tables(folder: Path, manifest: Manifest) -> str:
    faults = [damage.fault for damage in find_damage(folder, manifest.tables)]
    if "missing" in faults:
        return "missing_tables"
    return "damaged_tables" if "changed" in faults else ""


def _names(figures: Path, processed: Path) -> list[str]:
    folders = [path for root in (figures, processed) for path in root.glob("*") if path.is_dir()]
    return sorted({path.name for path in folders if QUARTER_FOLDER.fullmatch(path.name)})


def _digest_of_published(figures: Path, processed: Path, code: str) -> str:
    """Return a digest of all that the page is made from, by manifests and by names and sizes of files."""
    digest = hashlib.sha256(json.dumps([code, package_versions(), figures.name]).encode())
    for quarter in _names(figures, processed):
        manifest = figures / quarter / MANIFEST
        text = manifest.read_bytes() if manifest.is_file() else b""
        digest.update(f"{quarter}\0{hashlib.sha256(text).hexdigest()}\n".encode())
        for folder in (figures / quarter, processed / quarter):
            for path in sorted(folder.glob("*")):
                size = path.stat().st_size if path.is_file() else -1
                digest.update(f"{folder.parent == figures}\0{path.name}\0{size}\n".encode())
    return digest.hexdigest()


def _seal(text: bytes, basis: str) -> str:
    return f"\n<!-- ronghe library {basis} {hashlib.sha256(text).hexdigest()} -->\n"


def _is_of(page: Path, basis: str) -> bool:
    """Tell whether the page was made from ``basis`` and is as it was made."""
    if not page.is_file():
        return False
    content, length = page.read_bytes(), len(_seal(b"", basis))
    return content[-length:] == _seal(content[:-length], basis).encode()
