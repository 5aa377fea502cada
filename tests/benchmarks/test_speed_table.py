"""Every bar of speed, measured in one run; a missed one is printed as missed and fails under RONGHE_BENCH_STRICT=1."""

import os

import pytest

from tests.benchmarks.speed.__main__ import main


@pytest.mark.benchmark
def test_the_measured_table() -> None:
    missed = main([])
    assert not (missed and os.environ.get("RONGHE_BENCH_STRICT"))
