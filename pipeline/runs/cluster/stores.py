"""Folders at an address that fsspec reads: ``s3:``, ``file:`` and others, copied from and to as wholes.

Addresses are for batches. A plain folder is never opened through this module unless another place of the same batch
is an address. Needs the extra ``cluster``.
"""

import errno
import os
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from pipeline.parameters import ParameterError, SpokenError

SCHEME_END = "://"
# How stores name the content or the age of a file in a listing, the surest first
MARKS = ("ETag", "etag", "md5Hash", "content_md5", "checksum", "mtime", "LastModified", "last_modified", "updated")
LOCAL = ("file", "local")
BAD_NAME = "stores.bad_name"  # the error of an object whose name is none on a disk
SECRETS = (
    re.compile(r"(\w[\w+.-]*://)\S*:\S*@"),  # user:password@; keys of AWS hold slashes
    re.compile(r"(\b(?!abfss?:)\w[\w+.-]*://)[^/\s@:]*@"),  # user@; of Azure it is the name of a container
    re.compile(r"(\?\S*?(?:sig|token|key|password)=)\S+", re.IGNORECASE),  # of a signed address
)
OF_THE_NAME = (errno.ENAMETOOLONG, errno.ENOTDIR, errno.EISDIR, errno.EEXIST, errno.EINVAL, errno.EILSEQ)
CHAIN = "::"  # by which fsspec reads one address through another
TRIAL = ".ronghe-"  # how the name of a file begins that is written to see whether it can be; taken away at once


class BadAddress(ParameterError):
    """Raised for an address that no installed package can read."""


class StoreFailed(SpokenError):
    """Raised when a store at an address did not let a file be listed, read or written."""


@dataclass(frozen=True)
class Listed:
    """A file as a listing has it; ``mark`` changes with its content, and is "" where the store tells nothing."""

    bytes: int
    mark: str


NOTHING = Listed(0, "")


def is_address(place: str) -> bool:
    """Tell an address from a path."""
    return SCHEME_END in place


def as_address(place: str | Path) -> str:
    """Return an address as it is, and a path as the address of a folder of this machine.

    Raises `BadAddress` for one with a password in it, which is not repeated.
    """
    text = str(place)
    if is_address(text) and hide_credentials(text) != text:
        raise BadAddress("stores.credentials")
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
        with _telling(self.address), suppress(FileNotFoundError):  # nothing is there yet
            files.ls(base, detail=False)  # `exists` takes whatever goes wrong for a no

    def check_writable(self) -> None:
        """Raise `StoreFailed` unless a file can be written here and taken away again."""
        files, base = self._open()
        with _telling(self.address), TemporaryDirectory(prefix="ronghe-trial-") as folder:
            mark = Path(folder) / f"{TRIAL}{os.urandom(8).hex()}"
            mark.write_bytes(b"-")
            files.put([str(mark)], [f"{base}/{mark.name}"])  # which makes folders where a store has real ones
            files.rm_file(f"{base}/{mark.name}")

    def names(self) -> dict[str, Listed]:
        """Return every file below this folder by name, in order; none when there is no such folder.

        Raises `StoreFailed` for a name that is none on a disk, or that would lead out of the folder.
        """
        found = self.all_names()
        for name in found:
            if not is_safe(name):
                raise StoreFailed(BAD_NAME, address=self.address, name=name)
        return found

    def all_names(self) -> dict[str, Listed]:
        """Return `names` with those that must not be followed.

        What a store's console keeps in the place of a folder (a name that ends in a slash, or the folder's own) is no
        file.
        """
        files, base = self._open()
        with _telling(self.address):
            try:
                found = files.find(base, detail=True)
            except FileNotFoundError:
                return {}
        listed = {path.removeprefix(base).removeprefix("/"): _listed(found[path]) for path in sorted(found)}
        return {name: one for name, one in listed.items() if name and not name.endswith("/")}

    def fetch(self, names: Iterable[str], folder: Path) -> None:
        """Copy files into a ``folder`` of this machine; what is there is replaced."""
        files, base = self._open()
        wanted = list(names)
        self.sketch(dict.fromkeys(wanted, NOTHING), folder)
        if wanted:
            with _telling(self.address):
                files.get([f"{base}/{name}" for name in wanted], [str(folder / name) for name in wanted])

    def sketch(self, names: Mapping[str, Listed], folder: Path) -> None:
        """Make empty files of names and sizes listed here: for whoever looks at no more. They take no space.

        Raises `StoreFailed` for a name that is too long for a disk, or is a file and a folder at once; `OSError` where
        the disk does not take it for another reason.
        """
        for name, listed in names.items():
            path = folder / PurePosixPath(name)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("ab") as stream:
                    stream.truncate(listed.bytes)
            except OSError as error:
                if error.errno not in OF_THE_NAME:
                    raise
                raise StoreFailed(BAD_NAME, address=self.address, name=name) from error

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

        if CHAIN in self.address:
            raise BadAddress("stores.bad_address", address=self.address, reason=CHAIN)
        is_local = self.address.split(SCHEME_END)[0] in LOCAL
        try:
            # nothing is remembered of a listing: others write meanwhile
            options = {"auto_mkdir": True} if is_local else {"use_listings_cache": False}
            with _telling(self.address, but=(ImportError, ValueError)):  # some connect at once
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


def hide_credentials(text: str) -> str:
    """Return a text without the names, passwords and signatures that somebody wrote into an address."""
    for secret in SECRETS:
        text = secret.sub(lambda found: f"{found[1]}…{'@' if found[0].endswith('@') else ''}", text)
    return text


def is_safe(name: str) -> bool:
    """Tell whether a name can stand for a file below a folder of this machine, and for no other."""
    parts = name.split("/")
    return {"", ".", ".."}.isdisjoint(parts) and "\0" not in name and not (os.name == "nt" and set(name) & {"\\", ":"})


def _listed(info: Mapping[str, Any]) -> Listed:
    mark = next((f"{name}={info[name]}" for name in MARKS if info.get(name)), "")
    return Listed(int(info.get("size") or 0), mark)


@contextmanager
def _telling(address: str, but: tuple[type[Exception], ...] = ()) -> Iterator[None]:
    """Turn what a store raises into one paragraph; not the errors of ``but``."""
    try:
        yield
    except but:
        raise
    except Exception as error:  # a store raises the errors of whichever library speaks to it; they are told
        raise StoreFailed("stores.failed", address=address, reason=f"{type(error).__name__}: {error}") from error
