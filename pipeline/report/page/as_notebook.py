"""Blocks as the executed notebook that the exporter takes: for pages that no notebook stands behind."""

from collections.abc import Iterable
from typing import Any

from pipeline.report.page.blocks import METADATA_KEY, Block


def as_notebook(blocks: Iterable[Block]) -> dict[str, Any]:
    """Return what the exporter reads of a notebook: one cell a block, without a source."""
    return {"cells": [{"cell_type": "code", "metadata": {}, "outputs": _outputs(block)} for block in blocks]}


def _outputs(block: Block) -> list[dict[str, Any]]:
    return [
        {"output_type": "display_data", "data": output.data, "metadata": {METADATA_KEY: output.page}}
        for output in block.outputs()
    ]
