"""Looking into a bureau's workbooks before a quarter is chosen. Loads what reads, and nothing that draws or counts."""

from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import latest_full_quarter, quarters_with_data, read_bureau
from pipeline.ingest.store import cache_of
from pipeline.runs.quarter.assignments import Survey
from pipeline.runs.records.progress import Progress
from pipeline.texts import load_texts


def survey(bureau: Path, home: Path, lang: str, _: Progress) -> Survey:
    """Read a bureau's workbooks, keep what was read in the folder ``home``, and tell which quarters hold data."""
    reading = read_bureau(bureau, load_catalog(), load_texts(lang), cache_of(home))
    quarters = tuple(str(quarter) for quarter in quarters_with_data(reading))
    latest = latest_full_quarter(reading)
    return Survey(home, quarters, str(latest) if latest is not None else None)
