"""Choose, check, run, render, record."""
