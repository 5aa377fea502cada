"""axe-core on an open page: what it finds, in words."""

from pathlib import Path
from typing import Any

from tests.browser.inspector import UNFOLD

# A table of 700 rows asks the same question 700 times: a row is left out when one with the same elements, classes and
# attributes (text set aside) has stood in its table before.
THIN = """() => {
  const shape = (element) => [
    element.tagName, element.className, element.hidden, element.textContent.trim() === '',
    [...element.attributes].map((attribute) => attribute.name).join(), [...element.children].map(shape).join('|'),
  ].join(';');
  for (const body of document.querySelectorAll('main tbody')) {
    const seen = new Set();
    for (const row of [...body.rows]) {
      const found = shape(row);
      if (seen.has(found)) row.remove();
      seen.add(found);
    }
  }
}"""
RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(({violations}) => violations)"


def violations(page: Any, *, is_thinned: bool = True) -> list[str]:
    """Run every rule of axe-core and return one line an element; the page's context must let scripts in (bypass_csp).

    ``is_thinned`` leaves out rows of a table that differ from an earlier one by their text alone.
    """
    page.evaluate(UNFOLD)  # what is folded away is checked by no rule
    if is_thinned:
        page.evaluate(THIN)
    page.evaluate(axe_source())
    return [
        f"{violation['id']} ({violation['impact']}): {violation['help']}: {node['html'][:200]}"
        for violation in page.evaluate(RUN)
        for node in violation["nodes"]
    ]


def violations_in(page: Any, *lights: str) -> list[str]:
    """Run every rule in one light after the other, as when evening comes: `violations`, and in which light."""
    found = []
    for light in lights:
        page.emulate_media(color_scheme=light)
        found += [f"{light}: {line}" for line in violations(page)]
    return found


def axe_source() -> str:
    """The script of axe-core, as its package ships it."""
    from axe_playwright_python import base

    return (Path(base.__file__).parent / base.AXE_FILE_NAME).read_text(encoding="utf-8")
