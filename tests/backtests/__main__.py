"""Write the frozen tables anew and declare why: ``python -m tests.backtests --declare "which numbers, and why"``.

Makes the report of the shipped bureau in a folder for temporary files, or takes the tables of one from ``--tables``.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from pipeline.catalog import load_catalog
from tests.backtests.changelog import CHANGELOG, declare
from tests.backtests.frozen import FROZEN, differences, digest, freeze, read_tables
from tests.browser.published import Published, make_report

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the command; without ``--declare`` only tell what changed, with status 1 when something has."""
    parser = argparse.ArgumentParser(prog="python -m tests.backtests", description=__doc__)
    parser.add_argument("--declare", metavar="REASON", help="write the tables and the line in CHANGELOG.md")
    parser.add_argument("--tables", type=Path, metavar="DIR", help="tables of the sample's quarter, made just now")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        tables = options.tables or _made(Path(home))
        texts = list(read_tables(tables, ROOT / "data" / "raw" / "sample", load_catalog()))
    changed = differences(texts)
    print("\n".join(changed) or "no number has changed")
    if not changed or options.declare is None:
        return 1 if changed else 0
    freeze(texts, FROZEN)
    text = CHANGELOG.read_text(encoding="utf-8")
    CHANGELOG.write_text(declare(text, options.declare, digest()), encoding="utf-8", newline="\n")
    return 0


def _made(home: Path) -> Path:
    make_report(ROOT, home, "zh")
    return Published(home, "zh").tables


if __name__ == "__main__":
    sys.exit(main())
