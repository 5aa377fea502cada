"""``ronghe templates``: blank workbooks for a bureau, or for one that has none yet."""

from collections.abc import Iterable
from pathlib import Path

from pipeline.catalog import load_catalog
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.templates.subject import subject_of
from pipeline.ingest.templates.writing import check_target, make_templates, save_templates
from pipeline.parameters import check_bureau
from pipeline.runs.publishing.publications import check_outside
from pipeline.texts import LANGUAGES, Texts, load_texts


def write_templates(folder: Path, bureau: Path | None, texts: Texts) -> Iterable[str]:
    """Write a template for every kind into ``folder`` and return what to tell, in the language of ``texts``.

    Raises `ParameterError` for a folder that holds anything, and for a bureau that is no folder or would hold it;
    nothing is written then. The workbooks are in the managers' language whoever runs the command.
    """
    check_target(folder)
    if bureau is not None:
        check_bureau(bureau)
        check_outside(folder, (bureau,))
    catalog = load_catalog()
    reading = None if bureau is None else read_bureau(bureau, catalog, texts)
    subject = subject_of(reading, catalog)
    files = make_templates(catalog, subject, load_texts(LANGUAGES[0]))
    save_templates(folder, files)
    written = texts("templates.written", folder=folder, count=len(files))
    if reading is None:
        return [written, texts("templates.without_bureau", groups=len(subject.groups))]
    if not subject.members:
        return [written, texts("templates.without_roster", bureau=bureau, groups=len(subject.groups))]
    return [written, texts("templates.with_bureau", groups=len(subject.groups), members=len(subject.members))]
