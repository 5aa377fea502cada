"""``report.xlsx``: the numbers of a quarter for who goes on with them."""
