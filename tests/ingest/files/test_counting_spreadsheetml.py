import pytest

from pipeline.ingest.files.counting_spreadsheetml import count_spreadsheetml_rows
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import spreadsheetml

DATA = '<Data ss:Type="String">{}</Data>'
BOMB = '<!DOCTYPE Workbook [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("table", "rows"),
    [
        ("", 0),
        (f"<Row><Cell>{DATA.format('甲')}</Cell></Row><Row><Cell>{DATA.format('<B>乙</B>')}</Cell></Row>", 2),
        (f"<Row><Cell>{DATA.format(' &#12288;')}</Cell></Row><Row><Cell/></Row><Row> 丙 </Row>", 0),
        (f"<Row><Cell><Comment>{DATA.format('批注')}</Comment></Cell></Row>", 0),
        (f"<Row><Cell>{DATA.format('')}</Cell><Cell>{DATA.format('0')}</Cell></Row>", 1),
    ],
)
def test_rows_by_hand(table: str, rows: int) -> None:
    (count,) = count_spreadsheetml_rows(spreadsheetml(table).encode())
    assert (count.name, count.rows) == ("台账", rows)


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (spreadsheetml("<Row>&b;</Row>", declaration=BOMB), "doctype"),
        (spreadsheetml("<Row>&b;</Row>"), "damaged_part"),
        (spreadsheetml("")[:-1], "damaged_part"),
        (spreadsheetml("<Row><Cell></Row>"), "damaged_part"),
    ],
)
def test_what_is_not_well_formed_is_refused(xml: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        count_spreadsheetml_rows(xml.encode())
    assert caught.value.reason.code == code
