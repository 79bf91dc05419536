"""The number audit: a finished bulletin is read afresh, and every numeral and unit name in it is accounted for.

Nothing here uses the code that computes figures or words sentences: cells are read from the raw files, formulas are
evaluated over fractions, lists of units are picked again from the declared rules.
"""

from tongbao.audit.account import KINDS, Account, Entry, LeftOver
from tongbao.audit.engine import audit

__all__ = ["KINDS", "Account", "Entry", "LeftOver", "audit"]
