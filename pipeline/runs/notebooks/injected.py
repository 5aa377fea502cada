"""What papermill may put into a notebook: values for parameters that it has, and nothing else.

papermill writes the names that it is given into a cell as they are (values it escapes): a name that holds a line of
Python would be run. And ``papermill -p quarter 2024_01`` makes the number 202401 of a text. Both are refused here,
before any cell has run; without ``--engine ronghe`` papermill asks nobody.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import fields

from nbformat import NotebookNode

from pipeline.parameters import ParameterError, RunParameters, nearest
from pipeline.texts import LANGUAGES, load_texts

PARAMETERS_TAG = "parameters"  # papermill's marks: of the cell with the defaults, and of the one that it adds
INJECTED_TAG = "injected-parameters"
LONGEST_SEEN = 60  # characters of a refused statement that are told


class ParametersRefused(ParameterError):
    """Raised when what papermill has put into a notebook is not what the notebook asks for."""

    def __str__(self) -> str:
        """Return the paragraph in every language: papermill shows it, which has none."""
        return " / ".join(self.tell(load_texts(lang)) for lang in LANGUAGES)


def check_injected(notebook: NotebookNode) -> None:
    """Raise `ParametersRefused` unless the cells that papermill has added only give literal values to parameters.

    Parameters are the names of the notebook's own cell of them and the fields of `RunParameters`; a parameter that is
    a text in that cell, or a field, must be a text. Both what papermill was told and what it wrote are looked at.
    """
    known: dict[str, ast.expr | None] = dict.fromkeys((field.name for field in fields(RunParameters)), ast.Constant(""))
    for statement in _statements(notebook, PARAMETERS_TAG):
        if isinstance(statement, ast.Assign | ast.AnnAssign):
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            known |= {target.id: statement.value for target in targets if isinstance(target, ast.Name)}
    for name in notebook.metadata.get("papermill", {}).get("parameters", {}):
        _check_name(name, known)
    for statement in _statements(notebook, INJECTED_TAG):
        _check(statement, known)


def _statements(notebook: NotebookNode, tag: str) -> Iterator[ast.stmt]:
    """Yield the statements of the code cells with a tag; raises `ParametersRefused` for what is no Python."""
    for cell in notebook.cells:
        if cell.cell_type == "code" and tag in cell.metadata.get("tags", []):
            try:
                yield from ast.parse(cell.source).body
            except (SyntaxError, ValueError) as error:  # ValueError: a null character
                raise ParametersRefused("doors.not_assigned", seen=str(error)[:LONGEST_SEEN]) from error


def _check(statement: ast.stmt, known: Mapping[str, ast.expr | None]) -> None:
    if not (
        isinstance(statement, ast.Assign)
        and len(statement.targets) == 1
        and isinstance(statement.targets[0], ast.Name)
        and _is_literal(statement.value)
    ):
        raise ParametersRefused("doors.not_assigned", seen=ast.unparse(statement)[:LONGEST_SEEN])
    name = statement.targets[0].id
    _check_name(name, known)
    if _is_text(known[name]) and not _is_text(statement.value):
        raise ParametersRefused("doors.not_text", name=name, seen=ast.unparse(statement.value)[:LONGEST_SEEN])


def _check_name(name: str, known: Mapping[str, ast.expr | None]) -> None:
    if name not in known:
        raise ParametersRefused("parameter.unknown_name", seen=name[:LONGEST_SEEN], nearest=nearest(name, known))


def _is_text(value: ast.expr | None) -> bool:
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _is_literal(value: ast.expr) -> bool:
    """Tell whether evaluating an expression runs nothing: numbers, texts, and lists and the like of them."""
    try:
        ast.literal_eval(value)
    except (ValueError, TypeError):
        return False
    return True
