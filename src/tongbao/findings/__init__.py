"""Figures → sentences: declared rules, each sentence with the evidence behind it."""

from tongbao.findings.engine import Finding, find

__all__ = ["Finding", "find"]
