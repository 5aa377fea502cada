"""A hand-made quarter for the tests of the page: three years of three groups, scored and joined by the rooms above."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from pipeline.catalog import load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.ledger import FileLedger, Issue, SheetLedger
from pipeline.panel import (
    build_panel,
    correlated_results,
    coupled_metrics,
    directed_results,
    list_overdue,
    list_submissions,
    process_points,
    summarise_metrics,
)
from pipeline.points import score_points
from pipeline.points.learning import summarise_learning
from pipeline.points.thresholds import list_thresholds
from pipeline.points.topics import list_topic_meetings
from pipeline.points.without_members import list_results_without_members
from pipeline.points.work import summarise_work
from pipeline.report.material.quarter import QuarterReport, build_quarter
from pipeline.stats import assess_relationships
from pipeline.stats.goodhart import WatchedTables, goodhart_watch
from pipeline.texts import load_texts
from tests.readings import Rows, make_bureau, make_reading
from tests.report.relation_tables import statistics_tables

MONTHS = [str(month) for month in pd.period_range("2018-11", "2021-12", freq="M")]
SELLING, ENFORCING = ("营销管理", "驮卢片区"), ("专卖综合", "驮卢片区")
GROUPS = ("营销管理", "专卖综合", "驮卢片区")
SECRETS = ("覃桂芳", "陆小北", "黄秀兰", "张三丰")  # members, a shop keeper and an informant: on no page
MISSING = ("opinions", "2021-12")  # the workbook that nobody handed in


@cache
def sample_reading() -> Reading:
    """Return the reading; one month of opinions is missing, one file refused, two cells at fault."""
    catalog = load_catalog()
    kinds = [kind.kind for kind in catalog.kinds.values() if kind.cadence != "once"]
    covered = {kind: [month for month in MONTHS if (kind, month) != MISSING] for kind in kinds}
    reading = make_reading(catalog, make_bureau(catalog), covered, **dict(_tables()))
    sheet = SheetLedger(name="1月", visible=True, physical=12, used=9, rejected=1, header=1, total=1)
    files = tuple(
        FileLedger(f"{kind}.xlsx", f"{number:012x}".ljust(64, "0"), "read", None, kind, (sheet,))
        for number, kind in enumerate(kinds)
    )
    refused = FileLedger("覃桂芳积分.xlsx", "f" * 64, "refused", "工作簿设有密码，无法读取。", None, ())
    issues = (
        Issue(
            "quiz.xlsx",
            "张三丰",
            "B7",
            "error",
            "unknown_member",
            seen="张三丰",
            expected="花名册",
            message="张三丰不在花名册里",
        ),
        Issue("sales.xlsx", "10月", "D4", "warning", "total_differs", seen="1", expected="2", message="合计不符"),
    )
    return replace(reading, files=(*files, refused), issues=issues)


@cache
def sample_report(lang: str = "zh", quarter: str = "2021Q4") -> QuarterReport:
    """Return the material of one quarter's page."""
    period = pd.Period(quarter, freq="Q")
    return build_quarter(sample_reading(), derived_tables(period), period, load_texts(lang), load_catalog())


@cache
def derived_tables(quarter: pd.Period) -> dict[str, pd.DataFrame]:
    """Return the tables that notebooks 1 to 3 would have left."""
    return derive(sample_reading(), quarter)


def derive(reading: Reading, quarter: pd.Period) -> dict[str, pd.DataFrame]:
    """Return the tables that notebooks 1 to 3 would have left of any reading."""
    catalog = load_catalog()
    points = score_points(reading, catalog, quarter)
    panel = build_panel(points, reading.bureau, catalog)
    coupled = coupled_metrics(reading.bureau, catalog)
    headcount, measures = (points.tables[name] for name in ("headcount_by_group_month", "measures_by_group_month"))
    watched = WatchedTables(
        items=points.tables["points_by_group_month_item"],
        points=points.tables["points_by_group_month"],
        standings=points.tables["standings_by_group_quarter"],
        entries=reading.tables["points_ledger"],
        thresholds=list_thresholds(reading.bureau.rules, catalog),
        results=directed_results(panel, catalog),
    )
    relationships = assess_relationships(
        process_points(panel), correlated_results(panel, catalog), coupled=coupled, resamples=99
    )
    return {
        **points.tables,
        "work_by_group_quarter": summarise_work(reading, headcount, measures, catalog),
        "learning_by_group_quarter": summarise_learning(reading, headcount, catalog),
        "topic_meetings": list_topic_meetings(reading, catalog, quarter.end_time.normalize()),
        "goodhart_watch": goodhart_watch(watched, quarter),
        "coverage": reading.tables["coverage"],
        "panel": panel,
        "metrics_by_group_quarter": summarise_metrics(points, reading.bureau, catalog),
        "overdue": list_overdue(reading, quarter.end_time.normalize(), catalog),
        "submissions": list_submissions(reading, catalog, quarter),
        "results_without_members": list_results_without_members(
            reading, catalog, points.tables["points_by_group_month"], quarter
        ),
        **statistics_tables(panel, relationships),
    }


