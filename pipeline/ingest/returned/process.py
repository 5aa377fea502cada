"""The start of the process that makes copies: openpyxl without two packages that it would load to no use here."""

import os
import sys


def start() -> None:
    """Answer orders until there are no more.

    openpyxl takes numpy's numbers into cells, of which there are none. defusedxml would parse in Python what the
    parser of Python's library does in C: no part with a document type gets that far, see `originals.load_original`.
    """
    sys.modules["numpy"] = None  # type: ignore[assignment]  # an import of it fails, which openpyxl takes as its absence
    os.environ["OPENPYXL_DEFUSEDXML"] = "False"
    from pipeline.ingest.returned.worker import serve

    serve()


if __name__ == "__main__":
    start()
