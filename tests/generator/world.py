"""The latent truth of one bureau: who, what they did, what came of it, and what the rule book gives for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from tests.generator.appraisal import Appraisal, run_appraisal
from tests.generator.calendar import month_end, months_between, parse_month
from tests.generator.governance import Governance, govern
from tests.generator.leaves import note_leaves, plan_leaves
from tests.generator.member_oracle import MemberPoints, score_members
from tests.generator.noise import standardise
from tests.generator.oracle import ItemPoints, Missing, score_ledger, score_process, score_results, sum_points
from tests.generator.people import People, build_people
from tests.generator.process import Process, run_process, usual_intensity
from tests.generator.records import Leave
from tests.generator.results import Effect, Results, noise_of_groups, run_results


@dataclass(frozen=True)
class World:
    """Everything that happened in a bureau from the first to the last month."""

    months: tuple[date, ...]
    people: People
    process: Process
    results: Results
    appraisal: Appraisal
    governance: Governance
    leaves: tuple[Leave, ...]
    effects: Mapping[str, Effect]

    @property
    def as_of(self) -> date:
        """The last day that the workbooks know of."""
        return month_end(self.months[-1])


def build_world(groups: int, members: int, first: str, last: str, effects: Mapping[str, Effect], seed: int) -> World:
    """Return a bureau's truth; months are written 2018-11.

    Process points come first, so that a planted effect has the very points that a report will compute as its driver.
    Raises `ValueError` for months in the wrong order and for counts or effects that cannot be.
    """
    months = months_between(parse_month(first), parse_month(last))
    if not months:
        raise ValueError(f"the first month {first} lies after the last month {last}")
    people = build_people(groups, members, months, seed)
    planned = plan_leaves(people, months)
    process = run_process(people, months, planned, usual_intensity(people, months, seed), seed)
    points = sum_points(score_process(people, process, months), lambda item: True)
    drivers = {
        spec.party_group: standardise([points[spec.party_group, month] for month in months]) for spec in people.groups
    }
    noise = noise_of_groups(people, len(months), drivers, effects, seed)
    return World(
        months=months,
        people=people,
        process=process,
        results=run_results(people, months, noise, seed),
        appraisal=run_appraisal(people, months, planned, seed),
        governance=govern(people, months, process.ledger, points, seed),
        leaves=note_leaves(people, process.activities, process.quiz, planned, months, seed),
        effects=effects,
    )


def score_world(world: World, missing: Missing = frozenset()) -> tuple[ItemPoints, ...]:
    """Return every item of every group and month; ``missing`` lists what was not submitted."""
    return (
        *score_process(world.people, world.process, world.months),
        *score_results(world.people, world.results, world.months, missing),
        *score_ledger(world.people, world.process, world.months),
    )


def score_everybody(world: World) -> tuple[MemberPoints, ...]:
    """Return the month of every member."""
    return score_members(world.people, world.process, world.appraisal, world.leaves, world.months)
