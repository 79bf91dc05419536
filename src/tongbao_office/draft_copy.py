"""PDF and Word file of a draft for comment, rendered again from the executed notebook with its mark on each page."""

from __future__ import annotations

import calendar
import json
import shutil
import tempfile
from collections.abc import Collection
from datetime import date
from pathlib import Path

from tongbao.basics.errors import ToolError
from tongbao.definition.formats import DATA_FILES, FORMATS, PAGE
from tongbao.definition.project import Project
from tongbao.display.mime import HEAD
from tongbao.render.base import link_sources, render_batch
from tongbao.render.engines import choose_engine
from tongbao.render.job import RenderJob
from tongbao.words import WORDS
from tongbao_office.approval import Bulletin


def marked_prints(bulletin: Bulletin, files: Collection[str]) -> dict[str, bytes]:
    """The printed forms among a bulletin's files, by name, marked as a draft for comment.

    Raises:
        ToolError: the executed notebook is gone, or the engine failed.
    """
    project, period = bulletin.project, bulletin.period
    series = project.get_series(bulletin.series)
    issued = json.loads(bulletin.record_file.read_text("utf-8"))["issued"]
    jobs = []
    project.made.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="draft-", dir=project.made) as place:
        scratch = Project(Path(place))
        link_sources(project.root, scratch.root)
        for lang in series.languages:
            executed = project.executed(bulletin.series, period, lang)
            formats = tuple(one for one in FORMATS if one != PAGE.name and f"{executed.stem}.{one}" in files)
            if not formats:
                continue
            if not executed.is_file():
                hint = f"tongbao build {bulletin.id} --force"
                raise ToolError("the executed notebook is gone", place=bulletin.id, hint=hint)
            notebook = executed.relative_to(project.root)
            _mark(executed, scratch.root / notebook, WORDS[lang].for_comment)
            for name in (name for name in files if name.endswith(DATA_FILES)):  # which PDF/A holds
                target = (scratch.root / notebook).parent / name
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(project.site / "reports" / bulletin.series / name, target)
            dated = calendar.timegm(date.fromisoformat(issued).timetuple())
            jobs.append(RenderJob(notebook, formats, dated))
        made = render_batch(choose_engine(bulletin.manifest.engine["name"]), scratch, jobs) if jobs else []
        return {path.name: path.read_bytes() for path in made}


def _mark(executed: Path, target: Path, mark: str) -> None:
    """Copy an executed notebook, with a mark among the metadata of its document."""
    notebook = json.loads(executed.read_text("utf-8"))
    for output in (output for cell in notebook["cells"] for output in cell.get("outputs", ())):
        data = output.get("data", {})
        text = "".join(data.get("text/markdown", ""))
        if text.startswith(HEAD):
            data["text/markdown"] = f"{HEAD}draft-mark: {mark}\n{text.removeprefix(HEAD)}"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(json.dumps(notebook, ensure_ascii=False), "utf-8")
