"""The value of one HTML cell: its text, or the number that Excel stored behind the text that it shows."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from math import isfinite

from pipeline.ingest.files.cell_styles import shows_percent
from pipeline.ingest.files.grids import Cell, CellError, is_blank

NUMBER_FORMAT = re.compile(r"""mso-number-format\s*:\s*(?:"([^"]*)"|'([^']*)'|([^;}]*))""", re.IGNORECASE)
CLASS_RULE = re.compile(r"\.([\w-]+)\s*\{([^{}]*)\}")
TEXT_FORMAT = "@"
CSS_ESCAPE = re.compile(r"\\(?:([0-9A-Fa-f]{4})\s?|(.))")  # \0022 is a quotation mark, \@ the format of text
SHOWN_NUMBER = re.compile(r"[(]?[-+]?[¥￥$€]?\s*([0-9][0-9,]*(?:\.[0-9]*)?|\.[0-9]+)\s*([%％]?)[)]?")
TOO_NARROW = re.compile("#+")  # what is shown where the column is too narrow for the number


def class_formats(style_sheet: str) -> dict[str, str]:
    """Return the number format of each class of a style sheet that names one."""
    formats = ((name, _number_format(rules)) for name, rules in CLASS_RULE.findall(style_sheet))
    return {name: code for name, code in formats if code}


def cell_value(
    text: str, attributes: Mapping[str, str | None], formats: Mapping[str, str]
) -> tuple[Cell | CellError, bool]:
    """Return the value of a cell and whether it is a number shown as percent.

    ``text`` is what is shown. A stored number (``x:num``) is taken where the text is that number, rounded; where it
    is not (a date, a code), the text stays. Without one only a number under a percent format is turned into a number,
    for the text alone would not tell; any other text is left to the readers of columns. Blank text is None.
    """
    if not text:
        return None, False
    if "x:err" in attributes:
        return CellError(attributes["x:err"] or text), False
    if "x:str" in attributes:
        stored = attributes["x:str"]
        return stored if stored and not is_blank(stored) else text, False
    code = _cell_format(attributes, formats)
    if code == TEXT_FORMAT:
        return text, False
    shown = SHOWN_NUMBER.fullmatch(text)
    is_percent = shows_percent(code) or code.lower() == "percent" or bool(shown and shown[2])
    stored_number = _stored_number(attributes, text, is_percent)
    if stored_number is not None:
        return stored_number, is_percent
    if is_percent and shown and not shown[2] and isfinite(_shown_number(text)):
        return float(_shown_number(text)), True
    return text, False


def _stored_number(attributes: Mapping[str, str | None], text: str, is_percent: bool) -> float | None:
    """Return the number in ``x:num`` if it is what the text shows; an empty one says that the text is a number."""
    if "x:num" not in attributes:
        return None
    shown = SHOWN_NUMBER.fullmatch(text)
    try:
        stored = Decimal(attributes["x:num"]) if attributes["x:num"] else None
    except InvalidOperation:
        return None
    if stored is None:
        is_number = shown is not None and not is_percent and isfinite(_shown_number(text))
        return float(_shown_number(text)) if is_number else None
    if not isfinite(stored):
        return None
    if TOO_NARROW.fullmatch(text):
        return float(stored)
    if shown is None:
        return None
    compared = stored * 100 if shown[2] else stored
    decimals = len(shown[1].partition(".")[2])
    rounding = Decimal(1).scaleb(-decimals) / 2
    return float(stored) if abs(abs(compared) - abs(_shown_number(text))) <= rounding else None


def _shown_number(text: str) -> Decimal:
    """Return the number that a text shows, without its signs of currency and percent; brackets are a minus."""
    digits = re.sub(r"[^0-9.]", "", text)
    is_negative = text.startswith("(") or "-" in text
    return -Decimal(digits) if is_negative else Decimal(digits)


def _cell_format(attributes: Mapping[str, str | None], formats: Mapping[str, str]) -> str:
    """Return the number format of a cell, its own before that of its class; empty when it has none."""
    own = _number_format(attributes.get("style") or "")
    names = (attributes.get("class") or "").split()
    return own or next((formats[name] for name in names if name in formats), "")


def _number_format(style: str) -> str:
    match = NUMBER_FORMAT.search(style)
    if match is None:
        return ""
    code = (match[1] or match[2] or match[3] or "").strip()
    return CSS_ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else found[2], code)
