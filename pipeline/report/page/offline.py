"""The last look at a page before it is written: it must not reach outside itself, and holds no script but ours."""

import re
from html.parser import HTMLParser

# Attributes whose value a browser fetches or opens
_ADDRESS_ATTRIBUTES = frozenset(
    {"action", "background", "cite", "data", "formaction", "href", "manifest", "ping", "poster", "src", "srcset"}
)
# #anchors, embedded data, and files beside the page (another quarter's report) stay within the folder
_LOCAL_ADDRESS = re.compile(r"#|data:image/|(?![a-z][a-z0-9+.-]*:)(?![/\\])", re.IGNORECASE)
_PAINTS = frozenset(
    {"style", "fill", "stroke", "filter", "mask", "clip-path", "marker-start", "marker-mid", "marker-end"}
)
_ACTIVE_TAGS = frozenset({"script", "iframe", "object", "embed", "link", "base", "form", "meta"})
# Tags and attributes alone, each written in the one way in which our blocks write it, of which the parser would report
# none: no other tag or attribute, comment or declaration, and no address but places on this page and pages beside it
_INERT = re.compile(
    r"""(?:
      [^<]++
    | </[a-z][a-z0-9]*+>
    | <(?:a|b|caption|circle|dd|details|div|dl|dt|figure|h[23]|li|ol|p|path|rect|section|small|span|strong|summary|sup
        |svg|table|tbody|td|th|thead|tr|ul)
      (?:[ ](?:
        (?:class|id|role|scope|tabindex|open|hidden|lang|aria-[a-z]++|data-[a-z]++|viewBox|preserveAspectRatio
          |width|height|stroke-(?:width|linecap)|vector-effect|c?[xy]|[dr])(?:="[^"<>]*+")?+
        |(?:fill|stroke)="[A-Za-z0-9#-]*+"
        |href="(?:[a-z]++[.]html)?+(?:[#][^"<>]*+)?+"
        |style="-{0,2}[a-z]++:[#][0-9a-f]++"
      ))*+/?>
    )*+""",
    re.VERBOSE,
)


class _ReferenceFinder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _ACTIVE_TAGS:
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            local_name = name.rpartition(":")[2]  # xlink:href
            address = _as_browsers_read(value or "")
            leaves = local_name in _ADDRESS_ATTRIBUTES and not _LOCAL_ADDRESS.match(address)
            is_drawn = name in _PAINTS and _has_outside_url(value or "")
            if name.startswith("on") or leaves or is_drawn:
                self.found.append(f"{name}={value!r}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style" and _has_outside_url(data):
            self.found.append("<style> with an address")


def outside_references(html: str) -> list[str]:
    """Return what in ``html`` would fetch, open or run something: tags, handlers and addresses, in reading order."""
    if _INERT.fullmatch(html):  # as nearly all of a page is; parsing it takes four times as long
        return []
    finder = _ReferenceFinder()
    finder.feed(html)
    finder.close()
    return finder.found


def _as_browsers_read(address: str) -> str:
    return re.sub(r"[\x00-\x20]", "", address)  # "java<tab>script:" is read as "javascript:"


def _has_outside_url(css: str) -> bool:
    return "@import" in css or any(
        not target.strip("'\" ").startswith(("data:", "#")) for target in re.findall(r"url\(([^)]*)\)", css)
    )
