"""Cells → figures: rates, shares, totals, ranks, other periods; each with its formula and cells."""
