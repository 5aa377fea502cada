"""The fill of a cell in a few characters, and back: a mark remembers in words what its colour covers."""

import re

from openpyxl.styles import GradientFill, PatternFill
from openpyxl.styles.colors import Color
from openpyxl.styles.fills import Fill, Stop

NONE = "无"
_COLOR = re.compile(r"(?P<kind>[rtia])(?P<value>[0-9A-Fa-f]*)(?:\*(?P<tint>-?[0-9.e-]+))?")
_GRADIENT = "gradient"


def encode_fill(fill: Fill) -> str:
    """Return a fill as text, `NONE` for none: ``solid;rFFFFFF00;i64`` is a pattern and its two colours."""
    if isinstance(fill, GradientFill):
        numbers = (fill.degree, fill.left, fill.right, fill.top, fill.bottom)
        stops = (f"{stop.position!r}:{_color(stop.color)}" for stop in fill.stop)
        return ";".join((_GRADIENT, fill.type, *map(repr, numbers), *stops))
    if not isinstance(fill, PatternFill) or fill.patternType is None:
        return NONE
    return ";".join((fill.patternType, _color(fill.fgColor), _color(fill.bgColor)))


def decode_fill(text: str) -> Fill:
    """Return the fill that `encode_fill` wrote; no fill for anything else, as when a person has changed the words."""
    parts = text.split(";")
    try:
        if parts[0] == _GRADIENT:
            degree, left, right, top, bottom = map(float, parts[2:7])
            stops = [_stop(part) for part in parts[7:]]
            return GradientFill(parts[1], degree, left, right, top, bottom, stops)  # type: ignore[arg-type]  # it checks
        if len(parts) == 3:
            return PatternFill(parts[0], _parse_color(parts[1]), _parse_color(parts[2]))  # type: ignore[arg-type]
    except (ValueError, TypeError):
        return PatternFill()
    return PatternFill()


def _color(color: Color) -> str:
    values = {"rgb": f"r{color.rgb}", "theme": f"t{color.theme}", "indexed": f"i{color.indexed}", "auto": "a"}
    return values[color.type] + (f"*{color.tint!r}" if color.tint else "")


def _parse_color(text: str) -> Color:
    found = _COLOR.fullmatch(text)
    if found is None:
        raise ValueError(f"no colour: {text}")
    tint = float(found["tint"] or 0)
    if found["kind"] == "r":
        return Color(rgb=found["value"], tint=tint)
    if found["kind"] == "t":
        return Color(theme=int(found["value"]), tint=tint)
    return Color(indexed=int(found["value"]), tint=tint) if found["kind"] == "i" else Color(auto=True, tint=tint)


def _stop(text: str) -> Stop:
    position, _, color = text.partition(":")
    return Stop(_parse_color(color), float(position))
