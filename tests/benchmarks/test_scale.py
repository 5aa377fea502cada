"""The unit costs behind docs/scale.md and the plan that follows from them, measured again in some minutes."""

import pytest

from tests.benchmarks.scale.__main__ import main


@pytest.mark.benchmark
def test_the_plan_of_a_province() -> None:
    assert main([]) == 0
