"""Everything that a report loads, once: the module that a warm process begins with, and all it does.

A test holds the notebooks against it: none of them may have anything of ours left to import. The catalog, the texts
and the packed plotly.js are the same for every report, and read here too.
"""

# ruff: noqa: F401
import pipeline.runs.lean

# isort: split
import pandas as pd

import pipeline.panel
import pipeline.points.composition
import pipeline.points.learning
import pipeline.points.thresholds
import pipeline.points.topics
import pipeline.points.work
import pipeline.report.library_page
import pipeline.report.notebook_style
import pipeline.report.sections_adjusted
import pipeline.report.sections_annual
import pipeline.report.sections_annual_detail
import pipeline.report.sections_appendix
import pipeline.report.sections_appendix_checks
import pipeline.report.sections_audit
import pipeline.report.sections_board
import pipeline.report.sections_board_people
import pipeline.report.sections_board_points
import pipeline.report.sections_completeness
import pipeline.report.sections_correlations
import pipeline.report.sections_defence
import pipeline.report.sections_detail
import pipeline.report.sections_metrics
import pipeline.report.sections_model_group
import pipeline.report.sections_months
import pipeline.report.sections_next
import pipeline.report.sections_overdue
import pipeline.report.sections_relations
import pipeline.report.sections_reviews
import pipeline.report.sections_standings
import pipeline.report.sections_summary
import pipeline.report.sections_topics
import pipeline.report.sections_trends
import pipeline.report.sections_watch
import pipeline.report.sections_work
import pipeline.runs.cells
import pipeline.runs.making
import pipeline.runs.returning
import pipeline.runs.views
import pipeline.stats.goodhart
import pipeline.stats.naive
import pipeline.stats.within
from pipeline.catalog import load_catalog
from pipeline.report.plotly_bundle import plotly_bundle
from pipeline.texts import LANGUAGES, load_texts

# Over tables of some hundred rows, pandas takes a tenth less time with Python's texts than with Arrow's
pd.set_option("mode.string_storage", "python")
load_catalog()
plotly_bundle()
for language in LANGUAGES:
    load_texts(language)
