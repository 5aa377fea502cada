"""What the branch rules on: how its leaders do their duty, which group is the model of the year, corrected points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from tests.generator import wording
from tests.generator.calendar import month_end, on_day, quarters_of, years_of
from tests.generator.noise import pick, stream
from tests.generator.people import People
from tests.generator.records import Correction, LeaderDuty, LedgerEntry, ModelVote

VETO = "V1"
ROUNDS = ("第一轮", "第二轮")
TILT_POINTS = 5.0  # a group that many points behind another one gets a third of its votes
CORRECTED_MONTHS = 6  # a bureau that has only begun corrects nothing

Points = Mapping[tuple[str, date], float]  # of a group's process, by (party group, month)


@dataclass(frozen=True)
class Governance:
    """Assessments of leaders, votes on the model group, and corrections of what had been published."""

    duties: tuple[LeaderDuty, ...]
    votes: tuple[ModelVote, ...]
    corrections: tuple[Correction, ...]


def govern(
    people: People, months: tuple[date, ...], ledger: tuple[LedgerEntry, ...], points: Points, seed: int
) -> Governance:
    """Return what is ruled on in all quarters and years that ``months`` touch; votes are held on whole years only."""
    return Governance(
        duties=tuple(_assess_leaders(people, months, seed)),
        votes=tuple(
            vote
            for year, own in years_of(months).items()
            if len(own) == 12 and len(people.groups) > 1
            for vote in _vote(people, year, own, ledger, points, seed)
        ),
        corrections=tuple(_correct(people, months, seed)),
    )


def _assess_leaders(people: People, months: tuple[date, ...], seed: int) -> list[LeaderDuty]:
    """Return the five duties of everybody who led a group on a day of a quarter."""
    rng = stream(seed, "leader duties")
    return [
        LeaderDuty(year, quarter, leader, duty, full, full - int(rng.binomial(full, 0.1)))
        for (year, quarter), own in quarters_of(months).items()
        for spec in people.groups
        for leader in people.leaders_between(spec.party_group, own[0], month_end(own[-1]))
        for duty, full in wording.LEADER_DUTIES.items()
    ]


def _vote(
    people: People,
    year: int,
    months: tuple[date, ...],
    ledger: tuple[LedgerEntry, ...],
    points: Points,
    seed: int,
) -> list[ModelVote]:
    """Return a year's votes, which follow the points; without a majority the first two are voted on again."""
    rng = stream(seed, f"model group {year}")
    names = [spec.party_group for spec in people.groups]
    voters = len(people.all_members(month_end(months[-1])))
    means = np.array([np.mean([points[name, month] for month in months]) for name in names])
    grounds = {
        entry.party_group: f"{entry.month.month}月一票否决"
        for entry in ledger
        if entry.item == VETO and entry.month.year == year
    }
    votes: list[ModelVote] = []
    listed, ballot = names, [name for name in names if name not in grounds]
    for round_name in ROUNDS:
        chances = np.exp((means - means.max()) / TILT_POINTS)[[names.index(name) for name in ballot]]
        counts = dict(zip(ballot, rng.multinomial(voters, chances / chances.sum()), strict=True))
        votes += [
            ModelVote(year, round_name, name, int(counts.get(name, 0)), voters, grounds.get(name, ""))
            for name in listed
        ]
        if 2 * max(counts.values()) > voters:
            break
        listed = ballot = sorted(ballot, key=lambda name: -counts[name])[:2]
    return votes


def _correct(people: People, months: tuple[date, ...], seed: int) -> list[Correction]:
    """Return an activity's record handed in after the quarter, a visit entered twice, a note handed in late."""
    if len(months) < CORRECTED_MONTHS:
        return []
    rng = stream(seed, "corrections")
    first, last = people.groups[0].party_group, people.groups[-1].party_group
    published, recent, member_month = months[-5], months[-3], months[-4]
    member = pick(rng, people.members_of(last, on_day(member_month, 15)))
    return [
        Correction(on_day(months[-3], 12), member_month, last, member, "M4", 1.0, "补交学习笔记"),
        Correction(on_day(months[-2], 8), published, first, "", "B1", 5.0, "补交活动记录"),
        Correction(on_day(months[-1], 6), recent, last, "", "B3", -0.5, "帮扶重复登记，扣回"),
    ]
