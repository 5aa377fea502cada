"""plotly.js for a page that must work without a network: its text, its configuration, its Chinese locale."""

import base64
import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from pipeline.report.page.bytecode import find_kept, keep

KEPT = "plotly.js"
PLOTLY_MIME = "application/vnd.plotly.v1+json"

# Traces that fetch maps from a server when they are drawn
NETWORK_TRACES = frozenset(
    {
        "choropleth",
        "choroplethmap",
        "choroplethmapbox",
        "densitymap",
        "densitymapbox",
        "scattergeo",
        "scattermap",
        "scattermapbox",
    }
)


class NetworkFigure(ValueError):
    """Raised when a figure would fetch something from a server."""


# Base 85 as Python writes it (RFC 1924), but in 85 characters that mean nothing in HTML: it takes a quarter more room
# than the bytes, base64 a third. The page's script knows the same characters.
IN_HTML = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%:()*+-;,=.?@^_`{|}~"
BYTES_OF_A_GROUP, DIGITS_OF_A_GROUP = 4, 5

# All of plotly.js is the body of one function, called as soon as it has been read. A browser takes a function in
# brackets to be called at once and compiles it; of any other it reads through the 5 MB first, and compiles them later.
BODY_BEGINS = b'(typeof self !== "undefined" ? self : this, () => {'
BODY_ENDS = b"return Plotly;\n}));"


@dataclass(frozen=True)
class PlotlyBundle:
    """plotly.js as a gzip stream in base 85, and the digest of its text in a page's policy."""

    packed: str
    digest: str


def plotly_source() -> bytes:
    """Return the text of the plotly.js that the installed plotly package ships, in UTF-8."""
    return resources.files("plotly").joinpath("package_data/plotly.min.js").read_bytes()


def compiled_at_once(source: bytes) -> bytes:
    """Return plotly.js with its body in brackets: it runs in two thirds of the time, and does the same.

    Another version may begin otherwise; it is returned as it is.
    """
    head, begin, body = source.partition(BODY_BEGINS)
    body, end, tail = body.rpartition(BODY_ENDS)
    if not (begin and end) or tail.strip():
        return source
    return head + begin.replace(b"() =>", b"(() =>") + body + end.replace(b"}));", b"})));") + tail


@cache
def plotly_bundle() -> PlotlyBundle:
    """Return plotly.js for a page; the same version gives the same bytes.

    Packing takes a fifth of a second, so what came of it is kept where Python keeps its bytecode (`bytecode.py`).
    """
    source = compiled_at_once(plotly_source())
    digest = script_digest(source)
    packed = find_kept(KEPT, digest)
    if packed is None:
        packed = as_base85(gzip.compress(source, compresslevel=9, mtime=0))
        keep(KEPT, digest, packed)
    return PlotlyBundle(packed=packed, digest=digest)


def script_digest(script: bytes) -> str:
    """Return the SHA-256 of a script (UTF-8) as a content security policy has it."""
    return base64.b64encode(hashlib.sha256(script).digest()).decode("ascii")


def as_base85(data: bytes) -> str:
    """Return ``data`` in base 85, in characters that stand in HTML as they are; ``base85.js`` reads it back.

    As `base64.b85encode`, which takes a fifth of a second for plotly.js.
    """
    padding = -len(data) % BYTES_OF_A_GROUP
    numbers = np.frombuffer(data + bytes(padding), dtype=">u4").astype(np.uint32)
    digits = np.empty((len(numbers), DIGITS_OF_A_GROUP), dtype=np.uint8)
    for place in reversed(range(DIGITS_OF_A_GROUP)):
        numbers, digits[:, place] = np.divmod(numbers, np.uint32(len(IN_HTML)))
    characters = np.frombuffer(IN_HTML, dtype=np.uint8)[digits].tobytes()
    return characters[: len(characters) - padding].decode("ascii")


def chart_config() -> dict[str, Any]:
    """Return the configuration of every chart: four buttons, none that sends data anywhere, no address.

    plotly.js offers "Share chart…" by default, which uploads the data. The button list is therefore closed
    (``modeBarButtons``), the upload is off, and the addresses of plotly's servers are replaced by empty ones.
    """
    return {
        "displaylogo": False,
        "modeBarButtons": [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
        "plotlyServerURL": "",
        "responsive": True,
        "showSendToCloud": False,
        "toImageButtonOptions": {"format": "png", "scale": 2},
        "topojsonURL": "data:,",  # must not be blank; an empty data address fetches nothing
        "typesetMath": False,
    }


def plotly_locale(lang: str) -> dict[str, Any] | None:
    """Return the locale to register for ``lang``; None for English, which plotly.js has built in.

    The plotly package ships no locale files, so ours stands beside the template.
    """
    if lang == "en":
        return None
    file = resources.files(__package__).joinpath("template", f"plotly-locale.{lang}.json")
    locale: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return locale


def check_figure(payload: dict[str, Any]) -> None:
    """Raise `NetworkFigure` when drawing ``payload`` (a plotly mime value) would need a server."""
    for trace in payload.get("data", []):
        if trace.get("type") in NETWORK_TRACES:
            raise NetworkFigure(f"a trace of type {trace['type']!r} fetches a map from a server: draw something else")
    for image in payload.get("layout", {}).get("images", []):
        if not str(image.get("source", "")).startswith("data:"):
            raise NetworkFigure(f"an image of the layout comes from {image.get('source')!r}: embed it as data")
