"""A bureau whose workbooks and results lie at addresses: copied to where the report is made, and the results back.

Nothing of a bureau is copied when the listing tells that its report stands: the workbooks are those that were read
(`SOURCES` remembers their hashes), and the manifest was made from them by the same code.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TypeVar

from pipeline.parameters import SpokenError
from pipeline.report.material.published import LIBRARY_FILE
from pipeline.runs.batch.jobs import Done, Job, Latest, find_latest, report_bureau
from pipeline.runs.cluster.stores import BAD_NAME, Listed, Store, below
from pipeline.runs.processes.tasks import Doer, copied_beforehand
from pipeline.runs.processes.workers import Lost
from pipeline.runs.publishing.publications import PUBLICATIONS
from pipeline.runs.publishing.swapping import MARK
from pipeline.runs.quarter.library import QUARTER_FOLDER
from pipeline.runs.quarter.report import Request
from pipeline.runs.records.failures import TaskDied
from pipeline.runs.records.fingerprints import (
    InputHash,
    fingerprint_code,
    hash_inputs,
    is_passing,
    package_versions,
)
from pipeline.runs.records.manifest import Basis, Manifest, read_published
from pipeline.runs.records.places import MANIFEST, Places, find_workspace, public_parameters
from pipeline.runs.records.plans import Sources, latest_published
from pipeline.texts import load_texts

Made = TypeVar("Made")

SOURCES = ".sources.json"  # beside the tables of a bureau; hidden, so that it belongs to no report
RAW, PROCESSED, FIGURES = "raw", "processed", "figures"  # the folders of copies


@dataclass(frozen=True)
class Addresses:
    """Where a batch reads and writes, each an address."""

    root: str
    processed: str
    figures: str

    def in_words(self, text: str, home: Path) -> str:
        """Return a text with the addresses in place of the folders of copies in ``home``."""
        for folder, address in ((RAW, self.root), (PROCESSED, self.processed), (FIGURES, self.figures)):
            text = text.replace(str(home / folder), address)
        return text.replace(str(home), self.root.rpartition("/")[0])


@dataclass(frozen=True)
class StoredJob:
    """A job whose bureau lies at ``addresses``; of the folders in its request the bureau's name alone counts."""

    job: Job
    addresses: Addresses


def report_stored(stored: StoredJob) -> Done:
    """Make one bureau's report and put it where it belongs; see `report_bureau`."""
    begun = time.monotonic()
    try:
        done = _on_copies(stored, _report)
    except TaskDied as error:
        done = Done("failed", why="lost", told=error.tell(load_texts(stored.job.request.lang)))
    except SpokenError as error:  # a store failed; what a report has to say is in the answer
        done = Done("failed", why="system", told=error.tell(load_texts(stored.job.request.lang)))
    return replace(done, seconds=time.monotonic() - begun)


def find_stored_latest(stored: StoredJob) -> Latest | Lost:
    """Return a bureau's latest full quarter; see `find_latest`. Where a store failed, nobody knows it."""
    try:
        return _on_copies(stored, _latest)
    except SpokenError as error:
        if error.key == BAD_NAME:
            return Latest(None)  # its report will never be made, and its failure tells why
        return Lost(1, error.tell(load_texts(stored.job.request.lang)))


