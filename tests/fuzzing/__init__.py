"""Workbooks that nobody would write: mutated files, and sheets put together at random."""
