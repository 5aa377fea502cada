"""What stands in for the class of the sandboxed reader where a test reads files its own way."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from pipeline.ingest.files.grids import FileGrids


class StandInReader:
    """Replaces the class `Reader` in `pipeline.ingest.opening`: made and entered, it is itself; ``read`` is to come."""

    def __call__(self, *_args: object, **_kwargs: object) -> Self:
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end: who made it may use it for the next file."""

    def read(self, path: Path) -> FileGrids:
        """Read one file."""
        raise NotImplementedError

    def read_each(self, paths: Iterable[Path]) -> Iterator[FileGrids]:
        """Read files one after the other."""
        return map(self.read, paths)
