"""The look of the blocks in JupyterLab: the page's own style sheet, kept to the outputs and to JupyterLab's theme."""

import re
from dataclasses import dataclass
from importlib import resources

from pipeline.report.page.blocks import HtmlBlock
from pipeline.report.page.frame import REPORT_TEMPLATE

OUTPUT = ".jp-OutputArea-output"  # JupyterLab's class of one output of a cell
DARK = '[data-jp-theme-light="false"]'  # JupyterLab's mark of a dark theme
LIGHT_GROUND = " background: var(--page); padding: 0.25rem 1rem; "
_LIGHT_COLOURS = re.compile(r"^:root \{(.*?)^\}", re.DOTALL | re.MULTILINE)
_DARK_COLOURS = re.compile(r":root:not\(\.printing\) \{(.*?)\}", re.DOTALL)


class NoColours(ValueError):
    """Raised when the page's style sheet no longer names its colours where this module looks for them."""


@dataclass(frozen=True)
class NotebookStyle(HtmlBlock):
    """The style sheet of a page (the folder of its template) for the outputs of a notebook; it shows nothing itself."""

    template: str = REPORT_TEMPLATE

    def html(self) -> str:
        """Return the style sheet; raises `NoColours` when the page's one is not as expected."""
        page, own = _text(self.template, "style.css"), _text("notebook.css")
        light, dark = _LIGHT_COLOURS.search(page), _DARK_COLOURS.search(page)
        if not light:
            raise NoColours(f"{self.template}/style.css does not begin with a block :root of colours")
        # the board is light in every theme, and brings its ground along
        themed = f"{DARK} {OUTPUT} {{{dark[1]}}}" if dark else f"{OUTPUT}:not(:has(style)) {{{LIGHT_GROUND}}}"
        return (
            f"<style>\n{OUTPUT} {{{light[1]}}}\n{themed}\n"
            # a table of pandas is JupyterLab's own
            f"{OUTPUT}:not(:has(.dataframe)) {{\n{page}\n}}\n{own}\n</style>"
        )


def show_style(template: str = REPORT_TEMPLATE) -> NotebookStyle:
    """Return the style sheet of the blocks, to be shown once in a notebook, in a cell that stays off every page."""
    return NotebookStyle(template)


def _text(*path: str) -> str:
    return resources.files(__package__).joinpath(*path).read_text(encoding="utf-8").strip()
