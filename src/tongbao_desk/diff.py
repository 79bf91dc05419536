"""What would change: a bulletin computed now against the present build, in findings and figures."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from rich.text import Text

from tongbao.basics.period import Period
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.bulletin.schemas import FINDINGS_VERSION
from tongbao.bulletin.table import indicators_csv, stored_columns
from tongbao.definition.project import Project

SCHEMA_VERSION = 1
SHOWN_FIGURES = 40
Base = Literal["build", "defaults", "nothing"]
_AGAINST = {
    "build": "the present build",
    "defaults": "the defaults (not built yet)",
    "nothing": "nothing (not built yet: all it would say)",
}
# What makes a finding another one: a calculation behind the same sentence shows among the figures.
_COMPARED = ("text", "case", "level", "units")


@dataclass(frozen=True)
class Snapshot:
    """What a bulletin says: parameters as text, main points, findings' records by id, figures by measure and unit.

    ``issues`` are what the checks found, by sentence.
    """

    parameters: Mapping[str, str]
    main_points: tuple[str, ...]
    findings: Mapping[str, Mapping[str, Any]]
    figures: Mapping[tuple[str, str], Mapping[str, str]]
    issues: Mapping[str, str]

    @classmethod
    def of(cls, findings: Mapping[str, Any], indicators: str, quality: Mapping[str, Any]) -> Snapshot:
        """From records as in ``findings.json`` and ``quality.json`` and a table as in ``indicators.csv``."""
        rows = csv.DictReader(io.StringIO(indicators))
        return cls(
            findings["parameters"],
            tuple(findings["main_points"]),
            {finding["id"]: finding for finding in findings["findings"]},
            {(row["measure"], row["unit"]): row for row in rows} | dict(_facts(findings["figures"])),
            {issue["message"]["zh"]: issue["level"] for issue in quality["issues"]},
        )

    @classmethod
    def now(cls, bulletin: Bulletin) -> Snapshot:
        """Of a bulletin just computed."""
        records = (Proof(bulletin).record(), Proof(bulletin).quality())
        findings, quality = (record.model_dump(mode="json") for record in records)
        return cls.of(findings, indicators_csv(stored_columns(bulletin)), quality)


def _facts(figures: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[tuple[str, str], dict[str, str]]]:
    """The facts that a bulletin quotes, also in its text alone, as rows of ``indicators.csv``."""
    for key, figure in figures.items():
        if key.startswith("fact.") and "~" not in key:
            known = {"text": figure["text"], "value": figure["value"] or "", "unit_of_measure": figure["unit"]}
            yield (key, "area"), {**known, "rank": "", "measure_zh": key, "unit_zh": ""}


@dataclass(frozen=True)
class Change:
    """Something named, before and after; ``None`` where it was not or is no more."""

    name: str
    old: Any
    new: Any

    @property
    def kind(self) -> str:
        """``added``, ``removed`` or ``changed``."""
        return "added" if self.old is None else "removed" if self.new is None else "changed"


@dataclass(frozen=True)
class Difference:
    """What differs.

    ``against`` says what was compared with: the present build, or, for want of one, the defaults where other parameters
    are tried, else nothing. ``findings`` holds findings' records, ``main_points`` sentences that differ by more than
    the findings in them, ``figures`` rows of ``indicators.csv``, ``issues`` what the checks find or no longer find.
    """

    bulletin: str
    against: Base
    parameters: tuple[Change, ...]
    findings: tuple[Change, ...]
    main_points: tuple[Change, ...]
    figures: tuple[Change, ...]
    issues: tuple[Change, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the bulletin would say the same."""
        return not (self.findings or self.main_points or self.figures or self.issues)

    def record(self) -> dict[str, Any]:
        """The difference for machines."""
        series, _, period = self.bulletin.partition("@")
        of_kind = {
            kind: [(c.name, said(c.old), said(c.new)) for c in self.findings if c.kind == kind]
            for kind in ("added", "removed", "changed")
        }
        return {
            "schema": SCHEMA_VERSION,
            "series": series,
            "period": period,
            "against": self.against,
            "parameters": [{"name": c.name, "old": c.old, "new": c.new} for c in self.parameters],
            "findings": {
                "added": [new for _, _, new in of_kind["added"]],
                "removed": [old for _, old, _ in of_kind["removed"]],
                "changed": [{"id": name, "old": old, "new": new} for name, old, new in of_kind["changed"]],
            },
            "main_points": [{"old": c.old, "new": c.new} for c in self.main_points],
            "figures": [
                dict(zip(("measure", "unit"), c.name.split("@"), strict=True), old=_figure(c.old), new=_figure(c.new))
                for c in self.figures
            ],
            "issues": [{"message": c.name, "old": c.old, "new": c.new} for c in self.issues],
        }


def would_change(project: Project, series: str, period: str, parameters: Mapping[str, object]) -> Difference:
    """Compute a bulletin with ``parameters`` and compare it with the present build; nothing is written.

    Raises:
        UsageError: an unknown series, period or parameter, or a value out of range.
        DataError: figures that a build would refuse.
    """
    bulletin = Bulletin.open(project, series, period, parameters)
    bulletin.require_sound()
    built, now = read_build(project, series, bulletin.period), Snapshot.now(bulletin)
    if built is None and parameters:
        return compare(bulletin.id, "defaults", Snapshot.now(Bulletin.open(project, series, period, {})), now)
    return compare(bulletin.id, "build" if built else "nothing", built or Snapshot({}, (), {}, {}, {}), now)


