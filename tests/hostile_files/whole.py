"""One good workbook of each container, to be cut short or called by a wrong name."""

import io
from datetime import date
from pathlib import Path

import xlwt

from tests.fuzzing.originals import write_originals
from tests.hand_made import ROSTER, write_xlsx


def whole_files(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return the same roster in every container, and how many rows it has."""
    made = {path.name: path.read_bytes() for path in write_originals(folder)}
    table = "".join(",".join(str(cell or "") for cell in row) + "\r\n" for row in ROSTER)
    files = {
        "xlsx": write_xlsx(folder / "花名册.xlsx", {"甲": ROSTER}).read_bytes(),
        "xlsb": made["花名册.xlsb"],
        "xls": _xls(),
        "ods": made["花名册.ods"],
        "html": made["花名册页.xls"],
        "web archive": made["花名册档.xls"],
        "spreadsheetml": made["花名册表.xls"],
        "text": table.encode("gb18030"),
    }
    return {container: (data, len(ROSTER)) for container, data in files.items()}


def _xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("花名册")
    for number, row in enumerate(ROSTER):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(number, column, value.isoformat() if isinstance(value, date) else value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
