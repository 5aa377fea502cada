"""Single-step max-T: one critical value for every lag of every pair, so that looking at many costs what it should
(Westfall & Young 1993).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pipeline.stats.surrogates import BATCH

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

EVIDENCE_P = 0.05


@dataclass(frozen=True)
class MaxT:
    """The test of F scopes at K lags against B resamples."""

    null_sd: FloatArray  # (F, K): how far r strays from 0 by chance
    statistic: FloatArray  # (F, K): |r| / null_sd, comparable between scopes and lags
    lag: IntArray  # (F,): where the statistic is largest
    p_value: FloatArray  # (F,)
    critical: float  # the statistic that p <= .05 asks for; infinite with too few resamples


def max_t(observed: FloatArray, null: FloatArray, null_sd: FloatArray) -> MaxT:
    """Test ``observed`` r, (F, K), against r of resamples, (B, F, K), whose `spread_around_zero` is ``null_sd``.

    p = (1 + resamples whose largest statistic is as large) / (B + 1), never 0 (Phipson & Smyth 2010).
    """
    statistic = standardised(observed, null_sd)
    batches = (null[first : first + BATCH] for first in range(0, len(null), BATCH))
    largest = np.sort(np.concatenate([standardised(batch, null_sd).max(axis=(1, 2)) for batch in batches]))
    best = statistic.max(axis=1)
    as_large = len(largest) - np.searchsorted(largest, best, side="left")
    allowed = int(
        EVIDENCE_P * (len(largest) + 1) + 1e-9
    )  # resamples + 1 that may be as large; guards 0.05 x 20 = 0.999...
    critical = float(largest[-allowed]) if allowed else np.inf
    return MaxT(null_sd, statistic, statistic.argmax(axis=1), (1 + as_large) / (len(largest) + 1), critical)


def spread_around_zero(null: FloatArray) -> FloatArray:
    """Return how far r of resamples, (B, ...), strays by chance from 0, where it is centred without a relation."""
    return np.asarray(np.sqrt((null**2).mean(axis=0)))


def standardised(r: FloatArray, null_sd: FloatArray) -> FloatArray:
    """Return |r| / null_sd, (..., F, K); 0 at a lag where no month overlaps, so that r cannot stray at all."""
    return np.divide(np.abs(r), null_sd, out=np.zeros_like(r), where=null_sd > 0)
