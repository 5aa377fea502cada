"""Random streams, and the autocorrelated noise that months of real work show."""

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

PHI = 0.5  # month-to-month autocorrelation, the value of the statistics' own pilot
BURN_IN = 20  # months: 0.5 ** 20 leaves nothing of the start


def stream(seed: int, name: str) -> np.random.Generator:
    """Return a generator of its own for one subject, so that a change to one subject moves no other."""
    return np.random.default_rng([seed, zlib.crc32(name.encode())])


def ar1(rng: np.random.Generator, count: int, phi: float = PHI) -> Array:
    """Return a stationary AR(1) series of unit variance; shape (count,)."""
    shocks = rng.standard_normal(count + BURN_IN) * np.sqrt(1 - phi**2)
    values = np.empty_like(shocks)
    level = rng.standard_normal()
    for index, shock in enumerate(shocks):
        level = phi * level + shock
        values[index] = level
    return values[BURN_IN:]


def led_by(noise: Array, driver: Array, strength: float, lag: int) -> Array:
    """Mix ``driver``, ``lag`` months earlier, into ``noise`` so that the two correlate by ``strength``.

    Both have unit variance. The first ``lag`` months have no driver and stay noise.
    """
    mixed = noise.copy()
    count = len(driver) - lag
    mixed[lag:] = strength * driver[:count] + np.sqrt(1 - strength**2) * noise[lag:]
    return mixed


def standardise(values: Sequence[float] | Array) -> Array:
    """Return values less their mean over their deviation; zeros for a constant series."""
    array = np.asarray(values, dtype="float64")
    deviation = array.std()
    return (array - array.mean()) / deviation if deviation > 0 else np.zeros_like(array)


def pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]


def chance(rng: np.random.Generator, probability: float) -> bool:
    return bool(rng.random() < probability)
