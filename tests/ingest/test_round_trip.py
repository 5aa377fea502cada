"""Every kind of honest mistake there and back: planted, found as one issue, marked in the returned copy."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest

from pipeline.ingest.bureau import Reading
from pipeline.ingest.faults import SEVERITIES
from pipeline.ingest.ledger import Issue
from pipeline.ingest.reading import read_bureau
from pipeline.ingest.returned.faultlist import is_list
from pipeline.ingest.returned.marks import MARK_COLOUR
from pipeline.ingest.returned.returning import write_returned
from pipeline.texts import load_texts
from tests.generator import Truth, generate_bureau
from tests.generator.mistakes import ALONE, PLANTERS, PlantedIssue
from tests.hand_made import CATALOG

MIN_KINDS = 45
NOT_PLANTED = {
    "against_dictionary",  # the last guard of the tables: a cell that reaches it slipped past a check
    *("contents_missing", "cut_off"),  # of whole files, in which nothing can be planted
    # of whole sheets and all their columns (test_issue_codes has them alone)
    *("lacking_column", "never_closed", "part_lacking", "other_span", "second_column"),
    *("column_without_unit", "unit_contradicted"),
    "lonely_day",  # every ledger of the generator states its year (test_lonelydays has it alone)
    "correction_sheet",  # of a sheet beside others of its workbook (test_copies has it alone)
    "only_to_date",  # of a whole sheet (test_6_sales has it alone)
    "planned_rows",  # nothing is planted below a heading of its own (test_plannedrows has it alone)
    "part_rows",  # needs a column of its own in a whole sheet (test_partrows has it alone)
    "carried_on",  # needs the same ledger at two times (test_carriedon has it alone)
    "prepared_zeros",  # of the last month of all results (test_preparedzeros has it alone)
    "far_from_plan",  # an amount that far off makes its total wrong as well (test_plans has it alone)
    "context_without_year",  # every workbook of the generator names its year (test_issue_codes has it alone)
    "lone_amount",  # an empty sales value (test_6_sales has it alone)
    "shifted_number",  # the generator writes no number formats (test_shownnumbers has it alone)
    *("struck_row", "struck_ended_row"),  # the generator writes no fonts (test_voidrows has it alone)
    "year_conflict",  # moves all rows of a sheet to another year, which tells more (test_issue_codes has it alone)
}
Place = tuple[str, str, str, str]  # file, sheet, cell, code


@dataclass(frozen=True)
class RoundTrip:
    """A bureau with its mistakes, what was read from it, and what goes back to the senders."""

    truth: Truth
    reading: Reading
    copies: dict[str, Path]  # by the path of the workbook


@pytest.fixture(scope="module")
def trip(tmp_path_factory: pytest.TempPathFactory) -> RoundTrip:
    """One bureau with every kind of mistake that leaves the others their place."""
    kinds = [kind for kind in PLANTERS if kind not in ALONE]
    truth = generate_bureau(tmp_path_factory.mktemp("mistaken"), mistakes=kinds)
    reading = read_bureau(truth.folder, CATALOG, load_texts("zh"))
    sources = {file.path: truth.folder / file.path for file in reading.files}
    out = tmp_path_factory.mktemp("returned")
    memory = write_returned(sources, reading.issues, out)
    return RoundTrip(truth, reading, {file.path: out / file.copy for file in memory.files if file.copy})


def places_of(planted: Iterable[PlantedIssue]) -> Counter[Place]:
    return Counter((mistake.file, mistake.sheet, mistake.cell, mistake.code) for mistake in planted)


def found_in(issues: Iterable[Issue]) -> Counter[Place]:
    return Counter((issue.file, issue.sheet or "", issue.cell or "", issue.code) for issue in issues)


def marked_in(copy: Path) -> dict[tuple[str, str], bool]:
    """Return sheet and address of every cell that is coloured or commented, and whether it is both.

    The list of faults is left out.
    """
    marked = {}
    for sheet in openpyxl.load_workbook(copy).worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if not is_list(sheet)):
            signs = (cell.comment is not None, cell.fill.fgColor.rgb == MARK_COLOUR)
            if any(signs):
                marked[sheet.title, cell.coordinate] = all(signs)
    return marked


def test_every_code_can_be_planted() -> None:
    assert len(PLANTERS) >= MIN_KINDS
    assert {kind.partition(".")[0] for kind in PLANTERS} == SEVERITIES.keys() - NOT_PLANTED


def test_every_mistake_comes_back_as_one_issue_and_nothing_else_does(
    trip: RoundTrip, tell: Callable[[str], None]
) -> None:
    planted, found = places_of(trip.truth.issues), found_in(trip.reading.issues)
    tell(f"round trip: {len(trip.truth.issues)} kinds planted, {(planted & found).total()} found")
    assert len(planted) == len(trip.truth.issues) == len(PLANTERS) - len(ALONE)
    kinds = {(mistake.file, mistake.sheet, mistake.cell, mistake.code): mistake.kind for mistake in trip.truth.issues}
    assert {kinds[place]: place for place in planted - found} == {}
    assert found - planted == Counter()


def test_the_returned_copies_mark_the_cells_of_the_mistakes_and_no_others(
    trip: RoundTrip, tell: Callable[[str], None]
) -> None:
    marked = {
        (file, *place): is_whole for file, copy in trip.copies.items() for place, is_whole in marked_in(copy).items()
    }
    planted = {
        (mistake.file, mistake.sheet, mistake.cell): mistake.kind for mistake in trip.truth.issues if mistake.cell
    }
    tell(f"round trip: {len(planted)} cells to mark, {sum(marked.values())} marked")
    assert trip.copies.keys() == {mistake.file for mistake in trip.truth.issues if mistake.sheet}
    assert {kind: place for place, kind in planted.items() if not marked.get(place)} == {}
    assert marked.keys() - planted.keys() == set()


def test_mistakes_are_planted_in_every_container(trip: RoundTrip) -> None:
    assert {Path(mistake.file).suffix for mistake in trip.truth.issues} == {".xlsx", ".xls", ".csv"}


def test_mistakes_cost_no_row_of_another_sheet(trip: RoundTrip) -> None:
    spoilt = {(mistake.file, mistake.sheet) for mistake in trip.truth.issues}
    sheets = [(file.path, sheet) for file in trip.reading.files for sheet in file.sheets]
    assert [(path, sheet.name) for path, sheet in sheets if not sheet.balances()] == []
    assert [(path, sheet.name) for path, sheet in sheets if sheet.rejected and (path, sheet.name) not in spoilt] == []


@pytest.mark.parametrize("kind", ALONE)
def test_what_a_whole_bureau_lacks_is_one_issue(tmp_path: Path, kind: str) -> None:
    truth = generate_bureau(tmp_path, first="2020-01", last="2020-03", members=6, mistakes=[kind])
    reading = read_bureau(truth.folder, CATALOG, load_texts("zh"))
    assert found_in(reading.issues) == places_of(truth.issues)
