"""Texts that try to act where they are shown: one of each kind of trick, by name.

Each is a text as a cell, a name of a sheet or of a file may hold it. What a page would do with one that is not inert is
to call ``stolen()``, which no page has, to open a dialog, or to ask example.org, which no page reaches.
"""

import re
from collections.abc import Mapping

PAYLOADS: Mapping[str, str] = {
    # HTML: elements and attributes that run or fetch
    "script": "<script>stolen()</script>",
    "img": "<img src=x onerror=stolen()>",
    "img_address": "<img src=https://example.org/p.png>",
    "svg": "<svg onload=stolen()><animate onbegin=stolen() attributeName=x>",
    "iframe": "<iframe src=javascript:stolen()></iframe>",
    "frame_text": "<iframe srcdoc='<script>stolen()</script>'></iframe>",
    "object": "<object data=https://example.org/o><embed src=https://example.org/e>",
    "details": "<details open ontoggle=stolen()>",
    "form": "<form action=https://example.org><input autofocus onfocus=stolen()>",
    "base": "<base href=https://example.org/><meta http-equiv=refresh content=0;url=https://example.org>",
    "link": "<link rel=stylesheet href=https://example.org/s.css>",
    "style": "<style>@import 'https://example.org/s.css';*{display:none}</style>",
    "quote_double": '" onmouseover="stolen()" x="',
    "quote_single": "' onfocus='stolen()' autofocus x='",
    # Ends of what a text may stand in
    "end_script": "</script><script>stolen()</script>",
    "end_style": "</style><img src=x onerror=stolen()>",
    "end_textarea": "</textarea></title><img src=x onerror=stolen()>",
    "end_comment": "--><img src=x onerror=stolen()><!--",
    "cdata": "]]><img src=x onerror=stolen()>",
    "end_json": '"}]};stolen();//</script>',
    "end_css": '\\"}body{background:url(https://example.org/c.png)}',
    "separators": "a\u2028stolen()\u2029b",
    "entities": "&lt;img src=x onerror=stolen()&gt;&#60;b&#62;&nbsp;",
    "xml_entities": "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    # Addresses
    "address_script": "javascript:stolen()",
    "address_data": "data:text/html,<script>stolen()</script>",
    "address_link": "<a href='javascript:stolen()'>点</a>",
    # Templates and small languages
    "jinja": "{{7*7}}{% for x in y %}{{config}}",
    "template_string": "${alert(1)}`+stolen()+`",
    "plotly": "%{x}%{customdata[0]}<extra>%{fullData.name}</extra>",
    "plotly_link": '<a href="https://example.org" target="_blank">组</a><span style="font-size:99px">大</span>',
    "math": "$\\href{javascript:stolen()}{x}$ \\(y\\) $$z$$",
    "markdown": "[点](javascript:stolen()) ![x](https://example.org/m.png) **b**",
    "python": "{0.__class__}%s%(name)s{name!r}",
    "prototype": "__proto__",
    # Spreadsheets
    "formula": "=1+1",
    "formula_plus": "+1+cmd|' /C calc'!A0",
    "formula_minus": "-2+3+cmd|' /C calc'!A0",
    "formula_at": "@SUM(A1:A9)",
    "formula_tab": "\t=1+1",
    "formula_return": "\r=1+1",
    "formula_wide": "＝1+1",
    "formula_blank": "  =1+1",
    "dde": "=cmd|' /C calc'!A0",
    "hyperlink": '=HYPERLINK("https://example.org","点")',
    "webservice": '=WEBSERVICE("https://example.org")',
    "coded": "_x202E_txt_x000D_=1+1",
    "csv_quote": '甲","=1+1"\n"',
    "csv_line": "甲\n=1+1,乙\r\n=2",
    # Direction and what cannot be seen
    "bidi_override": "甲\u202e组gpj\u202c",
    "bidi_isolate": "\u2066甲\u2067组\u2069\u200f",
    "zero_width": "甲\u200b组\ufeff\u2060",
    "joined_emoji": "👩\u200d💻🏴\u200d☠️组",
    "arabic": "مجموعة العمل",
    "combining": "Z̸̢͎̈́ạ̷l̶g̸o" * 3,
    "controls": "甲\x07\x08组\x7f\x85",
    "nul": "甲\x00组",
    "surrogate": "甲\ud800组",
    # Terminal, log, files
    "ansi": "\x1b[31m红\x1b[2J\x1b]0;title\x07\x9b31m",
    "log_lines": "甲\r\n2021-12-31 23:59:59 INFO 全部通过\n",
    "path_up": "../../../etc/passwd",
    "path_windows": "C:\\Windows\\System32\\..\\x",
    "device": "con",
    "device_ending": "NUL.txt",
    "tilde": "~$甲",
    "reserved": 'a<b>c:d"e|f?g*h',
    # Nothing, and more than there is room for
    "empty": "",
    "blank": " \u3000\t ",
    "null": "null",
    "nan": "NaN",
    "long": "长" * 500,
}


def as_excel_reads(text: str) -> str:
    """Return a text of an xlsx file as Excel shows it: _x202E_ is the character of that number (ST_Xstring)."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)
