"""What ``ronghe report`` says at its end: what happened, what was changed, and last where the page is."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from pipeline.ingest.returned.memory import read_memory
from pipeline.report.material.published import Changes
from pipeline.report.page.files import CHARTS_FOLDER, PDF_FILE
from pipeline.runs.quarter.pack import has_pack
from pipeline.runs.quarter.report import Outcome
from pipeline.runs.records.returned import change_lines, count_line
from pipeline.texts import Texts

MANY = 20  # changed files are named up to this number; more are counted


def outcome_lines(outcome: Outcome, texts: Texts, shown: Callable[[Path], str]) -> Iterable[str]:
    """Say what came of a report; ``shown`` gives a path as a person would type it."""
    manifest = outcome.manifest
    found = manifest.findings
    if outcome.is_unchanged:
        yield texts("run.unchanged", run_at=local_time(manifest.run_at))
    else:
        yield from _change_lines(manifest.changes, texts)
        if manifest.changes.moves is not None:
            moved = len(manifest.changes.moves)
            yield texts("run.moved" if moved else "run.nothing_moved", count=moved, page=shown(outcome.library))
    yield texts(
        "run.counts",
        read=found.files_read,
        refused=len(found.refusals),
        skipped=found.files_skipped,
        issues=found.errors + found.warnings,
    )
    yield texts("run.rows", **asdict(found.rows))
    yield from found.refusals
    yield from found.without_contents
    if found.errors or found.warnings:
        yield texts("run.issues", path=shown(outcome.issues))
    memory = read_memory(outcome.returned)
    if memory is not None and not outcome.is_unchanged:
        yield from change_lines(memory, texts)
    if memory is not None and memory.copies:
        yield count_line(memory, shown(outcome.returned), texts)
    for name, page in zip(("appendix", "annual", "board"), outcome.other_pages, strict=True):
        yield texts(f"run.page_{name}", path=shown(page))
    if has_pack(manifest.published):
        folder = outcome.page.parent
        yield texts("pack.written", pdf=shown(folder / PDF_FILE), charts=shown(folder / CHARTS_FOLDER))
    yield texts("run.page_library", path=shown(outcome.library))
    yield texts("run.page", path=shown(outcome.page))


def _change_lines(changes: Changes, texts: Texts) -> Iterable[str]:
    if changes.since is None:
        return
    causes = texts("run.cause_separator").join(texts(f"run.cause_{cause}") for cause in changes.causes)
    yield texts("run.made_anew", since=local_time(changes.since), causes=causes)
    for name in ("changed", "added", "removed"):
        paths = getattr(changes, name)
        for path in paths[:MANY]:
            yield texts(f"run.input_{name}", path=path)
        if len(paths) > MANY:
            yield texts("run.inputs_more", count=len(paths) - MANY)


def local_time(moment: str) -> str:
    """Return the time of a manifest (ISO, UTC) as the clock on the wall shows it: 2026-11-22 21:07."""
    return datetime.fromisoformat(moment).astimezone().strftime("%Y-%m-%d %H:%M")
