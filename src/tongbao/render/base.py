"""What both engines share: a scratch copy of only what is needed, a check of what came out, the move into place."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tongbao.basics.errors import Original, ToolError, UsageError, room_hint
from tongbao.basics.surroundings import passed_on
from tongbao.definition.files import link, link_tree, write_whole
from tongbao.definition.formats import DATA_FILES
from tongbao.definition.project import Project
from tongbao.display.fonts import prepare_fonts
from tongbao.render.job import Renderer, RenderJob
from tongbao.run.bound import before_exec

# What a page and its printed forms are made from, beside the notebooks.
SOURCES = ("_quarto.yml", "theme", ".tongbao/fonts")
_ESCAPES = re.compile(r"\x1b\[[0-9;]*m")
_NO_GLYPH = re.compile(r'the text `"(.).*?"` could not be displayed')
_DOWNLOAD = re.compile(r'(?:<li>)?<a class="download" href="([^"]+)">[^<]*</a>(?:</li>)?\n?')
_OFFERED = re.compile(r'<a class="download" href="([^"]+)">')


def run_program(
    name: str,
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str],
    seconds: int,
    text: str = "",
    *,
    starts: bool = False,
) -> str:
    """What a program writes to its output; ``name`` says in messages what ran, ``text`` is its input.

    It speaks UTF-8 whatever the locale: Pandoc reads what it puts into a page by the locale's encoding. Else its
    environment is what is passed on of our own, and ``environment``. What it has started ends with it, if it ``starts``
    programs; then it can ask nothing on a terminal.

    Raises:
        ToolError: it failed, with the end of what it said; or it took longer than ``seconds``.
    """
    own_group = starts and before_exec() is not None  # a worker has one for all
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        env={**passed_on(os.environ), "LC_ALL": "C.UTF-8", **environment},
        preexec_fn=before_exec(),  # noqa: PLW1509  # it makes one call of the system, looked up before
        process_group=0 if own_group else None,
    )
    with process:
        try:
            output, errors = process.communicate(text.encode(), seconds)
        except BaseException as error:
            os.killpg(process.pid, signal.SIGKILL) if own_group else process.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise ToolError(f"{name} took longer than {seconds} s") from None
            raise
    if process.returncode:
        raise failed(name, process.returncode, errors)
    return output.decode(errors="replace")


def failed(name: str, code: int, said: bytes, kind: type[ToolError] = ToolError) -> ToolError:
    """The error, of a kind, of a program that ended with this code, with the end of what it said."""
    lines = _ESCAPES.sub("", said.decode(errors="replace")).strip().splitlines()[-30:]
    message = f"{name} failed with exit code {code}" if code >= 0 else f"{name} was ended by signal {-code}"
    words = Original("\n".join(lines))
    return kind(message, found=words or None, hint=room_hint(words))


def render_batch(
    renderer: Renderer,
    project: Project,
    jobs: Sequence[RenderJob],
) -> list[Path]:
    """Render jobs in a scratch copy and move what came out into the site.

    Nothing reaches the site unless the engine succeeded and every file is there and not empty.

    Returns:
        The files written, in the site.

    Raises:
        ToolError: the engine failed or a file is missing.
        UsageError: a character is in no font.
    """
    prepare_fonts(project)
    with scratch(project, jobs) as folder:
        try:
            renderer.render(folder, jobs)
        except ToolError as error:
            raise _without_glyph(project, jobs, str(error.found)) or error from None
        wanted = [path for job in jobs for path in job.outputs()]
        for path in wanted:
            file = folder / "_site" / path
            if not file.is_file() or file.stat().st_size == 0:
                raise ToolError(f"{renderer.name} reported success but made no {path}")
        return _install(folder / "_site", project.site, wanted)


def _without_glyph(project: Project, jobs: Sequence[RenderJob], said: str) -> UsageError | None:
    """The error of a character that Typst found in no font, with the first place where it is written."""
    found = _NO_GLYPH.search(said)
    if found is None:
        return None
    character = found[1]
    places = (
        f"{project.name(path)}:{number}"
        for job in jobs
        for path in _written(project.root, job.notebook)
        for number, line in enumerate(path.read_text("utf-8", "replace").splitlines(), start=1)
        if character in line
    )
    return UsageError(
        f"no font at hand has the character {character} (U+{ord(character):04X}), and the PDF cannot be made",
        place=next(places, str(jobs[0].notebook)),
        hint="write another character, or put a font that has it into fonts/",
    )


def _written(root: Path, notebook: Path) -> Iterator[Path]:
    """Where the words of a bulletin are written: its text, the definition, the figures as received."""
    folder, period = notebook.parent, notebook.name.partition(".")[0]
    for pattern in (f"{folder}/{period}*.md", f"{folder}/*.yml", f"data/raw/{folder.name}/{period}/*.csv"):
        yield from sorted(root.glob(pattern))


@contextmanager
def scratch(project: Project, jobs: Sequence[RenderJob]) -> Iterator[Path]:
    """A folder with what pages are made from, by second names, and the notebooks of ``jobs``; removed behind it.

    Nothing that stands in it may be written into.
    """
    project.made.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="render-", dir=project.made) as name:
        folder = Path(name)
        link_sources(project.root, folder)
        for job in jobs:
            _place_notebook(project, job, folder)
        yield folder


def link_sources(root: Path, folder: Path) -> None:
    """Put in what pages are made from beside the notebooks, as far as it is there."""
    for source in SOURCES:
        origin, target = root / source, folder / source
        target.parent.mkdir(parents=True, exist_ok=True)
        if origin.is_dir() and not origin.is_symlink():
            link_tree(origin, target)
        elif origin.is_dir():
            link(origin, target)
        elif origin.is_file():
            link(origin.resolve(), target)


def _place_notebook(project: Project, job: RenderJob, folder: Path) -> None:
    """Put a notebook into a scratch folder, with the data that its page offers."""
    from tongbao.run.notebooks import cleaned, read_notebook, write_notebook  # heavy; who runs programs needs it not

    name = job.notebook
    beside, target = project.root / name.parent, folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if job.is_clean:
        link(project.root / name, target)
    else:
        write_notebook(cleaned(read_notebook(project.root / name)), target)
    for data in (path for end in DATA_FILES for path in beside.glob(f"{name.name.partition('.')[0]}.*{end}")):
        link(data, target.parent / data.name)
    if (beside / "raw").is_dir():
        link_tree(beside / "raw", target.parent / "raw")


def _install(made: Path, site: Path, wanted: Sequence[Path]) -> list[Path]:
    """Move everything the engine made into the site; pages last, when what they offer for download is there."""
    for path in sorted(made.rglob("*"), key=lambda path: (path.suffix == ".html", path)):
        if path.is_file():
            target = site / path.relative_to(made)
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
    for path in wanted:
        if path.suffix == ".html":
            _drop_dead_downloads(site / path)
    return [site / path for path in wanted]


def _drop_dead_downloads(page: Path) -> None:
    """A page built alone must not offer a PDF that was never made."""
    text = page.read_bytes().decode()
    if all((page.parent / name).is_file() for name in _OFFERED.findall(text)):
        return
    kept = _DOWNLOAD.sub(lambda match: match[0] if (page.parent / match[1]).is_file() else "", text)
    write_whole(page, kept)
