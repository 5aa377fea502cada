"""Sections of the period library: the list of quarters, what was restated, and what changed since a last run."""

from collections.abc import Iterable

import pandas as pd

from pipeline.report.library.view import Library, Shelf, quarters_known
from pipeline.report.library.words import Links, move_change, move_group, move_name, move_value
from pipeline.report.material.base import PageMaterial
from pipeline.report.material.marks import group_marks
from pipeline.report.material.moves import METRICS, STANDINGS, moved_figures
from pipeline.report.material.numbers import joined, listed, quarter_text, rate_text
from pipeline.report.material.published import Move, PublishedQuarter
from pipeline.report.material.restated import restatement_table, touched
from pipeline.report.material.totals import completeness
from pipeline.report.page.blocks import Block, Bullets, Prose, Section, Stack, Subheading
from pipeline.report.page.facets import RowKeys
from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, PDF_FILE, REPORT_FILE
from pipeline.report.page.table_block import MISSING, Column, Table, filled_columns
from pipeline.texts import Texts

# The pages of a quarter by file, and the text that names each (library.page_<name>)
PAGES = (
    (REPORT_FILE, "report"),
    (ANNUAL_FILE, "annual"),
    (BOARD_FILE, "board"),
    (APPENDIX_FILE, "appendix"),
    ("report.xlsx", "workbook"),
    (PDF_FILE, "pdf"),
)
THEN_AND_NOW = (STANDINGS, METRICS)  # verdicts are of the whole history up to a quarter: a later one is another verdict


def show_quarters(library: Library) -> Stack:
    """Show every quarter in the bureau's folders, the newest first, with the reason where it is not read."""
    texts = library.texts
    frame = pd.DataFrame([_quarter_row(shelf, texts) for shelf in library.shelves])
    columns = (
        Column("period", texts("library.quarter")),
        Column("pages", texts("library.pages")),
        Column("run_at", texts("library.run_at")),
        Column("versions", texts("library.rule_version")),
        Column("used", texts("library.rows_used"), digits=0),
        Column("rejected", texts("library.rows_rejected"), digits=0),
        Column("handed_in", texts("library.handed_in")),
        Column("remark", texts("library.remark")),
    )
    lead = texts("library.quarters_lead", count=len(library.shelves), readable=len(library.readable))
    table = Table(
        frame,
        filled_columns(frame.replace(MISSING, None), columns),
        caption=texts("library.quarters_table"),
        note=texts("library.quarters_note"),
        keys=RowKeys(period="quarter"),
    )
    return Stack((Section("quarters", texts("library.quarters_title"), lead), table))


def show_restated(library: Library, newest: PageMaterial) -> Stack:
    """Show where a quarter's figures as published differ from what the newest tables say of that quarter."""
    texts = library.texts
    older = [(entry, material) for entry, material in library.readable if material.quarter != newest.quarter]
    found = [(material.quarter, "", _restated(material, newest)) for _, material in older]
    blocks: list[Block] = [
        Section("restated", texts("library.restated_title"), _restated_lead(found, newest)),
        Prose(_restated_notes(library, newest)),
    ]
    if any(moves for *_, moves in found):
        words = (texts("library.as_published"), texts("library.as_of_now"))
        blocks.append(moves_table(found, newest, texts("library.restated_table"), words))
    blocks.append(Subheading(texts("library.corrections_title")))
    corrected = touched(_restatements(library))
    if corrected.empty:
        blocks.append(Prose((texts("library.no_corrections"),)))
    else:
        blocks.append(restatement_table(newest, corrected))
    return Stack(tuple(blocks))


def show_reruns(library: Library, newest: PageMaterial) -> Stack:
    """Show for every quarter what its last run changed in the figures of the run before it, and earlier ones."""
    texts = library.texts
    lines = tuple(
        texts("library.rerun_line", quarter=quarter_text(material.quarter, texts), words=_rerun_words(entry, texts))
        for entry, material in library.readable
    )
    blocks: list[Block] = [
        Section("reruns", texts("library.reruns_title"), texts("library.reruns_lead")),
        Bullets(lines),
    ]
    found = [
        (material.quarter, _moment(rerun.since), rerun.moves)
        for entry, material in library.readable
        for rerun in entry.changes.reruns
    ]
    if found:
        words = (texts("library.last_run"), texts("library.this_run"))
        blocks.append(moves_table(found, newest, texts("library.reruns_table"), words))
    return Stack(tuple(blocks))


