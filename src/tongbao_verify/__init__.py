"""Check a published bulletin: read its raw figures and pages afresh and hold them to the record (``docs/proof.md``).

``checker`` is where to begin; the order of reading is period, formula, definition, raw, books, record, claims, then
numerals, text, page, document. Nothing here imports ``tongbao``.
"""
