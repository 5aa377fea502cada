import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.report.page.offline import _INERT, _ReferenceFinder, outside_references


@pytest.mark.parametrize(
    "html",
    [
        '<a href="#standings">',
        '<a href="2021Q3/report.html">',
        '<a href="../index.html">',
        '<img alt="" src="data:image/png;base64,AAAA">',
        "<style>.a { color: red; background: url(#gradient) }</style>",
        "<p>写成文字的 https://example.org 不会被打开</p>",
    ],
)
def test_what_stays_in_the_folder_is_let_through(html: str) -> None:
    assert outside_references(html) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<script>1</script>", "<script>"),
        ("<iframe></iframe>", "<iframe>"),
        ('<img src="https://example.org/x.png">', "src='https://example.org/x.png'"),
        ('<img src="//example.org/x.png">', "src='//example.org/x.png'"),
        (r'<img src="\\server\share">', r"src='\\\\server\\share'"),
        ('<a href="java\tscript:x">', "href='java\\tscript:x'"),
        ('<a href=" data:text/html,x">', "href=' data:text/html,x'"),
        ('<svg><use xlink:href="https://example.org/#a"></use></svg>', "xlink:href='https://example.org/#a'"),
        ('<p onclick="x">', "onclick='x'"),
        ('<p style="background: url(https://example.org/x)">', "style='background: url(https://example.org/x)'"),
        ("<style>@import 'x.css'</style>", "<style> with an address"),
    ],
)
def test_what_would_fetch_open_or_run_is_found(html: str, found: str) -> None:
    assert outside_references(f"<div>{html}</div>") == [found]


PIECES = (
    *(
        "<",
        ">",
        "</",
        "/>",
        "/",
        " ",
        "=",
        '"',
        "'",
        "\n",
        "\t",
        "\x00",
        "&",
        "&lt;",
        "&#60;",
        "&quot;",
        "!--",
        "-->",
        "?",
        "![",
    ),
    *("p", "a", "td", "svg", "path", "style", "script", "base", "form", "link", "title", "textarea", "P", "A"),
    *(
        "class",
        "href",
        "src",
        "onclick",
        "data",
        "data-group",
        "style",
        "xlink:href",
        "HREF",
        "open",
        "d",
        "cite",
        "ping",
    ),
    *(
        'fill="',
        'stroke="none"',
        'fill="url(//x)"',
        'class="x"',
        'href="#x"',
        'href="a.html"',
        'href="//x"',
        'href="x:y"',
        'style="--group:#0072b2"',
        'open=""',
    ),
    *("javascript:x", "https://example.org", "url(//x)", "@import", "#", ".html", "词", "<p>", "</p>", "<td ", "<a "),
)
INERT = (
    '<p class="a" data-group="1">词 &lt;script&gt; > \n&#60;b&gt;</p>',
    '<a href="#place">1</a><a href="appendix.html">2</a><a href="report.html#relations">3</a>',
    '<svg viewBox="0 0 1 1"><path d="M0 0" style="--group:#0072b2"/><circle cx="1" r="2"/></svg>',
    '<details class="fold" open data-fold><summary>x</summary></details>',
)


@pytest.mark.parametrize("name", ["fill", "stroke", "filter", "mask", "clip-path", "style"])
def test_paint_from_elsewhere_is_found(name: str) -> None:
    assert outside_references(f'<svg><rect {name}="url(https://example.org/x#y)"/></svg>') != []
    assert outside_references(f'<svg><rect {name}="url(#y)"/></svg>') == []


@pytest.mark.parametrize("html", INERT)
def test_plain_blocks_need_no_parser(html: str) -> None:
    assert _INERT.fullmatch(html)
    assert outside_references(html) == []


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_nothing_that_the_parser_finds_passes_without_it(html: str) -> None:
    for whole in (html, f"<p {html}>", f'<a href="{html}">', f"<td {html}></td>", f'<p class="{html}">'):
        finder = _ReferenceFinder()
        finder.feed(whole)
        finder.close()
        assert outside_references(whole) == finder.found


@pytest.mark.parametrize("block", INERT)
@given(st.data())
def test_no_piece_slips_into_a_plain_block(block: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(block)))
    html = block[:place] + data.draw(st.lists(st.sampled_from(PIECES), max_size=4).map("".join)) + block[place:]
    finder = _ReferenceFinder()
    finder.feed(html)
    finder.close()
    assert outside_references(html) == finder.found
