"""Many bureaus: which of them, and then which of their rows, may still be called evidence where thousands were looked
at.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.stats.columns import numeric_column, require_columns

FALSE_DISCOVERY_RATE = 0.10  # statistics.md, "Many bureaus"
SURVIVOR_P = 0.01  # below it, 999 resamples tell too little: their smallest p is .001
RESAMPLES = 999
RESAMPLES_OF_SURVIVORS = 9999
ROUNDING = 1e-12  # p of resamples are multiples of 1 / (B + 1) and meet the bounds of the procedure exactly

AssessBureau = Callable[[str, int], pd.DataFrame]  # bureau, resamples: the table of `assess_relationships`


@dataclass(frozen=True)
class Province:
    """What may be claimed in a province.

    ``bureaus``: the table of `select_bureaus`. ``relationships``: the rows of all bureaus, as `claims` returns them.
    ``unjudged_bureaus``: bureaus without any p, which did not count. ``rows_without_p``: rows without p, in whatever
    bureau, which did not count either.
    """

    bureaus: pd.DataFrame
    relationships: pd.DataFrame
    unjudged_bureaus: int
    rows_without_p: int


def judge_province(
    assess_bureau: AssessBureau,
    bureaus: Sequence[str],
    *,
    q: float = FALSE_DISCOVERY_RATE,
    resamples: int = RESAMPLES,
    survivors_resamples: int = RESAMPLES_OF_SURVIVORS,
) -> Province:
    """Assess every bureau with ``resamples``, the `survivors` again with more, and return what stands at both levels.

    ``assess_bureau(bureau, resamples)`` gives the relationships of one bureau. The second p replaces the first whatever
    it is, so that a p of t or less still has probability t at most where nothing is related. Raises `ValueError` for no
    bureaus or one named twice, and as `claims`.
    """
    if not bureaus or len(set(bureaus)) < len(bureaus):
        raise ValueError(f"bureaus must be names, each once: {len(bureaus)} are given, {len(set(bureaus))} different")
    tables = {bureau: assess_bureau(bureau, resamples).assign(bureau=bureau) for bureau in bureaus}
    for bureau in survivors(pd.concat(tables.values(), ignore_index=True)):
        tables[bureau] = assess_bureau(bureau, survivors_resamples).assign(bureau=bureau)
    together = pd.concat(tables.values(), ignore_index=True)
    selected = select_bureaus(together, q)
    return Province(
        bureaus=selected,
        relationships=claims(together, selected, q),
        unjudged_bureaus=int(selected["p_bureau"].isna().sum()),
        rows_without_p=int(together["p_max_t"].isna().sum()),
    )


def survivors(relationships: pd.DataFrame) -> list[str]:
    """Return the bureaus with a p below .01, sorted: those that are worth more resamples. Input as `select_bureaus`."""
    smallest = _by_bureau(relationships)["p_bureau"]
    return sorted(smallest.index[smallest < SURVIVOR_P])


def select_bureaus(relationships: pd.DataFrame, q: float = FALSE_DISCOVERY_RATE) -> pd.DataFrame:
    """Select the bureaus in which anything is related at all, by Benjamini & Hochberg (1995) at level ``q``.

    ``relationships``: the tables of `assess_relationships` below each other, with a column bureau. Their p_max_t is
    corrected for all rows and lags of the bureau, so the smallest is a valid p of "nothing is related here". One row a
    bureau, sorted: bureau, n_judged (rows with p), p_bureau, is_selected. A bureau without p (nothing judged) keeps its
    row, p_bureau missing, and counts as no bureau. Raises `ValueError` for a missing column, a missing bureau, a row
    that stands there twice, a p outside 0 to 1, and a q that is no share.
    """
    if not 0 < q < 1:
        raise ValueError(f"q must be between 0 and 1, it is {q}")
    table = _by_bureau(relationships)
    table["is_selected"] = _rejected(table["p_bureau"].to_numpy(dtype=np.float64), q)
    return table.reset_index()


def claims(relationships: pd.DataFrame, selected: pd.DataFrame, q: float = FALSE_DISCOVERY_RATE) -> pd.DataFrame:
    """Return ``relationships`` with province_verdict: the verdict of each row after both levels.

    ``selected`` is the answer of `select_bureaus` to the same rows and ``q``. Within each of the R selected of m judged
    bureaus the rows' p are put to Benjamini & Hochberg at level q R / m (Benjamini & Bogomolov 2014): over the selected
    bureaus, the expected share of false rows is at most q on average. Rows without p do not count. A row stays
    "evidence" if it was evidence in its bureau, so that no dropped month undoes it, and is rejected here; evidence that
    is not becomes "clue"; other verdicts stay as they are, so that q holds for what is claimed and not for clues.
    """
    _by_bureau(relationships)
    judged = int(selected["p_bureau"].notna().sum())
    chosen = set(selected.loc[selected["is_selected"], "bureau"])
    p_values = relationships["p_max_t"].to_numpy(dtype=np.float64)
    stands = np.zeros(len(relationships), dtype=np.bool_)
    for bureau, rows in relationships.groupby("bureau", sort=True).indices.items():
        if bureau in chosen:
            stands[rows] = _rejected(p_values[rows], q * len(chosen) / judged)
    verdict = relationships["verdict"]
    return relationships.assign(province_verdict=verdict.mask((verdict == "evidence") & ~stands, "clue"))


def _by_bureau(relationships: pd.DataFrame) -> pd.DataFrame:
    """Return n_judged and p_bureau by bureau, sorted, after checking the table."""
    require_columns(relationships, ("bureau", "scope", "metric", "p_max_t", "verdict"), "relationships")
    if relationships["bureau"].isna().any():
        raise ValueError("relationships: column 'bureau' has missing values: expected a name in every row")
    twice = relationships[relationships.duplicated(["bureau", "scope", "metric"])]
    if len(twice):
        row = " / ".join(str(part) for part in twice[["bureau", "scope", "metric"]].iloc[0])
        raise ValueError(f"relationships: column 'bureau' with scope and metric must be unique, {row} is not")
    p_values = numeric_column(relationships["p_max_t"], "p_max_t")
    if ((p_values < 0) | (p_values > 1)).any():
        raise ValueError("relationships: column 'p_max_t' must hold values from 0 to 1")
    grouped = pd.Series(p_values).groupby(relationships["bureau"].to_numpy(), sort=True)
    return pd.DataFrame({"n_judged": grouped.count(), "p_bureau": grouped.min()}).rename_axis("bureau")


def _rejected(p_values: npt.NDArray[np.float64], level: float) -> npt.NDArray[np.bool_]:
    """Return which p are rejected by Benjamini & Hochberg at ``level``; a missing one is left out and is not."""
    from scipy.stats import false_discovery_control  # imported here: a report of one bureau does without

    known = ~np.isnan(p_values)
    rejected = np.zeros(len(p_values), dtype=np.bool_)
    if known.any():
        rejected[known] = false_discovery_control(p_values[known]) <= level + ROUNDING
    return rejected
