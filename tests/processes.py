"""Which processes there are, for tests that none of ours is left."""

from pathlib import Path


def descendants(pid: int) -> list[int]:
    """Return every living process below ``pid``, however deep; zombies, which only wait to be told of, are left out."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = stat.read_text()
        except (FileNotFoundError, ProcessLookupError):
            continue  # it has just ended
        state, parent = text.rpartition(")")[2].split()[:2]
        if state != "Z":
            children.setdefault(int(parent), []).append(int(stat.parent.name))
    found, ahead = [], list(children.get(pid, []))
    while ahead:
        found.append(child := ahead.pop())
        ahead += children.get(child, [])
    return sorted(found)


def command_line(pid: int) -> bytes:
    """Return how a process was started; nothing when it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""
