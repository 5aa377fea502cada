"""Reading: a workbook becomes typed tables, and every one of its rows is accounted for."""
