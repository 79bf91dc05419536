"""A series as declared in ``reports/<series>/series.yml``: typed, checked, with file and line in every error."""
