"""What the notebooks call."""

from tongbao.notebook.index import list_bulletins
from tongbao.notebook.page import Page, open_bulletin

__all__ = ["Page", "list_bulletins", "open_bulletin"]
