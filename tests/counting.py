"""How much work a function does, told without a clock: no other load of the machine makes it more."""

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType


def calls_of(work: Callable[[], object]) -> int:
    """Return how many functions are called, and generators resumed, until ``work`` is done."""
    count = 0

    def note(frame: FrameType, event: str, value: object) -> None:
        nonlocal count
        del frame, value
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def grows_linearly(work: Callable[[int], object], size: int) -> bool:
    """Tell whether the third ``size`` costs ``work`` about as many calls as the second; 5 for 3 is quadratic."""
    work(size)  # what is made at the first call and kept is no part of it
    smaller, middle, larger = (calls_of(partial(work, times * size)) for times in (1, 2, 3))
    return larger - middle < 1.25 * (middle - smaller)
