"""Papermill runs the notebooks."""

# How long a cell may take, unless somebody says otherwise.
CELL_SECONDS = 120
