"""What notebooks show: words for codes, no digit too many, nothing that managers may not see."""

import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.runs.notebooks.views import view_audit, view_table
from pipeline.texts import load_texts
from tests.readings import make_bureau, make_reading, make_table


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load_catalog()


def relationship(**changes: object) -> pd.DataFrame:
    row = {
        "scope": "pooled",
        "metric": "volume_xiang",
        "lag": 0,
        "r": -0.12345,
        "ci_low": -0.4,
        "ci_high": 0.2,
        "n_months": 38,
        "p_max_t": 0.93871,
        "verdict": "none",
        "n_pairs": 18,
        "smallest_r": 0.714,
        "r_raw": None,
        "reason": "",
    }
    return pd.DataFrame([{**row, **changes}])


def test_codes_become_words_and_numbers_keep_their_digits(catalog: Catalog) -> None:
    view = view_table(relationship(), "relationships", catalog, load_texts("zh"))
    assert view.iloc[0].tolist() == [
        "各党小组合并", "销量 (箱)", "0", "−0.12", "−0.40", "0.20", "38", "0.939", "看不出关系", "18", "0.71", "—", "—",
    ]  # fmt: skip
    assert view.columns[:2].tolist() == ["范围", "指标"]


def test_what_was_not_judged_says_why(catalog: Catalog) -> None:
    rows = relationship(verdict="insufficient", reason="too_few_months", n_months=7, r=None)
    view = view_table(rows, "relationships", catalog, load_texts("zh"))
    assert view["未判断的原因"].tolist() == [
        "只有 7 个月，任何结论都可能是巧合：各组合并至少要 24 个月，单看一个组至少要 36 个月。"
    ]


@pytest.mark.parametrize(("lang", "words"), [("zh", ["本组", "有数"]), ("en", ["own", "known"])])
def test_a_value_has_the_digits_of_its_metric(catalog: Catalog, lang: str, words: list[str]) -> None:
    panel = pd.DataFrame(
        {
            "party_group": "营销管理",
            "month": pd.PeriodIndex(["2021-12"] * 2, freq="M"),
            "metric": ["revenue_per_case_yuan", "volume_xiang"],
            "attribution": "own",
            "value": [25138.46, 259.149],
            "state": "known",
            "process_points": [32.49, float("nan")],
            "total_points": 70.6,
        }
    )
    view = view_table(panel, "panel", catalog, load_texts(lang))
    assert view.iloc[:, 1].tolist() == ["2021-12", "2021-12"]
    assert view.iloc[0, [3, 5]].tolist() == words
    assert view.iloc[:, 4].tolist() == ["25,138", "259.1"]
    assert view.iloc[:, 6].tolist() == ["32.5", "—"]


def test_states_kinds_and_matters_are_named(catalog: Catalog) -> None:
    texts = load_texts("en")
    missing = pd.DataFrame({"kind": ["decisions"], "party_group": [""], "state": ["unreadable"]})
    assert view_table(missing, "submissions", catalog, texts).iloc[0].tolist() == [
        "Decision ledger",
        "",
        "handed in, nothing of it could be used",
    ]
    overdue = pd.DataFrame({"matter": ["decisions"], "due_on": pd.to_datetime(["2021-12-10"]), "days_overdue_d": [21]})
    assert view_table(overdue, "overdue", catalog, texts).iloc[0].tolist() == ["Decisions", "2021-12-10", "21"]


def test_an_empty_table_keeps_its_labels(catalog: Catalog) -> None:
    view = view_table(relationship().head(0), "relationships", catalog, load_texts("zh"))
    assert view.empty
    assert "结论" in view.columns


def test_no_column_of_the_secretary_is_shown(catalog: Catalog) -> None:
    secret = [column for column in catalog.columns if column.tier == "secretary" and column.table == "memberships"]
    frame = pd.DataFrame({column.column: ["张三"] for column in secret})
    assert view_table(frame, "memberships", catalog, load_texts("zh")).columns.tolist() == []


def test_printed_totals_that_differ_are_shown_in_words_and_without_their_place(catalog: Catalog) -> None:
    row = {
        "level": "month",
        "party_group": "营销管理",
        "period": "2021-10",
        "part": "B",
        "explanation": "counted_too_many",
    }
    numbers = {"printed_points": 20.0, "recomputed_points": 15.0, "difference_points": 5.0, "unexplained_points": 0.0}
    differs = row | numbers | {"is_difference": True, "items": "B1 +1", "source_file": "张三积分表.xlsx"}
    audit = make_table("points_audit", catalog, [differs, row | {"is_difference": False}])
    reading = make_reading(catalog, make_bureau(catalog), {})
    view = view_audit(audit, reading, catalog, pd.Period("2021Q4", "Q-DEC"), load_texts("zh"))
    assert view.values.tolist() == [
        ["营销管理", "2021年10月", "B 特色活动", "20.00", "15.00", "+5.00", "0.00", "多计：B1 特色活动 +1"]
    ]
    assert view.columns[:4].tolist() == ["党小组", "期间", "部分", "表内数 (分)"]
