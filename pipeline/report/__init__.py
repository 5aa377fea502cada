"""The files that people open: the only place where text becomes HTML or a spreadsheet cell."""
