"""XML of workbooks, streamed through expat: no document type, no entities, no tree."""

from collections.abc import Callable
from typing import IO
from xml.parsers import expat

from pipeline.ingest.files.refusals import Refused

READ_STEP = 1024 * 1024
SEPARATOR = " "  # between namespace and local name; a space can be in neither


def make_parser() -> expat.XMLParserType:
    """Return a namespace-aware parser that names elements ``namespace local`` and refuses a document type."""
    parser = expat.ParserCreate(namespace_separator=SEPARATOR)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def run_parser(
    parser: expat.XMLParserType, stream: IO[bytes], part: str, thin: Callable[[bytes], bytes] | None = None
) -> None:
    """Feed a stream in steps; raises `Refused` (damaged_part) with the line when it is broken.

    ``thin`` may take out of each step, cut anywhere, whole elements that the handlers need not see.
    """
    try:
        while step := stream.read(READ_STEP):
            parser.Parse(thin(step) if thin else step, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:  # not well-formed, an unknown encoding, no number
        raise Refused("damaged_part", part=part, line=parser.CurrentLineNumber) from error


def read_elements(stream: IO[bytes], part: str, visit: Callable[[str, dict[str, str]], None]) -> None:
    """Call ``visit(local name, attributes by local name)`` at the start of each element of a small part."""
    parser = make_parser()

    def start(name: str, attributes: dict[str, str]) -> None:
        visit(local_name(name), {local_name(key): value for key, value in attributes.items()})

    parser.StartElementHandler = start
    run_parser(parser, stream, part)


def local_name(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition(SEPARATOR)[2]


def _refuse_doctype(*_declaration: object) -> None:
    raise Refused("doctype")
