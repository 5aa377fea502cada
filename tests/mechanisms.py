"""``docs/mechanisms.md`` as rows: what the documents promise of the founding article's mechanisms."""

import re
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
COLUMNS = ("number", "mechanism", "workbook", "table", "page", "test")
QUOTED = re.compile(r"`([^`]+)`")


def read_rows() -> list[dict[str, str]]:
    lines = (ROOT / "docs" / "mechanisms.md").read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if re.match(r"\| \d", line)]
    return [dict(zip(COLUMNS, row, strict=True)) for row in cells]


def documented_sections(pages: Collection[str]) -> list[tuple[str, str]]:
    """Return (page, section) of everything that the documents say is shown on one of ``pages``."""
    places = {place for row in read_rows() for place in QUOTED.findall(row["page"])}
    named = [place.partition("#")[::2] for place in sorted(places)]
    return [(page, section) for page, section in named if page in pages]
