"""The arithmetic of docs/scale.md, on costs that are made up."""

from pathlib import Path

import pytest

from tests.benchmarks.scale.breaking import breaks
from tests.benchmarks.scale.costs import Cost, Costs
from tests.benchmarks.scale.measuring import REPORT_SIZES
from tests.benchmarks.scale.province import BUREAUS, QUARTERS, Prices, ReportModel, jobs, processors_for, storage_gb
from tests.benchmarks.scale.writing import fitted, province, unit_costs
from tests.benchmarks.speed.pasting import paste

MONTHS = (24, 24, 120)


def made_up(fixed: float = 0.5, each: float = 0.01) -> Costs:
    costs = [
        Cost("reading: rows a second", 10_000.0, "rows/s", "a"),
        Cost("report: peak memory of its largest process", 300.0, "MB", "a"),
    ]
    for (groups, first), months in zip(REPORT_SIZES, MONTHS, strict=True):
        size = f"{groups} groups, from {first}"
        costs.append(Cost(f"report: time of one processor, {size}", fixed + each * groups * months, "s", "a"))
        costs += [
            Cost(f"report: {what}, {size}", groups, "MB", "a") for what in ("published", "tables", "page", "files")
        ]
    for name in ("page: page", "page: seconds", "page: peak memory", "listing: seconds", "local_jobs: seconds"):
        costs += [Cost(f"{name}, {count}", count / 1000, "s", "a") for count in (300, 3_000)]
    costs += [Cost(f"{name}: seconds, 300", 2.0, "s", "a") for name in ("dask_jobs", "small_files")]
    return Costs(costs)


def test_a_line_through_three_reports_is_found_again() -> None:
    model = fitted(made_up())
    assert [model.fixed, model.each] == pytest.approx([0.5, 0.01])
    assert ReportModel.fit([(1, 1), (2, 1), (3, 1)], [3.0, 2.0, 1.0], 1.0).each == 0.0


def test_the_hours_of_a_province() -> None:
    # 50,000 groups in 3,000 bureaus; 5 million activities a month, of which the generator's 7 a group are in the line
    of_bureau = 0.5 + 0.01 * 50_000 / 3_000 * 24 + (5e6 - 7 * 50_000) / 3_000 * 24 / 10_000
    done = jobs(ReportModel(0.5, 0.01, 10_000.0))
    assert done["first"].hours == pytest.approx(3_000 * of_bureau / 3_600)
    assert done["all"].reports == BUREAUS * QUARTERS
    assert done["first"].hours < done["last"].hours < done["all"].hours / QUARTERS * 2
    assert done["first"].nights(2, 10.0) == pytest.approx(done["first"].hours / 20)
    assert processors_for(done["first"], done["first"].hours / 2.5) == 3
    assert storage_gb(120_000, 5.0) == 600.0


def test_more_rows_a_second_and_fewer_months_cost_less() -> None:
    slow, fast = ReportModel(0.5, 0.01, 10_000.0), ReportModel(0.5, 0.01, 20_000.0)
    assert fast.seconds(24) < slow.seconds(24) < slow.seconds(36)


def test_the_tables_hold_what_was_measured(tmp_path: Path) -> None:
    costs = made_up()
    costs.save(tmp_path / "costs.json")
    assert Costs.load(tmp_path / "costs.json").costs == costs.costs
    lines = list(unit_costs(costs))
    assert len(lines) == len(costs) + 2
    assert lines[2] == "| reading: rows a second | 10,000 rows/s | `a` |"
    plan = "\n".join(province(costs, Prices(processor_hour=1.0)))
    assert "3,000 bureaus, 50,000 groups, 5,000,000 activities a month" in plan
    assert "| all 40 quarters, once | 120,000 |" in plan
    assert "1.00 yuan a processor hour" in plan


def test_what_breaks_names_the_largest_size_that_was_simulated() -> None:
    table = "\n".join(breaks(made_up()))
    assert "page 3 s, made in 3 s" in table
    assert "2 s (300 of them) by Dask" in table
    assert "30,000" not in table
    assert all(line.count("|") == 5 for line in table.splitlines())


def test_the_document_has_a_place_for_each_table(tmp_path: Path) -> None:
    from tests.benchmarks.scale.__main__ import BY

    copy = tmp_path / "scale.md"
    copy.write_text((Path(__file__).parents[1] / "docs" / "scale.md").read_text(encoding="utf-8"), encoding="utf-8")
    for name in ("plan", "breaks", "unit costs"):
        paste(copy, f"computed {name}", name, BY)
    assert copy.read_text(encoding="utf-8").count("\ncomputed ") == 3
