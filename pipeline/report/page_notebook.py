"""Blocks as the executed notebook that the exporter takes: for pages that no notebook stands behind."""

from collections.abc import Iterable

from nbformat import NotebookNode, v4

from pipeline.report.blocks import METADATA_KEY, Block


def as_notebook(blocks: Iterable[Block]) -> NotebookNode:
    """Return a notebook of one cell a block, without a source."""
    cells = [
        v4.new_code_cell(
            outputs=[
                v4.new_output("display_data", data=output.data, metadata={METADATA_KEY: output.page})
                for output in block.outputs()
            ]
        )
        for block in blocks
    ]
    return v4.new_notebook(cells=cells)
