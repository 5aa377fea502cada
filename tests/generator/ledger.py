"""The points ledger: groups' awards and deductions, one falsified record; members' notes, complaints and one veto."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from tests.generator import wording
from tests.generator.activities import FEATURE
from tests.generator.calendar import month_end, month_of, on_day
from tests.generator.diligence import find_diligent
from tests.generator.noise import chance, pick, stream
from tests.generator.people import People, month_at
from tests.generator.records import Activity, LedgerEntry

ENTRIES_A_YEAR = 6
AWARDS_CAP_A_QUARTER = 5  # rule D1
NOTES_A_MEMBER_MONTH = 0.15
COMPLAINTS_A_MONTH = 0.1
LATE_SHARE = 0.06  # of the entries, recorded more than 15 days after the end of their month

# Where in the sample's 38 months: the veto in 2019-06, the falsified record from 2020-05 on, five notes in 2021-10.
VETO_INDEX, FALSIFIED_INDEX, NOTES_INDEX = 7, 18, 35
MANY_NOTES = 5  # one more than rule M4 counts
FALSIFIED_ITEM = "B1"


def keep_ledger(
    people: People, months: tuple[date, ...], activities: Sequence[Activity], seed: int
) -> tuple[LedgerEntry, ...]:
    """Return every entry by month, those of groups first, with the day on which it was written down."""
    entries = _keep_for_groups(people, months, seed)
    entries += _falsify(people, months, activities)
    entries += _note_studies(people, months, seed)
    entries += _complain_of_members(people, months, seed)
    entries += _veto(people, months)
    ordered = sorted(entries, key=lambda entry: (entry.month, entry.member != ""))
    return tuple(_record(ordered, months, seed))


def _keep_for_groups(people: People, months: tuple[date, ...], seed: int) -> list[LedgerEntry]:
    """Return awards, upheld complaints and late ledgers; awards stay below their cap a quarter."""
    rng = stream(seed, "points ledger")
    entries: list[LedgerEntry] = []
    awarded: dict[tuple[str, int, int], int] = {}
    for month in months:
        count = int(rng.poisson(ENTRIES_A_YEAR / 12)) + (month == months[0] or month.month == 3)
        for _ in range(count):
            spec = people.groups[int(rng.integers(len(people.groups)))]
            item = pick(rng, ("D1", "D1", "D2", "D4"))
            points = {"D1": int(rng.choice((2, 3))), "D2": -2, "D4": -1}[item]
            quarter = (spec.party_group, month.year, (month.month - 1) // 3)
            if item == "D1":
                if awarded.get(quarter, 0) + points > AWARDS_CAP_A_QUARTER:
                    continue
                awarded[quarter] = awarded.get(quarter, 0) + points
            prefix = wording.AWARD_LEVELS[points] if item == "D1" else ""
            entries.append(LedgerEntry(month, spec.party_group, item, points, prefix + wording.GROUNDS[item]))
    return entries


def _falsify(people: People, months: tuple[date, ...], activities: Iterable[Activity]) -> list[LedgerEntry]:
    """Return the entry on one own activity of the second group that was made up, in a month that counts it."""
    group = people.groups[1 % len(people.groups)].party_group
    begin = month_at(months, FALSIFIED_INDEX)
    own = (a for a in activities if a.party_group == group and a.activity_type == FEATURE and a.has_record)
    month = min((month_of(a.held_on) for a in own if a.held_on >= begin), default=None)
    if month is None:
        return []
    return [LedgerEntry(month, group, "D3", -5, wording.GROUNDS["D3"], about_item=FALSIFIED_ITEM)]


def _note_studies(people: People, months: tuple[date, ...], seed: int) -> list[LedgerEntry]:
    """Return a study note now and then, and once as many by one member as no month counts."""
    rng = stream(seed, "study notes")
    diligent = find_diligent(people, months)
    busy = people.plain_members(people.groups[-1].party_group)[-1:]
    entries = []
    for month in months:
        for spec in people.groups:
            for member in people.members_of(spec.party_group, on_day(month, 15)):
                least = diligent[member, month].notes if (member, month) in diligent else 0
                count, topic = int(rng.poisson(NOTES_A_MEMBER_MONTH)), int(rng.integers(len(wording.NOTES)))
                if busy and member == busy[0].member and month == month_at(months, NOTES_INDEX):
                    count = MANY_NOTES
                grounds = [wording.NOTES[(topic + step) % len(wording.NOTES)] for step in range(max(least, count))]
                entries += [LedgerEntry(month, spec.party_group, "M4", 1, text, member) for text in grounds]
    return entries


def _complain_of_members(people: People, months: tuple[date, ...], seed: int) -> list[LedgerEntry]:
    rng = stream(seed, "complaints of members")
    entries = []
    for month in months:
        if chance(rng, COMPLAINTS_A_MONTH):
            member = pick(rng, people.all_members(on_day(month, 15)))
            group = people.group_of(member, on_day(month, 15)) or ""
            entries.append(LedgerEntry(month, group, "M8", -5, wording.GROUNDS["M8"], member))
    return entries


def _veto(people: People, months: tuple[date, ...]) -> list[LedgerEntry]:
    """Return one veto, of the last member of the last group; a young bureau has none."""
    group, month = people.groups[-1].party_group, month_at(months, VETO_INDEX)
    found = people.plain_members(group)[-1:]
    if month == months[0]:
        return []
    return [LedgerEntry(month, group, "V1", 0, wording.GROUNDS["V1"], entry.member) for entry in found]


def _record(entries: Iterable[LedgerEntry], months: tuple[date, ...], seed: int) -> list[LedgerEntry]:
    """Write down most entries in the first days of the next month, some of them weeks later."""
    rng = stream(seed, "entries recorded")
    last = month_end(months[-1])
    recorded = []
    for entry in entries:
        days = int(rng.integers(16, 45)) if chance(rng, LATE_SHARE) else int(rng.integers(1, 9))
        recorded.append(replace(entry, recorded_on=min(last, month_end(entry.month) + timedelta(days=days))))
    return recorded
