"""The statistics room: adjustment, correlation, max-T, verdicts, XmR. It touches no file and no chart."""

from pipeline.stats.assessment import Assessment, assess
from pipeline.stats.correlation import correlation
from pipeline.stats.fisher import smallest_detectable_r
from pipeline.stats.judgement import VERDICTS
from pipeline.stats.relationships import assess_relationships
from pipeline.stats.repeated import within_group_correlation
from pipeline.stats.xmr import xmr, xmr_signals

__all__ = [
    "VERDICTS",
    "Assessment",
    "assess",
    "assess_relationships",
    "correlation",
    "smallest_detectable_r",
    "within_group_correlation",
    "xmr",
    "xmr_signals",
]
