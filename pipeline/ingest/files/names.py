"""What the name of a file tells before it is opened: a lock, a placeholder, a copy under way, or perhaps a workbook."""

import re
from pathlib import PurePath

from pipeline.ingest.files.refusals import Skipped

TEXT_SUFFIXES = frozenset({".csv", ".tsv", ".tab", ".txt"})
WORKBOOK_SUFFIXES = TEXT_SUFFIXES | {
    *(".xlsx", ".xlsm", ".xlsb", ".xltx", ".xltm", ".xls", ".xlt"),
    *(".et", ".ett", ".ods", ".ots"),
}
LOCK_PREFIXES = ("~$", ".~")  # Excel and WPS; LibreOffice (".~lock.name#")
HIDDEN = "."
APPLE_DOUBLE = "._"  # what macOS keeps of a file beside it, on disks that are not its own: never the file

PLACEHOLDER_SUFFIXES = frozenset({".icloud", ".nextcloud", ".owncloud", ".cloud", ".cloudf"})
"""What a cloud leaves in the place of a file that it holds back: iCloud (hidden, ".name.xlsx.icloud"), Nextcloud and
ownCloud, Odrive. OneDrive and newer macOS keep the name and mark the file, see `loading`."""

UNFINISHED_SUFFIXES = frozenset(
    {
        *(".downloading", ".crdownload", ".part", ".partial", ".download", ".opdownload", ".!ut"),  # and of browsers
        *(".xltd", ".td", ".aria2", ".filepart", ".~tmp", ".tmp"),  # 迅雷, aria2, WinSCP, whatever copies beside first
    }
)
"""What a program adds while it copies or downloads; 百度网盘 writes ".baiduyun.p.downloading", 坚果云 and WPS
".downloading"."""

PROGRAMS_OWN = (".baiduyun", ".p")  # stand between the name of the workbook and the ending
RSYNC = re.compile(r"\.(?P<name>.+)\.[A-Za-z0-9]{6}")  # what rsync writes beside the file that it replaces


def check_name(name: str) -> None:
    """Turn away a file whose contents are not those of a workbook, as its name says; ``name`` is without folders.

    Raises `Skipped`: lock_file, placeholder, unfinished, hidden.
    """
    if name.startswith(LOCK_PREFIXES):
        raise Skipped("lock_file")
    if missing_workbook(name) is not None:
        if _ending(name) in PLACEHOLDER_SUFFIXES:
            raise Skipped("placeholder")
        raise Skipped("unfinished")
    if name.startswith(HIDDEN) and _is_workbook(name):
        raise Skipped("hidden")


def missing_workbook(name: str) -> str | None:
    """Return the workbook that a placeholder or an unfinished copy stands for, by its name; None for other files."""
    if name.startswith(APPLE_DOUBLE):
        return None
    is_marked = _ending(name) in PLACEHOLDER_SUFFIXES | UNFINISHED_SUFFIXES
    copied = RSYNC.fullmatch(name)
    path = PurePath(name if is_marked else copied["name"] if copied else "")
    if is_marked:
        path = path.with_suffix("")
        while path.suffix.lower() in PROGRAMS_OWN:
            path = path.with_suffix("")
    return path.name.lstrip(HIDDEN) if _is_workbook(path.name) else None


def is_told(name: str) -> bool:
    """Tell whether a file belongs into the account of its folder: all but hidden ones that are nobody's loss.

    Of these only what stands for a workbook is told: locks, placeholders, unfinished copies, and a workbook that is
    hidden itself. ``.DS_Store`` and its like, and what macOS keeps beside a file, are no loss.
    """
    if not name.startswith(HIDDEN):
        return True
    if name.startswith(APPLE_DOUBLE):
        return False
    return name.startswith(LOCK_PREFIXES) or missing_workbook(name) is not None or _is_workbook(name)


def _is_workbook(name: str) -> bool:
    return _ending(name) in WORKBOOK_SUFFIXES


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()
