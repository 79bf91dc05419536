"""The analyst's desk: first drafts, forms, return sheets, comparisons. The main way never imports it."""
