"""The far side of the engine: an IPython shell in a process of its own, which runs one cell a request.

It is ipykernel's own shell, so that cells show what they show in a kernel; what that shell would send over sockets goes
into the pipe of this process, one JSON text a message, in the form of Jupyter's message protocol.
"""

import builtins
import getpass
import io
import os
import sys
import tempfile
from codecs import getincrementaldecoder
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pandas
from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.interactiveshell import ExecutionResult
from jupyter_client.session import Session
from traitlets.config import Config

PACKAGE_PARENT = str(Path(__file__).resolve().parents[2])
REPLY = "execute_reply"
OPENED = "opened"  # a message of our own: which files were
STREAM_FLUSH_CHARACTERS = 8192  # of printed text are sent on before the cell has ended
NO_STDIN = "raw_input was called, but this frontend does not support input requests."  # as ipykernel says it
MAX_COLUMNS = 20  # of a table in a notebook: what pandas sets where it is loaded in a kernel
INLINE_CHARTS = "module://matplotlib_inline.backend_inline"  # what ipykernel sets
# Nothing of a run is kept in the IPython history of the user
SETTINGS = Config({"HistoryManager": {"enabled": False}})


class _Recorder(Session):
    """Stands where a kernel has its session: what is sent goes into the pipe."""

    def __init__(self, pipe: Connection) -> None:
        super().__init__()
        self._pipe = pipe

    def msg(self, msg_type: str, content: Any = None, *_: Any, **__: Any) -> dict[str, Any]:
        """Return a message with the parts that its receiver looks at."""
        header = {"msg_type": msg_type, "date": datetime.now(UTC).isoformat()}
        return {"msg_type": msg_type, "header": header, "parent_header": {}, "content": content or {}}

    def send(self, _stream: Any, msg_or_type: Any, content: Any = None, *_: Any, **__: Any) -> None:  # type: ignore[override]
        """Send a message, or one made of a type and a content."""
        message = self.msg(msg_or_type, content) if isinstance(msg_or_type, str) else msg_or_type
        self._pipe.send_bytes(self.pack(message))


class _Underneath:
    """What programs and C code write to a file descriptor; read before anything else is shown, and after each cell."""

    def __init__(self, descriptor: int) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        os.dup2(self._file.fileno(), descriptor)
        self._told = 0
        self._decode = getincrementaldecoder("utf-8")("replace").decode  # a character may be written in two parts

    def read(self) -> str:
        """Return what was written since the last time."""
        written = os.fstat(self._file.fileno()).st_size
        text = os.pread(self._file.fileno(), written - self._told, self._told)
        self._told = written
        return self._decode(text)


class _Printed(io.TextIOBase):
    """Stands where a kernel has its output stream: printed text goes into the pipe, joined to few messages."""

    encoding = "utf-8"

    def __init__(self, name: str, session: _Recorder, descriptor: int) -> None:
        self._name = name
        self._session = session
        self._descriptor = descriptor
        self._underneath = _Underneath(descriptor)
        self._parts: list[str] = []
        self._held = 0

    def writable(self) -> bool:
        """Tell that text can be written."""
        return True

    def fileno(self) -> int:
        """Return where programs that a cell starts write to."""
        return self._descriptor

    def write(self, text: str) -> int:
        """Keep a text until enough has come together or something else is shown."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text)}")
        self._parts.append(text)
        self._held += len(text)
        if self._held > STREAM_FLUSH_CHARACTERS:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what was kept, and what was written underneath."""
        text, self._parts, self._held = "".join([*self._parts, self._underneath.read()]), [], 0
        if text:
            self._session.send(None, "stream", {"name": self._name, "text": text})


class _Opened:
    """The files below a folder that were opened, as Python's own audit tells."""

    def __init__(self, folder: str) -> None:
        self._folder = os.path.join(os.path.abspath(folder), "")  # noqa: PTH100, PTH118 - the hook must stay cheap
        self.read: set[str] = set()
        self.written: set[str] = set()

    def note(self, event: str, details: tuple[Any, ...]) -> None:
        """Remember a file that is opened; see `sys.addaudithook`."""
        if event != "open" or not isinstance(details[0], str | os.PathLike):
            return
        path = os.path.abspath(os.fspath(details[0]))  # noqa: PTH100
        if not isinstance(path, str) or not path.startswith(self._folder):
            return
        _, mode, flags = details
        is_written = bool(set(mode or "") & set("wax+")) or bool((flags or 0) & (os.O_WRONLY | os.O_RDWR))
        (self.written if is_written else self.read).add(path.removeprefix(self._folder).replace(os.sep, "/"))


def serve_cells(pipe: Connection, folder: str, watched: str) -> None:
    """Run the source of each message of ``pipe`` as one cell, in ``folder``, until an empty one comes.

    Every request is answered by the messages of what the cell shows, and last by its reply; the empty one by the names
    of the files below the folder ``watched`` that were opened.
    """
    os.chdir(folder)
    session = _Recorder(pipe)
    shell, tell = _make_shell(session), session.send
    opened = _Opened(watched)
    sys.addaudithook(opened.note)
    while source := pipe.recv_bytes().decode():
        tell(None, "status", {"execution_state": "busy"})
        tell(None, "execute_input", {"code": source, "execution_count": shell.execution_count})
        result = shell.run_cell(source, store_history=True)  # type: ignore[no-untyped-call]
        sys.stdout.flush()
        sys.stderr.flush()
        tell(None, REPLY, _reply(result, shell))
        tell(None, "status", {"execution_state": "idle"})
    tell(None, OPENED, {"read": sorted(opened.read - opened.written), "written": sorted(opened.written)})


def _make_shell(session: _Recorder) -> ZMQInteractiveShell:
    """Make this process what a fresh kernel is: modules from the package's checkout, output that is shown, no input."""
    sys.stdout, sys.stderr = _Printed("stdout", session, 1), _Printed("stderr", session, 2)
    builtins.input = _no_input
    getpass.getpass = _no_input
    sys.path[:] = ["", *dict.fromkeys([PACKAGE_PARENT, *filter(None, sys.path)])]
    os.environ.setdefault("MPLBACKEND", INLINE_CHARTS)
    # the user's own profile is no part of a report: without a home, IPython would warn in it, naming the folder
    own = {"ipython_dir": tempfile.gettempdir(), "compiler_class": XCachingCompiler}
    shell = ZMQInteractiveShell.instance(config=SETTINGS, **own)
    # loaded while there was no shell yet, pandas has taken this process for a terminal and would fit tables into it
    pandas.set_option("display.max_columns", MAX_COLUMNS)
    shell.displayhook.session = shell.display_pub.session = session  # type: ignore[attr-defined]
    return shell


def _no_input(*_: object, **__: object) -> str:
    raise StdinNotImplementedError(NO_STDIN)


def _reply(result: ExecutionResult, shell: ZMQInteractiveShell) -> dict[str, Any]:
    """Return what a kernel answers of a cell that was run."""
    error = result.error_before_exec or result.error_in_exec
    count = {"execution_count": shell.execution_count - 1}
    if error is None and not shell._last_traceback_during_displayhook:  # which is no fault of the cell's own code
        return {"status": "ok", **count}
    words = {"ename": type(error).__name__, "evalue": str(error), "traceback": shell._last_traceback or []}
    return {"status": "error", **words, **count}
