"""How memory is handled while very many cells are read or written."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa


@contextmanager
def memory_for_cells() -> Iterator[None]:
    """Set Python and Arrow up for large tables, as a block or a decorator; afterwards both are as they were.

    Python's search for cycles of objects is held back: it would go through every cell again and again, and there is
    hardly a cycle in them. Arrow takes its memory from the system, since its own pool keeps several times the size of a
    column of text after converting it.
    """
    was_collecting, pool = gc.isenabled(), pa.default_memory_pool()
    gc.disable()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(pool)
        if was_collecting:
            gc.enable()
