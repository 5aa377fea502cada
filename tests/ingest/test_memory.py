import gc

import pyarrow as pa
import pytest

from pipeline.ingest.memory import memory_for_cells


def read_cells_and_fail() -> None:
    with memory_for_cells():
        assert not gc.isenabled()
        assert pa.default_memory_pool().backend_name == "system"
        raise ValueError("broken")


def test_memory_is_handled_as_before_afterwards() -> None:
    pool, was_collecting = pa.default_memory_pool().backend_name, gc.isenabled()
    with pytest.raises(ValueError, match="broken"):
        read_cells_and_fail()
    assert (pa.default_memory_pool().backend_name, gc.isenabled()) == (pool, was_collecting)


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with memory_for_cells():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
