"""What need not be done again: a notebook whose tables are what they were when its published outcome was made.

The basis of a run (parameters, code, packages) must be the same but for the workbooks, and every file that the notebook
read then, as the system told, must now be there with the same content. Its executed form, the tables it wrote and the
pages made of it are then taken over as they are.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path

from pipeline.report.page.files import ANNUAL_FILE, APPENDIX_FILE, BOARD_FILE, REPORT_FILE, WORKBOOK_FILE
from pipeline.runs.records.fingerprints import hash_file
from pipeline.runs.records.manifest import Manifest
from pipeline.runs.records.places import (
    ANNUAL_NOTEBOOK,
    BOARD_NOTEBOOK,
    NOTEBOOKS,
    REPORT_NOTEBOOK,
    Places,
    executed_file,
)

# What is made of a notebook and of nothing but the tables that it reads
PAGES: Mapping[str, tuple[str, ...]] = {
    REPORT_NOTEBOOK: (REPORT_FILE, APPENDIX_FILE, WORKBOOK_FILE),
    ANNUAL_NOTEBOOK: (ANNUAL_FILE,),
    BOARD_NOTEBOOK: (BOARD_FILE,),
}


def is_as_before(notebook: str, places: Places, before: Manifest) -> bool:
    """Tell whether ``notebook`` would find the tables that it found for the published report ``before``.

    Never of the first, which reads the workbooks themselves.
    """
    used = before.notebooks.get(notebook)
    if used is None or notebook == NOTEBOOKS[0]:
        return False
    known = {file.path: file.sha256 for file in before.tables}
    folder = places.processed.building
    if not known.keys() >= set(used.written):
        return False  # an edited manifest: only what lies in the folder of the tables is ever taken over
    return all(
        name in known and (folder / name).is_file() and hash_file(folder / name, folder).sha256 == known[name]
        for name in used.read
    )


def take_over(notebook: str, places: Places, before: Manifest) -> None:
    """Put what the published report holds of ``notebook`` into the folders of the one that is being built."""
    for name in before.notebooks[notebook].written:
        _copy(places.processed.final / name, places.processed.building / name)
    for name in (executed_file(notebook), *PAGES.get(notebook, ())):
        _copy(places.figures.final / name, places.figures.building / name)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)
