"""Notebooks as a kernel would leave them, made without one."""

from nbformat import NotebookNode, v4

from pipeline.report.page.blocks import METADATA_KEY, Block


def code_cell(*outputs: NotebookNode) -> NotebookNode:
    """A code cell whose source must not reach the page."""
    return v4.new_code_cell("secret_source = 1", outputs=list(outputs))


def shown(*blocks: Block) -> NotebookNode:
    """A notebook with one executed cell a block."""
    cells = [
        code_cell(
            *(
                v4.new_output("display_data", data=output.data, metadata={METADATA_KEY: output.page})
                for output in block.outputs()
            )
        )
        for block in blocks
    ]
    return v4.new_notebook(cells=cells)
