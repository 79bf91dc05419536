"""What the notebooks call."""

from tongbao.notebook.page import Page, list_bulletins, open_bulletin

__all__ = ["Page", "list_bulletins", "open_bulletin"]
