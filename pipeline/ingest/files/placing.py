"""A file that takes its place in one step: whoever looks finds the one before, or the whole new one."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PART = ".part"  # ending of a file that is being written


@contextmanager
def in_one_step(path: Path) -> Iterator[Path]:
    """Give the body a file to write beside ``path``, which then takes its place; of one that fails nothing stays."""
    part = path.with_name(f".{path.name}{PART}")
    try:
        part.unlink(missing_ok=True)  # of a run that died; or a link, which leads to somebody's file
        yield part
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
