"""Check a bulletin that was published: read its raw figures and its pages afresh and hold one to the other."""
