"""Synthetic bureaus are what they claim to be: same seed, same bytes; consistent numbers; mistakes in their places."""

import csv
import re
import sys
import unicodedata
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from python_calamine import CalamineWorkbook

from pipeline.catalog import load_catalog
from tests.generator import Effect, Truth, generate_bureau, save_truth
from tests.generator.__main__ import main
from tests.generator.mistakes import SAMPLE as SAMPLE_MISTAKES
from tests.generator.oracle import sum_points
from tests.generator.sheets import Sheet, address
from tests.generator.world import build_world

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "raw" / "sample"
SAMPLE_TRUTH = Path(__file__).parent / "sample_truth"

Cells = dict[tuple[str, str], list[list[Any]]]  # rows by (file, sheet)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Truth:
    """A bureau of fourteen months without a mistake."""
    folder = tmp_path_factory.mktemp("clean")
    return generate_bureau(folder, first="2018-11", last="2019-12", effects={}, mistakes="none")


@cache
def read_cells(folder: Path) -> Cells:
    cells: Cells = {}
    for path in sorted(folder.rglob("*.*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix == ".csv":
            text = path.read_bytes().decode("gbk")
            cells[name, path.stem] = [list(row) for row in csv.reader(text.splitlines())]
            continue
        book = CalamineWorkbook.from_path(str(path))
        for sheet in book.sheet_names:
            cells[name, sheet] = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return cells


def read_table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*")}


# --- the same arguments, the same bureau


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        generate_bureau(tmp_path / name, members=7, first="2019-11", last="2020-02", mistakes="none")
    assert bytes_of(tmp_path / "one") == bytes_of(tmp_path / "two")


def test_another_seed_gives_other_numbers(tmp_path: Path) -> None:
    for seed in (1, 2):
        generate_bureau(tmp_path / str(seed), members=7, first="2019-11", last="2020-02", seed=seed, mistakes="none")
    one, two = read_cells(tmp_path / "1"), read_cells(tmp_path / "2")
    sales = ("经营/2019年11-12月卷烟销售月报.xlsx", "11月")
    assert one[sales][:4] == two[sales][:4]
    assert one[sales][4:6] != two[sales][4:6]


def test_the_shipped_sample_is_what_the_generator_makes(sample: Truth, tmp_path: Path) -> None:
    assert read_cells(SAMPLE) == read_cells(sample.folder)
    save_truth(sample, tmp_path)
    for path in tmp_path.iterdir():
        assert read_table(SAMPLE_TRUTH / path.name) == read_table(path), path.name


def test_the_sample_is_small_and_marked_as_made_up() -> None:
    files = [path for path in SAMPLE.rglob("*") if path.is_file()]
    assert 150 <= len(files) <= 200
    assert sum(path.stat().st_size for path in files) < 3_000_000
    titles = {place: str(rows[0][0]) for place, rows in read_cells(SAMPLE).items() if not place[0].endswith(".csv")}
    untitled = [place for place, title in titles.items() if "示例数据" not in title]
    assert untitled == []


# --- readable with the catalog


def normalise(header: object) -> str:
    """As the catalog says: NFKC, no white space, no bracketed parts."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", str(header)))
    return re.sub(r"\([^)]*\)", "", text)


def headers_of(sheet: Sheet) -> list[str]:
    """Return the header paths of a sheet, as its bold cells below the title spell them."""
    rows = sorted({row for row, _ in sheet.bold} - {1}) or [1]
    width = max(column for row, column in sheet.cells if row in rows)
    paths = []
    upper = ""
    for column in range(1, width + 1):
        upper = str(sheet.cells.get((rows[0], column), "")) or upper
        lower = str(sheet.cells.get((rows[-1], column), "")) if len(rows) > 1 else ""
        paths.append("/".join(normalise(part) for part in (upper, lower) if part))
    return paths


def test_every_header_is_in_the_catalog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = load_catalog()
    sequence = {word.word for word in catalog.words if word.class_ == "sequence"}
    seen: list[tuple[str, Sheet]] = []
    monkeypatch.setattr(
        "tests.generator.bureau.write_book", lambda book, folder: seen.extend((book.path, s) for s in book.sheets)
    )
    generate_bureau(tmp_path, first="2019-01", last="2020-12", mistakes="none")
    unknown = []
    for path, sheet in seen:
        kinds = [kind for kind in catalog.kinds.values() if any(word in path for word in kind.name_words)]
        assert kinds, path
        if kinds[0].layout == "matrix":
            continue
        known = {normalise(s.header) for s in catalog.synonyms if s.kind in {kind.kind for kind in kinds}} | sequence
        unknown += [(path, p) for p in headers_of(sheet) if not any(p == k or p.endswith(f"/{k}") for k in known)]
    assert unknown == []


def test_containers_are_what_their_names_say(clean: Truth) -> None:
    magic = {".xlsx": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0"}
    suffixes = set()
    for path in clean.folder.rglob("*.*"):
        suffixes.add(path.suffix)
        if path.suffix in magic:
            assert path.read_bytes().startswith(magic[path.suffix]), path
        else:
            with pytest.raises(UnicodeDecodeError):
                path.read_bytes().decode("utf-8")
    assert suffixes == {".xlsx", ".xls", ".csv"}


# --- numbers that agree with each other


def test_printed_means_totals_and_points_agree(clean: Truth) -> None:
    exact: dict[tuple[str, date, str], float] = {}
    for item in clean.items:
        key = (item.party_group, item.month, item.category)
        exact[key] = exact.get(key, 0.0) + (item.points or 0.0)
    sheets = {place: rows for place, rows in read_cells(clean.folder).items() if "积分表" in place[0]}
    compared = 0
    for month in clean.world.months:
        for (_, group), rows in {p: rows for p, rows in sheets.items() if _names_month(p[0], month)}.items():
            (mean,) = [row for row in rows if row[0] == "小组平均"]
            members = [row for row in rows if isinstance(row[0], float)]
            averages = np.mean([row[2:-1] for row in members], axis=0)
            assert np.allclose(averages, mean[2:-1], atol=1e-9), (month, group)
            for row in (*members, mean):
                assert sum(row[2:-2]) == pytest.approx(row[-2], abs=1e-9)
            for category, values in zip("ABC", (mean[2:5], mean[5:7], mean[7:-3]), strict=True):
                assert sum(values) == pytest.approx(exact[group, month, category], abs=0.0051), (month, group)
                compared += 1
    assert compared == 14 * 3 * 3


def _names_month(path: str, month: date) -> bool:
    return bool(re.search(rf"{month.year}(年0?{month.month}月|-{month.month:02d}\.)", path))


def test_sales_agree_with_totals_plans_and_last_year(clean: Truth) -> None:
    sheets = {place: rows for place, rows in read_cells(clean.folder).items() if "销售月报" in place[0]}
    assert len(sheets) == 14
    for place, rows in sheets.items():
        total, *parts = rows[4:7]
        assert total[0] == "合计"
        for column in (1, 2, 5, 6, 7, 10):
            assert total[column] == pytest.approx(sum(float(str(part[column])) for part in parts)), place
        for row in (total, *parts):
            growth = float(str(row[3]).rstrip("%"))
            assert growth == pytest.approx(100 * (float(str(row[1])) / float(str(row[2])) - 1), abs=0.006), place


def test_ledger_numbers_are_unique(clean: Truth) -> None:
    world = clean.world
    for numbers in (
        [case.case_no for case in world.results.cases],
        [opinion.opinion_no for opinion in world.process.opinions],
        [decision.decision_no for decision in world.process.decisions],
    ):
        assert len(set(numbers)) == len(numbers) > 10


# --- what was planted


def test_every_mistake_stands_where_the_list_says(sample: Truth) -> None:
    cells = read_cells(sample.folder)
    seen = {}
    for issue in sample.issues:
        if issue.cell:
            rows = cells[issue.file, issue.sheet]
            seen[issue.code] = next(
                value
                for row, values in enumerate(rows, start=1)
                for column, value in enumerate(values, start=1)
                if address((row, column)) == issue.cell
            )
    assert set(seen) == {kind.partition(".")[0] for kind in SAMPLE_MISTAKES} - {"duplicate_file"}
    assert seen["unknown_group"] == "驼卢片区"
    assert seen["bad_date"] == "2020.2.30"
    assert seen["bad_number"] == "约30"
    assert seen["ambiguous_month"] == 2019.1
    assert float(str(seen["out_of_range"])) > 800
    people = {entry.member for entry in sample.world.people.memberships}
    assert seen["unknown_member"] not in people


def test_the_copy_holds_the_same_bytes(sample: Truth) -> None:
    (issue,) = [issue for issue in sample.issues if issue.code == "duplicate_file"]
    original = issue.file.replace("(最终版)", "")
    assert (sample.folder / issue.file).read_bytes() == (sample.folder / original).read_bytes()


def test_what_is_missing_is_missing(sample: Truth) -> None:
    cells = read_cells(sample.folder)
    assert {sheet for file, sheet in cells if file == "积分/2021年12月党小组积分表.xlsx"} == {"营销管理", "专卖综合"}
    assert ("专卖/2021年专卖检查月报.xlsx", "11月") not in cells
    assert ("专卖/2021年专卖检查月报.xlsx", "12月") in cells
    left_out = {(i.party_group, i.item) for i in sample.items if i.state == "not_submitted"}
    assert left_out == {("专卖综合", "C6"), ("驮卢片区", "C6")}


def test_mistakes_change_no_expected_point(sample: Truth, tmp_path: Path) -> None:
    without = generate_bureau(tmp_path, mistakes="none")
    changed = [
        (one.month, one.item)
        for one, other in zip(sample.items, without.items, strict=True)
        if one != other and one.month != date(2021, 11, 1)
    ]
    assert changed == []


def test_single_mistakes_can_be_chosen(tmp_path: Path) -> None:
    truth = generate_bureau(
        tmp_path, first="2019-01", last="2020-12", mistakes=["bad_date.no_such_day", "error_cell.division_by_zero"]
    )
    assert {issue.code for issue in truth.issues} == {"bad_date", "error_cell"}
    assert truth.missing == ()


def test_the_bureau_has_its_stories(sample: Truth) -> None:
    world = sample.world
    transferred = [e for e in world.people.memberships if e.left_on and e.note.startswith("转入")]
    assert [(e.party_group, e.left_on) for e in transferred] == [("营销管理", date(2020, 7, 1))]
    assert all(len(world.people.all_members(month)) == 16 for month in world.months)
    leaves = [a for activity in world.process.activities for a in activity.absences if a.member == "王五"]
    assert sum(a.reason == "公假" for a in leaves) >= 3
    by_month: dict[date, float] = {}
    for case in world.results.cases:
        month = case.filed_on.replace(day=1)
        by_month[month] = by_month.get(month, 0.0) + case.seized_tiao
    assert max(by_month.values()) > 300 * float(np.median(list(by_month.values())))
    overdue = [d for d in world.process.decisions if d.closed_on is None and d.due_on <= world.as_of]
    assert "驮卢片区" in {d.party_group for d in overdue}
    unanswered = [o for o in world.process.opinions if o.closed_on is None and o.due_on <= world.as_of]
    assert sum(o.party_group == "驮卢片区" for o in unanswered) >= 2


def test_points_are_believable(sample: Truth) -> None:
    totals = sum_points(sample.items, lambda item: True)
    assert 74 < np.mean(list(totals.values())) < 88
    process = sum_points(sample.items, lambda item: item.category in "AB")
    for group in ("营销管理", "专卖综合", "驮卢片区"):
        own = [value for (name, _), value in process.items() if name == group]
        assert 4 < np.std(own) < 12
        assert sum(value == 60 for value in own) < 4


# --- other bureaus, other arguments


def test_other_bureaus_cycle_the_functions() -> None:
    world = build_world(7, 21, "2019-01", "2019-06", {}, seed=3)
    functions = [spec.function for spec in world.people.groups]
    assert functions == ["marketing", "enforcement", "territory"] * 2 + ["marketing"]
    names = [name for spec in world.people.groups for name in (spec.party_group, *spec.other_names)]
    assert len(set(names)) == len(names)
    assert len(world.people.all_members(world.months[0])) == 21


@pytest.mark.parametrize("groups", [1, 2, 5])
def test_bureaus_of_any_size_can_be_written(tmp_path: Path, groups: int) -> None:
    truth = generate_bureau(tmp_path, groups=groups, members=groups, first="2020-01", last="2020-03", mistakes="none")
    assert bytes_of(tmp_path).keys() == set(truth.files)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"groups": 0}, "groups must be 1 to"),
        ({"members": 2}, "members must be 3"),
        ({"first": "2020-02", "last": "2020-01"}, "lies after"),
        ({"effects": {"luck": Effect(0.5, 0)}}, "'luck'"),
        ({"effects": {"volume_xiang": Effect(1.5, 0)}}, "strength of -1 to 1"),
        ({"mistakes": ["typo"]}, "no mistake is called typo"),
    ],
)
def test_impossible_bureaus_are_refused(tmp_path: Path, arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        generate_bureau(tmp_path, **{"first": "2020-01", "last": "2020-02", **arguments})
    assert list(tmp_path.iterdir()) == []


def test_a_bureau_too_young_for_a_mistake_says_so(tmp_path: Path) -> None:
    with pytest.raises(LookupError):
        generate_bureau(
            tmp_path, groups=1, members=3, first="2020-01", last="2020-01", mistakes=["date_order.closed_before_filed"]
        )


def test_the_command_writes_bureau_and_truth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [str(tmp_path / "bureau"), "--truth", str(tmp_path / "truth"), "--groups", "2", "--members", "4"]
    arguments += ["--first", "2020-01", "--last", "2020-02", "--effect", "volume_xiang:0.5:1", "--mistakes", "none"]
    monkeypatch.setattr(sys, "argv", ["generator", *arguments])
    main()
    assert "0 mistakes planted" in capsys.readouterr().out
    assert read_table(tmp_path / "truth" / "planted_effects.csv") == [
        {"metric": "volume_xiang", "strength": "0.5", "lag": "1"}
    ]
    points = read_table(tmp_path / "truth" / "expected_points.csv")
    assert len(points) == 2 * 2 * 21  # groups, months, items