def moves_table(
    found: Iterable[tuple[pd.Period, str, Iterable[Move]]], newest: PageMaterial, caption: str, words: tuple[str, str]
) -> Table:
    """Return moves one by one, with when the first of the two sides was made, if that is told; ``words`` name them."""
    texts, catalog = newest.texts, newest.catalog
    since = [since for _, since, moves in found for _ in moves]
    rows = [(quarter, move) for quarter, _, moves in found for move in moves]
    frame = pd.DataFrame(
        {
            "period": [quarter_text(quarter, texts) for quarter, _ in rows],
            "since": since,
            "group": group_marks(newest, [move_group(move, texts) for _, move in rows]),
            "figure": [move_name(move, newest) for _, move in rows],
            "before": [move_value(move.before, move, catalog, texts) for _, move in rows],
            "after": [move_value(move.after, move, catalog, texts) for _, move in rows],
            "change": [move_change(move, catalog, texts) for _, move in rows],
            "quarter": [quarter for quarter, _ in rows],
            "metric": [move.metric for _, move in rows],
        }
    )
    columns = (
        Column("period", texts("library.quarter")),
        *([Column("since", texts("library.since"))] if any(since) else []),
        Column("group", texts("column.party_group")),
        Column("figure", texts("library.figure")),
        Column("before", words[0], digits=0),
        Column("after", words[1], digits=0),
        Column("change", texts("library.change"), digits=0),
    )
    return Table(frame, columns, caption=caption, keys=RowKeys(group="group", metric="metric", period="quarter"))


def _quarter_row(shelf: Shelf, texts: Texts) -> dict[str, object]:
    entry, quarter = shelf.entry, shelf.quarter
    is_known = bool(entry.run_at)
    return {
        "period": quarter_text(quarter, texts),
        "pages": _links(entry, quarter, texts),
        "run_at": entry.run_at[:16].replace("T", " ") if is_known else MISSING,  # to the minute, UTC
        "versions": listed(entry.rule_versions, texts) if entry.rule_versions else MISSING,
        "used": entry.rows_used if is_known else None,
        "rejected": entry.rows_rejected if is_known else None,
        "handed_in": _handed_in(shelf.material, texts) if shelf.material else MISSING,
        "remark": texts(f"library.unread_{entry.refusal}") if entry.refusal else MISSING,
        "quarter": quarter,
    }


def _links(entry: PublishedQuarter, quarter: pd.Period, texts: Texts) -> object:
    links = tuple(
        (
            texts(f"library.page_{name}"),
            texts("library.page_of_quarter", quarter=quarter_text(quarter, texts), page=texts(f"library.page_{name}")),
            f"{entry.quarter}/{file}",
        )
        for file, name in PAGES
        if file in entry.pages
    )
    return Links(listed((words for words, _, _ in links), texts), links=links) if links else MISSING


def _handed_in(material: PageMaterial, texts: Texts) -> str:
    counts = completeness(material)
    return texts(
        "library.handed_in_of_due",
        submitted=counts.submitted,
        due=counts.due,
        share=rate_text(counts.submitted_pct, texts),
    )


def _restated(material: PageMaterial, newest: PageMaterial) -> tuple[Move, ...]:
    """Return what the newest tables see differently in a quarter; () for a quarter that they do not hold."""
    if material.quarter not in quarters_known(newest):
        return ()
    then, now = ({name: page.tables[name] for name in THEN_AND_NOW} for page in (material, newest))
    return moved_figures(then, now, material.quarter, newest.catalog)


def _restated_lead(found: list[tuple[pd.Period, str, tuple[Move, ...]]], newest: PageMaterial) -> str:
    texts = newest.texts
    if not found:
        return texts("library.restated_alone")
    changed = [quarter_text(quarter, texts) for quarter, _, moves in found if moves]
    if not changed:
        return texts("library.restated_none", count=len(found), newest=quarter_text(newest.quarter, texts))
    count = sum(len(moves) for *_, moves in found)
    return texts("library.restated_lead", count=count, quarters=listed(changed, texts))


def _restated_notes(library: Library, newest: PageMaterial) -> tuple[str, ...]:
    """Explain the two sides, and name the quarters that were made again after the newest one."""
    texts = library.texts
    newest_run = next(entry.run_at for entry, material in library.readable if material is newest)
    later = [quarter_text(material.quarter, texts) for entry, material in library.readable if entry.run_at > newest_run]
    notes = [texts("library.restated_note", newest=quarter_text(newest.quarter, texts))]
    if later:
        names = {"quarters": listed(later, texts), "newest": quarter_text(newest.quarter, texts)}
        notes.append(texts("library.newest_is_older", **names))
    return tuple(notes)


def _restatements(library: Library) -> pd.DataFrame:
    """Return what corrections changed by group and quarter, as the newest tables that speak of a quarter have it."""
    rows = pd.concat([material.tables["restatements"] for _, material in library.readable], ignore_index=True)
    return rows.drop_duplicates(["party_group", "quarter"])


def _rerun_words(entry: PublishedQuarter, texts: Texts) -> str:
    changes = entry.changes
    if changes.since is None:
        return texts("library.first_run")
    causes = texts("run.cause_separator").join(texts(f"run.cause_{cause}") for cause in changes.causes)
    if changes.moves is None:
        found = texts("library.moves_unknown")
    else:
        found = texts("library.moves_count", count=len(changes.moves)) if changes.moves else texts("library.moves_none")
    return joined((texts("library.run_again", since=_moment(changes.since), causes=causes), found), texts)


def _moment(run_at: str) -> str:
    return run_at[:16].replace("T", " ")
