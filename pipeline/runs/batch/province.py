"""From what the bureaus of a batch have published to the page across them, and to the data set beside it.

``figures/index.html`` is of the latest batch. ``figures/across_bureaus/<table>/quarter=2021Q4/data.parquet`` keeps
every quarter that was ever batched: a partitioned data set that DuckDB, Polars and pandas read as one table.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.ingest.files.placing import in_one_step
from pipeline.report.material.published import LIBRARY_FILE
from pipeline.report.page.files import REPORT_FILE
from pipeline.report.province.batched import Choice, Entry
from pipeline.runs.batch.jobs import Done
from pipeline.runs.batch.root import DATA_SET
from pipeline.runs.records.manifest import Manifest, read_published
from pipeline.texts import Texts

if TYPE_CHECKING:
    import pandas as pd


PAGE = "index.html"
PARTITION, DATA_FILE = "quarter", "data.parquet"


def write_province(done: Mapping[str, Done], choice: Choice, processed: Path, figures: Path, texts: Texts) -> Path:
    """Write the data set and then the page of one quarter, each in one step, and return the page's path.

    ``done`` is what came of every bureau; one at least is published. The same published folders give the same bytes.
    """
    from pipeline.report.province.page import render_province_page
    from pipeline.report.province.view import TABLES, load_province  # loads pandas

    figures = figures.resolve()
    manifests = {name: read_published(figures / name / choice.quarter) for name in done}
    entries = [_entry(name, result, choice.quarter, manifests[name], figures) for name, result in done.items()]
    used = [manifest for name, manifest in manifests.items() if manifest and _is_reported(done[name])]
    report = load_province(entries, choice, processed.resolve(), texts.lang, _facts(used, texts))
    for name in TABLES:
        _write_partition(report.tables[name], figures / DATA_SET / name, choice.quarter)
    with in_one_step(figures / PAGE) as part:
        part.write_text(render_province_page(report), encoding="utf-8", newline="\n")
    return figures / PAGE


def _is_reported(result: Done) -> bool:
    return result.state in ("published", "unchanged")


def _entry(name: str, result: Done, quarter: str, manifest: Manifest | None, figures: Path) -> Entry:
    pages = {"library": f"{name}/{LIBRARY_FILE}", "report": f"{name}/{quarter}/{REPORT_FILE}"}
    standing = {what: quote(page) for what, page in pages.items() if (figures / page).is_file()}
    if result.state == "late":
        return Entry(name, "late", pages=standing, latest_quarter=_latest_before(figures / name, quarter))
    if manifest is None or not _is_reported(result):
        return Entry(name, "failed", result.why or "tables", standing)  # told as published, and nothing is here
    found = manifest.findings
    return Entry(
        name,
        "reported",
        pages=standing,
        latest_quarter=found.latest_quarter or "",
        rows_used=found.rows.used,
        rows_rejected=found.rows.rejected,
        files_refused=len(found.refusals),
        is_synthetic=found.is_synthetic,
    )


def _latest_before(bureau_folder: Path, quarter: str) -> str:
    """Return the latest quarter before ``quarter`` of which a report of a bureau stands; "" where there is none."""
    folders = (path for path in bureau_folder.glob("????Q?") if path.name < quarter)
    quarters = sorted(path.name for path in folders if read_published(path) is not None)
    return quarters[-1] if quarters else ""


def _facts(manifests: Sequence[Manifest], texts: Texts) -> tuple[str, ...]:
    """Return what the page was made from; times are those of the reports, so that the page itself has no clock."""
    runs = sorted(manifest.run_at for manifest in manifests)
    codes = sorted({manifest.basis.code[:12] for manifest in manifests})
    versions = sorted({version for manifest in manifests for version in manifest.findings.rule_versions})
    return (
        texts("batch.fact_reports", count=len(manifests), first=_utc(runs[0]), last=_utc(runs[-1])),
        texts("batch.fact_code", codes=texts("list.separator").join(codes)),
        texts("batch.fact_rules", versions=texts("list.separator").join(versions)),
        texts("batch.fact_data", folder=DATA_SET),
    )


def _utc(moment: str) -> str:
    return datetime.fromisoformat(moment).strftime("%Y-%m-%d %H:%M")


def _write_partition(frame: "pd.DataFrame", folder: Path, quarter: str) -> None:
    """Write the rows of one quarter; its name is that of the folder and no column of the file."""
    from pipeline.ingest.store import pack_frame  # loads pandas

    partition = folder / f"{PARTITION}={quarter}"
    partition.mkdir(parents=True, exist_ok=True)
    stored = frame.drop(columns=PARTITION)
    periods = [name for name, dtype in stored.dtypes.items() if str(dtype).startswith("period")]
    stored = stored.astype(dict.fromkeys(periods, "str"))
    with in_one_step(partition / DATA_FILE) as part:
        part.write_bytes(pack_frame(stored))
