"""Section: is the data complete, and who has not submitted?"""

from collections import Counter
from collections.abc import Mapping

import pandas as pd

from pipeline.ingest.ledger import ROW_CLASSES, FileLedger
from pipeline.report.material.covering import span_of, speaks_of
from pipeline.report.material.findings import Finding, Outcome
from pipeline.report.material.numbers import listed, month_text
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets, Fold, Prose, Section, Stack, Subheading, Tone
from pipeline.report.page.table_block import Column, Mark, Table
from pipeline.report.quarterly.handed_in import missing_workbooks, workbook_name
from pipeline.report.quarterly.sentences import data_sentence
from pipeline.texts import Texts

FIRST_ISSUES = 12  # the page shows so many; the workbook and issues.csv hold them all
STATE_TONES: Mapping[str, Tone] = {"submitted": "good", "unreadable": "bad", "missing": "bad"}
KEPT: tuple[Outcome, ...] = ("checked", "skipped", "absent")  # nothing that was handed in was lost


def show_completeness(report: QuarterReport) -> Stack:
    """Show who has not submitted, what was read and refused, and the first issues."""
    texts = report.texts
    blocks: list[Block] = [Section("completeness", texts("completeness.title"), data_sentence(report))]
    missing = missing_workbooks(report)
    if missing:
        blocks.append(Bullets((*missing, *_perhaps_refused(report))))
    blocks.append(Fold(texts("completeness.matrix_fold"), _submission_matrix(report)))
    blocks.append(Prose((_rows_read(report.files, texts),)))
    refused = [file for file in report.files if file.status == "refused"]
    if refused:
        blocks.append(_refused_files(refused, report))
    return Stack((*blocks, *_issues(report)))


def _perhaps_refused(report: QuarterReport) -> tuple[str, ...]:
    """Say which refused files may hold what is missing: nobody knows what is in them, and nobody should be blamed.

    Those count whose names speak of the quarter or of no time.
    """
    refused = [file.path for file in report.files if file.status == "refused"]
    perhaps = [path for path in refused if speaks_of(path, None, report.months)]
    texts = report.texts
    return (texts("completeness.perhaps_refused", files=listed(perhaps, texts)),) if perhaps else ()


def findings_of_quarter(report: QuarterReport) -> list[Finding]:
    """Return what was found in workbooks that cover the quarter, or may have before they were turned down.

    Files with rows of the quarter count; so does a file or sheet of which nothing could be used, when its name speaks
    of the quarter or of no time at all. Lost data come first.
    """
    covering = set(report.of_quarter("coverage")["source_file"])
    dated = set(report.tables["coverage"]["source_file"])
    found = [
        finding
        for finding in report.findings
        if finding.file in covering
        or (
            speaks_of(finding.file, finding.sheet, report.months)
            and not (finding.file in dated and span_of(finding.file, finding.sheet) is None)
        )
    ]
    return sorted(found, key=lambda finding: (finding.outcome in KEPT, finding.severity))


def issue_title(code: str, texts: Texts) -> str:
    """Return what is wrong, without the content of the cell."""
    return texts(f"issue_title.{code}") if texts.has(f"issue_title.{code}") else texts("issue_title.other")


def _submission_matrix(report: QuarterReport) -> Table:
    texts = report.texts
    submissions = report.of_quarter("submissions").fillna({"party_group": ""})
    rows = []
    for (kind, group), own in submissions.groupby(["kind", "party_group"], sort=False):
        states = dict(zip(own["month"], own["state"], strict=True))
        row: dict[str, object] = {"workbook": workbook_name(report, str(kind), str(group))}
        for month in report.months:
            row[str(month)] = _state_mark(states.get(month), texts)
        rows.append(row)
    columns = [Column("workbook", texts("completeness.workbook"))]
    columns += [Column(str(month), month_text(month, texts)) for month in report.months]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(frame, tuple(columns), caption=texts("completeness.matrix"), note=texts("completeness.matrix_note"))


def _state_mark(state: str | None, texts: Texts) -> Mark | None:
    return Mark(texts(f"completeness.state_{state}"), STATE_TONES[state]) if state is not None else None


def _rows_read(files: tuple[FileLedger, ...], texts: Texts) -> str:
    """Account for every row: the classes add up to all of them."""
    status = Counter(file.status for file in files)
    sheets = [sheet for file in files for sheet in file.sheets]
    rows = {name: sum(getattr(sheet, name) for sheet in sheets) for name in ROW_CLASSES}
    return texts(
        "completeness.rows_read",
        files=status["read"],
        refused=status["refused"],
        skipped=status["skipped"],
        all=f"{sum(rows.values()):,}",
        **{name: f"{count:,}" for name, count in rows.items()},
    )


def _refused_files(refused: list[FileLedger], report: QuarterReport) -> Table:
    texts = report.texts
    frame = pd.DataFrame({"file": [file.path for file in refused], "reason": [file.reason for file in refused]})
    columns = (Column("file", texts("column.file")), Column("reason", texts("column.reason")))
    return Table(frame, columns, caption=texts("completeness.refused"))


def _issues(report: QuarterReport) -> tuple[Block, ...]:
    texts, issues = report.texts, findings_of_quarter(report)
    heading = Subheading(texts("issues.title"))
    counts = texts("issues.counts", quarter=len(issues), all=len(report.findings))
    if not issues:
        return (heading, Prose((counts,)))
    return (
        heading,
        Prose((counts,)),
        _issue_counts(issues, texts),
        Fold(texts("issues.fold"), _first_issues(issues, texts)),
    )


def _issue_counts(issues: list[Finding], texts: Texts) -> Table:
    counted = Counter((issue.outcome in KEPT, issue.code, issue.outcome) for issue in issues)
    ordered = sorted(counted.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][1:]))
    rows = [
        {"what": issue_title(code, texts), "outcome": outcome_mark(outcome, texts), "count": count}
        for (_, code, outcome), count in ordered
    ]
    columns = (
        Column("what", texts("column.issue")),
        Column("outcome", texts("column.severity")),
        Column("count", texts("column.count"), digits=0),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("issues.by_code"))


def _first_issues(issues: list[Finding], texts: Texts) -> Table:
    rows = [
        {
            "what": issue_title(issue.code, texts),
            "outcome": outcome_mark(issue.outcome, texts),
            "file": issue.file,
            "place": issue_place(issue, texts),
        }
        for issue in issues[:FIRST_ISSUES]
    ]
    columns = (
        Column("what", texts("column.issue")),
        Column("outcome", texts("column.severity")),
        Column("file", texts("column.file")),
        Column("place", texts("column.place")),
    )
    note = texts("issues.first_note", shown=len(rows), all=len(issues))
    return Table(pd.DataFrame(rows), columns, caption=texts("issues.first"), note=note)


def issue_place(issue: Finding, texts: Texts) -> str | None:
    """Return sheet and cell of an issue, or the periods that are missing; None when it is about a whole file."""
    if issue.periods:
        return texts("issues.missing", periods=issue.periods)
    if issue.sheet is None:
        return None
    return texts("issues.place", sheet=issue.sheet, cell=issue.cell) if issue.cell else issue.sheet


def outcome_mark(outcome: Outcome, texts: Texts) -> Mark:
    """Return what became of an issue, in the tone of what was lost."""
    return Mark(texts(f"outcome_of.{outcome}"), "info" if outcome in KEPT else "bad")
