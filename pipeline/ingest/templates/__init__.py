"""Blank workbooks, one a kind, for the people who keep them: filled in and read back they give no issue."""
