"""What chance alone can do to rates of counts: intervals, funnel limits, ranges of ranks. For reviewers."""
