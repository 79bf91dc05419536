"""Raw files → tables of cells: names of units normalised, numbers read exactly, blanks kept blank."""

from tongbao.ingest.facts import Fact
from tongbao.ingest.received import Received, read_received
from tongbao.ingest.tables import Table

__all__ = ["Fact", "Received", "Table", "read_received"]
