"""Putting what was computed into a document, between two marks, so that no figure is typed by hand."""

from pathlib import Path

BEGIN, END = "<!-- {name}: written by {by} -->", "<!-- end of {name} -->"
SPEED = ("speed", "python -m tests.benchmarks.speed --saved --paste")


def paste(path: Path, text: str, name: str = SPEED[0], by: str = SPEED[1]) -> None:
    """Replace what stands between the marks of ``name`` in a document. Raises `LookupError` where it has no marks."""
    begin, end = BEGIN.format(name=name, by=by), END.format(name=name)
    document = path.read_text(encoding="utf-8")
    if document.count(begin) != 1 or document.count(end) != 1:
        raise LookupError(f"{path} needs each of these lines once: {begin} and {end}")
    before, _, rest = document.partition(begin)
    after = rest.partition(end)[2]
    path.write_text(f"{before}{begin}\n{text.strip()}\n{end}{after}", encoding="utf-8")
