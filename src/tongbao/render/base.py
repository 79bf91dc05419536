"""What both engines share: a scratch copy of only what is needed, a check of what came out, the move into place."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tongbao.basics.errors import ToolError
from tongbao.definition.project import Project
from tongbao.display.assets import prepare_assets

# What a page and its printed forms are made from, beside the notebooks.
SOURCES = ("_quarto.yml", "theme", ".tongbao/fonts")
_DOWNLOAD = re.compile(r'(?:<li>)?<a class="download" href="([^"]+)">[^<]*</a>(?:</li>)?\n?')


@dataclass(frozen=True)
class RenderJob:
    """An executed notebook (relative to the project's root), its formats, and the day its documents are dated."""

    notebook: Path
    formats: tuple[str, ...]
    timestamp: int

    def outputs(self) -> list[Path]:
        """The files to come out, relative to the site."""
        return [self.notebook.with_suffix(f".{name}") for name in self.formats]


class Renderer(Protocol):
    """An engine: renders all jobs of a prepared folder into its ``_site``."""

    name: str

    def versions(self) -> dict[str, str]:
        """The programs behind the engine and their versions."""

    def render(self, folder: Path, jobs: Sequence[RenderJob], done: Callable[[Path], None]) -> None:
        """Render into ``folder/_site``; ``done`` is called with each finished file.

        Raises:
            ToolError: a program failed; with its diagnostic.
        """


def render_batch(
    renderer: Renderer,
    project: Project,
    jobs: Sequence[RenderJob],
    done: Callable[[Path], None] = lambda _: None,
    outdated: Sequence[Path] = (),
) -> list[Path]:
    """Render jobs in a scratch copy and move what came out into the site.

    Nothing reaches the site unless the engine succeeded and every file is there and not empty; only then are
    ``outdated`` files removed.

    Returns:
        The files written, in the site.

    Raises:
        ToolError: the engine failed or a file is missing.
    """
    prepare_assets(project)
    with _scratch(project, jobs) as folder:
        renderer.render(folder, jobs, done)
        wanted = [path for job in jobs for path in job.outputs()]
        for path in wanted:
            file = folder / "_site" / path
            if not file.is_file() or file.stat().st_size == 0:
                raise ToolError(f"{renderer.name} reported success but made no {path}")
        for path in outdated:
            path.unlink(missing_ok=True)
        return _install(folder / "_site", project.site, wanted)


@contextmanager
def _scratch(project: Project, jobs: Sequence[RenderJob]) -> Iterator[Path]:
    project.work.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="render-", dir=project.work) as name:
        folder = Path(name)
        for source in SOURCES:
            origin, target = project.root / source, folder / source
            target.parent.mkdir(parents=True, exist_ok=True)
            if origin.is_dir():
                shutil.copytree(origin, target, symlinks=True)
            elif origin.is_file():
                shutil.copy2(origin, target)
        for job in jobs:
            target = folder / job.notebook
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(project.root / job.notebook, target)
            for data in (job.notebook.with_suffix(".csv"), job.notebook.with_suffix(".json")):
                if (project.root / data).is_file():
                    shutil.copyfile(project.root / data, folder / data)
        yield folder


def _install(made: Path, site: Path, wanted: Sequence[Path]) -> list[Path]:
    """Move everything the engine made into the site; pages last, when what they offer for download is there."""
    for path in sorted(made.rglob("*"), key=lambda path: (path.suffix == ".html", path)):
        if path.is_file():
            target = site / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(path, target)
    for path in wanted:
        if path.suffix == ".html":
            _drop_dead_downloads(site / path)
    return [site / path for path in wanted]


def _drop_dead_downloads(page: Path) -> None:
    """A page built alone must not offer a PDF that was never made."""

    def keep(match: re.Match[str]) -> str:
        return match[0] if (page.parent / match[1]).is_file() else ""

    text = page.read_text("utf-8")
    page.write_text(_DOWNLOAD.sub(keep, text), "utf-8", newline="\n")
