"""How a report is made: the notebooks in order, exports, publishing by rename, the manifest that lets it be checked."""
