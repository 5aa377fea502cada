"""Every text that tries to act, in every field that can hold a text, through every writer: none of them acts."""

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import cache
from io import StringIO
from pathlib import Path

import html5lib
import lxml.html
import openpyxl
import pandas as pd
import plotly.graph_objects as go
import pytest
import tinycss2

from pipeline.catalog import Column, load_catalog
from pipeline.ingest.returned.names import copy_name
from pipeline.report.page.chart_block import figure_payload
from pipeline.report.page.escaping import css_string, json_for_script, safe_text
from pipeline.report.page.table_block import Column as Shown
from pipeline.report.page.table_block import Table
from pipeline.runs.notebooks.views import view_table
from pipeline.runs.workbooks.checking import check
from pipeline.spreadsheets.books import Document, write_spreadsheet
from pipeline.spreadsheets.cleaning import BIDI_CONTROLS, CONTROLS, INVISIBLE, csv_text, one_line, plain_text
from pipeline.spreadsheets.tables import Sheet
from pipeline.texts import load_texts
from tests.payloads import PAYLOADS, as_excel_reads

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "raw" / "sample"
UNSEEN = re.compile(f"[{BIDI_CONTROLS}{INVISIBLE}{CONTROLS}\ud800-\udfff]")
TABLE_TAGS = frozenset(["html", "body", "div", "p", "table", "caption", "thead", "tbody", "tr", "th", "td", "style"])
CHART_TAGS = re.compile(r"</?(?:b|br|i|em|sub|sup|extra)\s*/?>", re.IGNORECASE)
FORMULA = re.compile(r"[\s\u3000]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r\n]")
FILE_NAME = re.compile(r'[^<>:"/\\|?*\x00-\x1f]{1,196}')
NO_TITLE = re.compile(r"[\[\]:*?/\\]|_x[0-9A-Fa-f]{4}_")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
TEXT_TYPES = ("text", "ground", "member", "member_list", "subject", "party_group")


@cache
def name_fields() -> tuple[Column, ...]:
    """Every column of the workbooks, and of what is made of them, that holds a name or another text.

    A metric is a word of the catalog: reading refuses any other.
    """
    columns = (column for column in load_catalog().columns if column.table != "*" and column.column != "metric")
    return tuple(column for column in columns if column.dtype in TEXT_TYPES)


def alive_in_element(text: str) -> bool:
    return _is_alive_html(f"<p>{safe_text(text)}</p>", text, lambda root: root.find("body/p").text)


def alive_in_attribute(text: str) -> bool:
    for quote in "\"'":
        page = f"<p title={quote}{safe_text(text)}{quote}></p>"
        if _is_alive_html(page, text, lambda root: root.find("body/p").get("title")):
            return True
    return False


def _is_alive_html(fragment: str, text: str, read: Callable[[lxml.html.HtmlElement], str | None]) -> bool:
    root = html5lib.parse(fragment, namespaceHTMLElements=False)
    tags = [element.tag for element in root.iter()]
    attributes = {name for element in root.iter() for name in element.attrib}
    shown = (read(root) or "").replace("\r", "\n")
    expected = plain_text(text).replace("\r\n", "\n").replace("\r", "\n")
    return tags != ["html", "head", "body", "p"] or not attributes <= {"title"} or shown != expected


def alive_in_script(text: str) -> bool:
    written = json_for_script([text, {text: 1}])
    if text in _unencodable():
        return not written.isascii() and "\ud800" not in text
    root = html5lib.parse(f"<script type=application/json>{written}</script>", namespaceHTMLElements=False)
    tags = [element.tag for element in root.iter()]
    return tags != ["html", "head", "script", "body"] or json.loads(root.find("head/script").text) != [text, {text: 1}]


@cache
def _unencodable() -> frozenset[str]:
    return frozenset(text for text in PAYLOADS.values() if any("\ud800" <= character <= "\udfff" for character in text))


