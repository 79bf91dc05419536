"""What the notebooks call."""

from tongbao.notebook.page import Page, open_bulletin

__all__ = ["Page", "open_bulletin"]
