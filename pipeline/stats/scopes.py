"""What is claimed about: one group with one metric, or all groups together with one metric."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats import reasons
from pipeline.stats.aligned import POOLED, AlignedSeries
from pipeline.stats.pairs import FEWEST_MONTHS_POOLED, Estimable, Pair

FloatArray = npt.NDArray[np.float64]

FEWEST_MONTHS_GROUP = 36  # eligibility, statistics.md: claims about one group take three years
FEWEST_GROUPS_POOLED = 2  # the pool of one group would be a claim about that group


@dataclass(frozen=True)
class Scope:
    """One row of the answer: its pairs with rows, those of them that count (numbers in `Estimable.pairs`), or the
    reason why none do.
    """

    name: str  # a group, or "pooled"
    metric: str
    pairs: tuple[Pair, ...]
    members: tuple[int, ...]
    n_months: int  # of the shortest member; of the longest pair where there is no member
    reason: str


def scopes_of(series: AlignedSeries, chosen: Estimable) -> tuple[Scope, ...]:
    """Return the scopes of all metrics: the groups that have the metric, in order, then the pool."""
    scopes: list[Scope] = []
    for metric, name in enumerate(series.metrics):
        pairs = tuple(pair for pair in chosen.months if pair[1] == metric)
        scopes += [_scope(series.groups[pair[0]], name, (pair,), chosen) for pair in pairs]
        scopes.append(_scope(POOLED, name, pairs, chosen))
    return tuple(scopes)


def averaging(scopes: list[Scope], n_pairs: int) -> FloatArray:
    """Return the weights, (F, N), that turn r of N pairs into r of F scopes: the plain mean over a scope's members."""
    weights = np.zeros((len(scopes), n_pairs))
    for row, scope in enumerate(scopes):
        weights[row, list(scope.members)] = 1 / len(scope.members)
    return weights


def _scope(name: str, metric: str, pairs: tuple[Pair, ...], chosen: Estimable) -> Scope:
    pooled = name == POOLED
    members = tuple(number for number, pair in enumerate(chosen.pairs) if pair in pairs)
    months = [chosen.months[chosen.pairs[number]] for number in members]
    n_months = min(months) if months else max(chosen.months[pair] for pair in pairs)
    why = {chosen.reasons[pair] for pair in pairs if pair in chosen.reasons}
    if not members:
        reason = why.pop() if len(why) == 1 else reasons.TOO_FEW_MONTHS
    elif pooled and len(members) < FEWEST_GROUPS_POOLED:
        reason = reasons.ONE_GROUP
    elif n_months < (FEWEST_MONTHS_POOLED if pooled else FEWEST_MONTHS_GROUP):
        reason = reasons.TOO_FEW_MONTHS
    else:
        reason = ""
    return Scope(name, metric, pairs, members, n_months, reason)
