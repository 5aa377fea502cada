"""What the published files of a bureau with small groups tell: no member's score, and no private word in any part."""

import os
import tempfile
from collections.abc import Callable
from itertools import product
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipeline.catalog import Catalog, load_catalog
from pipeline.ingest.bureau import Reading
from pipeline.ingest.store import load_reading, read_table
from pipeline.points.averaged import COUNT
from pipeline.report.material.privacy import managers_view
from tests import small_groups
from tests.browser.published import SHARED_FOLDER, made_once
from tests.leaks import find_leaks, kept_texts, private_words, readable_parts
from tests.small_groups import Mean, attack, best_attempts, published_means, small_seats, targets_of

QUARTER = pd.Period(small_groups.QUARTER, "Q-DEC")
FEWEST = 5  # k of promise 8, said again here: the test must not follow the code
QUARTERS = [QUARTER - back for back in range(4)]


@pytest.fixture(scope="session")
def home(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published bureau with groups of 6, 5, 4 and 1."""
    own = tmp_path_factory.getbasetemp()
    session = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    shared = Path(os.environ.get(SHARED_FOLDER, session / "reports"))
    return made_once(shared / "small_groups", lambda folder: small_groups.publish(repository, folder))


@pytest.fixture(scope="session")
def processed(home: Path) -> Path:
    return home / "processed" / "sample" / small_groups.QUARTER


@pytest.fixture(scope="session")
def reading(processed: Path) -> Reading:
    return load_reading(processed, load_catalog())


@pytest.fixture(scope="session")
def seats(reading: Reading) -> pd.DataFrame:
    return best_attempts(reading.tables["quiz_results"])


def of_quarters(seats: pd.DataFrame, quarters: list[pd.Period]) -> pd.DataFrame:
    return seats[seats["month"].dt.asfreq("Q").isin(quarters)].reset_index(drop=True)


def test_the_bureau_has_groups_of_every_critical_size(seats: pd.DataFrame) -> None:
    last = of_quarters(seats, [QUARTER]).groupby("party_group")["member"].nunique()
    assert sorted(last) == [1, 4, 5, 6]
    sizes = {len(own) for own in small_seats(seats, 99).values()}
    assert {1, 2, 4, 5, 6} <= sizes  # also months in which some did not take part


def test_no_score_can_be_computed_from_the_published_files(
    home: Path, seats: pd.DataFrame, tell: Callable[[str], None]
) -> None:
    means = published_means(home / "figures", sorted(seats["party_group"].unique()), QUARTER)
    found = {(mean.group, str(mean.months[0]), len(mean.months)) for mean in means}
    assert found >= {("营销管理", "2021-11", 1), ("营销管理", "2021-04", 3)}  # the reader does see what is shown
    targets = targets_of(seats, FEWEST)
    succeeded = attack(means, seats, targets)
    small = len(small_seats(seats, FEWEST))
    tell(f"P8: {len(targets)} attacks on {small} months of small groups: {len(succeeded)} succeeded")
    assert succeeded == []


def every_mean(processed: Path, catalog: Catalog, *, as_shown: bool) -> list[Mean]:
    """All quiz means of the year, as managers see them, or as they would stand there if nothing were left out."""
    items = read_table("points_by_group_month_item", processed, catalog)
    if as_shown:
        items = managers_view(items, "points_by_group_month_item", catalog)
    months = items[(items["item"] == small_groups.QUIZ_ITEM) & items[COUNT].notna() & items["value"].notna()]
    return [Mean(row["party_group"], (row["month"],), row["value"]) for row in months.to_dict("records")]


def quarter_means(processed: Path, catalog: Catalog, seats: pd.DataFrame, *, as_shown: bool) -> list[Mean]:
    learning = read_table("learning_by_group_quarter", processed, catalog)
    shown = learning[learning["quiz_mean"].notna()] if as_shown else learning[learning["participant_count"] > 0]
    months = {quarter: tuple(pd.period_range(quarter.start_time, quarter.end_time, freq="M")) for quarter in QUARTERS}
    rows = shown[["party_group", "quarter"]].to_dict("records")
    return [Mean(row["party_group"], months[row["quarter"]], float("nan")) for row in rows]  # which, not how much


def test_no_score_of_the_year_can_be_computed_and_the_attack_is_no_sham(processed: Path, seats: pd.DataFrame) -> None:
    """With the means put back that are left out, the same attack tells scores; also with only those of quarters."""
    catalog, targets = load_catalog(), targets_of(seats, FEWEST)
    shown, all_months = (every_mean(processed, catalog, as_shown=flag) for flag in (True, False))
    quarters, all_quarters = (quarter_means(processed, catalog, seats, as_shown=flag) for flag in (True, False))
    assert 0 < len(shown) < len(all_months)
    assert 0 < len(quarters) < len(all_quarters)
    assert attack([*shown, *quarters], seats, targets) == []
    assert len(attack([*all_months, *quarters], seats, targets)) >= len(small_seats(seats, FEWEST))
    assert "营销管理 2021-12" in attack([*shown, *all_quarters], seats, targets)  # a quarter less two months


@pytest.mark.parametrize("rated", range(1, 9))
def test_no_count_of_stars_tells_anybody_s(rated: int) -> None:
    """Whatever is shown or left out: of nobody does it follow that they have five stars."""
    catalog = load_catalog()
    answers: dict[int | None, list[tuple[int, ...]]] = {}
    for flags in product((0, 1), repeat=rated):
        frame = pd.DataFrame({"rated_count": [rated], "five_star_count": [sum(flags)]}, dtype="Int64")
        count = managers_view(frame, "stars_by_group_quarter", catalog)["five_star_count"].iloc[0]
        answers.setdefault(None if pd.isna(count) else int(count), []).append(flags)
    for worlds in answers.values():
        assert not np.array(worlds).all(axis=0).any()  # nobody is known to have five


def test_nothing_private_is_in_any_published_part(
    home: Path, reading: Reading, repository: Path, tell: Callable[[str], None]
) -> None:
    figures = home / "figures"
    words = private_words(reading, home / "raw") | kept_texts(reading, load_catalog()) | private_numbers(reading, home)
    words |= {small_groups.HIDDEN_TEXT, str(repository), str(Path.home()), tempfile.gettempdir(), str(home)} - {"/"}
    files = [path for path in figures.rglob("*") if path.is_file()]
    parts = [part for path in files for part in readable_parts(path)]
    leaks = find_leaks(figures, words)
    tell(f"P8: {len(files)} files, {len(parts)} parts, {len(words)} private words: {len(leaks)} found")
    assert len(words) > 200
    assert any(part.startswith("packed") for part, _ in parts)
    assert leaks == []


def private_numbers(reading: Reading, home: Path) -> frozenset[str]:
    """Means of single members, and of groups that are too small, that have enough digits to be theirs alone."""
    folder, catalog = home / "processed" / "sample" / small_groups.QUARTER, load_catalog()
    stars = [read_table(f"stars_by_member_{period}", folder, catalog)["points_mean"] for period in ("quarter", "year")]
    small = small_seats(best_attempts(reading.tables["quiz_results"]), FEWEST)
    values = [*pd.concat(stars).dropna(), *(own["score"].mean() for own in small.values())]
    rates = {100.0 * part / whole for whole in range(1, 31) for part in range(whole + 1)}  # which any page may have
    return frozenset(repr(float(value)) for value in values if len(repr(float(value))) > 10 and value not in rates)


def test_a_published_workbook_hides_no_sheet_and_names_nobody(home: Path) -> None:
    for path in home.glob("figures/**/*.xlsx"):
        book = openpyxl.load_workbook(path)
        assert [sheet.title for sheet in book if sheet.sheet_state != "visible"] == []
        hidden = [
            (sheet.title, name)
            for sheet in book
            for dimensions in (sheet.column_dimensions, sheet.row_dimensions)
            for name, dimension in dimensions.items()
            if dimension.hidden
        ]
        assert hidden == []
        assert {book.properties.creator, book.properties.lastModifiedBy} <= {"ronghe", None}


def test_notebooks_hold_no_error(home: Path) -> None:
    for path in home.glob("figures/**/*.ipynb"):
        assert '"output_type": "error"' not in path.read_text(encoding="utf-8")
