"""What is claimed about: one group with one metric, or all groups together with one metric."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats import reasons
from pipeline.stats.aligned import POOLED, AlignedSeries, Pair
from pipeline.stats.estimates import Estimates
from pipeline.stats.maxt import spread_around_zero
from pipeline.stats.pairs import FEWEST_MONTHS_POOLED, Estimable

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

    @property
    def has_estimate(self) -> bool:
        """Whether there is a correlation to show the analyst, eligible for a verdict or not."""
        return len(self.members) >= (FEWEST_GROUPS_POOLED if self.name == POOLED else 1)


@dataclass(frozen=True)
class ScopeEstimates:
    """r of F scopes at K lags, the mean over their members: ``observed`` (F, K), ``without`` month j (T, F, K) and
    ``null`` (B, F, K).

    ``null_sd`` (F, K) is how far r strays from 0 by chance, ``standard_error`` (F, K) that of Fisher's z (infinite
    where no month overlaps), ``overlap`` (F, K) the months of the shortest member.
    """

    observed: FloatArray
    without: FloatArray
    null: FloatArray
    null_sd: FloatArray
    standard_error: FloatArray
    overlap: FloatArray

    def of(self, rows: list[int]) -> "ScopeEstimates":
        """Return the estimates of some of the scopes, in their order."""
        if len(rows) == len(self.observed):
            return self
        return ScopeEstimates(
            self.observed[rows],
            self.without.take(rows, axis=1),
            self.null.take(rows, axis=1),
            self.null_sd[rows],
            self.standard_error[rows],
            self.overlap[rows],
        )


def scopes_of(series: AlignedSeries, chosen: Estimable) -> tuple[Scope, ...]:
    """Return the scopes of all metrics: the groups that have the metric, in order, then the pool."""
    scopes: list[Scope] = []
    numbers = {pair: number for number, pair in enumerate(chosen.pairs)}
    for metric, name in enumerate(series.metrics):
        pairs = tuple(pair for pair in chosen.months if pair[1] == metric)
        scopes += [_scope(series.groups[pair[0]], name, (pair,), numbers, chosen) for pair in pairs]
        scopes.append(_scope(POOLED, name, pairs, numbers, chosen))
    return tuple(scopes)


def average_over_members(scopes: list[Scope], chosen: Estimable, estimates: Estimates) -> ScopeEstimates:
    """Return the estimates of ``scopes``, each with at least one member.

    r of d dimensions has null variance 1 / d and z has variance 1 / (d - 2): the null spread of the surrogates, which
    knows about overlapping months and groups that move together, is widened by just that for the standard error.
    """
    weights = np.zeros((len(scopes), len(chosen.pairs)))
    for row, scope in enumerate(scopes):
        weights[row, list(scope.members)] = 1 / len(scope.members)
    observed, null, without = (
        _means(part, scopes, weights) for part in (estimates.observed, estimates.null, estimates.without)
    )
    dof = weights @ np.array([adjustment.dof for adjustment in chosen.adjustments], dtype=np.float64)
    null_sd = spread_around_zero(null)
    overlap = np.stack([estimates.overlap[list(scope.members)].min(axis=0) for scope in scopes])
    error = np.where(null_sd > 0, null_sd * np.sqrt(dof / (dof - 2))[:, None], np.inf)  # no month overlaps: no r
    return ScopeEstimates(observed, without, null, null_sd, error, overlap)


def _means(part: FloatArray, scopes: list[Scope], weights: FloatArray) -> FloatArray:
    """Return the means over the members of every scope, (..., F, K), of r of the pairs, (..., N, K).

    The scope of one pair is that pair: only the pools, a few a metric, have to be weighed.
    """
    many = [row for row, scope in enumerate(scopes) if len(scope.members) > 1]
    means = part.take([scope.members[0] for scope in scopes], axis=-2)
    means[..., many, :] = np.einsum("fn,...nk->...fk", weights[many], part, optimize=True)
    return np.clip(means, -1.0, 1.0, out=means)  # thirds may add up to more


def _scope(name: str, metric: str, pairs: tuple[Pair, ...], numbers: Mapping[Pair, int], chosen: Estimable) -> Scope:
    pooled = name == POOLED
    members = tuple(sorted(numbers[pair] for pair in pairs if pair in numbers))
    members = _long_enough(members, chosen) if pooled else members
    n_months = _months_of(pairs, members, pooled, chosen)
    why = {chosen.reasons[pair] for pair in pairs if pair in chosen.reasons}
    if not members:
        reason = why.pop() if len(why) == 1 else reasons.TOO_FEW_MONTHS
    elif pooled and len(members) < FEWEST_GROUPS_POOLED:
        reason = why.pop() if len(why) == 1 else reasons.TOO_FEW_MONTHS if why else reasons.ONE_GROUP
    elif n_months < (FEWEST_MONTHS_POOLED if pooled else FEWEST_MONTHS_GROUP):
        reason = reasons.TOO_FEW_MONTHS
    else:
        reason = ""
    return Scope(name, metric, pairs, members, n_months, reason)


def _long_enough(members: tuple[int, ...], chosen: Estimable) -> tuple[int, ...]:
    """Return the members of a pool that have the months for it; all where fewer than two have.

    A group that was founded last year would otherwise take the pool from all others: it has no claim, and none is made
    of it. It is left out by its months alone, not by what they say.
    """
    long = tuple(number for number in members if chosen.months[chosen.pairs[number]] >= FEWEST_MONTHS_POOLED)
    return long if len(long) >= FEWEST_GROUPS_POOLED else members


def _months_of(pairs: tuple[Pair, ...], members: tuple[int, ...], pooled: bool, chosen: Estimable) -> int:
    """Return the months of the shortest member, and of the longest pair where there is none; of a pool that lacks a
    second member the most that another group has.
    """
    own = [chosen.months[chosen.pairs[number]] for number in members]
    if pooled and len(members) == 1 and len(pairs) > 1:
        return max(chosen.months[pair] for pair in pairs if pair != chosen.pairs[members[0]])
    return min(own) if own else max(chosen.months[pair] for pair in pairs)
