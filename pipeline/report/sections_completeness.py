"""Section: is the data complete, and who has not submitted?"""

from collections import Counter

import pandas as pd

from pipeline.ingest.ledger import FileLedger, Issue
from pipeline.report.blocks import Block, Bullets, Fold, Prose, Section, Stack, Subheading
from pipeline.report.numbers import listed, month_text, short_month_text
from pipeline.report.quarter import QuarterReport
from pipeline.report.sentences import data_sentence
from pipeline.report.table_block import Column, Mark, Table
from pipeline.texts import Texts

FIRST_ISSUES = 12  # the page shows so many; the workbook and issues.csv hold them all


def show_completeness(report: QuarterReport) -> Stack:
    """Show who has not submitted, what was read and refused, and the first issues."""
    texts = report.texts
    blocks: list[Block] = [Section("completeness", texts("completeness.title"), data_sentence(report))]
    missing = missing_workbooks(report)
    if missing:
        blocks.append(Bullets(missing))
    blocks.append(Fold(texts("completeness.matrix_fold"), _submission_matrix(report)))
    blocks.append(Prose((_rows_read(report.files, texts),)))
    refused = [file for file in report.files if file.status == "refused"]
    if refused:
        blocks.append(_refused_files(refused, report))
    return Stack((*blocks, *_issues(report)))


def missing_workbooks(report: QuarterReport) -> tuple[str, ...]:
    """Return what was not handed in, one line for all workbooks that lack the same months."""
    texts, submissions = report.texts, report.of_quarter("submissions")
    open_ones = submissions[~submissions["is_submitted"].astype(bool)].fillna({"party_group": ""})
    workbooks: dict[str, list[str]] = {}
    for (kind, group), rows in open_ones.groupby(["kind", "party_group"], sort=False):
        months = listed((short_month_text(month, texts) for month in rows["month"]), texts)
        workbooks.setdefault(months, []).append(_workbook(report, str(kind), str(group)))
    return tuple(
        texts("completeness.missing", months=months, workbooks=listed(names, texts))
        for months, names in workbooks.items()
    )


def issues_of_quarter(report: QuarterReport) -> list[Issue]:
    """Return the issues in workbooks that cover the quarter, errors first."""
    coverage = report.of_quarter("coverage")
    covering = set(coverage["source_file"])
    return sorted((issue for issue in report.issues if issue.file in covering), key=lambda issue: issue.severity)


def issue_title(code: str, texts: Texts) -> str:
    """Return what is wrong, without the content of the cell."""
    return texts(f"issue_title.{code}") if texts.has(f"issue_title.{code}") else texts("issue_title.other")


def _workbook(report: QuarterReport, kind: str, group: str) -> str:
    label = report.label(report.catalog.kinds[kind])
    return report.texts("completeness.workbook_of_group", workbook=label, group=group) if group else label


def _submission_matrix(report: QuarterReport) -> Table:
    texts = report.texts
    submissions = report.of_quarter("submissions").fillna({"party_group": ""})
    rows = []
    for (kind, group), own in submissions.groupby(["kind", "party_group"], sort=False):
        handed_in = dict(zip(own["month"], own["is_submitted"], strict=True))
        row: dict[str, object] = {"workbook": _workbook(report, str(kind), str(group))}
        for month in report.months:
            row[str(month)] = _submitted_mark(handed_in.get(month), texts)
        rows.append(row)
    columns = [Column("workbook", texts("completeness.workbook"))]
    columns += [Column(str(month), month_text(month, texts)) for month in report.months]
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(frame, tuple(columns), caption=texts("completeness.matrix"), note=texts("completeness.matrix_note"))


def _submitted_mark(submitted: object, texts: Texts) -> Mark | None:
    if submitted is None:
        return None
    return Mark(texts("completeness.yes"), "good") if submitted else Mark(texts("completeness.no"), "bad")


def _rows_read(files: tuple[FileLedger, ...], texts: Texts) -> str:
    status = Counter(file.status for file in files)
    rows = {
        name: sum(getattr(sheet, name) for file in files for sheet in file.sheets)
        for name in ("used", "rejected", "total")
    }
    return texts(
        "completeness.rows_read",
        files=status["read"],
        refused=status["refused"],
        skipped=status["skipped"],
        used=f"{rows['used']:,}",
        rejected=f"{rows['rejected']:,}",
        totals=f"{rows['total']:,}",
    )


def _refused_files(refused: list[FileLedger], report: QuarterReport) -> Table:
    texts = report.texts
    frame = pd.DataFrame({"file": [file.path for file in refused], "reason": [file.reason for file in refused]})
    columns = (Column("file", texts("column.file")), Column("reason", texts("column.reason")))
    return Table(frame, columns, caption=texts("completeness.refused"))


def _issues(report: QuarterReport) -> tuple[Block, ...]:
    texts, issues = report.texts, issues_of_quarter(report)
    heading = Subheading(texts("issues.title"))
    counts = texts("issues.counts", quarter=len(issues), all=len(report.issues))
    if not issues:
        return (heading, Prose((counts,)))
    return (
        heading,
        Prose((counts,)),
        _issue_counts(issues, texts),
        Fold(texts("issues.fold"), _first_issues(issues, texts)),
    )


def _issue_counts(issues: list[Issue], texts: Texts) -> Table:
    counted = Counter((issue.severity, issue.code) for issue in issues)
    rows = [
        {"what": issue_title(code, texts), "severity": _severity_mark(severity, texts), "count": count}
        for (severity, code), count in sorted(counted.items(), key=lambda entry: (entry[0][0], -entry[1], entry[0][1]))
    ]
    columns = (
        Column("what", texts("column.issue")),
        Column("severity", texts("column.severity")),
        Column("count", texts("column.count"), digits=0),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("issues.by_code"))


def _first_issues(issues: list[Issue], texts: Texts) -> Table:
    rows = [
        {"what": issue_title(issue.code, texts), "file": issue.file, "place": _place(issue, texts)}
        for issue in issues[:FIRST_ISSUES]
    ]
    columns = (
        Column("what", texts("column.issue")),
        Column("file", texts("column.file")),
        Column("place", texts("column.place")),
    )
    note = texts("issues.first_note", shown=len(rows), all=len(issues))
    return Table(pd.DataFrame(rows), columns, caption=texts("issues.first"), note=note)


def _place(issue: Issue, texts: Texts) -> str | None:
    if issue.sheet is None:
        return None
    return texts("issues.place", sheet=issue.sheet, cell=issue.cell) if issue.cell else issue.sheet


def _severity_mark(severity: str, texts: Texts) -> Mark:
    return Mark(texts(f"severity.{severity}"), "bad" if severity == "error" else "info")
