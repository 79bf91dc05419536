"""A bulletin computed once: a build keeps it in a file, and the notebooks of its editions take it from there.

Run by hand, a notebook finds nothing kept: it computes for itself, and saves its data.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from tongbao.bulletin.bulletin import Bulletin, edition
from tongbao.definition.project import Project

# Names the file to the kernels that a build starts.
VARIABLE = "TONGBAO_COMPUTED"


def keep(bulletin: Bulletin, path: Path) -> None:
    """Write a computed bulletin for the build's own kernels to read; removed when the build is done."""
    bulletin.project.raw_definition(bulletin.series.id)  # which a kernel need not read again
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(bulletin))


@cache
def _kept(path: str) -> Bulletin:
    kept: Bulletin = pickle.loads(Path(path).read_bytes())  # noqa: S301  # written by the build that runs this
    return kept


def project_at_hand() -> Project:
    """The project around here; where a build has opened it, with the definitions that it has read.

    Raises:
        UsageError: there is none.
    """
    project, path = Project.find(), os.environ.get(VARIABLE)
    opened = _kept(path).project if path else project
    return opened if opened == project else project


def open_kept(
    project: Project, series_id: str, period_id: str, parameters: Mapping[str, object], lang: str | None
) -> Bulletin | None:
    """The bulletin that the build has computed and saved, if it is the one asked for; it is sound."""
    path = os.environ.get(VARIABLE)
    if not path:
        return None
    kept = _kept(path)
    values = kept.series.parameter_values(parameters)
    if (kept.project, kept.series.id, str(kept.period), kept.parameters) != (project, series_id, period_id, values):
        return None
    return kept.shown_in(edition(kept.series, lang))
