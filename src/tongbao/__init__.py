"""Tongbao (通报): official statistical bulletins, reproducible from raw figure to published page."""

from tongbao.errors import TongbaoError
from tongbao.period import Period

__all__ = ["Period", "TongbaoError", "__version__"]

__version__ = "0.1.0"
