"""Checks of the figures received: each issue with its place, what was found and what was expected, in two languages."""

from tongbao.checks.engine import check
from tongbao.checks.issue import QualityIssue

__all__ = ["QualityIssue", "check"]