def read_build(project: Project, series: str, period: Period) -> Snapshot | None:
    """What the present build says, or ``None`` where there is none that can be read."""
    folder = project.processed(series, period)
    try:
        findings = json.loads((folder / "findings.json").read_text("utf-8"))
        if findings["schema"] != FINDINGS_VERSION:
            return None
        quality = json.loads((folder / "quality.json").read_text("utf-8"))
        return Snapshot.of(findings, (folder / "indicators.csv").read_text("utf-8"), quality)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def compare(bulletin: str, against: Base, old: Snapshot, new: Snapshot) -> Difference:
    """Everything that differs, in the order of the new bulletin; what is gone comes last."""
    findings = tuple(changes(old.findings, new.findings, said))
    return Difference(
        bulletin,
        against,
        parameters=tuple(changes(old.parameters, new.parameters, str)),
        findings=findings,
        main_points=tuple(_changed_points(old.main_points, new.main_points, findings)),
        figures=tuple(changes(old.figures, new.figures, _figure)),
        issues=tuple(changes(old.issues, new.issues, str)),
    )


def changes(old: Mapping[Any, Any], new: Mapping[Any, Any], what_counts: Callable[[Any], object]) -> Iterator[Change]:
    """What is named on one side only, or differs in what counts; in the order of ``new``, what is gone at the end."""
    for name in dict.fromkeys([*new, *old]):
        before, after = old.get(name), new.get(name)
        if before is None or after is None or what_counts(before) != what_counts(after):
            yield Change(name if isinstance(name, str) else "@".join(name), before, after)


def _changed_points(old: tuple[str, ...], new: tuple[str, ...], findings: tuple[Change, ...]) -> Iterator[Change]:
    """Main points that differ in more than a finding they quote, which is told already."""
    expected = list(old)
    for change in findings:
        if change.kind == "changed":
            expected = [point.replace(change.old["text"]["zh"], change.new["text"]["zh"]) for point in expected]
    for kind, start, end, new_start, new_end in SequenceMatcher(None, expected, new, autojunk=False).get_opcodes():
        if kind != "equal":
            for before, after in zip_longest(old[start:end], new[new_start:new_end]):
                yield Change("main_points", before, after)


def said(finding: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What counts of a finding's record."""
    return None if finding is None else {"id": finding["id"], **{key: finding.get(key) for key in _COMPARED}}


def _figure(row: Mapping[str, str] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    rank = int(row["rank"]) if row["rank"] else None
    return {"text": row["text"], "value": row["value"] or None, "unit_of_measure": row["unit_of_measure"], "rank": rank}


def show(difference: Difference, tell: Callable[[str], str] = str) -> Text:
    """The difference for a terminal: old and new sentences under each other, the changed part in colour.

    Arguments:
        difference: what would change.
        tell: translates what is said about it; sentences and names stay in the series' language.
    """
    text = Text.assemble((difference.bulletin, "bold"), tell(f"  against {_AGAINST[difference.against]}\n"))
    for change in difference.parameters:
        old, new = ("none" if value is None else value for value in (change.old, change.new))
        text.append(tell(f"  parameter   {change.name}: {old} → {new}\n"))
    if difference.is_empty:
        return text.append(tell("  nothing changes\n"))
    for change in difference.findings:
        text.append(tell(f"  {change.kind:<10}  finding {change.name}\n"))
        text.append_text(_sentences(*(side and side["text"]["zh"] for side in (change.old, change.new))))
        if change.kind == "changed" and change.old["text"] == change.new["text"]:
            told = [key for key in _COMPARED if change.old.get(key) != change.new.get(key)]
            text.append(tell(f"            same sentence; changed: {', '.join(told)}\n"))
    for change in difference.main_points:
        text.append(tell(f"  {change.kind:<10}  main point\n"))
        text.append_text(_sentences(change.old, change.new))
    for change in difference.issues:
        level = tell(change.new or change.old)
        text.append(tell(f"  {change.kind:<10}  {level}: {change.name}\n"))
    if difference.against == "nothing":
        return text.append(tell(f"  {len(difference.figures)} figures; --json lists all\n"))
    for change in difference.figures[:SHOWN_FIGURES]:
        row = change.new or change.old
        name = f"{row['unit_zh']} {row['measure_zh']}".strip()
        old, new = (_figure_text(side, tell) for side in (change.old, change.new))
        text.append(tell(f"  figure      {name}: {old} → {new}\n"))
    more = len(difference.figures) - SHOWN_FIGURES
    if more > 0:
        text.append(tell(f"  and {more} more figures; --json lists all\n"))
    return text if difference.figures else text.append(tell("  no figure changes\n"))


def _sentences(old: str | None, new: str | None) -> Text:
    """A sentence before and after, what differs marked in both."""
    a, b = old or "", new or ""
    before, after = Text("            − "), Text("            + ")
    for kind, start, end, new_start, new_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        before.append(a[start:end], "" if kind == "equal" else "bold red")
        after.append(b[new_start:new_end], "" if kind == "equal" else "bold green")
    return Text("").join(line.append("\n") for side, line in ((old, before), (new, after)) if side is not None)


def _figure_text(row: Mapping[str, str] | None, tell: Callable[[str], str]) -> str:
    if row is None:
        return "none"
    rank = tell(f" (rank {row['rank']})") if row["rank"] else ""
    return f"{row['text'] or tell('blank')}{row['unit_of_measure'] if row['text'] else ''}{rank}"
