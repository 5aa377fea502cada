"""Every bar of speed, measured in one run: a missed one is printed as missed, and fails here."""

import pytest

from tests.benchmarks.speed.__main__ import main


@pytest.mark.benchmark
def test_the_measured_table() -> None:
    assert main([]) == 0, "a bar is missed, or could not be measured: the table above says which"
