"""What papermill writes into a notebook is looked at by itself, whatever it says that it was told."""

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from pipeline.runs.notebooks.injected import INJECTED_TAG, PARAMETERS_TAG, ParametersRefused, check_injected
from pipeline.texts import load_texts


def notebook_of(source: str, parameters: str = 'quarter = "2021Q4"\ncount: int = 3') -> NotebookNode:
    pairs = ((parameters, PARAMETERS_TAG), (source, INJECTED_TAG))
    cells = [new_code_cell(text, metadata={"tags": [tag]}) for text, tag in pairs]
    return new_notebook(cells=[new_markdown_cell("# a page"), *cells])


@pytest.mark.parametrize(
    "source",
    ["", 'quarter = "2020Q1"', "count = 5", "count = [1, {'a': (None, -2.5)}]", 'lang = "en"', "# Parameters"],
)
def test_values_of_parameters_go_in(source: str) -> None:
    check_injected(notebook_of(source))


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("count = print(1)", "doors.not_assigned"),
        ("count = other", "doors.not_assigned"),
        ("count = [print(1)]", "doors.not_assigned"),
        ("count = f'{print(1)}'", "doors.not_assigned"),
        ("count = lambda: 1", "doors.not_assigned"),
        ("count += 1", "doors.not_assigned"),
        ("count: print(1) = 1", "doors.not_assigned"),
        ("count = quarter = '2021Q4'", "doors.not_assigned"),
        ("count, quarter = 1, 2", "doors.not_assigned"),
        ("print.x = 1", "doors.not_assigned"),
        ("import os", "doors.not_assigned"),
        ("print(1)", "doors.not_assigned"),
        ("'a text'", "doors.not_assigned"),
        ("count = ", "doors.not_assigned"),
        ("cuont = 1", "parameter.unknown_name"),
        ("quarter = 202401", "doors.not_text"),
        ("lang = None", "doors.not_text"),
    ],
)
def test_anything_else_is_refused(source: str, key: str) -> None:
    with pytest.raises(ParametersRefused) as caught:
        check_injected(notebook_of(source))
    assert caught.value.key == key
    assert [caught.value.tell(load_texts(lang)) for lang in ("zh", "en")] == str(caught.value).split(" / ")


def test_a_notebook_without_parameters_takes_those_of_the_contract() -> None:
    check_injected(notebook_of('quarter = "2020Q1"', parameters="x()"))
    with pytest.raises(ParametersRefused):
        check_injected(notebook_of("count = 1", parameters="x()"))


def test_a_name_that_papermill_was_told_is_known_even_where_it_wrote_nothing() -> None:
    notebook = notebook_of("")
    notebook.metadata["papermill"] = {"parameters": {"#": 1}}
    with pytest.raises(ParametersRefused):
        check_injected(notebook)
