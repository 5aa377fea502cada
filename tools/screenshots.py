"""Pictures of every page below a folder: wide, on a phone and on paper; what was said in the console is printed.

``python -m tools.screenshots FOLDER OUT [--readme docs/images]``. Paper becomes pictures where pdftoppm is installed.
"""

import argparse
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from tests.browser.inspector import OpenPage, PageInspection, launch_chromium
from tests.conftest import BROWSERS

WIDTHS = (1440, 390)  # a desk and a phone
PIECE_PX = 2400  # about two screens of a desk, three of a phone
PAPER_DPI = 70  # enough to read 9 pt
README_PAGE = "report"
README_HEIGHTS = {1440: 1250, 390: 1400}  # px of the first screen that the README shows


def take_pictures(browser: Any, page: Path, out: Path, name: str) -> list[str]:
    """Write NAME_1440_01.png and so on, NAME.pdf and its sheets; return what a reader should not meet."""
    found: list[str] = []
    for width in WIDTHS:
        with OpenPage(browser, page, width=width) as opened:
            _picture_pieces(opened.page, out, f"{name}_{width}")
            found += _faults(f"{name} at {width} px", opened.look())
    with OpenPage(browser, page) as opened:
        opened.page.pdf(path=out / f"{name}.pdf", prefer_css_page_size=True, print_background=True)
        found += _faults(f"{name} on paper", opened.look())
    _draw_sheets(out / f"{name}.pdf")
    return found


def take_readme_pictures(browser: Any, page: Path, out: Path) -> None:
    """Write the first screen of a page as the README shows it: report_1440.png and report_390.png."""
    for width, height in README_HEIGHTS.items():
        with OpenPage(browser, page, width=width) as opened:
            clip = {"x": 0, "y": 0, "width": width, "height": height}
            opened.page.screenshot(path=out / f"{README_PAGE}_{width}.png", full_page=True, clip=clip)


def _picture_pieces(page: Any, out: Path, name: str) -> None:
    """Write a page from top to bottom in pieces that can be looked at: the whole is 20 times as high as wide."""
    size = page.viewport_size
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": size["width"], "height": height})
    for number, top in enumerate(range(0, height, PIECE_PX), start=1):
        clip = {"x": 0, "y": top, "width": size["width"], "height": min(PIECE_PX, height - top)}
        page.screenshot(path=out / f"{name}_{number:02d}.png", clip=clip)
    page.set_viewport_size(size)


def _faults(where: str, seen: PageInspection) -> list[str]:
    faults = [f"{where}: {line}" for line in (*seen.console, *seen.requests)]
    if seen.charts_drawn < seen.charts_declared:
        faults.append(f"{where}: {seen.charts_drawn} of {seen.charts_declared} charts are drawn")
    return faults + ([f"{where}: {seen.overflow_px} px stick out"] if seen.overflow_px else [])


def _draw_sheets(pdf: Path) -> None:
    if pdftoppm := shutil.which("pdftoppm"):
        subprocess.run([pdftoppm, "-r", str(PAPER_DPI), "-png", str(pdf), str(pdf.with_suffix(""))], check=True)


def _names(folder: Path) -> dict[str, Path]:
    """Every page below a folder by a name of its own: index of a bureau is NAME_index."""
    found = ((path, path.relative_to(folder).parts) for path in folder.rglob("*.html"))
    pages = sorted(path for path, parts in found if not any(part.startswith(".") for part in parts))
    stems = [page.stem for page in pages]
    return {
        page.stem if stems.count(page.stem) == 1 else "_".join(page.relative_to(folder).with_suffix("").parts): page
        for page in pages
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Take the pictures; exit status 1 where a page said something, fetched something, or sticks out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="pages are looked for here and below")
    parser.add_argument("out", type=Path, help="where the pictures go")
    parser.add_argument("--readme", type=Path, help="write the README's two pictures of report.html here")
    args = parser.parse_args(arguments)
    executable = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    pages = _names(args.folder)
    if executable is None or not pages:
        print("no browser on the path" if executable is None else f"no page below {args.folder}", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    with sync_playwright() as playwright:
        browser = launch_chromium(playwright, executable)
        for name, page in pages.items():
            found += take_pictures(browser, page, args.out, name)
            if args.readme and page.stem == README_PAGE:
                take_readme_pictures(browser, page, args.readme)
        browser.close()
    print(f"pictures of {len(pages)} pages: {', '.join(pages)}", *found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
