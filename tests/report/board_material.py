"""A hand-made quarter for the tests of the bulletin board: derived tables as notebooks 2 and 3 leave them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Bureau
from pipeline.periods import month_range
from pipeline.report.board.sections import show_cover, show_notes
from pipeline.report.board.sections_people import show_stars, show_work
from pipeline.report.board.sections_points import show_change, show_points, show_trend
from pipeline.report.board.table import build_board
from pipeline.report.board.view import Board, view_board
from pipeline.report.page.blocks import Block
from pipeline.texts import load_texts
from tests.readings import Rows, make_bureau, make_table

QUARTER = pd.Period("2021Q4", freq="Q-DEC")
MONTHS = month_range(pd.Period("2020-07", "M"), pd.Period("2021-12", "M"))
GROUPS = (
    "营销管理",
    "专卖综合",
    "驮卢片区",
    "机关综合",
    "城南片区",
    "城北片区",
    "山圩片区",
    "东门片区",
    "柳桥片区",
    "龙头片区",
)
MEMBERS = ("覃桂芳", "陆小北", "张三丰", "韦建国", "黄秀兰")  # invented
HOSTILE = "<script>window.stolen=1</script><img src=x onerror='window.stolen=1'>\u202e</section>党小组"
FULL = {"A": 30.0, "B": 30.0, "C": 40.0}
Tables = dict[str, pd.DataFrame]


def sample_bureau(count: int = 3, *, names: bool = False, hostile: bool = False) -> Bureau:
    """A bureau of ``count`` groups; ``names`` publishes names, ``hostile`` has texts that try to break out."""
    catalog = load_catalog()
    chosen = (HOSTILE, *GROUPS[1:count]) if hostile else GROUPS[:count]
    functions = list(catalog.groups.values())
    groups = {name: replace(functions[place % 3], party_group=name) for place, name in enumerate(chosen)}
    return replace(
        make_bureau(catalog),
        groups=groups,
        branch=HOSTILE if hostile else "示例党支部",
        publishes_names=names,
        objection_contact=HOSTILE if hostile else "纪检委员办公室（二楼 203）",
    )


def sample_tables(bureau: Bureau, step: float = 0.4) -> Tables:
    """The tables for `build_board`; each group earns ``step`` points a month more than the one after it."""
    return {name: table.copy() for name, table in _tables_of(tuple(bureau.groups), step).items()}


@cache
def _tables_of(names: tuple[str, ...], step: float) -> Tables:
    catalog, groups = load_catalog(), list(names)
    categories = pd.DataFrame(_category_rows(groups, step))
    months = categories.groupby(["party_group", "month"])["points"].sum().rename("total_points").reset_index()
    found: dict[str, Rows] = {
        "points_by_group_month_category": records(categories),
        "points_by_group_month": records(months.assign(is_complete=True, member_count=5)),
        "points_by_group_month_item": [_item_row(group, month) for group in groups for month in MONTHS],
        "standings_by_group_quarter": _standing_rows(months),
        "stars_by_group_quarter": _star_rows(groups),
        "annual_by_group_year": [_year_row(group, year, groups) for group in groups for year in (2019, 2020)],
        "restatements": [_restatement(groups[-place % len(groups)], QUARTER - place) for place in range(4)],
        "work_by_group_quarter": list(_work_rows(groups)),
        "leader_terms": _terms(groups),
        "submissions": [],
        "stars_by_member_quarter": _member_rows(groups),
        "turnover_by_group_month": [],
    }
    return {name: derived(name, rows, catalog) for name, rows in found.items()}


def _item_row(group: str, month: pd.Period) -> dict[str, object]:
    item = {"party_group": group, "month": month, "rule_version": "1", "category": "C", "item": "C1"}
    return {**item, "state": "scored", "points": 6.0, "full_points": 6.0}


def without_ledger(tables: Tables, group: str, *months: str) -> Tables:
    """The same tables with one item of a group that has no ledger in some months."""
    items = tables["points_by_group_month_item"].copy()
    lacking = (items["party_group"] == group) & items["month"].isin([pd.Period(month, "M") for month in months])
    items["state"] = items["state"].mask(lacking, "not_submitted")
    return {**tables, "points_by_group_month_item": items}


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a frame, by the names of its columns."""
    return [dict(zip(frame.columns, row, strict=True)) for row in frame.itertuples(index=False)]


def derived(name: str, rows: Iterable[Mapping[str, object]], catalog: Catalog) -> pd.DataFrame:
    """A derived table of the dictionary from rows that name only what matters."""
    return make_table(name, catalog, rows)[[column.column for column in catalog.columns_of(name)]]


