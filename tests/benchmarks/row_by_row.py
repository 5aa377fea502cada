"""The rival of the scoring engine: the default rule book's items of groups, row by row with ``iterrows``.

Written as an analyst would who thinks in rows. It covers the items that `province.make_province` has ledgers for,
which is all of A, B and C; its points before rescaling are compared with the engine's in the benchmark.
"""

from collections import defaultdict

import pandas as pd

from pipeline.ingest.bureau import Reading

Cell = tuple[str, pd.Period]


def score_row_by_row(reading: Reading) -> dict[tuple[str, pd.Period, str], float]:
    """Return the points of every item with an entry by (party_group, month, item), before rescaling."""
    points: dict[tuple[str, pd.Period, str], float] = {}
    _score_activities(reading.tables["activities"], points)
    _score_rates(reading.tables["decisions"], "due_on", 0, "A3", 8.0, points)
    _score_rates(reading.tables["cases"], "filed_on", 90, "C4", 8.0, points)
    _score_rates(reading.tables["unlicensed_shops"], "found_on", 30, "C5", 4.0, points)
    _score_quiz(reading.tables["quiz_results"], points)
    _count(reading.tables["guidance_visits"], "visited_on", "B3", 0.5, 6.0, points)
    answered = reading.tables["opinions"]
    _count(answered[answered["closed_on"] <= answered["due_on"]], "closed_on", "B4", 0.5, 4.0, points)
    _score_results(reading, points)
    return points


def _score_activities(activities: pd.DataFrame, points: dict[tuple[str, pd.Period, str], float]) -> None:
    counts: dict[str, dict[Cell, float]] = defaultdict(lambda: defaultdict(float))
    for _, row in activities.iterrows():
        cell = (row["party_group"], row["held_on"].to_period("M"))
        match row["activity_type"]:
            case "党小组会":
                counts["meetings"][cell] += 1
                counts["present"][cell] += row["present"]
                counts["expected"][cell] += row["expected"] - row["excused_count"]
                counts["topics"][cell] += pd.notna(row["topic"])
            case "主题党日":
                counts["theme days"][cell] += 1
            case "特色活动" if row["has_record"]:
                counts["own"][cell] += 1
            case "宣传报道":
                counts["reports"][cell] += 1
            case "党费收缴":
                counts["paid"][cell] += row["present"]
                counts["due"][cell] += row["expected"]
    for name, item, each, cap in (
        ("meetings", "A1", 6.0, 6.0),
        ("theme days", "A4", 4.0, 4.0),
        ("own", "B1", 5.0, 10.0),
        ("topics", "B2", 4.0, 8.0),
        ("reports", "B5", 1.0, 2.0),
    ):
        for cell, count in counts[name].items():
            points[(*cell, item)] = min(each * count, cap)
    for cell, expected in counts["expected"].items():
        rate = 100 * counts["present"][cell] / expected
        points[(*cell, "A2")] = 6.0 if rate >= 95 else 4.0 if rate >= 85 else 2.0 if rate >= 75 else 0.0
    for cell, due in counts["due"].items():
        points[(*cell, "A6")] = 2.0 if counts["paid"][cell] >= due else 0.0


def _score_rates(
    rows: pd.DataFrame, began: str, days: int, item: str, full: float, points: dict[tuple[str, pd.Period, str], float]
) -> None:
    due: dict[Cell, int] = defaultdict(int)
    on_time: dict[Cell, int] = defaultdict(int)
    for _, row in rows.iterrows():
        limit = row[began] + pd.Timedelta(days=days)
        cell = (row["party_group"], limit.to_period("M"))
        due[cell] += 1
        on_time[cell] += bool(row["closed_on"] <= limit)
    for cell, count in due.items():
        points[(*cell, item)] = full * on_time[cell] / count


def _score_quiz(quiz: pd.DataFrame, points: dict[tuple[str, pd.Period, str], float]) -> None:
    best: dict[tuple[str, str, pd.Timestamp], float] = {}
    for _, row in quiz.iterrows():
        key = (row["party_group"], row["member"], row["session_on"])
        best[key] = max(best.get(key, 0.0), row["score"])
    scores: dict[Cell, list[float]] = defaultdict(list)
    for (group, _, day), score in best.items():
        scores[group, day.to_period("M")].append(score)
    for cell, own in scores.items():
        mean = sum(own) / len(own)
        points[(*cell, "A5")] = 4.0 if mean >= 90 else 3.0 if mean >= 80 else 2.0 if mean >= 60 else 0.0


def _count(
    rows: pd.DataFrame, day: str, item: str, each: float, cap: float, points: dict[tuple[str, pd.Period, str], float]
) -> None:
    counts: dict[Cell, int] = defaultdict(int)
    for _, row in rows.iterrows():
        counts[row["party_group"], row[day].to_period("M")] += 1
    for cell, count in counts.items():
        points[(*cell, item)] = min(each * count, cap)


def _score_results(reading: Reading, points: dict[tuple[str, pd.Period, str], float]) -> None:
    targets = {
        (row["party_group"], row["month"]): row for _, row in reading.tables["targets_by_group_month"].iterrows()
    }
    owns = reading.bureau.owns
    for _, row in reading.tables["sales_by_group_month"].iterrows():
        group, target = row["party_group"], targets[row["party_group"], row["month"]]
        if owns(group, "volume_xiang"):
            rate = row["volume_xiang"] / target["volume_plan_xiang"]
            points[group, row["month"], "C1"] = 10.0 * min(rate, 1.0)
            per_case = row["revenue_yuan"] / row["volume_xiang"]
            points[group, row["month"], "C2"] = 8.0 * min(per_case / target["revenue_per_case_target_yuan"], 1.0)
    for _, row in reading.tables["shelf_rates_by_group_month"].iterrows():
        group, target = row["party_group"], targets[row["party_group"], row["month"]]
        if owns(group, "new_product_shelf_rate_pct"):
            rate = 100 * row["stocking_retailers"] / row["retailers"]
            points[group, row["month"], "C3"] = 6.0 * min(rate / target["shelf_rate_target_pct"], 1.0)
    for _, row in reading.tables["inspections_by_group_month"].iterrows():
        group, target = row["party_group"], targets[row["party_group"], row["month"]]
        if owns(group, "inspections"):
            done = row["market_inspections"] + row["courier_inspections"]
            points[group, row["month"], "C6"] = 4.0 * min(done / target["inspections_plan"], 1.0)
