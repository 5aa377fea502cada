"""Section: can these numbers be defended? Rule version, definitions, issues, files, versions, method."""

import platform
from collections import Counter
from importlib.metadata import version

import pandas as pd

from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Block, Bullets, Fold, HtmlBlock, Prose, Section, Stack, Subheading
from pipeline.report.page.table_block import Column, Table
from pipeline.report.quarterly.rule_book import rule_book_notice
from pipeline.report.quarterly.sections_completeness import KEPT, findings_of_quarter
from pipeline.stats.words import NEEDED

HASH_DIGITS = 12  # enough to tell files apart by eye; the manifest holds the whole sum
PACKAGES = ("numpy", "pandas", "scipy", "plotly", "openpyxl", "python-calamine")


def show_defence(report: QuarterReport) -> Stack:
    """Show on what the numbers rest."""
    texts = report.texts
    findings = Counter(finding.outcome for finding in findings_of_quarter(report))
    facts = (
        texts("defence.rules", version="/".join(report.rule_versions), month=_rules_since(report)),
        texts("defence.corrections"),
        texts(
            "defence.issues",
            lost=sum(count for outcome, count in findings.items() if outcome not in KEPT),
            checked=findings["checked"],
            skipped=findings["skipped"],
        ),
        texts("defence.files", count=sum(file.status == "read" for file in report.files)),
        texts("defence.privacy"),
    )
    blocks: tuple[Block, ...] = (
        Section("defence", texts("defence.title"), texts("defence.lead")),
        *rule_book_notice(report),
        Bullets(facts),
        Subheading(texts("defence.method_title")),
        Prose((texts("defence.method"), texts("defence.method_limits", **NEEDED))),
        Fold(texts("defence.definitions_fold"), _definitions(report)),
        Fold(texts("defence.files_fold"), _files(report)),
        Prose((_software(report),)),
    )
    return Stack(blocks)


def _rules_since(report: QuarterReport) -> str:
    months = {rule.effective_month for rule in report.rules()}
    return max(months) if months else ""


def _definitions(report: QuarterReport) -> HtmlBlock:
    texts = report.texts
    english = texts.lang == "en"
    rows = [
        {
            "metric": report.label(metric),
            "unit": texts(f"unit.{metric.unit}"),
            "definition": metric.definition_en if english else metric.definition_zh,
        }
        for metric in report.catalog.metrics.values()
        if any(report.bureau.owns(group, metric.metric) for group in report.groups)
    ]
    columns = (
        Column("metric", texts("column.metric")),
        Column("unit", texts("column.unit")),
        Column("definition", texts("column.definition")),
    )
    return Table(pd.DataFrame(rows), columns, caption=texts("defence.definitions"))


def _files(report: QuarterReport) -> HtmlBlock:
    """Return the files that cover the quarter, or may have but for a fault, and those that hold for every quarter.

    The years before are in the manifest.
    """
    texts = report.texts
    covering = set(report.of_quarter("coverage")["source_file"])
    covering |= {finding.file for finding in findings_of_quarter(report)}
    lasting = {kind.kind for kind in report.catalog.kinds.values() if kind.cadence == "once"}  # roster, rule book
    read = [file for file in report.files if file.status == "read"]
    covering |= {file.path for file in read if file.kind in lasting}
    files = [file for file in report.files if file.path in covering or file.status == "refused"]
    rows = [
        {
            "path": file.path,
            "kind": report.label(report.catalog.kinds[file.kind]) if file.kind else None,
            "used": sum(sheet.used for sheet in file.sheets),
            "rejected": sum(sheet.rejected for sheet in file.sheets),
            "hash": file.sha256[:HASH_DIGITS],
        }
        for file in files
    ]
    columns = (
        Column("path", texts("column.file")),
        Column("kind", texts("column.kind")),
        Column("used", texts("defence.used"), digits=0),
        Column("rejected", texts("defence.rejected"), digits=0),
        Column("hash", "SHA-256"),
    )
    frame = pd.DataFrame(rows, columns=[column.name for column in columns])
    return Table(
        frame,
        columns,
        caption=texts("defence.file_table"),
        note=texts("defence.file_note", shown=sum(file in read for file in files), all=len(read)),
    )


def _software(report: QuarterReport) -> str:
    names = [f"Python {platform.python_version()}", *(f"{name} {version(name)}" for name in PACKAGES)]
    return report.texts(
        "defence.software", versions=" · ".join(names), catalog=report.catalog.fingerprint[:HASH_DIGITS]
    )
