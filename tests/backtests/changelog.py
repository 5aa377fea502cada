"""What CHANGELOG.md says of changed numbers: a line for every time that the frozen tables were written anew."""

import re
from pathlib import Path

CHANGELOG = Path(__file__).resolve().parents[2] / "CHANGELOG.md"
HEADING = "### Changed numbers"
UNRELEASED = "## Unreleased"
LINE = re.compile(r"^- (?P<reason>.+) \(backtest (?P<digest>[0-9a-f]{16})\)$", re.MULTILINE)


def declared(text: str) -> list[str]:
    """Return the hashes of frozen tables that a changelog names, newest first."""
    _, _, section = text.partition(HEADING)
    return [found["digest"] for found in LINE.finditer(section.partition("\n#")[0])]


def declare(text: str, reason: str, digest: str) -> str:
    """Return a changelog with one more line, at the top of its section, which is made if need be.

    Raises `ValueError` for a reason that is no sentence on one line.
    """
    plain = " ".join(reason.split())
    if len(plain) < len("a reason"):
        raise ValueError("say in a sentence which numbers changed, and why")
    line = f"- {plain} (backtest {digest})"
    if HEADING not in text:
        return text.replace(f"{UNRELEASED}\n", f"{UNRELEASED}\n\n{HEADING}\n{line}\n", 1)
    return text.replace(f"{HEADING}\n", f"{HEADING}\n{line}\n", 1)