def sample_board(
    lang: str = "zh", count: int = 3, *, step: float = 0.4, names: bool = False, hostile: bool = False
) -> Board:
    """The board of a hand-made bureau."""
    bureau, catalog = sample_bureau(count, names=names, hostile=hostile), load_catalog()
    table = build_board(sample_tables(bureau, step), bureau, catalog, QUARTER)
    return view_board(table, bureau, load_texts(lang), catalog)


def slides(board: Board) -> list[Block]:
    """What the cells of notebook 6 show."""
    shows = (show_cover, show_points, show_trend, show_change, show_stars, show_work, show_notes)
    return [show(board) for show in shows]


def _category_rows(groups: list[str], step: float) -> Iterable[dict[str, object]]:
    draw = np.random.default_rng(20211231)
    highest = 0.9 + min(step, 0.0) * (len(groups) - 1) / 100  # no group reaches the full points
    for place, group in enumerate(groups):
        for month in MONTHS:
            level = highest - step * place / 100 + 0.012 * float(draw.standard_normal())
            extra = {2: 2.0, 5: -2.0}.get((place + month.month) % 7, 0.0)
            for category, full in FULL.items():
                points = round(min(full * (level + 0.02 * float(draw.standard_normal())), full), 2)
                yield {"party_group": group, "month": month, "category": category, "points": points, "weight": full}
            yield {"party_group": group, "month": month, "category": "D", "points": extra, "weight": None}


def _standing_rows(months: pd.DataFrame) -> list[dict[str, object]]:
    quarters = months.assign(quarter=months["month"].dt.asfreq("Q-DEC"))
    means = quarters.groupby(["party_group", "quarter"])["total_points"].mean().rename("points_mean").reset_index()
    means["rank"] = means.groupby("quarter")["points_mean"].rank(ascending=False, method="min").astype(int)
    means["change_points"] = means.sort_values("quarter").groupby("party_group")["points_mean"].diff()
    last = means["party_group"] == months["party_group"].iloc[-1]
    means.loc[last & (means["quarter"] == QUARTER), "change_points"] = -12.3  # a wide figure, and a clear change
    return records(means.assign(rank_basis="points_mean", month_count=3))


def _star_rows(groups: list[str]) -> list[dict[str, object]]:
    return [
        {"party_group": group, "quarter": QUARTER, "rated_count": 6 - place % 3, "five_star_count": (3 - place) % 4}
        for place, group in enumerate(groups)
    ]


def _year_row(group: str, year: int, groups: list[str]) -> dict[str, object]:
    return {"party_group": group, "year": year, "has_veto": False, "is_model_group": group == groups[year - 2020]}


def _restatement(group: str, quarter: pd.Period) -> dict[str, object]:
    return {
        "party_group": group,
        "quarter": quarter,
        "points_mean_before": 85.1,
        "points_mean": 86.8,
        "change_points": 1.7,
        "rank_before": 3,
        "rank": 2,
        "correction_count": 1,
        "last_corrected_on": pd.Timestamp("2021-11-08"),
        "is_after_quarter": True,
    }


def _work_rows(groups: list[str]) -> Iterable[dict[str, object]]:
    for place, group in enumerate(groups):
        for matter, due in (("decisions", 7), ("pledges", 5 - place % 3), ("opinions", 6 * (place % 4))):
            on_time = max(due - place, 0)
            yield {
                "matter": matter,
                "party_group": group,
                "quarter": QUARTER,
                "state": "known",
                "due_count": due,
                "on_time_count": on_time,
                "on_time_pct": 100 * on_time / due if due else None,
                "closed_count": on_time + 1,
                "overdue_count": due - on_time,
            }


def _terms(groups: list[str]) -> list[dict[str, object]]:
    """The first group changed its leader in 2021; the others keep theirs."""
    began, changed = pd.Timestamp("2018-11-01"), pd.Timestamp("2021-05-01")
    first = [(groups[0], MEMBERS[0], began, changed), (groups[0], MEMBERS[1], changed, None)]
    others = [(group, MEMBERS[2 + place % 3], began, None) for place, group in enumerate(groups[1:])]
    names = ("party_group", "member", "started_on", "ended_on")
    return [dict(zip(names, row, strict=True)) for row in (*first, *others)]


def _member_rows(groups: list[str]) -> list[dict[str, object]]:
    """One member with each number of stars, five at the top; all in the first groups."""
    return [
        {
            "member": member,
            "quarter": QUARTER,
            "party_group": groups[place % min(len(groups), 2)],
            "points_mean": 95.0 - 10 * place,
            "month_count": 3,
            "leave_month_count": 0,
            "excused_count": 0,
            "stars": stars,
            "is_newcomer": False,
        }
        for place, (member, stars) in enumerate(zip(MEMBERS, (5, 5, 4, 3, 2), strict=True))
    ]
