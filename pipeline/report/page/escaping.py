"""The one layer through which every text passes on its way into HTML, into a script tag or into a chart."""

import html
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from pipeline.spreadsheets.cleaning import plain_text

# plotly draws these tags of its own small markup; links, styles and everything else become visible text
_CHART_MARKUP = re.compile(r"<(?!/?(?:b|br|i|em|sub|sup|extra)\s*/?>)", re.IGNORECASE)
# "r = 0.64", "r ≥ 0.54", "n = 38" stay on one line: the end of a line after the sign leaves a number without its name
_STATED_NUMBER = re.compile(r"\b([rn]) ([=≥]) (?=[−\d])")


def safe_text(text: str) -> str:
    """Return ``text`` inert as HTML content and inside a quoted attribute; a stated number stays beside its name."""
    return html.escape(_STATED_NUMBER.sub("\\1\u00a0\\2\u00a0", plain_text(text)), quote=True)


def css_string(text: str) -> str:
    """Return ``text`` as a quoted string of a style sheet that can end neither itself nor the style tag around it."""
    escaped = (f"\\{ord(character):x} " if character in '"\\<>&\n\r' else character for character in plain_text(text))
    return f'"{"".join(escaped)}"'


def safe_chart_text(text: str) -> str:
    """Return ``text`` so that plotly draws it as it reads: no link, no style, only line breaks and emphasis."""
    plain = plain_text(text)
    return _CHART_MARKUP.sub("&lt;", plain) if "<" in plain else plain


def safe_chart_value(value: Any) -> Any:
    """Return a part of a chart's JSON with `safe_chart_text` applied to every string in it, names of keys included."""
    if isinstance(value, str):
        return safe_chart_text(value)
    if isinstance(value, int | float) or value is None:  # most of a chart; asking whether it is a mapping takes long
        return value
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
