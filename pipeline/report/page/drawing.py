"""Pictures and a PDF by an installed Chromium or Edge, found as kaleido finds it, without a network."""

import asyncio
import base64
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import kaleido
from kaleido.errors import BrowserClosedError, BrowserFailedError, ChromeNotFoundError

from pipeline.parameters import SpokenError
from pipeline.report.page.images import tidy_svg

SECONDS_TO_DRAW = 120  # a slow laptop draws the charts of a page in ten
POLL_SECONDS = 0.1
NO_NETWORK = [f"{scheme}://*" for scheme in ("http", "https", "ws", "wss", "ftp")]
# A page is ready when its charts are drawn (page.js says so); one without charts when it is loaded
IS_READY = """document.readyState === "complete" &&
  (!document.querySelector(".plot") || document.documentElement.dataset.charts === "done")"""
# Printed, a link to a page beside this one would become an address of this computer
DROP_LINKS_TO_FILES = """for (const link of document.querySelectorAll('a[href]:not([href^="#"])'))
  link.removeAttribute("href")"""
_CLOCK = re.compile(rb"/(CreationDate|ModDate) \(D:\d{14}")
_NODE = re.compile(rb"node(\d{8})")  # ids of the document's structure, counted on from one page to the next
_CREATOR = re.compile(rb"(/Creator )(\((?:\\.|[^\\)])*\))")


class NotDrawn(SpokenError):
    """Raised when there is no Chromium or Edge, or when the one there is does not draw."""


def draw(specs: Sequence[dict[str, Any]], page: Path, pdf: Path, day: date) -> None:
    """Draw the pictures of ``specs`` (see `images.picture_specs`) and print ``page`` to the file ``pdf``.

    One browser does it all and reaches no network. ``day`` stands in the PDF instead of the clock. Raises `NotDrawn`;
    some of the files may then be there.
    """
    try:
        with ThreadPoolExecutor(1) as thread:  # a loop of its own, also where the caller's thread runs one
            printed = thread.submit(asyncio.run, _draw(specs, page)).result()
    except ChromeNotFoundError as error:
        raise NotDrawn("pack.no_browser") from error
    except (BrowserClosedError, BrowserFailedError, TimeoutError) as error:
        raise NotDrawn("pack.browser_failed", reason=" ".join(str(error).split())) from error
    pdf.write_bytes(_without_chance(printed, day))
    for path in (spec["path"] for spec in specs if spec["opts"]["format"] == "svg"):
        path.write_text(tidy_svg(path.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")


async def _draw(specs: Sequence[dict[str, Any]], page: Path) -> bytes:
    # MathJax would be fetched from a server; plotly.js comes from the installed package
    async with kaleido.Kaleido(mathjax=False) as browser:
        if specs:
            await browser.write_fig_from_object(specs, cancel_on_error=True)
        return await _print(await browser.create_tab("about:blank"), page)


async def _print(tab: Any, page: Path) -> bytes:
    await _send(tab, "Network.enable")
    await _send(tab, "Network.setBlockedURLs", urls=NO_NETWORK)
    await _send(tab, "Page.navigate", url=page.resolve().as_uri())
    async with asyncio.timeout(SECONDS_TO_DRAW):
        while not (await _send(tab, "Runtime.evaluate", expression=IS_READY))["result"].get("value"):
            await asyncio.sleep(POLL_SECONDS)
    await _send(tab, "Runtime.evaluate", expression=DROP_LINKS_TO_FILES)
    printed = await _send(tab, "Page.printToPDF", printBackground=True, preferCSSPageSize=True)
    return base64.b64decode(printed["data"])


async def _send(tab: Any, command: str, **parameters: Any) -> Any:
    """Send one command of the DevTools protocol; raises `BrowserFailedError` when the browser refuses it."""
    answer = await tab.send_command(command, parameters)
    if "error" in answer:
        raise BrowserFailedError(f"{command}: {answer['error'].get('message')}")
    return answer["result"]


def _without_chance(pdf: bytes, day: date) -> bytes:
    """Return a PDF without the time, this computer's system and ids by chance; every byte stays at its place."""
    known = sorted(set(_NODE.findall(pdf)))
    numbers = {node: b"node%08d" % number for number, node in enumerate(known, start=1)}
    pdf = _NODE.sub(lambda found: numbers[found[1]], pdf)
    stamped = _CLOCK.sub(rb"/\g<1> (D:" + day.strftime("%Y%m%d000000").encode("ascii"), pdf)
    return _CREATOR.sub(lambda found: found[1] + b"(ronghe".ljust(len(found[2]) - 1) + b")", stamped)
