"""What is taken out of each group's series: calendar, abnormal months of all, and the steps of the group itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pipeline.stats.abnormal import shared_abnormal_months
from pipeline.stats.adjust import Adjustment, adjustment, with_dummies
from pipeline.stats.aligned import AlignedSeries, Pair
from pipeline.stats.autocorrelation import Block, GroupPhi, Place, Whitened, group_phi, log_likelihood
from pipeline.stats.steps import shared_step, step_design

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]

MONTHS_PER_STEP = 12  # as for abnormal months: more than one a year is not a step but the way things are
FEWEST_DOF = 4  # after the adjustment: Fisher's z needs more than 2


@dataclass(frozen=True)
class GroupDesigns:
    """The design of every group that has a pair, by its number, and what went into it.

    ``designs`` (T, columns); ``abnormal`` positions of months; ``steps`` positions by group, those from ``turnover``
    first. ``phi`` is of the groups in the order of ``designs``.
    """

    designs: Mapping[int, FloatArray]
    abnormal: IntArray
    turnover: Mapping[int, IntArray]
    steps: Mapping[int, IntArray]
    phi: GroupPhi
    _shared: dict[tuple[int, bytes], Adjustment] = field(default_factory=dict, init=False, repr=False, compare=False)

    def phi_by_group(self) -> dict[int, float]:
        """Return the AR(1) coefficient of every group, by its number."""
        return dict(zip(self.designs, self.phi.mean.tolist(), strict=True))

    def adjustments(self, series: AlignedSeries, pairs: Iterable[Pair]) -> dict[Pair, Adjustment]:
        """Return the adjustment of every pair; pairs of one group on the same months share one object, which is kept:
        steps are looked for by it, and then the pairs are adjusted by it.
        """
        phi = self.phi_by_group()
        result: dict[Pair, Adjustment] = {}
        for pair in pairs:
            group, usable = pair[0], series.usable(*pair)
            key = (group, usable.tobytes())
            if key not in self._shared:
                self._shared[key] = adjustment(usable, self.designs[group], phi[group])
            result[pair] = self._shared[key]
        return result


def find_designs(
    series: AlignedSeries, pairs: list[Pair], calendar: FloatArray, turnover: Mapping[int, IntArray]
) -> GroupDesigns:
    """Find abnormal months, steps and autocorrelation of the groups of ``pairs``, beyond the ``calendar`` of all.

    ``turnover`` holds the positions of months in which a group's membership changed, the largest change first: a step
    is taken out there without looking, at most one a year. Other steps are looked for, one at a time, phi being
    estimated anew after each.
    """
    abnormal = shared_abnormal_months(calendar, blocks_of(series, pairs))
    common = with_dummies(calendar, abnormal)
    groups = sorted({group for group, _ in pairs})
    most = len(common) // MONTHS_PER_STEP
    turnover = {group: places[:most] for group, places in turnover.items()}
    steps = {group: turnover.get(group, np.empty(0, dtype=np.int64)) for group in groups}
    searched, own = set(groups), pairs_by_group(pairs)
    while True:
        designs = {group: np.hstack([common, step_design(len(common), steps[group])]) for group in groups}
        found = GroupDesigns(designs, abnormal, turnover, steps, _phi(series, pairs, designs))
        more = {group: _another_step(series, own[group], found, group) for group in sorted(searched)}
        searched = {group for group, step in more.items() if step is not None}
        if not searched:
            return found
        steps = steps | {group: np.append(steps[group], step) for group, step in more.items() if step is not None}


def blocks_of(series: AlignedSeries, pairs: list[Pair]) -> list[Block]:
    """Return every series of the pairs once (points of a group, results of a pair), by their usable months."""
    rows = [series.points[group] for group in sorted({group for group, _ in pairs})]
    rows += [series.results[pair] for pair in pairs]
    blocks: dict[bytes, tuple[BoolArray, list[FloatArray]]] = {}
    for row in rows:
        present = np.isfinite(row)
        blocks.setdefault(present.tobytes(), (present, []))[1].append(row[present])
    return [(present, np.column_stack(columns)) for present, columns in blocks.values()]


def pairs_by_group(pairs: Iterable[Pair]) -> dict[int, list[Pair]]:
    """Return the pairs of every group that has some, in their order."""
    found: dict[int, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(pair[0], []).append(pair)
    return found


def _phi(series: AlignedSeries, pairs: list[Pair], designs: Mapping[int, FloatArray]) -> GroupPhi:
    own, known = pairs_by_group(pairs), dict[Place, Whitened]()
    likelihoods = [log_likelihood(blocks_of(series, own[group]), design, known) for group, design in designs.items()]
    return group_phi(np.array(likelihoods))


def _another_step(series: AlignedSeries, pairs: list[Pair], found: GroupDesigns, group: int) -> int | None:
    """Return the position of the next step of a group with its ``pairs``; None where there is none, or no room for its
    dummy.
    """
    fits = found.adjustments(series, pairs)
    has_room = len(found.steps[group]) < len(series.months) // MONTHS_PER_STEP
    if not has_room or min(fit.dof for fit in fits.values()) <= FEWEST_DOF:
        return None
    known = np.nan_to_num(series.results[group])
    results = [(known[metric], fit) for (_, metric), fit in fits.items()]
    return shared_step(np.nan_to_num(series.points[group]), results)
