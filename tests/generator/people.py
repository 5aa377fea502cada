"""Party groups and their members: invented people, dated memberships, one transfer, one who leaves, one who comes, and
one change of leader.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import product

import numpy as np

from pipeline.catalog.records import Function
from tests.generator.noise import pick, stream
from tests.generator.records import GroupSpec, LeaderTerm, Membership
from tests.generator.rendering import MOST_NUMERAL, numeral

FUNCTIONS: tuple[Function, ...] = ("marketing", "enforcement", "territory")
POSTS = {  # of the leader and of a member
    "marketing": ("市场经理", "客户经理"),
    "enforcement": ("专卖股长", "专卖管理员"),
    "territory": ("管理所长", "片区管理员"),
}
PLACES = (
    "东城",
    "西城",
    "南城",
    "北城",
    "东乡",
    "西乡",
    "南乡",
    "北乡",
    "中区",
)  # of every round of three groups after the first; after these nine the same with a number
FIRST_NAMES = ("张三", "李四", "王五", "赵六", "钱七", "孙八", "周九", "吴十", "郑一", "冯二", "陈三", "阿卜杜·某")
SURNAMES = "褚卫蒋沈韩杨朱秦尤许何吕施孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
MOST_GROUPS = 360  # a bureau of ten times the groups of a large one; there are names for no more than two members each
MOST_MEMBERS = len(FIRST_NAMES) + MOST_NUMERAL * len(SURNAMES) - 1  # and a name for the one who is newly come

# Where in the sample's 38 months the moves fall: the change of members in 2020-03, the transfer in 2020-07, the new
# leader in 2020-09.
SAMPLE_MONTHS = 38
REPLACEMENT_INDEX = 16
TRANSFER_INDEX = 20
LEADER_INDEX = 22


@dataclass(frozen=True)
class People:
    """The groups of a bureau, who belonged to them when, and who led them.

    The order of a group stays that of the roster when its leader changes: who came first still comes first.
    """

    groups: tuple[GroupSpec, ...]
    memberships: tuple[Membership, ...]
    terms: tuple[LeaderTerm, ...]

    @cached_property
    def _by_group(self) -> dict[str, list[Membership]]:
        return _grouped(self.memberships, lambda entry: entry.party_group)

    @cached_property
    def _by_member(self) -> dict[str, list[Membership]]:
        return _grouped(self.memberships, lambda entry: entry.member)

    def members_of(self, party_group: str, day: date) -> tuple[str, ...]:
        """Return the members of a group on a day, in the order of the roster."""
        return tuple(entry.member for entry in self._by_group.get(party_group, ()) if entry.holds_on(day))

    def group_of(self, member: str, day: date) -> str | None:
        """Return the group of a member on a day, None where there is none."""
        return next((e.party_group for e in self._by_member.get(member, ()) if e.holds_on(day)), None)

    def all_members(self, day: date) -> tuple[str, ...]:
        return tuple(member for group in self.groups for member in self.members_of(group.party_group, day))

    def leaders_between(self, party_group: str, first: date, last: date) -> tuple[str, ...]:
        """Return who led a group on any of some days, in order; both days included."""
        return tuple(
            term.member
            for term in self.terms
            if term.party_group == party_group
            and term.started_on <= last
            and (term.ended_on is None or term.ended_on > first)
        )

    def plain_members(self, party_group: str) -> list[Membership]:
        """Return those who belong to a group from first to last and never lead it."""
        leaders = {term.member for term in self.terms}
        own = [entry for entry in self.memberships if entry.party_group == party_group]
        return [entry for entry in own if not (entry.member in leaders or entry.left_on or entry.note)]


def _grouped(memberships: Iterable[Membership], key: Callable[[Membership], str]) -> dict[str, list[Membership]]:
    """Return the memberships under their keys, each list in the order of the roster."""
    groups: dict[str, list[Membership]] = {}
    for entry in memberships:
        groups.setdefault(key(entry), []).append(entry)
    return groups


def build_people(groups: int, members: int, months: tuple[date, ...], seed: int) -> People:
    """Return ``groups`` groups with ``members`` members on every day of ``months``.

    Raises `ValueError` for counts that no bureau of this generator can have.
    """
    if not 1 <= groups <= MOST_GROUPS:
        raise ValueError(f"groups must be 1 to {MOST_GROUPS}, not {groups}")
    if not groups <= members <= MOST_MEMBERS:
        raise ValueError(f"members must be {groups} (one a group) to {MOST_MEMBERS}, not {members}")
    rng = stream(seed, "people")
    specs = tuple(_make_group(index, rng) for index in range(groups))
    names = _invent_names()
    roster = [
        entry
        for index, spec in enumerate(specs)
        for entry in _found_group(spec, members // groups + (index < members % groups), names, months[0], rng)
    ]
    _replace_one(roster, specs, names, months)
    _transfer_one(roster, specs, months)
    return People(groups=specs, memberships=tuple(roster), terms=tuple(_lead(roster, specs, months)))


def _make_group(index: int, rng: np.random.Generator) -> GroupSpec:
    """Return the three groups of the founding article first, then invented ones with the same three functions."""
    function = FUNCTIONS[index % 3]
    leader_post, member_post = POSTS[function]
    is_invented = index >= len(FUNCTIONS)
    place = _place(index // len(FUNCTIONS) - 1) if is_invented else ""
    size = round(float(rng.uniform(0.7, 1.2)), 2) if is_invented else 1.0
    sales_unit = office = inspection_unit = ""
    if function == "marketing":
        name, sales_unit = (f"{place}营销", f"{place}营销部") if place else ("营销管理", "城区")
    elif function == "enforcement":
        name, office, inspection_unit = f"{place}专卖" if place else "专卖综合", f"{place}稽查队", f"{place}专卖股"
    else:
        territory = place or "驮卢"
        name, sales_unit = f"{territory}片区", f"{territory}市场" if place else territory
        office = inspection_unit = f"{territory}所"
    return GroupSpec(
        party_group=name,
        function=function,
        leader_post=leader_post,
        member_post=member_post,
        sales_unit=sales_unit,
        office=office,
        inspection_unit=inspection_unit,
        other_names=(f"{name}党小组", f"{name}组"),
        size=size,
    )


def _place(number: int) -> str:
    """Return the name of a place: 东城, and after the nine of `PLACES` 东城一, ..."""
    round_, position = divmod(number, len(PLACES))
    return PLACES[position] + (numeral(round_) if round_ else "")


def _invent_names() -> Iterator[str]:
    """Yield names that no one mistakes for a real person's: a surname of the Hundred Family Surnames and a number."""
    yield from FIRST_NAMES
    for number, surname in product(range(1, MOST_NUMERAL + 1), SURNAMES):
        yield surname + numeral(number)


