"""The embedded engine: Pandoc and Typst from PyPI on the same notebooks, configuration and theme as Quarto."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tongbao.basics.errors import Original, ToolError, room_hint
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.files import link
from tongbao.definition.formats import ARCHIVE, FORMATS, PAGE, OutputFormat
from tongbao.definition.project import Project
from tongbao.render.base import scratch
from tongbao.render.job import RenderJob
from tongbao.render.pandoc import RESOURCES, convert
from tongbao.render.settings import read_settings

if TYPE_CHECKING:
    from tongbao.render.notebook_markdown import Markdown

_TEMPLATES = "_templates"
_READER = "markdown-auto_identifiers+east_asian_line_breaks"
# The settings that pages need, and each format.
_NEEDED = ("project.type", f"format.{PAGE.writer}.css", f"format.{PAGE.writer}.template")
_NEEDED_BY = {"html": _NEEDED[-1], "typst": "format.typst.font-paths", "docx": "format.docx.reference-doc"}
TIMEOUT_SECONDS = 300
# The first cell of a row, as Typst tags it: data, under the header of its column.
_FIRST_CELL = re.compile(rb"/S/TD(/P \d+ 0 R/A\[<</O/Table)(/Headers\[[^]]*?x0y\d+\)\])")


def render_embedded(folder: Path, jobs: Sequence[RenderJob]) -> None:
    """Render every job and format of a prepared folder; see ``Renderer.render``."""
    settings = _settings(folder, jobs)
    site = folder / "_site"
    for pattern in (*(settings["project"].get("resources") or ()), settings["format"][PAGE.writer]["css"]):
        for resource in filter(Path.is_file, folder.glob(pattern)):
            target = site / resource.relative_to(folder)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(resource.read_bytes())
    _place_templates(folder, settings)
    _make([_Task(folder, settings, job, FORMATS[name]) for job in jobs for name in job.formats])


def _settings(folder: Path, jobs: Sequence[RenderJob]) -> dict[str, Any]:
    needed = (_NEEDED_BY[FORMATS[name].writer] for job in jobs for name in job.formats)
    settings = read_settings(folder, (*_NEEDED, *needed))
    settings["format"] = {name: made if isinstance(made, dict) else {} for name, made in settings["format"].items()}
    return settings


def _make(tasks: Sequence[_Task]) -> None:
    pool, hangs = ThreadPoolExecutor(max_workers=os.cpu_count()), False
    seconds = (len(tasks) + 1) * TIMEOUT_SECONDS  # of which Pandoc takes one at most
    try:
        list(pool.map(_Task.make, tasks, timeout=seconds))
    except TimeoutError:  # Typst, which is no process that could be stopped
        hangs = True
        raise ToolError(f"typst took longer than {seconds} s") from None
    finally:
        pool.shutdown(wait=not hangs, cancel_futures=True)  # no folder is removed that somebody writes to


@dataclass(frozen=True)
class _Task:
    """One file to make of the job's notebook."""

    folder: Path
    settings: dict[str, Any]
    job: RenderJob
    made: OutputFormat

    def make(self) -> Path:
        """Make the file; returns where it stands in the site."""
        self.output.parent.mkdir(parents=True, exist_ok=True)
        self.place.mkdir(parents=True)
        _WRITERS[self.made.name](self)
        return self.output.relative_to(self.folder / "_site")

    @property
    def output(self) -> Path:
        """The file."""
        return self.folder / "_site" / self.job.notebook.with_suffix(f".{self.made.name}")

    @property
    def place(self) -> Path:
        """A place of its own for the images: formats are made side by side, and each writes its own."""
        return (self.folder / self.job.notebook).with_suffix(f".{self.made.name}-files")

    @property
    def options(self) -> dict[str, Any]:
        """What ``_quarto.yml`` says of the format."""
        options: dict[str, Any] = self.settings["format"].get(self.made.writer, {})
        return options

    def markdown(self) -> Markdown:
        """The notebook as Markdown, its images beside it."""
        from tongbao.render.notebook_markdown import notebook_markdown  # heavy, and a frame needs none

        markdown = notebook_markdown(self.folder / self.job.notebook, self.made)
        for name, data in markdown.files.items():
            (self.place / name).write_bytes(data)
        return markdown

    def pandoc(self, text: str, options: Mapping[str, Any], template: str | None, output: Path, **marks: bool) -> None:
        """Have Pandoc make a file of a text, with its writer's options and ``marks`` in the metadata.

        Raises:
            ToolError: it failed or took too long.
        """
        # A page's own language goes before the project's.
        language = {} if _front_matter(text).get("lang") else {"lang": self.settings.get("lang") or "zh"}
        order = {
            "text": text.expandtabs(4),
            "from": _READER,
            "to": self.made.writer,
            "shift": int(self.options.get("shift-heading-level-by", 0)),
            "metadata": {**language, **marks},
            "filters": [str(path) for path in _filters(self.folder, self.settings.get("filters") or ())],
            **({"template": template} if template else {}),
            "options": options,
            "folder": str(self.place),
            "epoch": str(self.job.timestamp),
            "output": str(output),
        }
        convert(f"pandoc on {self.job.notebook}", order, TIMEOUT_SECONDS)


