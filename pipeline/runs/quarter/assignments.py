"""What goes to the processes that make a report, and what comes back: plain data that loads nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.parameters import RunParameters
from pipeline.report.material.published import Move
from pipeline.runs.records.manifest import FilesUsed, Findings, Manifest
from pipeline.runs.records.places import Places, Workspace, building_parameters


@dataclass(frozen=True)
class Survey:
    """What must be known before a quarter can be chosen; ``home`` is the folder in which what was read is kept."""

    home: Path
    quarters: tuple[str, ...]  # with data, in order
    latest_quarter: str | None  # the last one with results for all of its months


@dataclass(frozen=True)
class Assignment:
    """What is to be made, and how: ``public`` are the parameters as they may be published.

    ``before`` is the published report, ``same_as`` too where nothing but workbooks has changed since: what would come
    out the same is taken over from it. ``at_once`` notebooks run at a time where they do not wait for each other;
    ``in_kernel`` as `execution.execute` has it.
    """

    places: Places
    public: RunParameters
    workspace: Workspace
    found: Survey
    before: Manifest | None = None
    same_as: Manifest | None = None
    at_once: int = 1
    in_kernel: bool = False

    @property
    def used(self) -> RunParameters:
        """The parameters that the notebooks get: the building folders, absolute."""
        return building_parameters(self.places, self.public.quarter, self.public.lang)

    @property
    def folder(self) -> Path:
        """The folder of the report while it is built."""
        return self.places.figures.building


@dataclass(frozen=True)
class Made:
    """What a run found, which figures moved since the last, and which tables each notebook used.

    ``masked`` holds the paths of workbooks that name a person, and what may be published instead.
    """

    findings: Findings
    moves: tuple[Move, ...] | None
    notebooks: Mapping[str, FilesUsed]
    masked: Mapping[str, str]
