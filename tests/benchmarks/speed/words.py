"""The words of the measured table, in both languages of the READMEs."""

from collections.abc import Mapping
from typing import Literal

Lang = Literal["zh", "en"]

HEADS: Mapping[Lang, str] = {
    "zh": "| 工作与对照 | 本项目 | 对照 | 比值：中位数（最小 – 最大） | 要求 | 轮数 | |",
    "en": "| Work, and beside what | Ours | The rival | Ratio: median (min – max) | Bar | Rounds | |",
}
VERDICTS: Mapping[Lang, Mapping[str, str]] = {
    "zh": {"met": "达到", "missed": "**未达到**", "left_out": "未测"},
    "en": {"met": "met", "missed": "**NOT met**", "left_out": "not measured"},
}
LABELS: Mapping[str, Mapping[Lang, str]] = {
    "fleet": {
        "zh": "许多单位各一份季度报告，两个并行；对照：papermill + nbconvert 命令行，pandas + openpyxl",
        "en": "Many bureaus, two wide; beside papermill + nbconvert from the command line, pandas + openpyxl",
    },
    "fleet_without_grammar": {
        "zh": "同上；对照中去掉 rfc3987_syntax",
        "en": "The same; the rival without rfc3987_syntax",
    },
    "no_notebook": {
        "zh": "同上；对照：同样的计算和网页，完全不用笔记本，预热",
        "en": "The same; beside the same computation and pages without any notebook, warm",
    },
    "cold": {
        "zh": "示例单位一次 `ronghe report`，从零开始；对照：同一命令行",
        "en": "One cold `ronghe report` on the sample; beside the same command line",
    },
    "unchanged": {"zh": "再运行一次，什么都没变；对照：第一次", "en": "Again, nothing changed; beside the first run"},
    "changed": {
        "zh": "再运行一次，改了一个工作簿的一个单元格（三种改动取最慢）；对照：第一次",
        "en": "Again, one cell of one workbook changed (the slowest of three kinds); beside the first run",
    },
    "many_time": {"zh": "单位增多到四倍：每个单位的时间", "en": "Four times the bureaus: time a bureau"},
    "many_memory": {"zh": "单位增多到四倍：主进程的内存峰值", "en": "Four times the bureaus: the parent's peak memory"},
    "dask": {
        "zh": "Dask，两个工作进程；对照：`--workers 2`",
        "en": "Dask, two workers; beside `--workers 2`",
    },
    "groups": {
        "zh": "一个单位的党小组增多：时间的增长指数（1 为线性）",
        "en": "More groups in one bureau: exponent of growth of the time (1 is linear)",
    },
    "statistics": {
        "zh": "一份报告的统计；对照：scipy `pearsonr` 逐对重抽样",
        "en": "The statistics of one report; beside scipy `pearsonr` with a resampling method",
    },
}