def _found_group(
    spec: GroupSpec, size: int, names: Iterator[str], joined_on: date, rng: np.random.Generator
) -> Iterator[Membership]:
    for position in range(size):
        yield Membership(
            member=next(names),
            gender=pick(rng, ("男", "男", "女")),
            post=spec.leader_post if position == 0 else spec.member_post,
            party_group=spec.party_group,
            party_role="组长" if position == 0 else "",
            joined_on=joined_on,
            left_on=None,
            note="",
        )


def _replace_one(
    roster: list[Membership], specs: tuple[GroupSpec, ...], names: Iterator[str], months: tuple[date, ...]
) -> None:
    """Let the last member of the second group leave the bureau and a newcomer take the place on the same day."""
    spec = specs[1 % len(specs)]
    day = month_at(months, REPLACEMENT_INDEX)
    index = max(i for i, entry in enumerate(roster) if entry.party_group == spec.party_group)
    leaver = roster[index]
    if day == months[0] or leaver.party_role:
        return  # too short a time, or nobody but the leader
    roster[index] = replace(leaver, left_on=day, note="调出")
    newcomer = replace(leaver, member=next(names), gender="女", joined_on=day, left_on=None, note="新调入")
    roster.insert(index + 1, newcomer)


def _transfer_one(roster: list[Membership], specs: tuple[GroupSpec, ...], months: tuple[date, ...]) -> None:
    """Move the last member of the first group to the last group."""
    first, last = specs[0], specs[-1]
    day = month_at(months, TRANSFER_INDEX)
    index = max(i for i, entry in enumerate(roster) if entry.party_group == first.party_group)
    mover = roster[index]
    if first is last or day == months[0] or mover.party_role:
        return
    roster[index] = replace(mover, left_on=day, note=f"转入{last.party_group}")
    roster.append(
        replace(
            mover, post=last.member_post, party_group=last.party_group, joined_on=day, note=f"由{first.party_group}转入"
        )
    )


def _lead(roster: list[Membership], specs: tuple[GroupSpec, ...], months: tuple[date, ...]) -> Iterator[LeaderTerm]:
    """Yield who leads each group; in the first one the second member takes over from the first, who stays."""
    day = month_at(months, LEADER_INDEX)
    for spec in specs:
        leader, *others = [entry for entry in roster if entry.party_group == spec.party_group]
        heir = others[0] if others and not others[0].left_on and not others[0].note else None
        if spec is specs[0] and heir is not None and day > months[0]:
            yield LeaderTerm(spec.party_group, leader.member, leader.joined_on, day)
            yield LeaderTerm(spec.party_group, heir.member, day, None)
        else:
            yield LeaderTerm(spec.party_group, leader.member, leader.joined_on, None)


def month_at(months: tuple[date, ...], sample_index: int) -> date:
    """Return the month at the same share of the time as ``sample_index`` is of the sample's months."""
    return months[len(months) * sample_index // SAMPLE_MONTHS]
