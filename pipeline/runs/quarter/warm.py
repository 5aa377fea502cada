"""Everything that a report loads, once: the module that a warm process begins with, and all it does.

A test holds the notebooks against it: none of them may have anything left to import. What is the same for every report
(catalog, texts, templates, plotly.js) is read here too, and what libraries prepare when they are first used is
prepared, where that is Python's alone: every copy would do it again. Nothing here may begin a thread.
"""

# ruff: noqa: F401
import pipeline.runs.processes.lean

# isort: split
import gc

# What libraries load only when something of it is first used
import IPython.core.application
import IPython.core.completerlib
import IPython.core.logger
import IPython.core.oinspect
import nbformat
import pandas.core.arrays.arrow._arrow_utils
import pandas.core.arrays.arrow.extension_types
import pandas.core.methods.to_dict
import pandas.core.reshape.reshape
import pandas.io.formats.html
import pandas.io.formats.string
import pyarrow.pandas_compat
import pyarrow.vendored.version

# isort: split
import pandas as pd

import pipeline.panel
import pipeline.points.composition
import pipeline.points.learning
import pipeline.points.thresholds
import pipeline.points.topics
import pipeline.points.work
import pipeline.report.annual.sections
import pipeline.report.annual.sections_detail
import pipeline.report.annual.sections_model_group
import pipeline.report.appendix.sections
import pipeline.report.appendix.sections_checks
import pipeline.report.board.sections
import pipeline.report.board.sections_people
import pipeline.report.board.sections_points
import pipeline.report.library.page
import pipeline.report.page.notebook_style
import pipeline.report.quarterly.sections_adjusted
import pipeline.report.quarterly.sections_audit
import pipeline.report.quarterly.sections_completeness
import pipeline.report.quarterly.sections_correlations
import pipeline.report.quarterly.sections_defence
import pipeline.report.quarterly.sections_detail
import pipeline.report.quarterly.sections_metrics
import pipeline.report.quarterly.sections_months
import pipeline.report.quarterly.sections_next
import pipeline.report.quarterly.sections_overdue
import pipeline.report.quarterly.sections_relations
import pipeline.report.quarterly.sections_reviews
import pipeline.report.quarterly.sections_standings
import pipeline.report.quarterly.sections_summary
import pipeline.report.quarterly.sections_topics
import pipeline.report.quarterly.sections_trends
import pipeline.report.quarterly.sections_watch
import pipeline.report.quarterly.sections_work
import pipeline.runs.notebooks.cells
import pipeline.runs.notebooks.views
import pipeline.runs.quarter.making
import pipeline.runs.workbooks.returning
import pipeline.stats.goodhart
import pipeline.stats.naive
import pipeline.stats.within
from pipeline.catalog import load_catalog
from pipeline.charts.style import drawn, scatter
from pipeline.periods import spring_festival_share
from pipeline.report.board.page import BOARD_TEMPLATE
from pipeline.report.material.numbers import short_month_text
from pipeline.report.page.chart_block import figure_payload
from pipeline.report.page.frame import REPORT_TEMPLATE
from pipeline.report.page.plotly_bundle import plotly_bundle
from pipeline.report.page.templating import compile_template
from pipeline.texts import LANGUAGES, load_texts

# Over tables of some hundred rows, pandas takes a tenth less time with Python's texts than with Arrow's
pd.set_option("mode.string_storage", "python")
load_catalog()
plotly_bundle()
for template in (REPORT_TEMPLATE, BOARD_TEMPLATE):
    compile_template(template)
for language in LANGUAGES:
    short_month_text(pd.Period("2000-01"), load_texts(language))  # reads the names of months
chart = drawn([scatter(x=[1], y=[1])], {"xaxis": {}, "yaxis": {}})
figure_payload(chart.update_xaxes(type="linear").update_yaxes(type="linear"))  # reads what a figure may hold
spring_festival_share(pd.Period("2000-02"))  # loads the calendar of the moon
nbformat.validate(nbformat.v4.new_notebook())  # compiles the schema
gc.enable()
