"""docs/options.md, in both languages: every example is run, and gives what stands there."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import examples as tool
from conftest import bare_project
from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import TongbaoError
from tongbao.basics.marks import plain
from tongbao.bulletin.annexes import printed_table
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.charts import charted
from tongbao.display.frame import page_foot
from tongbao.display.mime import Part, as_read
from tongbao.display.tables import annex
from tongbao.display.text import key_figures
from tongbao_desk.draft.notebook import bring_in_line, notebook_text
from walk import blocks, declare

PARTS = tool.parts("options")
EXAMPLES = {part["heading"]["en"]: part for part in PARTS if "heading" in part}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The series of the page with its figures."""
    root = bare_project(tmp_path / "project")
    for block in (block for part in PARTS if "both" in part for block in blocks(part["both"])):
        path = root / ("reports/visits" if block.kind == "yaml" else "data/raw/visits") / block.where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, "utf-8")
    (root / "data/raw/visits/2026-05-to-06").mkdir()
    for period in ("2026-06", "2026-05-to-06"):
        (root / f"reports/visits/{period}.md").write_text("---\nissued: 2026-07-03\n---\n", "utf-8")
    series = Project(root).get_series("visits")
    (root / "notebooks/work.ipynb").write_text(notebook_text(series, "2026-06"), "utf-8")
    return Project(root)


def receive(project: Project, part: dict[str, Any]) -> None:
    """Change the figures of June as an example says."""
    path = project.root / "data/raw/visits/2026-06" / part.get("name", "work.csv")
    rows = list(csv.reader(io.StringIO(part.get("file") or path.read_text("utf-8"))))
    for place, text in part.get("cells", {}).items():
        rows[int(place[1:]) - 1][ord(place[0]) - ord("A")] = text
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)


def read(parts: Sequence[Part]) -> str:
    """What some parts of a cell's output say to a reader, in one line."""
    return " ".join("".join(part.content["text/plain"] for part in parts).split())


def outcome_of_chart(bulletin: Bulletin, gives: str) -> str:
    drawn, part = charted(bulletin, "rate"), gives.split(maxsplit=1)[0]
    if gives == "chart":
        return drawn.alternative
    if gives == "numbers of the axis":
        return " ".join(f"{tick:g}" for tick in drawn.canvas(640).ticks)
    return ", ".join(drawn.heads) if part == "columns" else plain(getattr(drawn, part))


def outcome(project: Project, part: dict[str, Any], lang: str) -> str:
    """What an example looks at, as it stands on the page."""
    tell, gives = catalogue(lang), part["gives"]
    if gives == "notebook":
        return "\n".join(map(tell, bring_in_line(project, "visits")[1]))
    try:
        bulletin = Bulletin.open(project, "visits", part.get("period", "2026-06"), {}, lang)
    except TongbaoError as error:
        return re.sub(r" ?[(（]reports/visits/series\.yml:\d+[)）]", "", error.told(lang, tell))
    series = bulletin.series
    if gives == "check":
        said = [
            f"{tell(issue.level)}{'：' if lang == 'zh' else ': '}{issue.message[lang]}" for issue in bulletin.quality
        ]
        return "\n".join(said) or tell("nothing found")
    if gives == "annex":
        table = printed_table(bulletin.indicators, series.annexes[0], "work", bulletin.lang)
        header = [heading.text for heading in table.header]
        rows = ([plain(cell.marked) for cell in row] for row in table.rows)
        return "\n".join("| " + " | ".join(row) + " |" for row in (header, ["---"] * len(header), *rows))
    if gives == "head of the annex":
        return read(annex(bulletin, 1).parts[:1])
    if gives.endswith(("chart", "axis")):
        return outcome_of_chart(bulletin, gives)
    if gives == "foot":
        return as_read(page_foot(bulletin)).replace("\n", " ")
    if gives == "key figure":
        return read(key_figures(bulletin).parts)
    return bulletin.findings[gives.removeprefix("finding.")].text[lang]


@pytest.mark.parametrize("heading", EXAMPLES)
def test_an_example_gives_what_the_page_says(project, heading):
    part = EXAMPLES[heading]
    receive(project, part)
    if "without" in part:
        assert {lang: outcome(project, part, lang) for lang in part["without"]} == part["without"]
        assert part["without"] != part["says"]
    for place, text in part["set"].items():
        declare(project.root / "reports/visits/series.yml", place, text)
    project = Project(project.root)  # a project reads a definition once
    assert outcome(project, part, "zh") == part["says"]["zh"]
    if part["gives"] != "notebook":  # brought in line it is not apart any more
        assert outcome(project, part, "en") == part["says"]["en"]
