"""Processes that begin warm, what runs in them, and how everything is ended."""
