"""What members and committees write beside the points: reviews, appraisals, trainings, pledges, duties, visits."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from tests.generator import wording
from tests.generator.calendar import month_end, on_day, quarters_of, years_of
from tests.generator.diligence import Diligent, find_diligent, pledge_more, visit_more
from tests.generator.leaves import is_away_all, leave_of
from tests.generator.noise import chance, pick, stream
from tests.generator.people import People
from tests.generator.records import (
    CommitteeScore,
    FrontlineVisit,
    ItemRating,
    Leave,
    MutualRating,
    PeerAppraisal,
    Pledge,
    PostDuty,
    Training,
)

VISITS_A_MEMBER_MONTH = 0.7
ITEMS_SINCE = (2021, 3)  # the quarter from which groups judge each other, and themselves, part by part
SELF_SCORES = (94, 99)
MOST_JUDGED, CIRCLE = 30, 12  # nobody can judge hundreds of groups: above the first, groups judge their own dozen


@dataclass(frozen=True)
class Appraisal:
    """Scores and ledgers that no item of the group's month depends on."""

    ratings: tuple[MutualRating, ...]
    item_ratings: tuple[ItemRating, ...]  # of the quarters that have them; they average to the ratings
    committee: tuple[CommitteeScore, ...]
    peers: tuple[PeerAppraisal, ...]
    trainings: tuple[Training, ...]
    pledges: tuple[Pledge, ...]
    duties: tuple[PostDuty, ...]
    frontline: tuple[FrontlineVisit, ...]

    def given_to(self, party_group: str, quarter: tuple[int, int]) -> list[int]:
        """Return what the others gave a group in a (year, quarter)."""
        return [rating.score for rating in self._ratings_by_rated.get((*quarter, party_group), ())]

    @cached_property
    def _ratings_by_rated(self) -> dict[tuple[int, int, str], list[MutualRating]]:
        ratings: dict[tuple[int, int, str], list[MutualRating]] = {}
        for rating in self.ratings:
            ratings.setdefault((rating.year, rating.quarter, rating.rated_group), []).append(rating)
        return ratings


def run_appraisal(people: People, months: tuple[date, ...], leaves: Sequence[Leave], seed: int) -> Appraisal:
    """Return everything for all quarters and years that ``months`` touch; annual reviews for whole years only.

    Whoever is on leave takes part in no training, visits nobody, and does nothing at the post in a month away.
    """
    diligent = find_diligent(people, months)
    ratings = _rate_each_other(people, months, seed)
    trainings = [t for t in _train(people, months, seed) if not leave_of(leaves, t.member, t.held_on)]
    duties = [
        replace(duty, duty_count=0) if is_away_all(leaves, duty.member, duty.month) else duty
        for duty in _serve_posts(people, months, diligent, seed)
    ]
    visits = [*_visit_frontline(people, months, seed), *visit_more(diligent, seed)]
    visits = [visit for visit in visits if not leave_of(leaves, visit.member, visit.visited_on)]
    pledges = [*_pledge(people, months, seed), *pledge_more(diligent, seed)]
    return Appraisal(
        ratings=tuple(ratings),
        item_ratings=tuple(_rate_by_item(people, ratings, seed)),
        committee=tuple(_score_by_committee(people, months, seed)),
        peers=tuple(_appraise(people, months, seed)),
        trainings=tuple(trainings),
        pledges=tuple(sorted(pledges, key=lambda pledge: pledge.pledged_on)),
        duties=tuple(duties),
        frontline=wording.tell_apart(sorted(visits, key=lambda visit: visit.visited_on), "matter"),
    )


def _rate_each_other(people: People, months: tuple[date, ...], seed: int) -> list[MutualRating]:
    """Return whole scores around 92; some groups judge milder than others."""
    rng = stream(seed, "mutual review")
    names = [spec.party_group for spec in people.groups]
    leniency = dict(zip(names, rng.normal(0, 1.2, len(names)), strict=True))
    return [
        MutualRating(year, quarter, rater, rated, int(np.clip(round(92 + leniency[rater] + rng.normal(0, 2)), 80, 99)))
        for year, quarter in quarters_of(months)
        for circle in circles(names)
        for rater in circle
        for rated in circle
        if rater != rated
    ]


def circles(party_groups: Sequence[str]) -> list[Sequence[str]]:
    """Return the groups that judge each other: all, and in a bureau of more than `MOST_JUDGED` each dozen by itself."""
    size = len(party_groups) if len(party_groups) <= MOST_JUDGED else CIRCLE
    return [party_groups[start : start + size] for start in range(0, len(party_groups), size)]


def _rate_by_item(people: People, ratings: Sequence[MutualRating], seed: int) -> list[ItemRating]:
    """Split the ratings of the later quarters into whole scores that average to them, and add what groups give
    themselves.
    """
    rng = stream(seed, "mutual review by item")
    given = [rating for rating in ratings if (rating.year, rating.quarter) >= ITEMS_SINCE]
    quarters = sorted({(rating.year, rating.quarter) for rating in given})
    own = [
        MutualRating(*quarter, spec.party_group, spec.party_group, int(rng.integers(*SELF_SCORES)))
        for quarter in quarters
        for spec in people.groups
    ]
    order = {spec.party_group: place for place, spec in enumerate(people.groups)}
    both = sorted([*given, *own], key=lambda r: (r.year, r.quarter, order[r.rater_group], order[r.rated_group]))
    split = []
    for rating in both:
        step = int(rng.integers(-1, 2))
        scores = (rating.score + step, rating.score, rating.score - step)
        split += [
            ItemRating(rating.year, rating.quarter, rating.rater_group, rating.rated_group, item, score)
            for item, score in zip(wording.REVIEW_ITEMS, scores, strict=True)
        ]
    return split


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
    rng, of_new = stream(seed, "training"), stream(seed, "training of new leaders")
    held = []
    for first, *_ in quarters_of(months).values():
        day = on_day(first, int(rng.integers(8, 27)))
        mode, hours = pick(rng, wording.TRAINING_MODES), int(rng.integers(2, 9))
        for spec in people.groups:
            for position, member in enumerate(people.members_of(spec.party_group, day)):
                if position == 0 or chance(rng, 0.2):
                    held.append(Training(day, member, mode, hours, int(rng.integers(78, 99))))
                elif member in people.leaders_between(spec.party_group, day, day):
                    held.append(Training(day, member, mode, hours, int(of_new.integers(78, 99))))
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


def _serve_posts(people: People, months: tuple[date, ...], diligent: Diligent, seed: int) -> list[PostDuty]:
    rng = stream(seed, "post duties")
    served = []
    for month in months:
        for index, member in enumerate(people.all_members(on_day(month, 15))):
            post = wording.POSTS[index % len(wording.POSTS)]
            area = wording.DUTY_AREAS[index % len(wording.DUTY_AREAS)]
            least = diligent[member, month].duties if (member, month) in diligent else 0
            served.append(PostDuty(month, post, area, member, max(least, int(rng.poisson(4))), index % 5 == 0))
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
    return visits