def _tables() -> Iterator[tuple[str, Rows]]:
    draw = np.random.default_rng(20211231)
    yield (
        "memberships",
        [
            {"member": name, "party_group": group, "joined_on": "2018-11-01", "left_on": left}
            for name, group, left in (
                ("覃桂芳", "营销管理", None),
                ("陆小北", "营销管理", "2021-05-01"),
                ("张三丰", "专卖综合", None),
                ("韦建国", "驮卢片区", None),
            )
        ],
    )
    yield (
        "activities",
        [
            {
                "held_on": f"{month}-{day:02d}",
                "party_group": group,
                "activity_type": kind,
                "topic": "品牌培育",
                "expected": 5,
                "present": int(draw.integers(3, 6)),
                "excused_count": 0,
                "has_record": True,
            }
            for month in MONTHS
            for group in GROUPS
            for day, kind in ((5, "党小组会"), (12, "主题党日"), (20, "特色活动"))
            if kind != "特色活动" or draw.random() < 0.6
        ],
    )
    yield from _results(draw)
    yield (
        "decisions",
        [
            _matter(
                "decision_no",
                "决〔2021〕1号",
                "专卖综合",
                "2021-10-20",
                None,
                topic="覃桂芳牵头的无证户整治",
                owner="覃桂芳",
            ),
            _matter(
                "decision_no", "决〔2021〕2号", "营销管理", "2021-11-20", "2021-11-18", topic="节日营销", owner="陆小北"
            ),
        ],
    )
    yield (
        "opinions",
        [
            _matter(
                "opinion_no",
                "民2021-9",
                "驮卢片区",
                "2021-12-01",
                None,
                category="货源",
                collector="黄秀兰",
                content="黄秀兰反映",
            ),
        ],
    )
    yield (
        "unlicensed_shops",
        [{"found_on": "2021-10-03", "operator": "黄秀兰", "owner": "张三丰", "party_group": "专卖综合"}],
    )


def _results(draw: np.random.Generator) -> Iterator[tuple[str, Rows]]:
    level = {"营销管理": 700.0, "驮卢片区": 270.0}
    volumes = {
        (month, group): round(level[group] * (1 + 0.05 * draw.standard_normal()), 1)
        for month in MONTHS
        for group in SELLING
    }
    yield (
        "sales_by_group_month",
        [
            {
                "month": month,
                "party_group": group,
                "volume_xiang": volume,
                "revenue_yuan": round(volume * (28_000 + 500 * draw.standard_normal())),
                "class1_volume_xiang": volume / 4,
            }
            for (month, group), volume in volumes.items()
        ],
    )
    yield (
        "targets_by_group_month",
        [
            {
                "month": month,
                "party_group": group,
                "volume_plan_xiang": level[group],
                "revenue_per_case_target_yuan": 28_500.0,
            }
            for month in MONTHS
            for group in SELLING
        ],
    )
    yield (
        "cases",
        [
            {
                "case_no": f"{month}-{group}-{number}",
                "filed_on": f"{month}-1{number}",
                "party_group": group,
                "genuine_tiao": 20.5,
                "case_value_yuan": 12_345.0,
                "closed_on": f"{month}-25",
            }
            for month in MONTHS
            for group in ENFORCING
            for number in range(int(draw.integers(1, 6)))
        ],
    )
    yield (
        "inspections_by_group_month",
        [
            {
                "month": month,
                "party_group": group,
                "market_inspections": int(draw.integers(200, 400)),
                "offending_retailers": 4,
            }
            for month in MONTHS
            for group in ENFORCING
        ],
    )


def _matter(
    key: str, number: str, group: str, due_on: str, closed_on: str | None, **columns: object
) -> dict[str, object]:
    return {key: number, "party_group": group, "due_on": due_on, "closed_on": closed_on, **columns}
