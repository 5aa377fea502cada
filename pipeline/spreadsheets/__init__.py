"""The one place where text becomes a cell of a spreadsheet: reports, returned workbooks and templates use it."""
