"""Write the default rule book into the workbook that is shipped with the catalog's data."""

import sys
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.catalog.loader import DATA
from pipeline.ingest.templates.writing import make_rule_book
from pipeline.texts import LANGUAGES, load_texts

RULE_BOOK = DATA / "积分细则.xlsx"


def main(arguments: list[str]) -> int:
    """Write to the path that is given, else over the shipped workbook, and say where it is."""
    path = Path(arguments[0]) if arguments else RULE_BOOK
    path.write_bytes(make_rule_book(load_catalog(), load_texts(LANGUAGES[0])))
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
