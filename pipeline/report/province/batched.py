"""What a batch knows of the bureaus that it went through, for the page across them. Imports nothing heavy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

State = Literal["reported", "late", "failed"]


@dataclass(frozen=True)
class Choice:
    """The quarter of a batch, and why it: without numbers it was asked for.

    Else ``bureaus_with`` of the ``bureaus_asked`` bureaus have it in full, at least half of those with any.
    """

    quarter: str
    bureaus_with: int | None = None
    bureaus_asked: int | None = None


@dataclass(frozen=True)
class Entry:
    """One bureau as a batch and its manifest tell of it.

    ``name`` is its folder's, under which it is published. ``why`` names the text (``batch.why_<why>``) that says why it
    failed. ``pages`` are addresses of its pages below the folder of the page, by what they are (library, report).
    ``latest_quarter`` is the last with results of all its months, as 2021Q4.
    """

    name: str
    state: State
    why: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    latest_quarter: str = ""
    rows_used: int = 0
    rows_rejected: int = 0
    files_refused: int = 0
    is_synthetic: bool = False
