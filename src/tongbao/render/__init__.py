"""Executed notebooks → HTML, PDF, DOCX: two engines behind one interface."""

from __future__ import annotations

from tongbao.basics.errors import UsageError, did_you_mean
from tongbao.render.base import Renderer, RenderJob, render_batch
from tongbao.render.embedded import EmbeddedRenderer
from tongbao.render.quarto import QuartoRenderer, find_quarto

__all__ = ["ENGINES", "RenderJob", "Renderer", "choose_engine", "render_batch"]

ENGINES = ("auto", "quarto", "embedded")


def choose_engine(name: str) -> Renderer:
    """The engine of that name; ``auto`` takes Quarto when it is on PATH, else the embedded one.

    Raises:
        UsageError: there is no such engine.
        ToolError: Quarto was asked for and is not on PATH.
    """
    if name not in ENGINES:
        raise UsageError(f"no engine {name}", hint=did_you_mean(name, ENGINES))
    if name == "embedded" or (name == "auto" and find_quarto() is None):
        return EmbeddedRenderer()
    return QuartoRenderer()
