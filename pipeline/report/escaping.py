"""The one layer through which every text passes on its way into HTML, into a script tag or into a chart."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

# Unicode characters that turn the reading direction around (UAX 9) or cannot be seen: a name that holds one can show
# something else than it says. Zero-width joiners stay: emoji and some scripts need them.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
INVISIBLE = "\u200b\u2060\ufeff\ufff9-\ufffb"
CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_FORBIDDEN = re.compile(f"[{BIDI_CONTROLS}{INVISIBLE}{CONTROLS}]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")

# plotly draws these tags of its own small markup; links, styles and everything else become visible text
_CHART_MARKUP = re.compile(r"<(?!/?(?:b|br|i|em|sub|sup|extra)\s*/?>)", re.IGNORECASE)


def plain_text(text: str) -> str:
    """Return ``text`` without direction marks, invisible and control characters; a lone surrogate becomes U+FFFD."""
    return _LONE_SURROGATE.sub("\ufffd", _FORBIDDEN.sub("", text))


def safe_text(text: str) -> str:
    """Return ``text`` so that it is inert as HTML content and inside a quoted attribute."""
    return html.escape(plain_text(text), quote=True)


def safe_chart_text(text: str) -> str:
    """Return ``text`` so that plotly draws it as it reads: no link, no style, only line breaks and emphasis."""
    return _CHART_MARKUP.sub("&lt;", plain_text(text))


def safe_chart_value(value: Any) -> Any:
    """Return a part of a chart's JSON with `safe_chart_text` applied to every string in it, names of keys included."""
    if isinstance(value, str):
        return safe_chart_text(value)
    if isinstance(value, Mapping):
        return {safe_chart_text(str(key)): safe_chart_value(part) for key, part in value.items()}
    if isinstance(value, Sequence):
        return [safe_chart_value(part) for part in value]
    return value


def json_for_script(value: object) -> str:
    """Return ``value`` as JSON that cannot end or comment out the script tag around it; NaN raises `ValueError`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
