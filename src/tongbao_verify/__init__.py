"""Check a published bulletin: read its raw figures and pages afresh and hold them to the record (``docs/proof.md``).

``checker`` is where to begin; the order of reading is formula, numerals, definition, raw, record, claims, published,
page, document. Nothing here imports ``tongbao``.
"""
