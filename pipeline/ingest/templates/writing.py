"""Templates as files: one a kind, the same bytes for the same catalog and bureau."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

from pipeline.catalog import Catalog
from pipeline.ingest.templates.forms import Form, plan_form
from pipeline.ingest.templates.guide import write_guide
from pipeline.ingest.templates.lists import write_lists
from pipeline.ingest.templates.sheets import write_sheet
from pipeline.ingest.templates.subject import Subject, subject_of
from pipeline.ingest.vocabulary import build_vocabulary
from pipeline.parameters import ParameterError
from pipeline.spreadsheets.cells import save_bytes
from pipeline.texts import Texts

RULE_BOOK_KINDS = ("rule_book", "rule_terms")
STAMP = datetime(2000, 1, 1)  # in the properties of every template instead of the clock
ENDING = ".xlsx"


def make_templates(catalog: Catalog, subject: Subject, texts: Texts) -> Mapping[str, bytes]:
    """Return file name -> bytes of a template for every kind of the catalog.

    ``texts`` are those of the people who fill them in: Chinese, whatever language the command speaks.
    """
    vocabulary = build_vocabulary(catalog)
    forms = [plan_form(kind, vocabulary, subject) for kind in catalog.kinds.values()]
    return {f"{form.kind.label_zh}{ENDING}": _workbook([form], subject, texts) for form in forms}


def make_rule_book(catalog: Catalog, texts: Texts) -> bytes:
    """Return the default rule book as one workbook: its items and, on a second sheet, its terms.

    It is a template like the others, filled in with the catalog's own rules, and reads back to them.
    """
    vocabulary, subject = build_vocabulary(catalog), subject_of(None, catalog)
    forms = [plan_form(catalog.kinds[kind], vocabulary, subject) for kind in RULE_BOOK_KINDS]
    return _workbook(forms, subject, texts)


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
    """Write the templates into a new or empty folder, all of them or none; raises `OSError`.

    That is a `FileExistsError` rather than a file that is written over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    try:
        for name, content in files.items():
            with (folder / name).open("xb") as stream:
                written.append(folder / name)
                stream.write(content)
    except BaseException:
        for path in written:
            path.unlink()
        raise


def _workbook(forms: Sequence[Form], subject: Subject, texts: Texts) -> bytes:
    """Return a workbook with a sheet for each form, then what explains them, then the hidden lists."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    references = write_lists(workbook, forms, texts)
    for form in forms:
        write_sheet(workbook, form, subject, references, texts)
    write_guide(workbook, forms, texts)
    if references:
        workbook.move_sheet(workbook.worksheets[0], len(workbook.worksheets) - 1)
    workbook.active = 0
    return save_bytes(workbook, STAMP)
