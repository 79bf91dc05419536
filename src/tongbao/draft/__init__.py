"""A table as received → a first series: definition, notebook and text, to be edited."""

from tongbao.draft.create import Created, create

__all__ = ["Created", "create"]
