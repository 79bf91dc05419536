"""Papermill runs the notebooks."""
