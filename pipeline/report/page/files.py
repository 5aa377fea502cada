"""The files of a quarter's folder: the pages stand side by side and may link to each other."""

REPORT_FILE = "report.html"
APPENDIX_FILE = "appendix.html"
ANNUAL_FILE = "annual.html"
BOARD_FILE = "board.html"
WORKBOOK_FILE = "report.xlsx"
LIBRARY_FROM_A_QUARTER = "../index.html"  # every quarter of the bureau, one folder up
# the meeting pack
PDF_FILE = "report.pdf"
CHARTS_FOLDER = "charts"
