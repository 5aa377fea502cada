"""Differences that follow from others: a total from its parts, a quarter from its months, a year from its quarters."""

from collections.abc import Mapping
from itertools import combinations

import pandas as pd

from pipeline.points.slips import UNEXPLAINED, Explained, signed

SUM = "Σ"  # stands in the list of what is concerned for how far a sheet is off the sum of its own parts


def explain_carried(
    difference: float, tolerance: float, parts: Mapping[str, float], residue: float | None, adjusted: float = 0.0
) -> Explained:
    """Return what of ``difference`` follows from the differences of the ``parts``, already weighted.

    ``residue`` is the printed total less the sum of the printed parts (``None`` where a part is not printed): what is
    left after the parts is an arithmetic slip of the sheet itself. A sheet may also carry only some of the parts, where
    the others were put right in time. ``adjusted`` is the sum of the recomputed parts less the recomputed total: more
    than 0 in size where a floor or a rescaling applies, which a plain sum forgets.
    """
    for size in range(len(parts), 0, -1):
        for names in combinations(parts, size):
            if abs(difference - sum(parts[name] for name in names)) <= tolerance:
                return Explained("carried", _listed({name: parts[name] for name in names}), difference)
    carried = sum(parts.values())
    rest = difference - carried
    if abs(adjusted) > tolerance and abs(rest - adjusted) <= tolerance:
        return Explained("plain_sum", _listed(parts), difference)
    if residue is not None and abs(residue) > tolerance and abs(rest - residue) <= tolerance:
        code = "carried_and_arithmetic" if parts else "sheet_arithmetic"
        return Explained(code, _listed({**parts, SUM: rest}), difference)
    if parts and abs(rest) < abs(difference):
        return Explained("partly_carried", _listed(parts), carried)
    return Explained(UNEXPLAINED, "", 0.0)


def explain_mutual(difference: float, tolerance: float, ratings: pd.DataFrame) -> Explained:
    """Return why the mean of what a group was given by the others may have come out wrong.

    ``ratings`` are those of one rated group and quarter: rater_group, is_self, score.
    """
    by_rater = ratings.groupby(["rater_group", "is_self"])["score"].mean().reset_index()
    others = by_rater.loc[~by_rater["is_self"], "score"]
    if by_rater["is_self"].any() and abs(difference - (by_rater["score"].mean() - others.mean())) <= tolerance:
        return Explained("self_rating_counted", "", difference)
    for place, score in others.items() if len(others) > 1 else ():
        without = (others.sum() - score) / (len(others) - 1)
        if abs(difference - (without - others.mean())) <= tolerance:
            return Explained("rater_left_out", str(by_rater.at[place, "rater_group"]), difference)
    return Explained(UNEXPLAINED, "", 0.0)


def _listed(parts: Mapping[str, float]) -> str:
    return "; ".join(f"{name} {signed(change, '.2f')}" for name, change in parts.items())