def alive_in_style(text: str) -> bool:
    rules = tinycss2.parse_stylesheet(f"a::after{{content:{css_string(text)}}}")
    if len(rules) != 1:
        return True
    (declaration,) = tinycss2.parse_blocks_contents(rules[0].content)
    (value,) = [token for token in declaration.value if token.type != "whitespace"]
    return value.type != "string" or "</" in css_string(text) or UNSEEN.search(value.value) is not None


def alive_in_chart(text: str) -> bool:
    """As trace, category, hover text, axis title and annotation of a figure, and inside the page's script."""
    figure = go.Figure(go.Bar(x=[1], y=[text], name=text, text=[text], customdata=[[text]], hovertext=[text]))
    figure.update_layout(xaxis_title=text, annotations=[{"text": text}])
    payload = figure_payload(figure)
    strings = list(_strings({"data": payload["data"], "layout": payload["layout"]}))
    written = json_for_script(payload)
    markup = [string for string in strings if "<" in CHART_TAGS.sub("", string)]
    templates = [string for string in (payload["data"][0].get("hovertemplate"),) if string]
    return bool(markup or templates or any(map(UNSEEN.search, strings)) or "<" in written)


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from (str(key), *_strings(part))
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def alive_in_csv(text: str) -> bool:
    stream = StringIO(newline="")
    csv.writer(stream).writerow(["一", csv_text(text), "三"])
    rows = list(csv.reader(StringIO(stream.getvalue(), newline="")))
    if len(rows) != 1 or len(rows[0]) != 3:
        return True
    cell = rows[0][1]
    is_number = re.fullmatch(r"[+-]?\d+(\.\d+)?%?", cell) is not None
    return bool((FORMULA.match(cell) and not is_number) or UNSEEN.search(cell))


def alive_in_line(text: str) -> bool:
    """On a terminal or in a log: one line, and no control sequence."""
    line = one_line(f"提醒  {text}：认不出")
    return len(line.splitlines()) != 1 or UNSEEN.search(line) is not None or "\t" in line


def alive_in_file_name(text: str) -> bool:
    """As the name of a returned workbook, made from the path of the one that came."""
    name = copy_name(f"党建/{text}.xlsx", ())
    alone = copy_name(text, ())
    return any(
        FILE_NAME.fullmatch(made) is None
        or DEVICES.fullmatch(made.removesuffix(".xlsx")) is not None
        or made.startswith((".", "~$"))
        or UNSEEN.search(made) is not None
        or len(made.encode("utf-8", "replace")) > 255
        for made in (name, alone)
    )


SINGLE: Mapping[str, Callable[[str], bool]] = {
    "element": alive_in_element,
    "attribute": alive_in_attribute,
    "script": alive_in_script,
    "style": alive_in_style,
    "chart": alive_in_chart,
    "csv": alive_in_csv,
    "line": alive_in_line,
    "file name": alive_in_file_name,
}


@pytest.mark.parametrize("output", SINGLE)
def test_no_payload_is_alive_in_one_output(output: str) -> None:
    assert [name for name, text in PAYLOADS.items() if SINGLE[output](text)] == []


def _column_of(field: Column) -> pd.DataFrame:
    return pd.DataFrame({field.column: list(PAYLOADS.values())}, dtype="object")


def alive_in_table(field: Column) -> list[str]:
    """As the cells, the header, the caption and the note of a table of a page."""
    frame = _column_of(field)
    named = Table(frame, (Shown(field.column, field.label_zh),), caption=field.label_zh)
    headed = [Table(frame[:1], (Shown(field.column, text),), text, text) for text in PAYLOADS.values()]
    markup = [named.html(), *(table.html() for table in headed)] if field is name_fields()[0] else [named.html()]
    return [problem for part in markup for problem in _foreign(part)]


def alive_in_notebook(field: Column) -> list[str]:
    """As the cells of a table that a notebook shows: HTML, and the plain text beside it."""
    view = view_table(_column_of(field), field.table, load_catalog(), load_texts("zh"))
    if not view.shape[1]:
        return []  # not for managers
    markup, beside = view.to_html(), view.to_string()
    return _foreign(markup) + [found[0] for found in map(UNSEEN.search, (markup, beside)) if found]


