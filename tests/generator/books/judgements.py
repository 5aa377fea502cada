"""组长履职表, 模范党小组评选表 and 职责清单: how leaders are assessed, who is voted for, what a post is there for."""

from tests.generator import wording
from tests.generator.books.frames import BRANCH, merge_runs, sign, start_sheet
from tests.generator.calendar import years_of
from tests.generator.records import LeaderDuty, ModelVote
from tests.generator.rendering import NUMERALS, or_empty, spaced
from tests.generator.sheets import Book, Sheet
from tests.generator.world import World

DUTY_LEVELS = ("序号", "组长", "履职项目", "满分", "得分", "评价人")
DUTY_COLUMNS = ("", "member", "duty_item", "full_points", "points", "assessor")
VOTE_LEVELS = ("序号", "党小组", "轮次", "评选条件", "应投票数", "得票数", "否决项")
VOTE_COLUMNS = ("", "party_group", "round_name", "condition", "voters", "votes", "veto_ground")
LIST_LEVELS = ("序号", "岗位", "职责事项", "工作标准")
LIST_COLUMNS = ("", "post", "duty", "standard")


def build(world: World) -> list[Book]:
    """Return the assessments and votes of every year, and the one list of duties."""
    books = [Book("党建/党小组岗位职责清单.xlsx", [_duty_list()])]
    for year in years_of(world.months):
        duties = [duty for duty in world.governance.duties if duty.year == year]
        quarters = sorted({duty.quarter for duty in duties})
        sheets = [_duty_sheet(year, quarter, [d for d in duties if d.quarter == quarter]) for quarter in quarters]
        books.append(Book(f"考核/{year}年组长履职表.xlsx", sheets))
        votes = [vote for vote in world.governance.votes if vote.year == year]
        if votes:
            books.append(Book(f"考核/{year}年度模范党小组评选表.xlsx", [_vote_sheet(year, votes)]))
    return books


def _duty_sheet(year: int, quarter: int, duties: list[LeaderDuty]) -> Sheet:
    label = f"{NUMERALS[quarter - 1]}季度"
    sheet = start_sheet(label, f"{year}年{label}组长履职表", DUTY_LEVELS, (f"编制单位：{BRANCH}",))
    first = sheet.next_row
    for number, duty in enumerate(duties, start=1):
        cells = (number, spaced(duty.member), duty.duty_item, duty.full_points, duty.points, "支部书记")
        sheet.add_row(cells, f"{duty.member} {duty.duty_item} {year}Q{quarter}", DUTY_COLUMNS)
    merge_runs(sheet, DUTY_COLUMNS.index("member") + 1, first, sheet.next_row - 1)
    sign(sheet, "支部书记签字：", "记录人：")
    return sheet


def _vote_sheet(year: int, votes: list[ModelVote]) -> Sheet:
    sheet = start_sheet("评选", f"{year}年度模范党小组评选表", VOTE_LEVELS, (f"编制单位：{BRANCH}",))
    for number, vote in enumerate(votes, start=1):
        ground = or_empty(vote.veto_ground, "无")
        cells = (number, vote.party_group, vote.round_name, wording.MODEL_CONDITION, vote.voters, vote.votes, ground)
        sheet.add_row(cells, f"vote {vote.party_group} {year} {vote.round_name}", VOTE_COLUMNS)
    sign(sheet, "监票人：", "计票人：")
    return sheet


def _duty_list() -> Sheet:
    sheet = start_sheet("职责", "党小组岗位职责清单", LIST_LEVELS, (f"编制单位：{BRANCH}",))
    first, number = sheet.next_row, 0
    for post, duties in wording.POST_DUTIES.items():
        for duty, standard in duties:
            number += 1
            sheet.add_row((number, post, duty, standard), f"duty {post} {duty}", LIST_COLUMNS)
    merge_runs(sheet, LIST_COLUMNS.index("post") + 1, first, sheet.next_row - 1)
    return sheet
