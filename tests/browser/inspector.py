"""Opens a page in Chromium with the network blocked and tells what became of it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# No sandbox: containers run as root, and the pages are our own. The rest keeps Chromium's own traffic away.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)
LOCAL_SCHEMES = ("file:", "data:", "blob:")
DRAW_TIMEOUT_MS = 60_000  # a dozen charts take about two seconds on a slow machine

# A chart counts as drawn when plotly has finished and at least one trace stands in its plot
PAGE_FACTS = """() => {
  const root = document.documentElement;
  const plots = [...document.querySelectorAll('.plot')];
  const traces = '.cartesianlayer .trace, .cartesianlayer .hm, .pielayer .trace, .polarlayer .trace';
  const end = document.querySelector('footer')?.getBoundingClientRect().bottom + window.scrollY || root.scrollHeight;
  const below = Math.round(root.scrollHeight - Math.max(end, root.clientHeight));
  return {
    declared: plots.length,
    drawn: plots.filter((plot) => plot.dataset.state === 'drawn' && plot.querySelector(traces)).length,
    overflow: Math.max(root.scrollWidth - root.clientWidth, below > 40 ? below : 0),
    links: [...document.querySelectorAll('.plot a')].filter((link) => link.getAttribute('href')).length,
  };
}"""


# Everything that a reader can unfold: folds, and on a phone the sections
UNFOLD = """() => {
  for (const toggle of document.querySelectorAll('.section-toggle[aria-expanded=false]')) toggle.click();
  for (const fold of document.querySelectorAll('details')) fold.open = true;
}"""


@dataclass
class PageInspection:
    """What was seen; ``overflow_px`` is how far the page can be moved sideways, or below its footer
    into nothing (more than its margin); ``chart_links`` should be 0.
    """

    charts_declared: int = 0
    charts_drawn: int = 0
    overflow_px: int = 0
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    chart_links: int = 0


def launch_chromium(playwright: Any, executable: str) -> Any:
    """Return a headless browser that resolves no address."""
    return playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))


class OpenPage:
    """A page open in a context of its own; ``inspection`` fills while it loads. Use as a context manager.

    ``bypass_csp`` lets a test add scripts, as axe-core is one.
    """

    def __init__(
        self,
        browser: Any,
        path: Path,
        *,
        width: int = 1440,
        dark: bool = False,
        javascript: bool = True,
        wait_for_charts: bool = True,
        bypass_csp: bool = False,
    ) -> None:
        self.inspection = PageInspection()
        self._context = browser.new_context(
            bypass_csp=bypass_csp,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        self._context.route("**/*", self._let_only_local_through)
        self.page = self._context.new_page()
        self.page.on("console", lambda message: self.inspection.console.append(f"{message.type}: {message.text}"))
        self.page.on("pageerror", lambda error: self.inspection.console.append(f"pageerror: {error}"))
        self.page.on("websocket", lambda socket: self.inspection.requests.append(socket.url))
        self.page.goto(path.resolve().as_uri())
        if javascript and wait_for_charts and self.page.locator(".plot").count():
            self.page.wait_for_selector("html[data-charts=done]", timeout=DRAW_TIMEOUT_MS)

    def _let_only_local_through(self, route: Any) -> None:
        if route.request.url.startswith(LOCAL_SCHEMES):
            route.continue_()
        else:
            self.inspection.requests.append(route.request.url)
            route.abort()

    def look(self) -> PageInspection:
        """Count charts, links in them and sideways room, and return what has been recorded so far."""
        facts = self.page.evaluate(PAGE_FACTS)
        self.inspection.charts_declared = facts["declared"]
        self.inspection.charts_drawn = facts["drawn"]
        self.inspection.overflow_px = facts["overflow"]
        self.inspection.chart_links = facts["links"]
        return self.inspection

    def __enter__(self) -> "OpenPage":
        return self

    def __exit__(self, *_: object) -> None:
        self._context.close()


def inspect_page(
    browser: Any, path: Path, width: int, *, dark: bool = False, screenshot: Path | None = None, pdf: Path | None = None
) -> PageInspection:
    """Open ``path`` at ``width`` px, wait for its charts, and return what was seen; the screenshot is of all of it.

    With ``pdf`` it is printed as well, to A4 as a person would from the browser, and what is seen afterwards counts.
    """
    with OpenPage(browser, path, width=width, dark=dark) as opened:
        if screenshot is not None:
            opened.page.screenshot(path=screenshot, full_page=True)
        if pdf is not None:
            opened.page.pdf(path=pdf, prefer_css_page_size=True, print_background=True)
        return opened.look()


def print_page(browser: Any, path: Path, pdf: Path) -> PageInspection:
    """Print ``path`` to an A4 PDF as a person would from the browser, and return what was seen."""
    return inspect_page(browser, path, 1440, pdf=pdf)
