"""The workbooks of the points system: leaves, corrections, votes, leaders' and members' duties, reviews by item."""

from collections.abc import Mapping
from functools import partial

from tests.generator.mistakes.names import ROSTER, append_stay, rename
from tests.generator.mistakes.planting import Ground, Planter, Spot, column_of
from tests.generator.mistakes.rows import exceed, repeat
from tests.generator.mistakes.values import ACTIVITIES, POINTS, WrongCell, spoil
from tests.generator.records import Membership

LEAVES = "请假台账"
CORRECTIONS = "积分更正台账"
ASSESSMENTS = "组长履职表"
VOTES = "评选表"
DUTY_LIST = "职责清单"
ITEM_RATINGS = "互评明细表"


def _join_no_group(ground: Ground) -> Spot:
    """Somebody new stands in the roster without a group."""
    joined_on = ground.world.months[-1]
    stay = Membership("某新人", "男", "客户经理", "", "", joined_on, None, "待分组")
    return append_stay(ground, stay, "party_group", "", joined_on, f"{ROSTER}未填党小组")


def _mistake_whose_item(ground: Ground) -> Spot:
    """An entry about a group under an item of members, or the other way round."""
    book, sheet, position = ground.pick(POINTS, "subject")
    groups = {group.party_group for group in ground.world.people.groups}
    is_of_group = sheet.cells[position] in groups
    sheet.cells[position[0], column_of(sheet, "item")] = "M8" if is_of_group else "D2"
    return ground.mark(
        book, sheet, position, "对象是党小组，项目是党员的" if is_of_group else "对象是党员，项目是党小组的"
    )


CELLS = {
    "bad_date.end_of_leave": WrongCell(LEAVES, "to_on", "下周"),
    "unknown_leave.holiday": WrongCell(LEAVES, "leave_type", "年休假"),
    "missing_value.kind_of_leave": WrongCell(LEAVES, "leave_type", None),
    "unknown_item.correction": WrongCell(CORRECTIONS, "item", "B9"),
    "bad_number.correction": WrongCell(CORRECTIONS, "change_points", "五分"),
    "unknown_item.falsified": WrongCell(POINTS, "about_item", "Z9"),
    "bad_date.recorded": WrongCell(POINTS, "recorded_on", "月底"),
    "out_of_range.item_rating": WrongCell(ITEM_RATINGS, "score", 930),
    "bad_integer.half_a_vote": WrongCell(VOTES, "votes", 7.5),
    "bad_number.duty": WrongCell(ASSESSMENTS, "points", "良好"),
}
SYSTEM: Mapping[str, Planter] = {
    **{kind: partial(spoil, wrong) for kind, wrong in CELLS.items()},
    "unknown_member.leave": partial(rename, LEAVES, "member", lambda name: f"{name}某"),
    "unknown_member.correction": partial(rename, CORRECTIONS, "subject", lambda name: f"{name}科"),
    "unknown_member.leader": partial(rename, ASSESSMENTS, "member", lambda _: "某组长"),
    "unknown_member.attendee": partial(rename, ACTIVITIES, "attendees", lambda names: f"{names}、某来宾"),
    "unknown_member.absentee": partial(rename, ACTIVITIES, "absentees", lambda name: f"{name}儿"),
    "unknown_group.vote": partial(rename, VOTES, "party_group", lambda name: f"{name}科"),
    "unknown_group.item_rating": partial(rename, ITEM_RATINGS, "rated_group", lambda name: f"{name[:2]}组管"),
    "more_than_whole.votes": partial(exceed, VOTES, "votes", 50),
    "more_than_whole.duty": partial(exceed, ASSESSMENTS, "points", 30),
    "duplicate_key.duty": partial(repeat, DUTY_LIST, "post", {"standard": "每年一次"}),
    "duplicate_key.item_rating": partial(repeat, ITEM_RATINGS, "rater_group", {"score": 81}),
    "unassigned_member.roster": _join_no_group,
    "wrong_subject.entry": _mistake_whose_item,
}