def _foreign(markup: str) -> list[str]:
    """Return elements, attributes and addresses that no table of ours has."""
    root = lxml.html.fromstring(f"<div>{markup}</div>")
    faults = [str(element.tag) for element in root.iter() if element.tag not in TABLE_TAGS]
    for element in root.iter():
        faults += [name for name in element.attrib if name.startswith("on") or name in ("href", "src", "srcdoc")]
    return faults


def alive_in_workbook(field: Column, folder: Path) -> list[str]:
    """As the cells, the header, a line above and the name of a sheet of the report's workbook."""
    texts = list(PAYLOADS.values())
    place = name_fields().index(field) % len(texts)
    header = (field.label_zh, texts[-place])
    sheet = Sheet(texts[place], (texts[place - 1],), header, [[text, field.label_zh] for text in texts])
    path = folder / "a.xlsx"
    write_spreadsheet([sheet], path, Document(field.label_zh, date(2021, 12, 31), texts[place]))
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    faults = [f"formula {cell.coordinate}" for cell in cells if cell.data_type == "f"]
    faults += [f"unseen {cell.coordinate}" for cell in cells if UNSEEN.search(str(cell.value))]
    faults += [f"link {cell.coordinate}" for cell in cells if cell.hyperlink]
    faults += [f"decoded {cell.coordinate}" for cell in cells if UNSEEN.search(as_excel_reads(str(cell.value)))]
    shown = {as_excel_reads(str(cell.value)) for cell in cells}
    faults += [
        f"changed {text!r}" for text in map(plain_text, texts) if text and "\r" not in text and text not in shown
    ]
    return faults + [f"title {name}" for name in book.sheetnames if NO_TITLE.search(name) or UNSEEN.search(name)]


def test_no_payload_is_alive_in_any_field(tmp_path: Path, tell: Callable[[str], None]) -> None:
    fields = name_fields()
    alive = [(field.table, field.column, fault) for field in fields for fault in alive_in_table(field)]
    alive += [(field.table, field.column, fault) for field in fields for fault in alive_in_notebook(field)]
    alive += [(field.table, field.column, fault) for field in fields for fault in alive_in_workbook(field, tmp_path)]
    tried = len(PAYLOADS) * (3 * len(fields) + len(SINGLE))
    outputs = len(SINGLE) + 3
    tell(
        f"P7: {len(PAYLOADS)} payloads x {len(fields)} fields x {outputs} outputs: "
        f"{tried} tried, {tried - len(alive)} inert, {len(alive)} alive"
    )
    assert alive == []


@pytest.mark.process
@pytest.mark.parametrize(
    ("name", "refused", "found"),
    [("nul", 1, []), ("empty", 0, [("missing_value", "B5")]), ("blank", 0, [("missing_value", "B5")])],
)
def test_what_is_no_name_is_refused_with_its_cell(
    tmp_path: Path, name: str, refused: int, found: list[tuple[str, str]]
) -> None:
    book = openpyxl.load_workbook(SAMPLE / "党建" / "党员花名册.xlsx")
    book["花名册"]["B5"] = PAYLOADS[name].replace("\0", "_x0000_") or None
    (tmp_path / "设置").mkdir()
    for path in (SAMPLE / "设置").iterdir():
        (tmp_path / "设置" / path.name).write_bytes(path.read_bytes())
    book.save(tmp_path / "党员花名册.xlsx")
    checked = check([tmp_path], load_texts("zh"))
    told = [file.reason or "" for file in checked.files if file.status == "refused"]
    assert len(told) == refused
    assert all("B5" in reason for reason in told)
    issues = [(issue.code, issue.cell) for issue in checked.issues if issue.file == "党员花名册.xlsx"]
    assert [issue for issue in found if issue not in issues] == []
