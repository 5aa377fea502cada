"""三会一课互评 (as a matrix or by item), 季度考核表 and 年度总评表: how groups, the committee and members judge."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.generator.appraisal import circles
from tests.generator.books.frames import BRANCH, merge_runs, sign, start_sheet
from tests.generator.calendar import quarters_of, years_of
from tests.generator.printed import AuditSlip, PrintedSheet
from tests.generator.records import ItemRating
from tests.generator.rendering import EMPTY, NUMERALS
from tests.generator.sheets import Book, Sheet, Value, find_cell
from tests.generator.world import World

Printed = Mapping[tuple[str, date], PrintedSheet]
Quarter = tuple[int, int]
MATRIX_CORNER = "评价小组＼被评小组"
QUARTER_LEVELS = ("序号", "党小组", "积分均值", "支委评分", "互评得分", "季度得分")
QUARTER_COLUMNS = ("", "party_group", "points_mean", "committee_score", "mutual_score", "total_score")
YEAR_LEVELS = ("年度", "党小组", "季度均分", "民主评议", "年度得分")
YEAR_COLUMNS = ("year", "party_group", "quarter_mean", "peer_appraisal", "total_score")
ITEM_LEVELS = ("序号", "评价小组", "被评小组", "评价项目", "评分")
ITEM_COLUMNS = ("", "rater_group", "rated_group", "review_item", "score")
# domain.md section 3: a quarter is points, committee and mutual review; a year is quarters and peer appraisal.
QUARTER_WEIGHTS = (0.70, 0.15, 0.15)
YEAR_WEIGHTS = (0.80, 0.20)
FILE_NAMES = (
    "考核/{year}年三会一课互评表({numeral}季度).xlsx",
    "考核/{year}年第{quarter}季度三会一课互评表.xlsx",
    "考核/三会一课互评表_{year}Q{quarter}.xlsx",
)


def build(
    world: World, printed: Printed, unprinted: frozenset[tuple[str, date]], slips: Sequence[AuditSlip]
) -> list[Book]:
    """Return a matrix or a list by item each quarter, and assessments a year.

    A quarter with points that were never printed (``unprinted``: group, month) has no score.
    """
    books = []
    if len(world.people.groups) > 1:
        books += [_mutual_book(world, quarter) for quarter in quarters_of(world.months)]
    for year in years_of(world.months):
        quarters = [quarter for quarter in quarters_of(world.months) if quarter[0] == year]
        sheets = [_quarter_sheet(world, quarter, printed, unprinted) for quarter in quarters]
        books.append(Book(f"考核/{year}年季度考核表.xlsx", sheets))
    reviewed = sorted({entry.year for entry in world.appraisal.peers})
    books += [Book(f"考核/{year}年度总评表.xlsx", [_year_sheet(world, year, printed, unprinted)]) for year in reviewed]
    for slip in slips:
        _mistype(books, slip)
    return books


def _mistype(books: Sequence[Book], slip: AuditSlip) -> None:
    """Type one number of an assessment wrong; raises `LookupError` where it does not stand in any book."""
    is_quarter = slip.level == "quarter"
    key = f"{slip.level} {slip.party_group} {slip.period}"
    _, sheet, position = find_cell(books, key, "total_score" if is_quarter else slip.part)
    right = sheet.cells[position]
    if not isinstance(right, float):
        raise LookupError(f"{slip.part} of {slip.party_group} in {slip.period} is not known")
    sheet.cells[position] = round(right + slip.cents / 100, 2)


def quarter_key(party_group: str, quarter: Quarter) -> str:
    return f"quarter {party_group} {quarter[0]}Q{quarter[1]}"


def _mutual_book(world: World, quarter: Quarter) -> Book:
    """Return what the groups gave each other: by item where they judged so, else as a matrix."""
    by_item = [rating for rating in world.appraisal.item_ratings if (rating.year, rating.quarter) == quarter]
    return _item_book(by_item, quarter) if by_item else _matrix_book(world, quarter)


def _item_book(ratings: Sequence[ItemRating], quarter: Quarter) -> Book:
    year, number = quarter
    title = f"{year}年{NUMERALS[number - 1]}季度三会一课互评明细表"
    sheet = start_sheet("互评明细", title, ITEM_LEVELS, (f"编制单位：{BRANCH}",))
    first = sheet.next_row
    for index, rating in enumerate(ratings, start=1):
        cells = (index, rating.rater_group, rating.rated_group, rating.review_item, rating.score)
        sheet.add_row(cells, f"{title} {index}", ITEM_COLUMNS)
    merge_runs(sheet, ITEM_COLUMNS.index("rater_group") + 1, first, sheet.next_row - 1)
    return Book(f"考核/三会一课互评明细表_{year}Q{number}.xlsx", [sheet])


def _matrix_book(world: World, quarter: Quarter) -> Book:
    year, number = quarter
    name = FILE_NAMES[year % len(FILE_NAMES)]
    title = f"{year}年{NUMERALS[number - 1]}季度三会一课互评表"
    sheets = [
        _matrix_sheet(world, quarter, f"互评{place or ''}", title, circle)
        for place, circle in enumerate(circles([spec.party_group for spec in world.people.groups]))
    ]
    return Book(name.format(year=year, quarter=number, numeral=NUMERALS[number - 1]), sheets)


def _matrix_sheet(world: World, quarter: Quarter, name: str, title: str, circle: Sequence[str]) -> Sheet:
    scores = {
        (entry.rater_group, entry.rated_group): entry.score
        for entry in world.appraisal.ratings
        if (entry.year, entry.quarter) == quarter and entry.rater_group in circle
    }
    sheet = start_sheet(name, title, [MATRIX_CORNER, *circle])
    for rater in circle:
        values = [rater, *(scores.get((rater, rated), "/") for rated in circle)]
        sheet.add_row(values, f"{title} {rater}", ("", *circle))
    means = ["平均", *(_mutual_score(world, quarter, rated) for rated in circle)]
    sheet.add_row(means, f"{title} 平均", ("", *circle))
    return sheet


def _mutual_score(world: World, quarter: Quarter, rated: str) -> float | None:
    """Return the mean of what the others gave, to two decimals; None for the only group of a bureau."""
    scores = world.appraisal.given_to(rated, quarter)
    return round(sum(scores) / len(scores), 2) if scores else None


def _quarter_parts(
    world: World, quarter: Quarter, name: str, printed: Printed, unprinted: frozenset[tuple[str, date]]
) -> tuple[float | None, float, float | None]:
    """Return points mean, committee score and mutual score; what is not known is None."""
    months = quarters_of(world.months)[quarter]
    points = None
    if not any((name, month) in unprinted for month in months):
        points = round(sum(printed[name, month].total for month in months) / len(months) / 100, 2)
    committee = next(
        entry.score
        for entry in world.appraisal.committee
        if (entry.year, entry.quarter, entry.party_group) == (*quarter, name)
    )
    return points, committee, _mutual_score(world, quarter, name)


def _weigh(parts: tuple[float | None, ...], weights: tuple[float, ...]) -> float | None:
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return round(sum(part * weight for part, weight in zip(known, weights, strict=True)), 2)


def _quarter_sheet(world: World, quarter: Quarter, printed: Printed, unprinted: frozenset[tuple[str, date]]) -> Sheet:
    year, number = quarter
    label = f"{NUMERALS[number - 1]}季度"
    sheet = start_sheet(label, f"{year}年{label}考核表", QUARTER_LEVELS, (f"编制单位：{BRANCH}",))
    for index, spec in enumerate(world.people.groups, start=1):
        parts = _quarter_parts(world, quarter, spec.party_group, printed, unprinted)
        cells: list[Value] = [EMPTY if part is None else part for part in (*parts, _weigh(parts, QUARTER_WEIGHTS))]
        sheet.add_row([index, spec.party_group, *cells], quarter_key(spec.party_group, quarter), QUARTER_COLUMNS)
    sign(sheet, "支部书记签字：", "制表人：")
    return sheet


def _year_sheet(world: World, year: int, printed: Printed, unprinted: frozenset[tuple[str, date]]) -> Sheet:
    sheet = start_sheet("总评", f"{year}年度总评表", YEAR_LEVELS, (f"编制单位：{BRANCH}",))
    quarters = [quarter for quarter in quarters_of(world.months) if quarter[0] == year]
    for entry in (entry for entry in world.appraisal.peers if entry.year == year):
        scores = [
            _weigh(_quarter_parts(world, quarter, entry.party_group, printed, unprinted), QUARTER_WEIGHTS)
            for quarter in quarters
        ]
        known = [score for score in scores if score is not None]
        mean = round(sum(known) / len(known), 2) if len(known) == len(scores) else None
        cells: list[Value] = [
            EMPTY if part is None else part for part in (mean, entry.score, _weigh((mean, entry.score), YEAR_WEIGHTS))
        ]
        sheet.add_row([year, entry.party_group, *cells], f"year {entry.party_group} {year}", YEAR_COLUMNS)
    sign(sheet, "支部书记签字：", "制表人：")
    return sheet
