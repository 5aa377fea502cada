"""The bulletin board as it hangs in the hall: it turns by itself, is read from afar, and prints on one sheet of A3."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from pipeline.report.board.page import board_frame, export_board
from tests.report.board_material import sample_board, slides
from tests.report.shown import shown

pytestmark = pytest.mark.browser

SLIDES = ["cover", "points", "trend", "change", "stars", "work", "notes"]
NAMED: dict[str, Any] = {"names": True, "step": 3.0}  # ranks too
MIDNIGHT = datetime(2022, 1, 1)
SCREENS = ((1920, 1080), (1366, 768))
A3_PX = (1587, 1123)  # 420 mm x 297 mm at 96 dpi
LEAST_TYPE = 3.2  # per cent of a slide's height: what is read from four metres on a screen of 55 inches
SECONDS = 14  # a slide
REST_SECONDS = 30  # after which a pointer that lies still holds nothing
FADE_MS = 700

# Boxes that leave their slide, or lie on each other; text that is cut off on purpose (two lines of a name) is not
FAULTS = """() => {
  const shown = (e) => !e.closest('.unseen') && e.getClientRects().length && getComputedStyle(e).display !== 'none';
  const box = (e) => e.getBoundingClientRect();
  const told = (e) => `${e.closest('.slide').id} ${e.tagName} ${e.className}`;
  const faults = [];
  for (const slide of document.querySelectorAll('.slide')) {
    const frame = box(slide);
    const inner = frame.right - parseFloat(getComputedStyle(slide).paddingRight);
    for (const e of slide.querySelectorAll('h1, h2, h3, p, li, dt, dd, .field span')) {
      if (!shown(e) || !e.textContent.trim()) continue;
      const range = document.createRange();
      range.selectNodeContents(e);
      const own = e.matches('li') ? box(e) : range.getBoundingClientRect();
      if (own.right > inner + 2 && !e.matches('.field span')) faults.push(`in the margin: ${told(e)}`);
      const mayBeCut = '.name, .who, .end, .end *, h3';
      const lines = getComputedStyle(e).webkitLineClamp;
      const isClamped = lines !== 'none' || e.matches(mayBeCut) || e.querySelector('.name');
      if (own.right > frame.right + 1 || own.left < frame.left - 1) faults.push(`beside: ${told(e)}`);
      if (!isClamped && (own.bottom > frame.bottom || own.top < frame.top)) faults.push(`below: ${told(e)}`);
    }
    const parts = '.row, .card, .award, .lead, h2, .legend, .rows h3, .prose, .facts > div, .lines, .owner, h1';
    const boxes = [...slide.querySelectorAll(parts)].filter(shown);
    boxes.forEach((first, place) => boxes.slice(place + 1).forEach((second) => {
      if (first.contains(second) || second.contains(first)) return;
      const a = box(first), b = box(second);
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1 && high > 1.5) faults.push(`on each other: ${told(first)} / ${told(second)}`);
    }));
  }
  return faults;
}"""

# The least type of a slide in per cent of its height; the running foot and the banner count too
TYPE_SIZES = """() => {
  const height = document.querySelector('.slide').getBoundingClientRect().height;
  const sizes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || e.closest('.unseen, script, style') || !e.getClientRects().length) continue;
    sizes.push([parseFloat(getComputedStyle(e).fontSize) / height * 100, walker.currentNode.data.trim()]);
  }
  return sizes.sort((a, b) => a[0] - b[0])[0];
}"""

# Contrast of every text with the colour behind it, by WCAG 2; large type is 24 px, or 18.66 px and bold
CONTRASTS = """() => {
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255).map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const behind = (e) => {
    for (let at = e; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour.slice(0, 3);
    }
    return [255, 255, 255];
  };
  const weak = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || e.closest('.unseen, script, style') || !e.getClientRects().length) continue;
    const style = getComputedStyle(e), size = parseFloat(style.fontSize);
    const pair = [light(parse(style.color).slice(0, 3)), light(behind(e))].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) weak.push(`${ratio.toFixed(2)} ${walker.currentNode.data.trim()}`);
  }
  return weak;
}"""


@pytest.fixture(scope="module")
def board_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_board(tmp_path_factory.mktemp("board"))


def make_board(folder: Path, lang: str = "zh", count: int = 3, **kind: Any) -> Path:
    board = sample_board(lang, count, **kind)
    path = folder / f"board_{lang}_{count}.html"
    export_board(shown(*slides(board)), path, board_frame(board))
    return path


@contextmanager
def opened(chromium: Any, path: Path, *, motion: str = "no-preference", **settings: Any) -> Iterator[Any]:
    """A page with a clock that a test may move; whatever it says or asks for is a failure."""
    settings.setdefault("viewport", {"width": 1920, "height": 1080})
    context = chromium.new_context(reduced_motion=motion, **settings)
    page, said, asked = context.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    if settings.get("java_script_enabled", True):
        page.clock.install(time=MIDNIGHT)
    page.goto(path.resolve().as_uri())
    if settings.get("java_script_enabled", True):
        page.clock.pause_at(MIDNIGHT + timedelta(seconds=1))  # time passes when a test says so
    yield page
    assert said == []
    assert [address for address in asked if not address.startswith("file:")] == []
    context.close()


def current(page: Any) -> str:
    """The slide that is shown; there is exactly one, and the others can be neither seen nor reached."""
    seen: list[str] = page.evaluate(
        "() => [...document.querySelectorAll('.slide')]"
        ".filter((slide) => getComputedStyle(slide).visibility === 'visible' && !slide.inert).map((slide) => slide.id)"
    )
    assert len(seen) == 1, seen
    return seen[0]


def pass_time(page: Any, seconds: float) -> str:
    """Let the clock run, let a change fade in, and return the slide that is shown then."""
    page.clock.run_for(round(1000 * seconds))
    page.wait_for_timeout(FADE_MS)
    return current(page)


def test_it_turns_by_itself_and_begins_again(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file) as page:
        assert current(page) == "cover"
        assert pass_time(page, SECONDS - 2) == "cover"
        assert pass_time(page, 2) == "points"
        assert [pass_time(page, SECONDS) for _ in SLIDES] == [*SLIDES[2:], "cover", "points"]


def test_keys_turn_it(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file, motion="reduce") as page:
        seen = []
        for key in ("ArrowRight", "ArrowRight", "ArrowLeft", "End", "ArrowRight", "ArrowLeft", "Home"):
            page.keyboard.press(key)
            seen.append(current(page))
        assert seen == ["points", "trend", "points", "notes", "cover", "notes", "cover"]
        assert page.locator(".pages [aria-current]").get_attribute("href") == "#cover"


def test_a_turn_by_hand_has_its_full_time(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file) as page:
        pass_time(page, SECONDS - 1)
        page.keyboard.press("ArrowRight")
        assert pass_time(page, SECONDS - 1) == "points"
        assert pass_time(page, 1) == "trend"


def test_the_space_bar_stops_it_until_it_is_pressed_again(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file) as page:
        page.keyboard.press("Space")
        assert page.locator(".pause").inner_text() == "继续"
        assert page.locator(".pause").get_attribute("aria-pressed") == "true"
        assert pass_time(page, 10 * SECONDS) == "cover"
        page.keyboard.press("Space")
        assert pass_time(page, SECONDS) == "points"


def test_a_pointer_that_moves_holds_a_slide_and_one_that_was_left_there_does_not(
    chromium: Any, board_file: Path
) -> None:
    with opened(chromium, board_file) as page:
        for step in range(4):
            page.mouse.move(400 + 50 * step, 400)
            assert pass_time(page, SECONDS) == "cover"
        assert pass_time(page, REST_SECONDS - SECONDS) == "cover"  # nobody is there any more: from now on it turns
        assert pass_time(page, SECONDS) == "points"


def test_a_focus_that_is_seen_holds_a_slide(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#cover"
        assert pass_time(page, 10 * SECONDS) == "cover"
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert pass_time(page, 10 * SECONDS) == "points"
        assert page.locator("[role=status]").inner_text() == "第 2 页，共 7 页"


def test_reduced_motion_turns_by_hand_only(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file, motion="reduce") as page:
        assert pass_time(page, 20 * SECONDS) == "cover"
        assert page.locator(".pause").is_hidden()


def test_a_dot_and_an_address_lead_to_a_slide(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file, motion="reduce") as page:
        page.locator('.pages a[href="#stars"]').click()
        assert current(page) == "stars"
        page.goto(board_file.resolve().as_uri() + "#trend")
        page.reload()
        assert current(page) == "trend"


@pytest.mark.parametrize("size", SCREENS)
@pytest.mark.parametrize(
    ("lang", "count", "kind"),
    [
        ("zh", 3, {}),
        ("en", 3, NAMED),
        ("zh", 6, NAMED),
        ("en", 6, {"names": True}),
        ("zh", 10, {}),
        ("zh", 3, {"hostile": True}),
        ("zh", 1, {}),
    ],
)
def test_nothing_overflows_a_screen(
    chromium: Any, tmp_path: Path, size: tuple[int, int], lang: str, count: int, kind: dict[str, Any]
) -> None:
    path = make_board(tmp_path, lang, count, **kind)
    with opened(chromium, path, motion="reduce", viewport={"width": size[0], "height": size[1]}) as page:
        assert page.evaluate(FAULTS) == []
        foot = page.locator(".foot").bounding_box()
        bottoms = (
            "[...document.querySelectorAll('.slide :is(p, li, dd, .field span)')].filter((e) => !e.closest('.unseen'))"
        )
        assert page.evaluate(f"Math.max(...{bottoms}.map((e) => e.getBoundingClientRect().bottom))") <= foot["y"] + 1
        assert page.evaluate("document.documentElement.scrollHeight") == size[1]
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        least, text = page.evaluate(TYPE_SIZES)
        assert least >= LEAST_TYPE - 0.01, text


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1920, 390])
def test_every_text_stands_out(chromium: Any, tmp_path: Path, lang: str, width: int) -> None:
    path = make_board(tmp_path, lang, 6, **NAMED)
    with opened(chromium, path, motion="reduce", viewport={"width": width, "height": 1080}) as page:
        assert page.evaluate(CONTRASTS) == []


def test_a_phone_shows_everything_below_each_other(chromium: Any, board_file: Path) -> None:
    with opened(chromium, board_file, viewport={"width": 390, "height": 844}) as page:
        page.clock.run_for(5000 * SECONDS)
        tops = page.evaluate("[...document.querySelectorAll('.slide')].map((e) => e.getBoundingClientRect().top)")
        assert tops == sorted(tops)
        assert page.evaluate("document.querySelectorAll('.slide[inert]').length") == 0
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        assert page.evaluate("scrollY") == 0
        assert page.evaluate(FAULTS) == []
        page.keyboard.press("Space")  # scrolls, as everywhere
        page.wait_for_function("scrollY > 0")


@pytest.mark.parametrize("width", [1920, 390])
def test_without_scripts_every_slide_is_there(chromium: Any, board_file: Path, width: int) -> None:
    settings: dict[str, Any] = {"java_script_enabled": False, "viewport": {"width": width, "height": 1080}}
    with opened(chromium, board_file, **settings) as page:
        boxes = [page.locator(f"#{name}").bounding_box() for name in SLIDES]
        assert all(page.locator(f"#{name}").is_visible() for name in SLIDES)
        edges = [(box["y"], box["y"] + box["height"]) for box in boxes]
        assert all(below >= above - 1 for (_, above), (below, _) in pairwise(edges))
        assert page.locator(".pause").is_hidden()


@pytest.mark.parametrize(
    ("lang", "count", "kind"),
    [
        ("zh", 1, {}),
        ("zh", 3, {}),
        ("en", 3, {}),
        ("zh", 3, NAMED),
        ("en", 3, NAMED),
        ("en", 4, NAMED),
        ("zh", 5, NAMED),
        ("en", 6, {}),
        ("zh", 6, NAMED),
    ],
)
def test_it_prints_on_one_sheet_of_a3(
    chromium: Any, tmp_path: Path, lang: str, count: int, kind: dict[str, Any]
) -> None:
    path = make_board(tmp_path, lang, count, **kind)
    with opened(chromium, path, viewport={"width": A3_PX[0], "height": A3_PX[1]}) as page:
        page.keyboard.press("ArrowRight")  # whatever slide is shown
        sheets = page.pdf(prefer_css_page_size=True, print_background=True)
        assert page_sizes(sheets) == [(1191, 842)]  # A3 in points, landscape
        page.emulate_media(media="print")
        assert page.evaluate(FAULTS) == []
        assert page.locator("#notes").bounding_box()["y"] + page.locator("#notes").bounding_box()["height"] <= A3_PX[1]
        assert all(
            page.locator(f"#{name}").is_visible() for name in ("cover", "points", "trend", "change", "stars", "notes")
        )
        assert page.locator(".pages").is_hidden()


def test_more_groups_than_a_sheet_holds_take_more_sheets(chromium: Any, tmp_path: Path) -> None:
    with opened(chromium, make_board(tmp_path, count=8)) as page:
        sizes = page_sizes(page.pdf(prefer_css_page_size=True, print_background=True))
        assert len(sizes) > 1
        assert set(sizes) == {(1191, 842)}


def page_sizes(sheets: bytes) -> list[tuple[int, int]]:
    """The size of every page of a PDF in whole points, by its page objects."""
    boxes = re.findall(rb"/Type /Page\b(?!s).*?/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheets, re.DOTALL)
    return [(round(float(width)), round(float(height))) for width, height in boxes]


def test_hostile_names_stay_text(chromium: Any, tmp_path: Path) -> None:
    with opened(chromium, make_board(tmp_path, hostile=True), motion="reduce") as page:
        assert page.evaluate("window.stolen") is None
        assert page.locator("main img, main script").count() == 0
        assert page.locator(".slide").count() == len(SLIDES)
