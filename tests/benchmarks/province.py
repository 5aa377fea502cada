"""Generated ledgers of many bureaus as one reading: every group's name begins with the number of its bureau."""

from dataclasses import replace

import numpy as np
import pandas as pd

from pipeline.catalog import Catalog, Group
from pipeline.ingest.bureau import Reading
from pipeline.ingest.schema import to_dictionary
from tests.points.golden.ledgers import KINDS
from tests.readings import make_bureau, make_reading

MEMBERS = 16  # as in the founding article, in three groups
MONTHS = pd.period_range("2019-01", "2019-12", freq="M")
ACTIVITY_TYPES = np.array(["党小组会", "主题党日", "特色活动", "党费收缴", "宣传报道"])


def make_province(catalog: Catalog, bureaus: int, seed: int) -> Reading:
    """Return one reading of ``bureaus`` bureaus of three groups over the twelve months of 2019."""
    rng = np.random.default_rng(seed)
    names = list(catalog.groups)
    groups = {
        f"{number:04d} {name}": Group(f"{number:04d} {name}", group.function, group.leader_post, ())
        for number in range(bureaus)
        for name, group in catalog.groups.items()
    }
    bureau = make_bureau(catalog)
    owned = {(group, metric): bureau.attribution[group[5:], metric] for group in groups for metric in catalog.metrics}
    bureau = replace(bureau, groups=groups, attribution=owned)
    months = [str(month) for month in MONTHS]
    reading = make_reading(catalog, bureau, dict.fromkeys(KINDS, months))
    people = pd.DataFrame(
        [(f"{b:04d} {m:02d}", f"{b:04d} {names[m % 3]}") for b in range(bureaus) for m in range(MEMBERS)],
        columns=["member", "party_group"],
    )
    tables = _tables_of_groups(pd.Series(list(groups)), rng) | _tables_of_members(people, rng)
    tables["memberships"] = people.assign(joined_on=pd.Timestamp("2018-11-01"))
    typed = {name: _complete(frame, name, catalog) for name, frame in tables.items()}
    return replace(reading, tables={**reading.tables, **typed})


def _tables_of_groups(groups: "pd.Series[str]", rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    activities = _entries(groups, 5, rng, "held_on", "party_group")
    activities["activity_type"] = rng.choice(ACTIVITY_TYPES, len(activities))
    activities["expected"] = 5
    activities["present"] = rng.integers(3, 6, len(activities))
    activities["excused_count"] = rng.integers(0, 2, len(activities))
    activities["topic"] = pd.Series("无证户整治", index=activities.index).where(rng.random(len(activities)) < 0.4)
    activities["has_record"] = rng.random(len(activities)) < 0.9
    closing = {"decisions": 2, "opinions": 4}
    tables = {
        name: _with_term(_entries(groups, a_month, rng, "due_on", "party_group"), rng)
        for name, a_month in closing.items()
    }
    cases = _entries(groups, 2, rng, "filed_on", "party_group")
    cases["closed_on"] = cases["filed_on"] + pd.to_timedelta(rng.integers(20, 130, len(cases)), unit="D")
    shops = _entries(groups, 2, rng, "found_on", "party_group")
    shops["closed_on"] = shops["found_on"] + pd.to_timedelta(rng.integers(5, 60, len(shops)), unit="D")
    by_month = groups.to_frame("party_group").merge(pd.DataFrame({"month": MONTHS}), how="cross")
    volume = rng.uniform(200, 800, len(by_month))
    entries = by_month[rng.random(len(by_month)) < 0.2]
    item = rng.choice(np.array(["D1", "D2", "D4"]), len(entries))
    points = pd.Series(item).map({"D1": 2.0, "D2": -2.0, "D4": -1.0}).to_numpy()
    return tables | {
        "activities": activities,
        "cases": cases,
        "unlicensed_shops": shops,
        "sales_by_group_month": by_month.assign(
            volume_xiang=volume, revenue_yuan=volume * rng.uniform(2e4, 3e4, len(volume))
        ),
        "shelf_rates_by_group_month": by_month.assign(
            retailers=1000, stocking_retailers=rng.integers(100, 500, len(volume))
        ),
        "inspections_by_group_month": by_month.assign(
            market_inspections=rng.integers(200, 500, len(volume)), courier_inspections=20
        ),
        "targets_by_group_month": by_month.assign(
            volume_plan_xiang=500.0,
            revenue_per_case_target_yuan=25000.0,
            shelf_rate_target_pct=30.0,
            inspections_plan=400,
        ),
        "points_ledger": entries.assign(item=item, points=points, subject=entries["party_group"]),
    }


def _tables_of_members(people: pd.DataFrame, rng: np.random.Generator) -> dict[str, pd.DataFrame]:
    members, group_of = people["member"], people.set_index("member")["party_group"]
    quiz = _entries(members, 1, rng, "session_on", "member")
    quiz["session_on"] = quiz["session_on"].dt.to_period("M").dt.to_timestamp() + pd.Timedelta(days=14)
    quiz["score"] = rng.integers(55, 101, len(quiz)).astype(float)
    duties = members.to_frame().merge(pd.DataFrame({"month": MONTHS}), how="cross")
    tables = {
        "quiz_results": quiz,
        "guidance_visits": _entries(members, 2, rng, "visited_on", "member"),
        "frontline_visits": _entries(members, 1, rng, "visited_on", "member"),
        "post_duties": duties.assign(post="示范岗", duty_count=rng.integers(0, 7, len(duties))),
        "pledges": _with_term(_entries(members.iloc[::3], 1, rng, "due_on", "member"), rng),
    }
    return {name: frame.assign(party_group=frame["member"].map(group_of)) for name, frame in tables.items()}


def _entries(subjects: "pd.Series[str]", a_month: int, rng: np.random.Generator, day: str, name: str) -> pd.DataFrame:
    """Return up to ``2 * a_month`` entries a subject and month, each on a day of the month."""
    grid = subjects.to_frame(name).merge(pd.DataFrame({"month": MONTHS}), how="cross")
    counts = rng.integers(0, 2 * a_month + 1, len(grid))
    rows = grid.loc[grid.index.repeat(counts)].reset_index(drop=True)
    rows[day] = rows.pop("month").dt.to_timestamp() + pd.to_timedelta(rng.integers(0, 28, len(rows)), unit="D")
    return rows


def _with_term(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return matters with the day on which they were closed, one in ten of them late and one in ten not at all."""
    late = rng.integers(-20, 3, len(rows))
    closed = rows["due_on"] + pd.to_timedelta(late, unit="D")
    return rows.assign(closed_on=closed.where(rng.random(len(rows)) < 0.9))


def _complete(frame: pd.DataFrame, name: str, catalog: Catalog) -> pd.DataFrame:
    """Return a frame with every column of its table, and a place for each row."""
    columns = [column.column for column in catalog.columns_of(name)]
    placed = frame.assign(
        source_file=f"{name}.xlsx", source_sheet="Sheet1", source_row=np.arange(2, len(frame) + 2), source_cell="A1"
    )
    return to_dictionary(placed.reindex(columns=columns), name, catalog)
