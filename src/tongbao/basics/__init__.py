"""What every stage uses: errors, periods, decimal rounding, formulas, the two languages."""
