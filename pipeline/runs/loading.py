"""Loading what is heavy into this very process, as the fork server loads it."""

import gc
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.runs.forks import PACKAGE_PARENT, one_thread, uninterrupted


@contextmanager
def loading() -> Iterator[None]:
    """Import something in the body without looking for what could be let go; a request to stop waits until it is there.

    A library that is interrupted while it is imported may say anything.
    """
    with one_thread(), uninterrupted((signal.SIGINT, signal.SIGTERM)), _without_current_folder():
        gc.disable()
        try:
            yield
        finally:
            gc.freeze()  # what was imported stays: nor is it gone through later, or at the end
            gc.enable()


@contextmanager
def _without_current_folder() -> Iterator[None]:
    """Look for modules where this one is, and not in the current folder, where data may lie."""
    before, current = sys.path[:], Path.cwd()
    sys.path[:] = [PACKAGE_PARENT, *(entry for entry in before if entry and Path(entry).resolve() != current)]
    try:
        yield
    finally:
        sys.path[:] = before
