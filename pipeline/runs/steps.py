"""The steps of a run, in the order in which they begin where one is done at a time: texts ``run.step_<name>``."""

from pipeline.runs.places import NOTEBOOKS

STEPS = ("survey", *NOTEBOOKS, "page", "other_pages", "workbook", "publish")
PACK_STEPS = ("pack", "publish")  # what is left to do when only the meeting pack is missing