class Copies:
    """The copies of one bureau in ``home``, and the places that they are copies of."""

    def __init__(self, stored: StoredJob, home: Path) -> None:
        job, self.addresses, self.home = stored.job, stored.addresses, home
        places = self.addresses.root, self.addresses.processed, self.addresses.figures
        self.raw, self.tables, self.pages = (Store(address) / job.name for address in places)
        asked = job.request
        self.request = Request(
            home / RAW / job.name, asked.quarter, asked.lang, home / PROCESSED, home / FIGURES, asked.is_forced
        )
        self.job = replace(job, request=self.request)
        for folder in (self.request.bureau, self._tables_here, self.pages_here):
            folder.mkdir(parents=True)

    @cached_property
    def workbooks(self) -> dict[str, Listed]:
        """The bureau's files that count, as listed before any was read."""
        return {name: listed for name, listed in self._raw_names.items() if not is_passing(PurePosixPath(name))}

    @cached_property
    def _raw_names(self) -> dict[str, Listed]:
        return self.raw.names()

    @cached_property
    def listed(self) -> tuple[dict[str, Listed], dict[str, Listed]]:
        """What stands of the bureau: tables and pages of all quarters."""
        return self.tables.names(), self.pages.names()

    def known_sources(self) -> Sources | None:
        """Return what a report would be made from, by the listing alone; None where a workbook has to be read."""
        if SOURCES not in self.listed[0]:
            return None
        self.tables.fetch([SOURCES], self._tables_here)
        known = _read_sources(self._tables_here / SOURCES)
        found = [known.get(name, {}).get(_stamp(listed)) for name, listed in sorted(self.workbooks.items())]
        inputs = tuple(one for one in found if one is not None)
        return self.sources_of(inputs) if len(inputs) == len(self.workbooks) else None

    def sources_of(self, inputs: tuple[InputHash, ...]) -> Sources:
        """Return the basis of any quarter made from these workbooks by this code."""
        return Sources(inputs, fingerprint_code(find_workspace()), package_versions())

    def fetch_manifests(self) -> None:
        """Copy the manifests of all quarters."""
        self.pages.fetch([name for name in self.listed[1] if name.endswith(f"/{MANIFEST}")], self.pages_here)

    def is_whole(self, quarter: str, manifest: Manifest) -> bool:
        """Tell whether all files of a published quarter stand, by name and size."""
        tables, pages = (below(names, quarter) for names in self.listed)
        pages.pop(MANIFEST, None)
        stands = [
            {file.path: file.bytes for file in listed} == {name: one.bytes for name, one in names.items()}
            for listed, names in ((manifest.tables, tables), (manifest.published, pages))
        ]
        return all(stands) and LIBRARY_FILE in self.listed[1]

    def fetch(self) -> None:
        """Copy the workbooks, the tables of all quarters, and of the pages what a report of this one looks at."""
        passing = {name: one for name, one in self._raw_names.items() if name not in self.workbooks}
        self.raw.sketch(passing, self.request.bureau)  # a hidden file, a lock: their names are all that is told
        self.raw.fetch(self.workbooks, self.request.bureau)
        tables, pages = self.listed
        wanted = [name for name in tables if QUARTER_FOLDER.fullmatch(name.split("/")[0]) or name == PUBLICATIONS]
        self.tables.fetch(wanted, self._tables_here)
        own = f"{self.request.quarter}/"
        whole = {name: name.startswith(own) or name in (LIBRARY_FILE, MANIFEST) for name in pages}
        self.pages.sketch({name: listed for name, listed in pages.items() if not whole[name]}, self.pages_here)
        self.pages.fetch([name for name in pages if whole[name] or name.endswith(f"/{MANIFEST}")], self.pages_here)

    def give_back(self, quarter: str) -> None:
        """Copy a published quarter to where it belongs, its manifest last: what is half copied has none.

        What stands is touched only where something can be written.
        """
        for store in (self.tables, self.pages):
            store.check_writable()
        manifest = f"{quarter}/{MANIFEST}"
        tables, pages = (_files(folder, quarter) for folder in (self._tables_here, self.pages_here))
        if manifest in self.listed[1]:
            self.pages.remove([manifest])
        self.tables.put(self._tables_here, [*tables, PUBLICATIONS])
        self.pages.put(self.pages_here, [name for name in pages if name != manifest])
        for store, before, now in ((self.tables, self.listed[0], tables), (self.pages, self.listed[1], pages)):
            store.remove([name for name in before if name.startswith(f"{quarter}/") and name not in now])
        self.give_back_library()
        self.pages.put(self.pages_here, [manifest])

    def give_back_library(self) -> None:
        """Copy the page of all quarters to where it belongs."""
        self.pages.put(self.pages_here, [LIBRARY_FILE])

    def remember_sources(self) -> None:
        """Write down which content the listed workbooks had, so that the next run need not read them to know."""
        hashes = {file.path: file for file in hash_inputs(self.request.bureau)}
        known = [[_stamp(listed), asdict(hashes[name])] for name, listed in self.workbooks.items() if listed.mark]
        (self._tables_here / SOURCES).write_text(json.dumps(known, ensure_ascii=False), encoding="utf-8")
        self.tables.put(self._tables_here, [SOURCES])

    @property
    def _tables_here(self) -> Path:
        return self.home / PROCESSED / self.request.bureau.name

    @property
    def pages_here(self) -> Path:
        """The copy of the bureau's pages, of all quarters."""
        return self.home / FIGURES / self.request.bureau.name


def _on_copies(stored: StoredJob, make: Callable[[Copies, Doer], Made]) -> Made:
    """Return what ``make`` gives of the copies, and of a process for them that was made before a store had threads."""
    with TemporaryDirectory(prefix="ronghe-copies-") as home, copied_beforehand() as do:
        return make(Copies(stored, Path(home).resolve()), do)


def _report(copies: Copies, do: Doer) -> Done:
    published = None if copies.request.is_forced else _find_unchanged(copies)
    if published:
        return Done("unchanged", published.exit_status)
    copies.fetch()
    done = do(report_bureau, copies.job)
    if done.state == "published":
        copies.give_back(str(copies.request.quarter))
    if done.state == "unchanged":
        copies.give_back_library()
    if done.state in ("published", "unchanged"):
        copies.remember_sources()
    return replace(done, told=copies.addresses.in_words(done.told, copies.home))


def _find_unchanged(copies: Copies) -> Manifest | None:
    """Return the manifest of the published report when it is what would be made again."""
    sources, request = copies.known_sources(), copies.request
    quarter = str(request.quarter)
    if sources is None:
        return None
    copies.fetch_manifests()
    places = Places.of(request.bureau, quarter, request.processed, request.figures)
    manifest = read_published(places.figures.final)
    if manifest is None:
        return None
    parameters = public_parameters(places, quarter, request.lang, find_workspace())
    basis = Basis(parameters, sources.inputs, sources.code, sources.packages)
    return manifest if manifest.basis == basis and copies.is_whole(quarter, manifest) else None


def _latest(copies: Copies, do: Doer) -> Latest:
    sources = copies.known_sources()
    if sources:
        copies.fetch_manifests()
        known = latest_published(copies.pages_here, sources)
        if known:
            return Latest(known)
    copies.raw.fetch(copies.workbooks, copies.request.bureau)
    latest: Latest = do(find_latest, copies.job)
    return latest


def _stamp(listed: Listed) -> str:
    return f"{listed.bytes} {listed.mark}"


def _read_sources(path: Path) -> Mapping[str, Mapping[str, InputHash]]:
    """Return the hashes of workbooks by name and by how they were listed; nothing for a file that is no such list."""
    try:
        known = [(stamp, InputHash(**record)) for stamp, record in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, TypeError):
        return {}  # written by another version, or half: the workbooks are read
    return {file.path: {stamp: file} for stamp, file in known}


def _files(folder: Path, below_here: str) -> list[str]:
    """Return the files of ``folder / below_here`` in order, named relative to ``folder``."""
    paths = (path for path in (folder / below_here).rglob("*") if path.is_file() and path.name != MARK)
    return sorted(path.relative_to(folder).as_posix() for path in paths)
