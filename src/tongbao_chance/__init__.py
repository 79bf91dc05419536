"""What chance alone can do to rates of counts: intervals, funnel limits, ranges of ranks. For reviewers."""

from tongbao_chance.assess import Robustness, assess

__all__ = ["Robustness", "assess"]
