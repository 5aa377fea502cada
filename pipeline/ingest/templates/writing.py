"""Templates as files: one a kind, the same bytes for the same catalog and bureau."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import openpyxl

from pipeline.catalog import Catalog
from pipeline.ingest.templates.forms import Form, plan_form
from pipeline.ingest.templates.guide import write_guide
from pipeline.ingest.templates.lists import write_lists
from pipeline.ingest.templates.sheets import write_sheet
from pipeline.ingest.templates.subject import Subject
from pipeline.ingest.vocabulary import build_vocabulary
from pipeline.parameters import ParameterError
from pipeline.spreadsheets.cells import save_bytes
from pipeline.texts import Texts

STAMP = datetime(2000, 1, 1)  # in the properties of every template instead of the clock
ENDING = ".xlsx"


def make_templates(catalog: Catalog, subject: Subject, texts: Texts) -> Mapping[str, bytes]:
    """Return file name -> bytes of a template for every kind of the catalog.

    ``texts`` are those of the people who fill them in: Chinese, whatever language the command speaks.
    """
    vocabulary = build_vocabulary(catalog)
    forms = [plan_form(kind, vocabulary, subject) for kind in catalog.kinds.values()]
    return {f"{form.kind.label_zh}{ENDING}": _workbook(form, subject, texts) for form in forms}


def check_target(folder: Path) -> None:
    """Raise `ParameterError` for a folder with anything in it: templates that somebody filled in are not written over.

    A file in place of the folder is refused as well.
    """
    if folder.exists() and not folder.is_dir():
        raise ParameterError("templates.target_is_file", path=folder)
    held = sorted(entry.name for entry in folder.iterdir()) if folder.is_dir() else []
    if held:
        raise ParameterError("templates.target_not_empty", folder=folder, file=folder / held[0])


def save_templates(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write the templates into a new or empty folder; raises `FileExistsError` rather than write over a file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        with (folder / name).open("xb") as stream:
            stream.write(content)


def _workbook(form: Form, subject: Subject, texts: Texts) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    references = write_lists(workbook, form, texts)
    write_guide(workbook, form, texts)
    write_sheet(workbook, form, subject, references, texts)
    workbook.move_sheet(texts("templates.sheet_guide"), -workbook.index(workbook[texts("templates.sheet_guide")]) + 1)
    workbook.active = 0
    return save_bytes(workbook, STAMP)