def _write_html(task: _Task) -> None:
    root = "/".join([".."] * (len(task.job.notebook.parts) - 1)) or "."
    markdown = task.markdown()
    task.output.write_text(markdown.whole(_page(task, markdown.text, root, {})), "utf-8", newline="\n")


def frame(project: Project, text: str, root: str) -> str:
    """A page with a text of its own in the frame that bulletins stand in.

    Arguments:
        project: whose theme is used.
        text: Markdown with its metadata.
        root: the way from the page to the site's root, as links are to begin.

    Raises:
        ToolError: Pandoc failed.
    """
    with scratch(project, ()) as folder:
        settings = _settings(folder, ())
        _place_templates(folder, settings)
        task = _Task(folder, settings, RenderJob(Path("page.ipynb"), (PAGE.name,), 0), PAGE)
        task.place.mkdir()
        return _page(task, text, root, {"site-root": root})


def _page(task: _Task, text: str, root: str, alone: Mapping[str, str]) -> str:
    options = {
        "section_divs": True,
        "email_obfuscation": "none",
        "wrap_text": "none",
        "variables": {**alone, "css": f"{root}/{task.options['css']}"},
    }
    made = task.place / "page.html"
    task.pandoc(text, options, str(task.folder / task.options["template"]), made)
    return made.read_text("utf-8") if made.is_file() else ""


def _write_docx(task: _Task) -> None:
    reference, template = (task.options.get(name) for name in ("reference-doc", "template"))
    options = {"reference_doc": str(task.folder / reference)} if reference else {}
    task.pandoc(task.markdown().text, options, str(task.folder / template) if template else None, task.output)


def _write_pdf(task: _Task) -> None:
    import typst  # a frame needs none

    # Beside its images.
    typ = task.place / "page.typ"
    template = str(task.folder / _TEMPLATES / "page.typ")
    archival = {"archival": True} if task.made.standards else {}
    task.pandoc(task.markdown().text, {"wrap_text": "none"}, template, typ, **archival)
    standards: Any = list(task.made.standards) or task.options.get("pdf-standard", [])
    try:
        typst.compile(
            str(typ),
            output=str(task.output),
            root=str(task.folder),
            font_paths=_fonts(task.folder / task.options["font-paths"]),
            pdf_standards=standards,
            timestamp=task.job.timestamp,
        )
    except typst.TypstError as error:
        message, said = f"typst could not set {task.job.notebook}", _errors_only(error)
        raise ToolError(message, found=Original(said), hint=room_hint(said)) from None
    task.output.write_bytes(_FIRST_CELL.sub(_as_header, task.output.read_bytes()))


def _fonts(folder: Path) -> Any:
    """Typst's fonts, those of a folder before its own."""
    folder = folder.resolve()  # a build's is the project's, and stays
    files = ((str(path), path.stat()) for path in sorted(folder.rglob("*")) if path.is_file())
    return _read_fonts(str(folder), tuple((name, stat.st_ino, stat.st_mtime_ns, stat.st_size) for name, stat in files))


@lru_cache(1)
def _read_fonts(folder: str, _: tuple[tuple[str | int, ...], ...]) -> Any:
    """They are read when text is first set in them, and once as long as the files are the same."""
    import typst

    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def _as_header(cell: re.Match[bytes]) -> bytes:
    """Tag it as its row's header, which Typst has no stable word for; the length stays, so that no place moves."""
    return b"/S/TH" + cell[1] + b"/Scope/Row".ljust(len(cell[2]))


_WRITERS: dict[str, Callable[[_Task], None]] = {
    "html": _write_html,
    "pdf": _write_pdf,
    "docx": _write_docx,
    ARCHIVE.name: _write_pdf,
}


def _errors_only(error: Exception) -> str:
    """The diagnostic without its warnings: a font that an office has not installed is no error."""
    diagnostic = str(getattr(error, "diagnostic", "") or error)
    return diagnostic[max(diagnostic.find("error:"), 0) :].strip()


def _place_templates(folder: Path, settings: dict[str, Any]) -> None:
    """The engine's frames beside the theme's partials, which Pandoc looks for next to a template."""
    place = folder / _TEMPLATES
    place.mkdir()
    partials = [name for made in settings["format"].values() for name in made.get("template-partials") or ()]
    for template in (*RESOURCES.glob("page.*"), *(folder / name for name in partials)):
        link(template, place / template.name)


def _filters(folder: Path, declared: Sequence[str | dict[str, str]]) -> list[Path]:
    """Filters in the order of Quarto: those of the theme, the numbering of figures, those declared to run after it."""
    early = [folder / name for name in declared if isinstance(name, str)]
    return [*early, RESOURCES / "crossref.lua", *(folder / one["path"] for one in declared if isinstance(one, dict))]


def _front_matter(text: str) -> dict[str, Any]:
    if not text.startswith("---\n"):
        return {}
    return read_yaml(text[4:].partition("\n---")[0]) or {}
