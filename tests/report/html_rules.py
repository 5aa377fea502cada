"""Rules about the HTML of a page, as a reader's browser, a screen reader and a style sheet need it.

Each function lists what breaks a rule, so that the rules can be tested themselves. `faults_of` asks them all.
"""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
import tinycss2

REFERRING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "headers", "list", "form")
FOLLOWED = ("href", "xlink:href", "src", "action", "formaction", "data", "poster")
LABELLED_TAGS = ("select", "input", "textarea")
SECTIONS = ("section", "nav", "form", "search", "aside")
HEADING = re.compile(r"h[1-6]")


def faults_of(page: str) -> list[str]:
    """What is wrong with a page, in words; an empty list for a page without a fault."""
    document, faults = parsed(page)
    for rule in (
        repeated_ids,
        dangling_references,
        heading_faults,
        landmark_faults,
        unnamed_controls,
        table_faults,
        live_attributes,
        style_faults,
    ):
        faults += rule(document)
    return faults


def parsed(page: str) -> tuple[Element, list[str]]:
    """The document of a page, and every error of the HTML standard that the parser met on the way."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    document = parser.parse(page)
    return document, [f"line {place[0]}: {code} {values}" for place, code, values in parser.errors]


def repeated_ids(document: Element) -> list[str]:
    """Ids that more than one element has."""
    counts = Counter(element.get("id") for element in document.iter() if element.get("id") is not None)
    return [f"the id {name!r} is there {count} times" for name, count in counts.items() if count > 1]


def dangling_references(document: Element) -> list[str]:
    """Links within the page, labels and descriptions that point at nothing."""
    ids = {element.get("id") for element in document.iter()}
    faults = []
    for element in document.iter():
        wanted = [name for attribute in REFERRING for name in (element.get(attribute) or "").split()]
        target = element.get("href") or ""
        if target.startswith("#") and target != "#":
            wanted.append(target[1:].partition(";")[0])
        faults += [f"<{element.tag}> refers to the missing id {name!r}" for name in wanted if name not in ids]
    return faults


def heading_faults(document: Element) -> list[str]:
    """One h1, no level left out on the way down, no heading without words."""
    headings = [element for element in document.iter() if HEADING.fullmatch(str(element.tag))]
    levels = [int(heading.tag[1]) for heading in headings]
    faults = [] if levels.count(1) == 1 else [f"{levels.count(1)} headings of the first level"]
    faults += [f"<{heading.tag}> is empty" for heading in headings if not text_of(heading)]
    steps = zip(levels, levels[1:], headings[1:], strict=False)
    return faults + [
        f"<h{below}> {text_of(heading)!r} follows <h{above}>" for above, below, heading in steps if below > above + 1
    ]


def landmark_faults(document: Element) -> list[str]:
    """A language, a title, one main part; parts with a name; two parts of a kind do not share one."""
    faults = [] if document.get("lang") else ["the page names no language"]
    faults += [] if (document.findtext("head/title") or "").strip() else ["the page has no title"]
    mains = document.findall(".//main")
    faults += [] if len(mains) == 1 else [f"{len(mains)} main parts"]
    named = [(element.tag, name_of(element, document)) for element in document.iter() if element.tag in SECTIONS]
    faults += [f"<{tag}> has no name" for tag, name in named if not name and tag in ("nav", "section")]
    counts = Counter(found for found in named if found[1])
    return faults + [f"{count} <{tag}> are named {name!r}" for (tag, name), count in counts.items() if count > 1]


def unnamed_controls(document: Element) -> list[str]:
    """Fields, buttons and folds without a name."""
    labels = {label.get("for"): text_of(label) for label in document.iter("label") if label.get("for")}
    within = {field for label in document.iter("label") for field in label.iter() if field.tag in LABELLED_TAGS}
    faults = []
    for element in document.iter():
        if element.tag in LABELLED_TAGS and element.get("type") != "hidden":
            named = labels.get(element.get("id")) or element in within or name_of(element, document)
            faults += [] if named else [f"<{element.tag} id={element.get('id')!r}> has no label"]
        if element.tag in ("button", "summary", "a"):
            faults += [] if text_of(element) or name_of(element, document) else [f"<{element.tag}> has no words"]
        if element.tag == "button" and element.get("type") is None:
            faults.append(f"<button> {text_of(element)!r} has no type and would send a form")
    return faults


def table_faults(document: Element) -> list[str]:
    """Tables without a caption, heads without a scope, rows of unequal length."""
    faults = []
    for table in document.iter("table"):
        caption = text_of(table.find("caption"))
        faults += [] if caption else ["a table has no caption"]
        heads = [head for head in table.iter("th") if head.get("scope") not in ("col", "row", "colgroup", "rowgroup")]
        faults += [f"table {caption!r}: a head has no scope"] if heads else []
        lengths = {sum(int(cell.get("colspan", "1")) for cell in row) for row in table.iter("tr")}
        faults += [f"table {caption!r}: rows of {sorted(lengths)} cells"] if len(lengths) > 1 else []
    return faults


def live_attributes(document: Element) -> list[str]:
    """Handlers, script links and style attributes that fetch: nothing of the kind belongs on a page."""
    faults = []
    for element in document.iter():
        for name, value in element.attrib.items():
            is_handler = name.lower().startswith("on")
            target = re.sub(r"[\s\x00-\x20]", "", value).lower()
            is_script = name in FOLLOWED and target.startswith(("javascript:", "vbscript:"))
            is_fetching = name == "style" and "url(" in value.lower()
            if is_handler or is_script or is_fetching:
                faults.append(f"<{element.tag} {name}={value[:60]!r}>")
    return faults


def style_faults(document: Element) -> list[str]:
    """Errors of the style sheets and of style attributes."""
    faults = []
    for style in document.iter("style"):
        rules = tinycss2.parse_stylesheet(style.text or "", skip_comments=True, skip_whitespace=True)
        faults += [f"style sheet: {fault}" for rule in rules for fault in _rule_faults(rule)]
    for element in document.iter():
        if declared := element.get("style"):
            faults += [f"style of <{element.tag}>: {fault}" for fault in _declaration_faults(declared)]
    return faults


def _rule_faults(rule: object) -> Iterator[str]:
    if rule.type == "error":  # type: ignore[attr-defined]
        yield rule.message  # type: ignore[attr-defined]
    content = getattr(rule, "content", None)
    if content is None:
        return
    if getattr(rule, "lower_at_keyword", "") in ("media", "supports", "container", "layer"):
        for inner in tinycss2.parse_rule_list(content, skip_comments=True, skip_whitespace=True):
            yield from _rule_faults(inner)
    else:
        yield from _declaration_faults(content)


def _declaration_faults(content: object) -> Iterator[str]:
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type == "error":
            yield f"line {part.source_line}: {part.message}"
        elif part.type in ("qualified-rule", "at-rule"):
            yield from _rule_faults(part)


def name_of(element: Element, document: Element) -> str:
    """The name that a screen reader says: what labels it, else its own label or title."""
    ids = (element.get("aria-labelledby") or "").split()
    labels = [text_of(document.find(f".//*[@id='{name}']")) for name in ids]
    return " ".join(labels).strip() or (element.get("aria-label") or element.get("title") or "").strip()


def text_of(element: Element | None) -> str:
    """The words of an element, blanks squeezed."""
    return "" if element is None else re.sub(r"\s+", " ", "".join(element.itertext())).strip()
