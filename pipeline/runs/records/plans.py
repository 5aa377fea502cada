"""What is to be done for a quarter, told by comparing hashes with the published manifest. Imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from pipeline.parameters import RunParameters
from pipeline.report.material.published import Changes
from pipeline.runs.records.fingerprints import InputHash
from pipeline.runs.records.manifest import Basis, Manifest, compare_inputs, find_damage, read_published
from pipeline.runs.records.places import MANIFEST, Places


@dataclass(frozen=True)
class Sources:
    """The parts of a `Basis` that do not depend on the quarter."""

    inputs: tuple[InputHash, ...]
    code: str
    packages: Mapping[str, str]

    def made(self, manifest: Manifest) -> bool:
        """Tell whether ``manifest`` was made from the same files by the same code."""
        basis = manifest.basis
        return (basis.inputs, basis.code, basis.packages) == (self.inputs, self.code, self.packages)


@dataclass(frozen=True)
class Plan:
    """What is to be done for one quarter: where, from what, and why; without ``causes`` the published report stands."""

    places: Places
    basis: Basis
    before: Manifest | None
    causes: tuple[str, ...]

    @property
    def replaced_lang(self) -> str | None:
        """The language of the published report, where the new one takes its place in another."""
        before = self.before.basis.parameters.lang if self.before else None
        return None if before == self.basis.parameters.lang else before

    def changes(self, masks: Mapping[str, str]) -> Changes:
        """Return what is not as in the last published report, with ``masks`` in place of paths that name a person."""
        if self.before is None:
            return Changes(causes=self.causes)
        files = compare_inputs(self.basis.masked(masks).inputs, self.before.basis.inputs)
        changed, added, removed = (files[name] for name in ("changed", "added", "removed"))
        return Changes(self.before.run_at, self.causes, changed, added, removed, earlier=self.before.changes.reruns)


def latest_published(figures: Path, sources: Sources) -> str | None:
    """Return the latest full quarter as a report from the same files names it; None when it must be read from them.

    ``figures`` is the folder of the bureau's reports.
    """
    for path in sorted(figures.glob(f"*/{MANIFEST}")):
        manifest = read_published(path.parent)
        if manifest and sources.made(manifest):
            return manifest.findings.latest_quarter
    return None


def plan_quarter(places: Places, parameters: RunParameters, sources: Sources, *, is_forced: bool) -> Plan:
    """Compare what would be made with what is published."""
    basis = Basis(parameters, sources.inputs, sources.code, sources.packages)
    before = read_published(places.figures.final)
    if before is None:
        return Plan(places, basis, None, ("first",))
    causes = [field.name for field in fields(Basis) if getattr(basis, field.name) != getattr(before.basis, field.name)]
    if find_damage(places.figures.final, before.published) or find_damage(places.processed.final, before.tables):
        causes.append("damaged")
    if is_forced:
        causes.append("forced")
    return Plan(places, basis, before, tuple(causes))
