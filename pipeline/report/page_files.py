"""The files of the pages that stand side by side in a quarter's folder, and may link to each other."""

REPORT_FILE = "report.html"
APPENDIX_FILE = "appendix.html"
ANNUAL_FILE = "annual.html"
BOARD_FILE = "board.html"
