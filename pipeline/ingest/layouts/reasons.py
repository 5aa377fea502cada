"""Why a row was taken for what it is: a code, and the evidence that decided it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RowReason:
    """The reason behind one row's class.

    ``code`` names the sentence for people (``explain.because_<code>``). ``word`` is the text that decided and ``cell``
    its address ("A7"), both empty where no single cell did; a row of a header is level ``level`` of ``levels``.
    """

    code: str
    word: str = ""
    cell: str = ""
    level: int = 0
    levels: int = 0
