"""Where a run reads and writes."""

import os
from dataclasses import dataclass
from pathlib import Path

import pipeline
from pipeline.parameters import RunParameters, SpokenError

NOTEBOOKS = ("1_ingest", "2_points", "3_panel", "4_quarterly_report", "5_annual_review", "6_bulletin_board")
INGEST_NOTEBOOK, POINTS_NOTEBOOK, PANEL_NOTEBOOK = NOTEBOOKS[:3]  # each needs the tables of the one before
REPORT_NOTEBOOK, ANNUAL_NOTEBOOK, BOARD_NOTEBOOK = NOTEBOOKS[3:]  # those that become pages, in any order
MANIFEST = "manifest.json"
LOCK_FILE_PREFIXES = ("~$", ".~")  # Excel and WPS; LibreOffice


class NotACheckout(SpokenError):
    """Raised when the notebooks are not where the package is: it was installed without ``--editable``."""


@dataclass(frozen=True)
class Workspace:
    """The project's folder and its notebooks; defaults of the command line stand in it."""

    root: Path
    notebooks: Path

    @property
    def sample(self) -> Path:
        """The shipped synthetic bureau."""
        return self.root / "data" / "raw" / "sample"

    @property
    def processed(self) -> Path:
        """Where tables go unless the command line says otherwise."""
        return self.root / "data" / "processed"

    @property
    def figures(self) -> Path:
        """Where reports go unless the command line says otherwise."""
        return self.root / "figures"

    def notebook(self, name: str) -> Path:
        """Return the file of the notebook ``name`` (without its ending)."""
        return self.notebooks / f"{name}.ipynb"


@dataclass(frozen=True)
class Target:
    """A folder that is published whole: it is built beside its place, and the old one steps aside while they swap."""

    final: Path

    @property
    def building(self) -> Path:
        """Where it is built: same parent, so that a rename is enough to publish it."""
        return self.final.with_name(f".{self.final.name}.building")

    @property
    def aside(self) -> Path:
        """Where the old one waits until the new one stands."""
        return self.final.with_name(f".{self.final.name}.old")


@dataclass(frozen=True)
class Places:
    """The folders of one bureau and quarter."""

    bureau: Path
    processed: Target
    figures: Target

    @classmethod
    def of(cls, bureau: Path, quarter: str, processed: Path, figures: Path) -> "Places":
        """Return the places under the roots ``processed`` and ``figures``; all paths become absolute."""
        bureau, processed, figures = bureau.resolve(), processed.resolve(), figures.resolve()
        return cls(
            bureau=bureau,
            processed=Target(processed / bureau.name / quarter),
            figures=Target(figures / bureau.name / quarter),
        )

    @property
    def targets(self) -> tuple[Target, Target]:
        """Both published folders; the tables change places before the pages that show them."""
        return (self.processed, self.figures)


def executed_file(notebook: str) -> str:
    """Return where an executed notebook stands in the folder of a report."""
    return f"notebooks/{notebook}.ipynb"


def find_workspace() -> Workspace:
    """Return the checkout that this package runs from; raises `NotACheckout` when there are no notebooks beside it."""
    root = Path(pipeline.__file__).resolve().parent.parent
    notebooks = root / "notebooks"
    if not notebooks.is_dir():
        raise NotACheckout("run.not_a_checkout", folder=notebooks)
    return Workspace(root, notebooks)


def public_parameters(places: Places, quarter: str, lang: str, workspace: Workspace) -> RunParameters:
    """Return the parameters as they may be published: no folder of this computer outside the project is named."""
    return RunParameters(
        bureau_dir=_public_path(places.bureau, workspace, keep=1),
        quarter=quarter,
        lang=lang,
        processed_dir=_public_path(places.processed.final, workspace, keep=2),
        figures_dir=_public_path(places.figures.final, workspace, keep=2),
    )


def building_parameters(places: Places, quarter: str, lang: str) -> RunParameters:
    """Return the parameters that the kernels get: the building folders, absolute."""
    return RunParameters(
        bureau_dir=str(places.bureau),
        quarter=quarter,
        lang=lang,
        processed_dir=str(places.processed.building),
        figures_dir=str(places.figures.building),
    )


def _public_path(path: Path, workspace: Workspace, keep: int) -> str:
    """Return a path as seen from the notebooks; outside the project only its last ``keep`` parts."""
    if path.is_relative_to(workspace.root):
        return Path(os.path.relpath(path, workspace.root / "notebooks")).as_posix()
    return "/".join(path.parts[-keep:])
