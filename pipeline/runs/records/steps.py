"""The steps of a run, in the order in which they begin where one is done at a time: texts ``run.step_<name>``."""

from pipeline.runs.records.places import ANNUAL_NOTEBOOK, BOARD_NOTEBOOK, NOTEBOOKS

STEPS = (
    *("survey", *NOTEBOOKS[:4], "page"),
    *(ANNUAL_NOTEBOOK, "annual_page"),
    *(BOARD_NOTEBOOK, "board_page", "workbook", "publish"),
)
PACK_STEPS = ("pack", "publish")  # what is left to do when only the meeting pack is missing
