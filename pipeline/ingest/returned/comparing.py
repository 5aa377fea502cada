"""A resubmission against the list that was sent with the last copy: each issue is mended, still open, or new."""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import asdict, dataclass, replace

from pipeline.ingest.ledger import Issue
from pipeline.ingest.returned.memory import SentFile, SentIssue, State

Keyed = Issue | SentIssue


@dataclass(frozen=True)
class Comparison:
    """The issues of one file with their states, those that are mended last, and what is new as against last time."""

    issues: tuple[SentIssue, ...]
    mended: int
    still_open: int
    new: int


def compare(issues: Sequence[Issue], last: SentFile | None, sha256: str) -> Comparison:
    """Return the states of ``issues`` as against ``last``, the list that was sent back (None: none was).

    When the file itself is unchanged nobody has resubmitted it: what is still there keeps the state it was sent with,
    and so does what was mended before. Otherwise only what was wrong last time can be mended or still open now.
    """
    if last is None:
        return Comparison(tuple(_sent(issue, "new") for issue in issues), 0, 0, len(issues))
    is_same_file = sha256 == last.sha256
    before = [issue for issue in last.issues if issue.state != "mended"]
    pairs = _match(issues, before)
    now = [
        _sent(issue, "new")
        if number not in pairs
        else _sent(issue, before[pairs[number]].state if is_same_file else "open")
        for number, issue in enumerate(issues)
    ]
    gone = [replace(issue, state="mended") for number, issue in enumerate(before) if number not in pairs.values()]
    carried = [issue for issue in last.issues if issue.state == "mended"] if is_same_file else []
    return Comparison(
        issues=(*now, *gone, *carried),
        mended=len(gone),
        still_open=len(pairs),
        new=len(issues) - len(pairs),
    )


def _place_and_seen(issue: Keyed) -> Hashable:
    return issue.sheet, issue.code, issue.cell, issue.seen


def _place(issue: Keyed) -> Hashable:
    return issue.sheet, issue.code, issue.cell


def _moved(issue: Keyed) -> Hashable:
    return issue.sheet, issue.code, issue.seen, _column(issue.cell)


def _moved_to_a_sheet(issue: Keyed) -> Hashable:
    return issue.code, issue.seen, _column(issue.cell)


# From the surest to the weakest: rows shift when a line is put in above, and a sheet may get another name.
_KEYS: tuple[Callable[[Keyed], Hashable], ...] = (_place_and_seen, _moved, _place, _moved_to_a_sheet)


def _match(now: Sequence[Issue], before: Sequence[SentIssue]) -> dict[int, int]:
    """Return position in ``now`` -> position in ``before`` of the same issue; each is taken once, in order."""
    pairs: dict[int, int] = {}
    taken: set[int] = set()
    for key in _KEYS:
        free: dict[Hashable, list[int]] = {}
        for number, issue in enumerate(before):
            if number not in taken:
                free.setdefault(key(issue), []).append(number)
        for number, found in enumerate(now):
            candidates = free.get(key(found))
            if number not in pairs and candidates:
                pairs[number] = candidates.pop(0)
                taken.add(pairs[number])
    return pairs


def _column(cell: str | None) -> str:
    return (cell or "").rstrip("0123456789")


def _sent(issue: Issue, state: State) -> SentIssue:
    record = asdict(issue)
    del record["file"]
    return SentIssue(**record, state=state)
