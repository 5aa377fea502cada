"""Cells of one column to values of its dtype, with the faults among them."""
