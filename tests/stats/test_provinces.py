"""Many bureaus: the two levels on hand-made p, what does not count, the rerun of survivors, false claims."""

import numpy as np
import pandas as pd
import pytest

from pipeline.stats.provinces import claims, judge_province, select_bureaus, survivors
from tests.benchmarks.province_fdr import province_rates

# Benjamini & Hochberg (1995), section 3.2: fifteen p, of which four are rejected at .05
BH_1995 = [0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344]
BH_1995 += [0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0]


def rows(bureau: str, p_values: list[float], verdicts: str | list[str] = "evidence") -> pd.DataFrame:
    count = len(p_values)
    return pd.DataFrame(
        {
            "bureau": bureau,
            "scope": [f"group {number}" for number in range(count)],
            "metric": "m",
            "p_max_t": p_values,
            "verdict": verdicts,
        }
    )


def province(**bureaus: list[float]) -> pd.DataFrame:
    return pd.concat([rows(name, p_values) for name, p_values in bureaus.items()], ignore_index=True)


def test_bureaus_are_selected_as_benjamini_and_hochberg_published():
    table = pd.concat([rows(f"{number:02d}", [p, 1.0]) for number, p in enumerate(BH_1995)])
    selected = select_bureaus(table.sample(frac=1, random_state=1), q=0.05)
    assert selected["bureau"].tolist() == [f"{number:02d}" for number in range(15)]
    assert selected["p_bureau"].tolist() == BH_1995
    assert selected["is_selected"].tolist() == [True] * 4 + [False] * 11


def test_within_the_selected_the_level_is_q_times_their_share():
    """Two of four are selected: level .05 within. Of a's two rows, .024 <= .05 / 2 and .051 > .05; b's .03 alone."""
    table = province(a=[0.024, 0.051], b=[0.03], c=[0.4, 0.02], d=[0.9])
    table.loc[4, "p_max_t"] = 0.2
    selected = select_bureaus(table, q=0.10)
    assert selected["is_selected"].tolist() == [True, True, False, False]
    assert claims(table, selected, 0.10)["province_verdict"].tolist() == [
        *["evidence", "clue"],
        "evidence",
        *["clue", "clue"],
        "clue",
    ]


def test_a_row_that_one_month_undoes_is_no_claim():
    table = rows("a", [0.0001, 0.0001, 0.5, np.nan, np.nan], ["evidence", "clue", "none", "coupled", "insufficient"])
    verdicts = claims(table, select_bureaus(table))["province_verdict"].tolist()
    assert verdicts == ["evidence", "clue", "none", "coupled", "insufficient"]


def test_bureaus_and_rows_without_p_do_not_count():
    """With c as a third bureau .07 would not be below .10 x 2 / 3; missing rows leave a's level as it is."""
    table = province(a=[np.nan, 0.07, np.nan], b=[0.05], c=[np.nan, np.nan])
    selected = select_bureaus(table)
    assert selected["n_judged"].tolist() == [1, 1, 0]
    assert selected["is_selected"].tolist() == [True, True, False]
    assert selected["p_bureau"].isna().tolist() == [False, False, True]
    assert claims(table, selected)["province_verdict"].tolist()[1] == "evidence"


def test_p_of_resamples_that_meet_the_bound_exactly_count():
    table = province(**{f"b{number:02d}": [0.01 * (number + 1)] for number in range(10)})
    assert select_bureaus(table)["is_selected"].all()
    assert not select_bureaus(table.assign(p_max_t=table["p_max_t"] + 1e-6))["is_selected"].any()


def test_survivors_are_below_one_in_a_hundred():
    assert survivors(province(c=[0.3, 0.009], a=[0.001], b=[0.01], d=[np.nan])) == ["a", "c"]


