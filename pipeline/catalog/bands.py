"""Bands as people write them, and whether every value falls into exactly one of them.

Bands are half-open: the lower end belongs to a band, and the upper one to the next. What lies below the lowest band
earns nothing; the highest band holds its upper end as well, and whatever lies above it.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

Bands = tuple[tuple[float, float], ...]  # (threshold, points), highest first

SEPARATORS = re.compile(r"[;、。\n]|,(?![^\[(]*[\])])")  # a comma within brackets parts the ends of one range
LONG_DASH = re.compile("[–—~]+")  # a hyphen may also be the sign of a number: -2--1
SPELLINGS = str.maketrans({"−": "-", "‐": "-", "≧": "≥", "⩾": "≥", "≦": "≤", "⩽": "≤"})
POINTS_SIGNS = (":", "得")  # 95:6, 95以上得6分
_DIGITS = r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_NUMBER = rf"({_DIGITS})[%分]?"
_TOP = rf"(?:{_NUMBER}|\+?∞)"
_POINTS = re.compile(rf"({_DIGITS})分?")
# [85,95) 85-95 85≤x<95
_RANGES = (
    re.compile(rf"\[{_NUMBER}[,至到-]{_TOP}([)\]])"),
    re.compile(rf"{_NUMBER}[至到-]{_NUMBER}()"),
    re.compile(rf"{_NUMBER}≤[^\d<≤]*<{_NUMBER}()"),
)
_FROM = (
    re.compile(rf"(?:≥|不低于|不少于|至少|达到){_NUMBER}"),
    re.compile(rf"{_NUMBER}(?:\(含\))?(?:及)?以上(?:\(含\))?"),
    re.compile(_NUMBER),
)
_BELOW = (
    re.compile(rf"(?:<|低于|不足|不满|未达){_NUMBER}"),
    re.compile(rf"{_NUMBER}(?:\(不含\))?以下(?:\(不含\))?"),
)


class BandGap(ValueError):
    """Raised for bands that leave a hole; ``values`` are those in it, as "[95, 96)"."""

    def __init__(self, values: str) -> None:
        super().__init__(f"{values} falls into no band")
        self.values = values


class BandOverlap(ValueError):
    """Raised for bands of which two hold the same values; ``values`` are those."""

    def __init__(self, values: str) -> None:
        super().__init__(f"{values} falls into two bands")
        self.values = values


@dataclass(frozen=True)
class Interval:
    """The values from ``low`` to before ``high`` (``None``: until the next interval begins), or with it."""

    low: float
    high: float | None
    is_closed: bool = False  # the upper end belongs to it


@dataclass(frozen=True)
class Break:
    """A place where intervals leave a hole or overlap; ``number`` is the one of them that begins behind it."""

    sort: Literal["gap", "overlap"]
    number: int
    values: str


def parse_bands(text: str) -> Bands:
    """Read bands as ((95, 6), (85, 4)): thresholds with the points from there on, highest first.

    Understood are thresholds (``95:6;85:4``), ranges (``85-95:4``, ``[85,95):4``) and words (95以上得6分, <75:0), in
    full-width form too, with % or 分, parted by ; 、 , or a new line, in any order. A range in square brackets holds
    its upper end, which only the highest may. Raises `BandGap`, `BandOverlap`, and `ValueError` for what cannot be
    read.
    """
    entries = [_read_band(part) for part in SEPARATORS.split(_plain(text)) if part]
    thresholds = [interval.low for interval, _ in entries if interval.high is None]
    if len(set(thresholds)) < len(thresholds):
        raise ValueError(f"a threshold stands twice in {text!r}")
    for found in find_breaks([interval for interval, _ in entries]):
        raise BandGap(found.values) if found.sort == "gap" else BandOverlap(found.values)
    bands = [(interval.low, points) for interval, points in entries if interval.low > -math.inf]
    return tuple(sorted(bands, reverse=True))


def write_bands(bands: Bands) -> str:
    """Return bands as `parse_bands` reads them: ``95:6;85:4``; "" for none."""
    return ";".join(f"{_written(threshold)}:{_written(points)}" for threshold, points in bands)


def _written(number: float) -> str:
    return str(int(number)) if number.is_integer() else repr(number)


def find_breaks(intervals: Sequence[Interval]) -> Iterator[Break]:
    """Yield every hole between intervals and every overlap, from the lowest on."""
    order = sorted(range(len(intervals)), key=lambda number: (intervals[number].low, number))
    reach: Interval | None = None  # of those so far the one that ends last
    for number in order:
        interval = intervals[number]
        if reach is not None and reach.high is not None:
            if interval.low > reach.high:
                yield Break("gap", number, _shown(reach.high, interval.low, begins_open=reach.is_closed))
            elif interval.low < reach.high:
                yield Break("overlap", number, _shown(interval.low, min(reach.high, _end(interval))))
            elif reach.is_closed:
                yield Break("overlap", number, f"{interval.low:g}")
        if reach is None or reach.high is None or _end(interval) >= reach.high:
            reach = interval


def _end(interval: Interval) -> float:
    return math.inf if interval.high is None else interval.high


def _shown(low: float, high: float, *, begins_open: bool = False) -> str:
    """Return the values from ``low`` to before ``high`` in the notation of intervals."""
    if high == math.inf:
        return f"≥ {low:g}"
    return f"{'(' if begins_open else '['}{low:g}, {high:g})" if low > -math.inf else f"< {high:g}"


def _plain(text: str) -> str:
    """Return text in half-width form, one spelling a sign, without blanks; lines stay apart."""
    lines = LONG_DASH.sub("-", unicodedata.normalize("NFKC", text)).translate(SPELLINGS).splitlines()
    return "\n".join("".join(line.split()) for line in lines).replace(">=", "≥").replace("<=", "≤")


def _read_band(text: str) -> tuple[Interval, float]:
    """Return one band and its points; below the lowest band nothing is earned, so that ``<75`` can only say 0."""
    sign = next((sign for sign in POINTS_SIGNS if sign in text), "")
    written, _, worth = text.partition(sign) if sign else (text, "", "")
    points = _POINTS.fullmatch(worth)
    if points is None:
        raise ValueError(f"a band reads threshold:points or low-high:points, not {text!r}")
    interval = _read_interval(written)
    if interval.low == -math.inf and float(points[1]):
        raise ValueError(f"what lies below all bands earns nothing, not {worth}")
    return interval, _finite(points[1])


def _read_interval(text: str) -> Interval:
    """Return the values that a band is for; raises `ValueError` for none and for what cannot be read."""
    for pattern in _RANGES:
        if found := pattern.fullmatch(text):
            low, high = _finite(found[1]), math.inf if found[2] is None else _finite(found[2])
            if low >= high:
                raise ValueError(f"a range goes up, not as {text!r}")
            return Interval(low, high, is_closed=found[3] == "]")
    for pattern in _FROM:
        if found := pattern.fullmatch(text):
            is_bare = pattern is _FROM[-1]
            return Interval(_finite(found[1]), None if is_bare else math.inf)
    for pattern in _BELOW:
        if found := pattern.fullmatch(text):
            return Interval(-math.inf, _finite(found[1]))
    raise ValueError(f"a band reads threshold:points or low-high:points, not {text!r}")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"expected a number that is finite, not {text}")
    return number
