"""What a command finds: the encoding of its system, and streams that may not be there. Imports nothing heavy."""

import os
import sys
from pathlib import Path
from typing import TextIO

LAST_STANDARD = 2  # the number of the stream of errors


def begin_in_utf8() -> None:
    """Begin again in Python's UTF-8 mode where the locale has another encoding for names of files.

    The names of bureaus and workbooks are Chinese: they would be published in another form than elsewhere.
    """
    if sys.getfilesystemencoding() != "utf-8":  # on POSIX alone
        os.environ["PYTHONUTF8"] = "1"
        os.execv(sys.executable, [sys.executable, "-X", "utf8", *sys.orig_argv[1:]])


def open_missing_streams() -> None:
    """Give a program that has no terminal and no file to write to (pythonw, a task in the background) one that forgets.

    What it tells then is in the log, if one is kept.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= LAST_STANDARD:  # or the next file takes the place of a stream,
        os.set_inheritable(handle, True)  # and a process of ours writes what it shows into that
    os.close(handle)
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - until the program ends


def accept_chinese(stream: TextIO) -> None:
    """Let a stream take every character: one that its encoding lacks becomes a question mark, never a crash."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is None:
        return  # replaced by a test or a window without a console
    try:
        "融合".encode(stream.encoding or "ascii")
    except UnicodeEncodeError:
        reconfigure(encoding="utf-8", errors="replace")
    else:
        reconfigure(errors="replace")
