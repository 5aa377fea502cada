"""Executing a notebook, and leaving it as it may be published."""
