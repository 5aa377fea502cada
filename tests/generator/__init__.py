"""Synthetic bureaus of any size, with known answers: for the shipped sample, for tests and for benchmarks."""

from tests.generator.bureau import generate_bureau
from tests.generator.results import Effect
from tests.generator.truth import Truth, save_truth

__all__ = ["Effect", "Truth", "generate_bureau", "save_truth"]
