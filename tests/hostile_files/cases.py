"""One hostile file: how it is called, how it is made, and what is to become of it."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bait:
    """What a file tries to reach: an address that somebody listens on, and a file with a secret in it."""

    web: str
    file: str


@dataclass(frozen=True)
class Hostile:
    """``expected`` is "read" with the number of its rows, or status, code and values of the reason."""

    name: str
    make: Callable[[Bait], bytes]
    expected: str


def fixed(name: str, make: Callable[[], bytes], expected: str) -> Hostile:
    """Return a file that reaches for nothing."""
    return Hostile(name, lambda _: make(), expected)
