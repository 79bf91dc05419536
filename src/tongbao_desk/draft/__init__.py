"""A table as received → a first series: definition, notebook and text, to be edited."""

from tongbao_desk.draft.create import Created, create

__all__ = ["Created", "create"]
