"""Issues in the words of a returned workbook: the comments on its cells and the lines of its list. Always Chinese."""

from collections.abc import Sequence

from pipeline.ingest.returned.memory import SentFile, SentIssue
from pipeline.ingest.returned.orders import LIST_MARK, ListLine, Mark, Order, Way
from pipeline.texts import Texts

LANGUAGE = "zh"  # the clerks' language, whatever the analyst's is
MAX_MARKS = 5_000
"""Cells and lines of one copy: far above what a person mends by hand, and each comment is a drawing to be loaded."""

COLUMNS = ("number", "sheet", "cell", "message", "seen", "expected", "severity", "state")


def build_order(file: SentFile, source: str, target: str, way: Way, texts: Texts) -> Order:
    """Return the order for the copy of one file; ``texts`` are those of `LANGUAGE`."""
    kept = file.issues[:MAX_MARKS]
    return Order(
        source=source,
        target=target,
        way=way,
        origin=file.path,
        notes=_notes(file, texts),
        header=tuple(texts(f"returned.column_{name}") for name in COLUMNS),
        lines=tuple(_line(issue, texts) for issue in kept),
        marks=_marks(kept, texts),
    )


def _notes(file: SentFile, texts: Texts) -> dict[str, str]:
    is_cut = len(file.issues) > MAX_MARKS
    return {
        "title": texts("returned.title", mark=LIST_MARK, path=file.path),
        "about": texts("returned.about", faults=len(file.issues) - file.count("mended"), mended=file.count("mended")),
        "plain": texts("returned.plain"),
        "grid": texts("returned.grid"),
        "excerpt": texts("returned.excerpt"),
        "excerpt_mark": texts("returned.excerpt_mark"),
        "macros": texts("returned.macros"),
        "pictures": texts("returned.pictures"),
        "cut": texts("returned.cut", shown=MAX_MARKS, total=len(file.issues)) if is_cut else "",
        "earlier_comment": texts("returned.earlier_comment", author="{author}"),
    }


def _line(issue: SentIssue, texts: Texts) -> ListLine:
    return ListLine(
        sheet=issue.sheet,
        cell=issue.cell,
        message=issue.message,
        seen=issue.seen,
        expected=issue.expected,
        severity=texts(f"returned.severity_{issue.severity}"),
        state=texts(f"returned.state_{issue.state}"),
        is_mended=issue.state == "mended",
    )


def _marks(issues: Sequence[SentIssue], texts: Texts) -> tuple[Mark, ...]:
    """Return one mark a cell, with all that is wrong there and its numbers in the list."""
    by_cell: dict[tuple[str, str], list[str]] = {}
    for number, issue in enumerate(issues, start=1):
        if issue.sheet is None or issue.cell is None or issue.state == "mended":
            continue
        severity = texts(f"returned.severity_{issue.severity}")
        line = texts(
            "returned.comment_issue",
            number=number,
            severity=severity,
            message=issue.message,
            expected=issue.expected,
        )
        by_cell.setdefault((issue.sheet, issue.cell), []).append(line)
    return tuple(
        Mark(sheet, cell, "\n".join([texts("returned.comment_head"), *lines, texts("returned.comment_foot")]))
        for (sheet, cell), lines in by_cell.items()
    )
