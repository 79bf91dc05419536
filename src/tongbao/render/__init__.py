"""Executed notebooks → HTML, PDF, DOCX: two engines behind one interface."""

from tongbao.render.base import Renderer, RenderJob, render_batch
from tongbao.render.engines import ENGINES, choose_engine

__all__ = ["ENGINES", "RenderJob", "Renderer", "choose_engine", "render_batch"]
