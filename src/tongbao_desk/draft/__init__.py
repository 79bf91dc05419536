"""A table as received → a first series: definition, notebook and text, to be edited; or a further period of one."""

from tongbao_desk.draft.create import Created, create
from tongbao_desk.draft.period import begin

__all__ = ["Created", "begin", "create"]
