"""How a file is turned away: exceptions that carry the reason, raised anywhere below `read_file`."""

from pipeline.ingest.files.grids import Reason


class NotRead(Exception):
    """Raised when a file is not read; ``reason`` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(f"{reason.status}: {reason.code} {dict(reason.values)}")
        self.reason = reason


class Refused(NotRead):
    """Raised when a workbook cannot be read safely; ``code`` names its sentence ``refused.<code>``."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(Reason("refused", code, values))


class Skipped(NotRead):
    """Raised when a file is no workbook to read; ``code`` names its sentence ``skipped.<code>``."""

    def __init__(self, code: str, **values: str | int) -> None:
        super().__init__(Reason("skipped", code, values))
