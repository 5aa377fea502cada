"""What a command tells a person, and the log: lines, and what ended it. Imports nothing heavy."""

import sys
import traceback
from contextlib import suppress

from pipeline.runs.records.logbook import wrote
from pipeline.spreadsheets.cleaning import one_line
from pipeline.texts import Texts


def say(line: str) -> None:
    """Tell a line."""
    wrote(line)
    print(one_line(line))


def tell(paragraph: str, error: BaseException, *, is_debugged: bool) -> None:
    """Tell what went wrong, with a traceback if that was asked for."""
    wrote(paragraph, is_error=True)
    print(one_line(paragraph), file=sys.stderr)
    if is_debugged:
        traceback.print_exception(error)
        print(getattr(error, "trace", ""), file=sys.stderr)  # of the notebook, where there was one


def tell_asked(heard: int, texts: Texts) -> None:
    """Tell at once that a request to stop was heard, below a bar or whatever else stands on the line."""
    line = texts("cli.stopping" if heard == 1 else "cli.stopping_now")
    wrote(line)
    with suppress(OSError, RuntimeError, ValueError):  # nobody reads; it came in the midst of another line
        print(f"\n{line}" if sys.stderr.isatty() else line, file=sys.stderr, flush=True)


def in_words(error: Exception, texts: Texts) -> str:
    """Return the paragraph of an error that has none of its own."""
    from pipeline.catalog import CatalogError  # loaded here: a run that finds nothing to do needs no catalog

    if isinstance(error, CatalogError):
        return texts("cli.catalog_error", reason=error)
    return texts("cli.unexpected", error=type(error).__name__, reason=" ".join(str(error).split()))
