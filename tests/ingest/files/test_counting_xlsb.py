import struct

import pytest

from pipeline.ingest.files.counting_xlsb import count_xlsb_rows
from pipeline.ingest.files.refusals import Refused
from tests.raw_files import record, relations_xml, wide_string, xlsb_bytes, xlsb_members, zip_bytes


def row(number: int, hidden: bool = False) -> bytes:
    return record(0, struct.pack("<IIHBB", number, 0, 300, 0, 0x10 if hidden else 0) + bytes(5))


def cell(kind: int, column: int, value: bytes = b"") -> bytes:
    return record(kind, struct.pack("<II", column, 0) + value)


def test_rows_by_hand() -> None:
    data = xlsb_bytes(
        row(0) + cell(1, 0),  # blank, with a style
        row(1) + cell(5, 0, struct.pack("<d", 0.0)),  # a number
        row(2) + cell(7, 0, struct.pack("<I", 0)),  # shared text 甲
        row(3, hidden=True) + cell(7, 0, struct.pack("<I", 1)),  # shared text, blank
        row(4) + cell(6, 0, wide_string("\u3000")),
        row(5) + cell(8, 2, wide_string("乙")),
        row(6) + cell(3, 1, b"\x07"),
        row(7) + cell(62, 0, b"\0" + wide_string("丙")),
        record(176, struct.pack("<4I", 0, 1, 0, 3)),
        shared=["甲", " "],
    )
    (sheet,) = count_xlsb_rows(data)
    assert (sheet.name, sheet.rows) == ("台账", 5)
    assert sheet.errors == {(6, 1): "#DIV/0!"}
    assert (sheet.hidden_rows, sheet.merges) == ((3,), ((0, 0, 1, 3),))


def test_numbers_that_show_percent_or_another_power_of_ten() -> None:
    def styled(kind: int, column: int, style: int, value: bytes) -> bytes:
        return record(kind, struct.pack("<II", column, style) + value)

    number = struct.pack("<d", 0.5)
    members = xlsb_members(
        row(2),
        styled(2, 0, 1, bytes(4)),  # short number
        styled(5, 1, 2, number),
        styled(9, 2, 3 | 1 << 24, number + bytes(8)),  # value of a formula; the flag beside the style is no part of it
        styled(5, 3, 0, number),
        styled(5, 4, 4, number),
        styled(6, 5, 1, wide_string("50%")),
        styled(1, 6, 1, b""),
        styled(5, 7, 5, number),
    )
    codes = {164: "0.0%", 165: '0"%"', 166: "0!.0000"}
    formats = [record(44, struct.pack("<H", index) + wide_string(code)) for index, code in codes.items()]
    of_styles = record(626) + record(47, struct.pack("<HH", 0xFFFF, 9) + bytes(12)) + record(627)  # of no cell
    of_cells = b"".join(record(47, struct.pack("<HH", 0, index) + bytes(12)) for index in (0, 9, 10, *codes))
    members["xl/styles.bin"] = b"".join(formats) + of_styles + record(617) + of_cells + record(618)
    members["xl/_rels/workbook.bin.rels"] = relations_xml(
        rId1=("worksheet", "worksheets/sheet1.bin"), rId2=("styles", "styles.bin")
    )
    (sheet,) = count_xlsb_rows(zip_bytes(members))
    assert sheet.percent_cells == ((2, 0), (2, 1), (2, 2))
    assert sheet.shifted_cells == ((2, 7),)


@pytest.mark.parametrize(
    "broken",
    [cell(6, 0, struct.pack("<I", 1_000)), record(0, b"\1\0"), cell(7, 0, b"\1"), b"\x85"],
    ids=["text beyond the end", "short row", "short cell", "record without a size"],
)
def test_records_shorter_than_their_fields_are_damage(broken: bytes) -> None:
    members = xlsb_members()
    members["xl/worksheets/sheet1.bin"] = broken
    with pytest.raises(Refused) as caught:
        count_xlsb_rows(zip_bytes(members))
    assert caught.value.reason.code == "damaged"


def test_cells_far_out_are_refused() -> None:
    far = row(1_048_575) + cell(5, 16_383, struct.pack("<d", 1.0))
    with pytest.raises(Refused) as caught:
        count_xlsb_rows(xlsb_bytes(far))
    assert caught.value.reason.values == {"sheet": "台账", "rows": 1_048_576, "columns": 16_384}


def test_a_shared_string_that_is_not_there_is_refused() -> None:
    cells = record(0, bytes(17)) + record(7, struct.pack("<III", 0, 0, 1))
    assert [sheet.rows for sheet in count_xlsb_rows(xlsb_bytes(cells, shared=["甲", "乙"]))] == [1]
    with pytest.raises(Refused, match="damaged"):
        count_xlsb_rows(xlsb_bytes(cells, shared=["甲"]))


def test_more_shared_strings_than_there_are_bytes_are_refused() -> None:
    """The other reader makes room for as many as are declared before it looks for one."""
    members = xlsb_members(record(0, bytes(17)), shared=["甲"])
    strings = next(name for name in members if "haredStrings" in name)
    for declared, is_refused in ((1, False), (2**31, True)):
        members[strings] = (
            record(159, struct.pack("<II", 1, declared)) + record(19, b"\0" + wide_string("甲")) + record(160)
        )
        if is_refused:
            with pytest.raises(Refused, match="damaged"):
                count_xlsb_rows(zip_bytes(members))
        else:
            assert len(count_xlsb_rows(zip_bytes(members))) == 1