def test_survivors_alone_are_assessed_again_and_the_second_p_holds():
    asked = []

    def assess_bureau(bureau: str, resamples: int) -> pd.DataFrame:
        asked.append((bureau, resamples))
        p_values = {("a", 99): [0.009, np.nan], ("a", 999): [0.03, np.nan], ("b", 99): [0.01], ("c", 99): [np.nan]}
        return rows("", p_values[bureau, resamples]).drop(columns="bureau")

    result = judge_province(assess_bureau, ["b", "a", "c"], resamples=99, survivors_resamples=999)
    assert asked == [("b", 99), ("a", 99), ("c", 99), ("a", 999)]
    assert result.bureaus["p_bureau"].tolist()[:2] == [0.03, 0.01]
    assert (result.unjudged_bureaus, result.rows_without_p) == (1, 2)
    assert result.relationships["bureau"].tolist() == ["b", "a", "a", "c"]
    assert result.relationships["province_verdict"].tolist()[:2] == ["evidence", "evidence"]


def test_p_of_one_and_of_nought_are_p():
    assert select_bureaus(province(a=[1.0], b=[0.0]))["is_selected"].tolist() == [False, True]


def test_nothing_judged_anywhere_claims_nothing():
    table = province(a=[np.nan], b=[np.nan, np.nan])
    selected = select_bureaus(table)
    assert not selected["is_selected"].any()
    assert set(claims(table, selected)["province_verdict"]) == {"clue"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop(columns="p_max_t"), "'p_max_t' is missing"),
        (lambda table: table.assign(bureau=None), "'bureau' has missing"),
        (lambda table: pd.concat([table, table.head(1)]), "a / group 0 / m"),
        (lambda table: table.assign(p_max_t=1.5), "'p_max_t' must"),
    ],
)
def test_wrong_tables_are_errors(change, message):
    table = change(province(a=[0.1, 0.2], b=[0.3]))
    for judge in (select_bureaus, survivors):
        with pytest.raises(ValueError, match=message):
            judge(table)


def test_wrong_options_are_errors():
    for q in (0, 1, 10):
        with pytest.raises(ValueError, match="q must"):
            select_bureaus(province(a=[0.1]), q=q)
    for bureaus in ([], ["a", "a"]):
        with pytest.raises(ValueError, match="bureaus"):
            judge_province(lambda bureau, resamples: rows(bureau, [0.5]), bureaus)


def simulated(rng: np.random.Generator, bureaus: int, related: int) -> pd.DataFrame:
    """Return ten rows of each bureau as max-T gives them, all "evidence" at p <= .05; in the first ``related`` bureaus
    the first two rows are far from 0.
    """
    is_true = (np.arange(bureaus)[:, None] < related) & (np.arange(10) < 2)
    z = np.abs(rng.standard_normal((bureaus, 10)) + 4.0 * is_true)
    largest = np.sort(np.abs(rng.standard_normal((9999, 10))).max(axis=1))
    p_values = (1 + len(largest) - np.searchsorted(largest, z.ravel())) / 10_000
    table = pd.DataFrame({"bureau": np.repeat(np.arange(bureaus), 10), "scope": np.tile(np.arange(10), bureaus)})
    verdict = np.where(p_values <= 0.05, "evidence", "none")
    return table.assign(metric="m", p_max_t=p_values, verdict=verdict, is_true=is_true.ravel())


def share_of_false(claimed: pd.DataFrame) -> float:
    return float((~claimed["is_true"]).mean()) if len(claimed) else 0.0


@pytest.mark.parametrize(("related", "power"), [(0, 0.0), (3, 0.5), (20, 0.7)])
def test_one_claim_in_ten_is_false_at_most(related, power):
    """Forty bureaus; where few are related, the bureaus' own verdicts are false more often than that."""
    rng = np.random.default_rng(related)
    shares, own_shares, found = [], [], 0
    for _ in range(30):
        table = simulated(rng, 40, related)
        verdicts = claims(table, select_bureaus(table))
        claimed = verdicts[verdicts["province_verdict"] == "evidence"]
        shares.append(share_of_false(claimed))
        own_shares.append(share_of_false(table[table["verdict"] == "evidence"]))
        found += int(claimed["is_true"].sum())
    assert np.mean(shares) <= 0.10
    assert found >= power * 30 * 2 * related
    assert related == 20 or np.mean(own_shares) > 0.15


def test_simulated_bureaus_through_both_levels():
    """Two provinces of six; `tests/benchmarks/province_fdr.py` measures larger ones."""
    rates = province_rates(5, provinces=2, bureaus=6, resamples=299, survivors_resamples=999)
    assert rates.is_on_target
    assert rates.found >= 0.5
    assert rates.claims > 0
