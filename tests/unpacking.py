"""What a page holds in base 85, read back as the page itself reads it."""

import base64

from pipeline.report.page.plotly_bundle import IN_HTML

# The 85 characters of RFC 1924, as Python knows them
RFC_1924 = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"


def from_base85(text: str) -> bytes:
    """Return the bytes behind ``text``; raises `ValueError` for what is no base 85."""
    return base64.b85decode(text.encode("ascii").translate(bytes.maketrans(IN_HTML, RFC_1924)))
