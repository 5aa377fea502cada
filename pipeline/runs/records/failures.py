"""How a run can fail on its way, apart from what is wrong with a request. Imports nothing heavy."""

from pipeline.parameters import SpokenError


class RunFailed(SpokenError):
    """Raised when a notebook could not be executed to its end; ``trace`` is its traceback, for ``--debug``."""

    def __init__(self, key: str, /, *, trace: str = "", **values: object) -> None:
        super().__init__(key, **values)
        self.trace = trace


class TaskDied(SpokenError):
    """Raised when a process of ours ended without an answer: killed, or out of memory."""
