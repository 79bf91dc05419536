"""Tongbao (通报): official statistical bulletins, reproducible from raw figure to published page."""

from tongbao.basics.errors import TongbaoError
from tongbao.basics.period import Period

__all__ = ["Period", "TongbaoError", "__version__"]

__version__ = "0.1.0"
