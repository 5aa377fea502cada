"""Whether the bureau's own rule book was used, and which version the quarter was scored under."""

from pipeline.report.material.numbers import listed
from pipeline.report.material.quarter import QuarterReport
from pipeline.report.page.blocks import Notice

RULE_BOOK = "rule_book"
PLACES_SHOWN = 6


def rule_book_notice(report: QuarterReport) -> list[Notice]:
    """Return a notice when a rule book was handed in and not all of it was used; nothing otherwise."""
    texts, places = report.texts, rule_book_faults(report)
    if not places:
        return []
    own = {rule.version for rule in report.rules()} - {rule.version for rule in report.catalog.rules}
    text = texts(
        "rule_book.partly_used" if own else "rule_book.default_used",
        count=len(places),
        places=listed(places[:PLACES_SHOWN], texts),
        version="/".join(report.rule_versions),
    )
    return [Notice(texts("rule_book.title"), text, "bad")]


def rule_book_faults(report: QuarterReport) -> list[str]:
    """Return where a rule book could not be used: its cells at fault, and rule books that were refused."""
    texts = report.texts
    words = report.catalog.kinds[RULE_BOOK].name_words
    books = {file.path for file in report.files if file.kind == RULE_BOOK}
    refused = [file.path for file in report.files if file.status == "refused"]
    faults = [
        texts("rule_book.place", file=finding.file, sheet=finding.sheet or "", cell=finding.cell or "").strip()
        for finding in report.findings
        if finding.severity == "error" and (finding.file in books or _is_named(finding.file, words))
    ]
    return [*faults, *(path for path in refused if _is_named(path, words))]


def _is_named(path: str, words: tuple[str, ...]) -> bool:
    name = path.rpartition("/")[2]
    return any(word in name for word in words)
