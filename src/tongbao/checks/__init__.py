"""Checks of the figures received: each issue with its place, what was found and what was expected, in two languages.

A kind of check is one file here and its line in ``tongbao.definition.kinds``.
"""

from tongbao.checks.engine import check
from tongbao.checks.issue import QualityIssue

__all__ = ["QualityIssue", "check"]
