"""The embedded engine: Pandoc and Typst from PyPI on the same notebooks, configuration and theme as Quarto."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

import pypandoc
import typst
import yaml

from tongbao.basics.errors import ToolError
from tongbao.render.base import RenderJob
from tongbao.render.notebook_markdown import notebook_markdown

_RESOURCES = Path(str(files("tongbao.render") / "resources"))
_TEMPLATES = "_templates"
_READER = "markdown-auto_identifiers+east_asian_line_breaks"
TIMEOUT_SECONDS = 300


class EmbeddedRenderer:
    """Pandoc makes HTML, DOCX and Typst markup; Typst sets the PDF. Needs nothing outside PyPI."""

    name = "embedded"

    def versions(self) -> dict[str, str]:
        """Pandoc's and Typst's versions."""
        return {"pandoc": _pandoc_version(), "typst": version("typst")}

    def render(self, folder: Path, jobs: Sequence[RenderJob], done: Callable[[Path], None]) -> None:
        """Render every job and format; see ``Renderer.render``."""
        try:
            settings = yaml.safe_load((folder / "_quarto.yml").read_text("utf-8"))
        except yaml.YAMLError as error:
            raise ToolError(f"not valid YAML: {error}", place="_quarto.yml") from None
        site = folder / "_site"
        for pattern in (*settings["project"].get("resources", []), settings["format"]["html"]["css"]):
            for resource in folder.glob(pattern):
                target = site / resource.relative_to(folder)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(resource.read_bytes())
        _place_templates(folder, settings)
        tasks = [(job, name) for job in jobs for name in job.formats]
        with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
            for path in pool.map(lambda task: _render_one(folder, settings, *task), tasks):
                done(path)


def _render_one(folder: Path, settings: dict[str, Any], job: RenderJob, name: str) -> Path:
    source = folder / job.notebook
    page = job.notebook.with_suffix(f".{name}")
    output = folder / "_site" / page
    output.parent.mkdir(parents=True, exist_ok=True)
    # Each format has a place of its own: formats are made side by side, and each writes its images.
    place = source.with_suffix(f".{name}-files")
    place.mkdir()
    match name:
        case "html":
            _write_html(folder, settings, source, output, place, job)
        case "docx":
            reference = folder / settings["format"]["docx"]["reference-doc"]
            arguments = ["--output", str(output), f"--reference-doc={reference}"]
            _pandoc(folder, settings, "docx", _markdown(source, "docx", place), arguments, place, job)
        case _:
            _write_pdf(folder, settings, source, output, place, job)
    return page


def _write_html(
    folder: Path, settings: dict[str, Any], source: Path, output: Path, place: Path, job: RenderJob
) -> None:
    options = settings["format"]["html"]
    root = "/".join([".."] * (len(job.notebook.parts) - 1)) or "."
    arguments = [
        "--standalone",
        f"--template={folder / _TEMPLATES / 'page.html'}",
        f"--variable=site-title={settings['website']['title']}",
        f"--variable=site-lang={settings.get('lang', 'zh')}",
        f"--variable=css={root}/{options['css']}",
        "--section-divs",
        "--email-obfuscation=none",
        "--wrap=none",
    ]
    for item in settings["website"].get("navbar", {}).get("left", []):
        arguments.append(f"--variable=nav-text={item['text']}")
        arguments.append(f"--variable=nav-href={root}/{Path(item['href']).with_suffix('.html').as_posix()}")
    text = _markdown(source, "html", place)
    front_matter = _front_matter(text)
    arguments.append(f"--variable=toc-title={front_matter.get('toc-title', settings.get('toc-title', ''))}")
    if front_matter.get("format", {}).get("html", {}).get("toc", options.get("toc")):
        arguments += ["--toc", f"--toc-depth={options.get('toc-depth', 3)}"]
    page = _pandoc(folder, settings, "html", text, arguments, place, job)
    output.write_text(page, "utf-8", newline="\n")


def _write_pdf(folder: Path, settings: dict[str, Any], source: Path, output: Path, place: Path, job: RenderJob) -> None:
    options = settings["format"]["typst"]
    arguments = ["--standalone", f"--template={folder / _TEMPLATES / 'page.typ'}", "--wrap=none"]
    markup = _pandoc(folder, settings, "typst", _markdown(source, "typst", place), arguments, place, job)
    # Beside its images.
    typ = place / "page.typ"
    typ.write_text(markup, "utf-8")
    try:
        typst.compile(
            str(typ),
            output=str(output),
            root=str(folder),
            font_paths=[str(folder / options["font-paths"])],
            ignore_system_fonts=True,
            timestamp=job.timestamp,
        )
    except typst.TypstError as error:
        raise ToolError(f"typst could not set {job.notebook}", found=_errors_only(error)) from None


def _errors_only(error: typst.TypstError) -> str:
    """The diagnostic without its warnings: a font that an office has not installed is no error."""
    diagnostic = str(getattr(error, "diagnostic", "") or error)
    return diagnostic[max(diagnostic.find("error:"), 0) :].strip()


def _markdown(source: Path, target: str, folder: Path) -> str:
    markdown = notebook_markdown(source, target)
    for name, data in markdown.files.items():
        (folder / name).write_bytes(data)
    return markdown.text


def _pandoc(
    folder: Path, settings: dict[str, Any], target: str, text: str, arguments: list[str], cwd: Path, job: RenderJob
) -> str:
    options = settings["format"].get(target) or {}
    shift = options.get("shift-heading-level-by", 0)
    # A page's own language goes before the project's; on Pandoc's command line it would not.
    language = [] if _front_matter(text).get("lang") else [f"--metadata=lang:{settings.get('lang', 'zh')}"]
    command = [
        pypandoc.get_pandoc_path(),
        f"--from={_READER}",
        f"--to={target}",
        f"--shift-heading-level-by={shift}",
        *language,
        f"--lua-filter={_RESOURCES / 'crossref.lua'}",
        *(f"--lua-filter={folder / name}" for name in settings.get("filters", [])),
        *arguments,
    ]
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(job.timestamp)}
    try:
        finished = subprocess.run(command, input=text.encode(), cwd=cwd, env=environment, capture_output=True,
                                  timeout=TIMEOUT_SECONDS, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        raise ToolError(f"pandoc took longer than {TIMEOUT_SECONDS} s for {job.notebook}") from None
    if finished.returncode != 0:
        said = finished.stderr.decode(errors="replace").strip()
        raise ToolError(f"pandoc failed on {job.notebook} with exit code {finished.returncode}", found=said)
    return finished.stdout.decode()


def _place_templates(folder: Path, settings: dict[str, Any]) -> None:
    """The engine's frames beside the theme's partials, which Pandoc looks for next to a template."""
    place = folder / _TEMPLATES
    place.mkdir()
    for target, name in (("html", "page.html"), ("typst", "page.typ")):
        (place / name).write_bytes((_RESOURCES / name).read_bytes())
        for partial in settings["format"][target].get("template-partials", []):
            (place / Path(partial).name).write_bytes((folder / partial).read_bytes())


def _front_matter(text: str) -> dict[str, Any]:
    if not text.startswith("---\n"):
        return {}
    return yaml.safe_load(text[4:].partition("\n---")[0]) or {}


@cache
def _pandoc_version() -> str:
    return str(pypandoc.get_pandoc_version())
