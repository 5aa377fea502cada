import pytest

from pipeline.report.offline import outside_references


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
