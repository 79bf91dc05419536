"""What a review is about: a bulletin, what was built of it, where it stands, what the audit and a comparison say."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from tongbao.basics.errors import TongbaoError, ToolError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.manifest import FILE
from tongbao.checks import QualityIssue
from tongbao.definition.files import file_hash
from tongbao.definition.project import Project
from tongbao_office import approval
from tongbao_review.baseline import Baseline, lines_of, read_baseline, received_cells
from tongbao_review.changes import Changes, compare
from tongbao_verify.checker import check
from tongbao_verify.record import Record


@dataclass(frozen=True)
class Subject:
    """All that a reviewer is told, in no language yet.

    Arguments:
        bulletin: as computed now.
        failure: why it cannot be built; then there is no audit and nothing to compare.
        standing: its approvals; none where it never was built.
        authors: who made it, where they do not count as approving.
        account: the number audit.
        baseline: what was published last.
        changes: what differs from there.
    """

    bulletin: Bulletin
    failure: TongbaoError | None
    standing: approval.Standing | None
    authors: tuple[str, ...]
    account: Record | None
    baseline: Baseline
    changes: Changes | None

    @classmethod
    def of(cls, bulletin: Bulletin, place: str, failure: TongbaoError | None = None) -> Subject:
        """Look at a bulletin.

        Arguments:
            bulletin: as computed now.
            place: where it may be published; see ``destination``.
            failure: why it could not be built from what lies there.

        Raises:
            TongbaoError: the place is none, or what lies there cannot be read.
        """
        project, series, period = bulletin.project, bulletin.series, bulletin.period
        baseline = read_baseline(project, series.id, period, place)
        folder = project.processed(series.id, period)
        standing = account = changes = None
        authors: tuple[str, ...] = ()
        if (folder / FILE).is_file():
            known = approval.Bulletin.open(project, series.id, period)
            standing = approval.standing(known)
            with suppress(ToolError):  # what Git does not tell is said of the approvals
                authors = known.authors() if standing.needed > 1 else ()
        if failure is None:
            pages = project.page(series.id, period, "html").with_suffix("")
            account = check(folder / "findings.json", pages, [project.root])
            if baseline.record is not None and baseline.lines is not None:
                record = json.loads((folder / "findings.json").read_text("utf-8"))
                received = received_cells(account).items()
                record["cells"] |= {key: one for key, one in received if one["source"]["file"] in baseline.files}
                changes = compare(baseline.record, record, baseline.lines, lines_of(record, pages))
        return cls(bulletin, failure, standing, authors, account, baseline, changes)

    @property
    def project(self) -> Project:
        """Where it lies."""
        return self.bulletin.project

    @property
    def manifest(self) -> Path:
        """The manifest of its build, which may not be there."""
        return self.project.processed(self.bulletin.series.id, self.bulletin.period) / FILE

    @cached_property
    def digest(self) -> str:
        """The SHA-256 of the manifest; empty where it is not built."""
        return "" if self.failure else file_hash(self.manifest)

    @property
    def built_at(self) -> datetime:
        """When the manifest was written."""
        return datetime.fromtimestamp(self.manifest.stat().st_mtime).astimezone()

    @property
    def parameters(self) -> Mapping[str, tuple[str, str]]:
        """Those that are not the default: value and default."""
        declared, values = self.bulletin.series.parameters, self.bulletin.parameters
        return {
            name: (str(values[name]), str(one.default)) for name, one in declared.items() if values[name] != one.default
        }

    @property
    def open_issues(self) -> list[tuple[int, QualityIssue]]:
        """The issues that somebody has to answer, with their number on the page."""
        return [(n, one) for n, one in enumerate(self.bulletin.quality, start=1) if one.level != "note"]
