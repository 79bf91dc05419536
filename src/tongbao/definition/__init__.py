"""A series as declared in ``reports/<series>/series.yml``: typed, checked, with file and line in every error."""

from tongbao.definition.loader import load_series
from tongbao.definition.series import Series

__all__ = ["Series", "load_series"]
