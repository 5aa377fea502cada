"""What the process that makes a copy is told: every text ready to print, the whole as JSON."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipeline.ingest.layouts.guides import GUIDE_MARK

LIST_TITLE = "问题清单"
LIST_MARK = f"{GUIDE_MARK}{LIST_TITLE}"
"""How cell A1 of a list of faults begins: the list of the last copy is known by it, and replaced."""

DONE = b""  # the answer to an order that was carried out; any other says why it cannot be

Way = Literal["original", "plain", "grid", "excerpt"]
WAYS: tuple[Way, ...] = ("original", "plain", "grid", "excerpt")
"""How a copy is made, best first: the original itself with marks; the same, but each cell in one font (openpyxl drops
blanks between some differently set words); its values; only the rows with faults."""
OF_ORIGINAL: tuple[Way, ...] = ("original", "plain")


@dataclass(frozen=True)
class ListLine:
    """One line of the list of faults, in texts for people; one that ``is_mended`` leads nowhere."""

    sheet: str | None
    cell: str | None
    message: str
    seen: str
    expected: str
    severity: str
    state: str
    is_mended: bool


@dataclass(frozen=True)
class Mark:
    """A cell to be coloured, and the comment on it."""

    sheet: str
    cell: str
    comment: str


@dataclass(frozen=True)
class Order:
    """One copy to be made from the file ``source`` into the file ``target``.

    ``origin`` is the source's path as people know it. ``notes`` holds the sentences above the list by what they say:
    ``about`` always; ``plain``, ``grid``, ``excerpt``, ``macros``, ``pictures`` when the copy is so made or lacks such
    things; ``cut`` when it is not empty; and ``title``, ``excerpt_mark`` and ``earlier_comment`` ({author}).
    """

    source: str
    target: str
    way: Way
    origin: str
    notes: Mapping[str, str]
    header: tuple[str, ...]
    lines: tuple[ListLine, ...]
    marks: tuple[Mark, ...]

    def encode(self) -> bytes:
        """Return the order as a message."""
        return json.dumps(asdict(self), ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def decode(cls, payload: bytes | bytearray) -> "Order":
        """Return the order that `encode` encoded."""
        record: dict[str, Any] = json.loads(payload)
        return cls(
            **{
                **record,
                "header": tuple(record["header"]),
                "lines": tuple(ListLine(**line) for line in record["lines"]),
                "marks": tuple(Mark(**mark) for mark in record["marks"]),
            }
        )


class CannotCopy(Exception):
    """Raised when a copy cannot be made in one way, so that the next one is tried."""
