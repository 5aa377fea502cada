"""What members and committees write beside the points: reviews, appraisals, trainings, pledges, duties, visits."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from tests.generator import wording
from tests.generator.calendar import month_end, on_day, quarters_of, years_of
from tests.generator.noise import chance, pick, stream
from tests.generator.people import People
from tests.generator.records import (
    CommitteeScore,
    FrontlineVisit,
    MutualRating,
    PeerAppraisal,
    Pledge,
    PostDuty,
    Training,
)

VISITS_A_MEMBER_MONTH = 0.7


@dataclass(frozen=True)
class Appraisal:
    """Scores and ledgers that no item of the group's month depends on."""

    ratings: tuple[MutualRating, ...]
    committee: tuple[CommitteeScore, ...]
    peers: tuple[PeerAppraisal, ...]
    trainings: tuple[Training, ...]
    pledges: tuple[Pledge, ...]
    duties: tuple[PostDuty, ...]
    frontline: tuple[FrontlineVisit, ...]


def run_appraisal(people: People, months: tuple[date, ...], seed: int) -> Appraisal:
    """Return everything for all quarters and years that ``months`` touch; annual reviews for whole years only."""
    return Appraisal(
        ratings=tuple(_rate_each_other(people, months, seed)),
        committee=tuple(_score_by_committee(people, months, seed)),
        peers=tuple(_appraise(people, months, seed)),
        trainings=tuple(_train(people, months, seed)),
        pledges=tuple(_pledge(people, months, seed)),
        duties=tuple(_serve_posts(people, months, seed)),
        frontline=wording.tell_apart(_visit_frontline(people, months, seed), "matter"),
    )


def _rate_each_other(people: People, months: tuple[date, ...], seed: int) -> list[MutualRating]:
    """Return whole scores around 92; some groups judge milder than others."""
    rng = stream(seed, "mutual review")
    names = [spec.party_group for spec in people.groups]
    leniency = dict(zip(names, rng.normal(0, 1.2, len(names)), strict=True))
    return [
        MutualRating(year, quarter, rater, rated, int(np.clip(round(92 + leniency[rater] + rng.normal(0, 2)), 80, 99)))
        for year, quarter in quarters_of(months)
        for rater in names
        for rated in names
        if rater != rated
    ]


def _score_by_committee(people: People, months: tuple[date, ...], seed: int) -> list[CommitteeScore]:
    rng = stream(seed, "committee")
    return [
        CommitteeScore(year, quarter, spec.party_group, float(np.clip(round(rng.normal(90, 2.5) * 2) / 2, 80, 99)))
        for year, quarter in quarters_of(months)
        for spec in people.groups
    ]


def _appraise(people: People, months: tuple[date, ...], seed: int) -> list[PeerAppraisal]:
    rng = stream(seed, "peer appraisal")
    return [
        PeerAppraisal(year, spec.party_group, float(np.clip(round(rng.normal(91, 2) * 2) / 2, 80, 99)))
        for year, own in years_of(months).items()
        if len(own) == 12
        for spec in people.groups
    ]


def _train(people: People, months: tuple[date, ...], seed: int) -> list[Training]:
    """Return one training of all group leaders and a few members in the first month of every quarter."""
    rng = stream(seed, "training")
    held = []
    for first, *_ in quarters_of(months).values():
        day = on_day(first, int(rng.integers(8, 27)))
        mode, hours = pick(rng, wording.TRAINING_MODES), int(rng.integers(2, 9))
        for spec in people.groups:
            for position, member in enumerate(people.members_of(spec.party_group, day)):
                if position == 0 or chance(rng, 0.2):
                    held.append(Training(day, member, mode, hours, int(rng.integers(78, 99))))
    return held


def _pledge(people: People, months: tuple[date, ...], seed: int) -> list[Pledge]:
    """Return a pledge of every member in the first month of each year; most are kept, a few stay open."""
    rng = stream(seed, "pledges")
    made = []
    for own in years_of(months).values():
        pledged_on = on_day(own[0], 20)
        for member in people.all_members(pledged_on):
            due_on = month_end(own[int(rng.integers(len(own) // 2, len(own)))])
            is_kept = chance(rng, 0.88)
            closed_on = max(pledged_on, due_on - timedelta(days=int(rng.integers(0, 25)))) if is_kept else None
            made.append(Pledge(member, pledged_on, pick(rng, wording.PLEDGES), due_on, closed_on))
    return made


def _serve_posts(people: People, months: tuple[date, ...], seed: int) -> list[PostDuty]:
    rng = stream(seed, "post duties")
    served = []
    for month in months:
        for index, member in enumerate(people.all_members(on_day(month, 15))):
            post = wording.POSTS[index % len(wording.POSTS)]
            area = wording.DUTY_AREAS[index % len(wording.DUTY_AREAS)]
            served.append(PostDuty(month, post, area, member, int(rng.poisson(4)), index % 5 == 0))
    return served


def _visit_frontline(people: People, months: tuple[date, ...], seed: int) -> list[FrontlineVisit]:
    rng = stream(seed, "frontline")
    visits = []
    for month in months:
        for member in people.all_members(month):
            for _ in range(int(rng.poisson(VISITS_A_MEMBER_MONTH))):
                day = on_day(month, int(rng.integers(1, 29)))
                if people.group_of(member, day):
                    visits.append(FrontlineVisit(day, member, pick(rng, wording.PLACES), pick(rng, wording.MATTERS)))
    return sorted(visits, key=lambda visit: visit.visited_on)
