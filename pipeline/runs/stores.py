"""Folders at an address that fsspec reads: ``s3:``, ``file:`` and others, copied from and to as wholes.

Addresses are for batches. A plain folder is never opened through this module unless another place of the same batch
is an address. Needs the extra ``cluster``.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.parameters import ParameterError, SpokenError

SCHEME_END = "://"
# How stores name the content or the age of a file in a listing, the surest first
MARKS = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "mtime", "LastModified", "last_modified", "updated")
LOCAL = ("file", "local")


class BadAddress(ParameterError):
    """Raised for an address that no installed package can read."""


class StoreFailed(SpokenError):
    """Raised when a store at an address did not let a file be listed, read or written."""


@dataclass(frozen=True)
class Listed:
    """A file as a listing has it; ``mark`` changes with its content, and is "" where the store tells nothing."""

    bytes: int
    mark: str


def is_address(place: str) -> bool:
    """Tell an address from a path."""
    return SCHEME_END in place


def as_address(place: str | Path) -> str:
    """Return an address as it is, and a path as the address of a folder of this machine."""
    text = str(place)
    return text.rstrip("/") if is_address(text) else f"file:///{Path(text).absolute().as_posix().lstrip('/')}"


@dataclass(frozen=True)
class Store:
    """A folder at an ``address``; it may not exist yet. Names are relative to it, with forward slashes."""

    address: str

    def __truediv__(self, name: str) -> "Store":
        """Return a folder in this one."""
        return Store(f"{self.address}/{name}")

    def check(self) -> None:
        """Raise `BadAddress` when the address has no meaning here, `StoreFailed` when it cannot be listed."""
        files, base = self._open()
        with _telling(self.address):
            files.exists(base)

    def names(self) -> dict[str, Listed]:
        """Return every file below this folder by name, in order; none when there is no such folder."""
        files, base = self._open()
        with _telling(self.address):
            try:
                found = files.find(base, detail=True)
            except FileNotFoundError:
                return {}
        return {path.removeprefix(base).lstrip("/"): _listed(found[path]) for path in sorted(found) if path != base}

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        """Copy files into a ``folder`` of this machine; what is there is replaced."""
        files, base = self._open()
        wanted = list(names)
        targets = [folder / name for name in wanted]
        for parent in dict.fromkeys(target.parent for target in targets):
            parent.mkdir(parents=True, exist_ok=True)
        if wanted:
            with _telling(self.address):
                files.get([f"{base}/{name}" for name in wanted], [str(target) for target in targets])

    def put(self, folder: Path, names: Iterable[str]) -> None:
        """Copy files of a ``folder`` here; what is there is replaced."""
        files, base = self._open()
        wanted = list(names)
        if wanted:
            with _telling(self.address):
                files.put([str(folder / name) for name in wanted], [f"{base}/{name}" for name in wanted])

    def remove(self, names: Collection[str]) -> None:
        """Take files away; one that is gone already is none too few."""
        files, base = self._open()
        with _telling(self.address):
            for name in names:
                try:
                    files.rm_file(f"{base}/{name}")
                except FileNotFoundError:
                    continue

    def _open(self) -> tuple[Any, str]:
        """Return fsspec's file system, which keeps its own connections, and the folder's path in it."""
        import fsspec

        is_local = self.address.split(SCHEME_END)[0] in LOCAL
        try:
            # nothing is remembered of a listing: others write meanwhile
            options = {"auto_mkdir": True} if is_local else {"use_listings_cache": False}
            files, base = fsspec.core.url_to_fs(self.address, **options)
        except ImportError as error:
            raise BadAddress("stores.no_package", address=self.address, reason=error) from error
        except ValueError as error:
            raise BadAddress("stores.bad_address", address=self.address, reason=error) from error
        return files, base.rstrip("/")


def below(names: Mapping[str, Listed], folder: str) -> dict[str, Listed]:
    """Return those ``names`` that lie in ``folder``, relative to it."""
    prefix = f"{folder}/"
    return {name.removeprefix(prefix): listed for name, listed in names.items() if name.startswith(prefix)}


def sketch(names: Mapping[str, Listed], folder: Path) -> None:
    """Make empty files of the names and sizes of others: for whoever looks at no more than that. They take no space."""
    for name, listed in names.items():
        path = folder / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab") as stream:
            stream.truncate(listed.bytes)


def _listed(info: Mapping[str, Any]) -> Listed:
    mark = next((f"{name}={info[name]}" for name in MARKS if info.get(name)), "")
    return Listed(int(info.get("size") or 0), mark)


@contextmanager
def _telling(address: str) -> Iterator[None]:
    """Turn what a store raises into one paragraph."""
    try:
        yield
    except Exception as error:  # a store raises the errors of whichever library speaks to it; they are told
        raise StoreFailed("stores.failed", address=address, reason=f"{type(error).__name__}: {error}") from error
