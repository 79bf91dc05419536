"""Second, slower paths to what tongbao finds: over fractions, row by row, kind by kind; tests hold it to them.

Nothing here imports what it checks: only the definition's models and the shapes of what was received.
"""
