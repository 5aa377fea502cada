"""Months, quarters and years worked by hand: the arithmetic is in ``golden_cases.xlsx``, the ledgers are here."""
