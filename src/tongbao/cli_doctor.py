"""What this machine has of what tongbao works with: ``tongbao doctor``."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer
from rich.cells import cell_len
from rich.markup import escape
from rich.table import Table

from tongbao.basics.errors import TongbaoError, UsageError
from tongbao.cli_output import FEW, out, print_json, wrapped

if TYPE_CHECKING:
    from tongbao.definition.project import Project

_COLOURS = {"ok": "green", "missing": "yellow", "broken": "red"}
_NEEDED_MB = 100
_MB = 2**20
# A pin of a lock: a distribution, its version, and for which systems.
_PIN = re.compile(r"^([\w.-]+==[^\s;]+(?: ; [^\\\n]+)?)", re.MULTILINE)
_HAN = re.compile(r"[⺀-鿿豈-﫿\U00020000-\U000323af]")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


class Check(NamedTuple):
    """What was looked at; ``cost`` says what is not to be had where it is missing or broken."""

    name: str
    state: Literal["ok", "missing", "broken"]
    found: str
    cost: str = ""


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Write what was found as JSON.")] = False) -> None:
    """Look at Python, packages, programs, fonts, disk and project; exit 3 if something that a build needs is broken.

    What is missing is named with what its absence costs. Nothing is changed.
    """
    checks = list(_examine())
    broken = sum(check.state == "broken" for check in checks)
    if as_json:
        print_json([check._asdict() for check in checks])
    else:
        _print(checks)
        missing = sum(check.state == "missing" for check in checks)
        out.print(f"{broken} broken, {missing} missing, of {len(checks)} looked at")
    if broken:
        raise typer.Exit(3)


def _print(checks: list[Check]) -> None:
    table = Table.grid(padding=(0, 2))
    states, names = ([out.tell(one) for one in column] for column in zip(*(c[1::-1] for c in checks), strict=True))
    room = out.width - max(map(cell_len, states)) - max(map(cell_len, names)) - 4
    for check, state, name in zip(checks, states, names, strict=True):
        said = [line for text in check.found.splitlines() for line in wrapped(out.tell(text), room)]
        cost = wrapped(out.tell(check.cost), room) if check.state != "ok" else []
        text = "\n".join([*map(escape, said), *(f"[dim]{escape(line)}[/]" for line in cost)])
        table.add_row(f"[{_COLOURS[check.state]}]{state}[/]", name, text)
    out.print(table, soft_wrap=False)


def _examine() -> Iterator[Check]:
    """Every check."""
    from tongbao.definition.project import Project

    try:
        project = Project.find()
    except UsageError:
        project = None
    yield _python()
    if project is not None:
        yield _packages(project.root / "requirements.lock")
    yield _works("Pandoc", _pandoc, "no page and no Word file can be made")
    yield _works("Typst", _typst, "no PDF can be made")
    yield _program("Quarto", "nothing is lost: the embedded engine makes the same documents", ("quarto",), "--version")
    yield _program("Chromium", "tests that look at pages are skipped; no build needs it", _CHROMIUM, "--version")
    yield _program("Git", "nothing can be published into a branch", ("git",), "--version")
    yield _program("ssh-keygen", "approvals cannot be signed, nor signatures verified", ("ssh-keygen",))
    yield _encoding()
    if project is None:
        cost = "nothing can be built here: change to a project's folder"
        yield Check("project folder", "missing", f"no project in {Path.cwd()}", cost)
        return
    yield from _fonts(project)
    yield _disk(project.root)
    yield _writing(project)
    yield _series(project)


def _python() -> Check:
    enough = sys.version_info >= (3, 11)
    found = f"{platform.python_version()}, {sys.executable}"
    return Check("Python", "ok" if enough else "broken", found, "Python 3.11 or newer is needed")


def _packages(lock: Path) -> Check:
    """What is installed against what the lock pins for this system."""
    from packaging.requirements import Requirement

    if not lock.is_file():
        cost = "nobody knows with which packages the same bytes come out"
        return Check("packages", "missing", f"no {lock.name}", cost)
    pins = [Requirement(line) for line in _PIN.findall(lock.read_text("utf-8"))]
    pins = [pin for pin in pins if pin.marker is None or pin.marker.evaluate()]
    absent, other = [], []
    for pin in pins:
        try:
            installed = version(pin.name)
        except PackageNotFoundError:
            absent.append(pin.name)
        else:
            if not pin.specifier.contains(installed, prereleases=True):
                other.append(f"{pin.name} {installed}")
    if absent:
        return Check("packages", "broken", f"not installed: {_few(absent)}", "make setup installs what the lock pins")
    if other:
        cost = "bytes may differ from those of other machines; make setup installs what the lock pins"
        return Check("packages", "missing", f"other than {lock.name} pins: {_few(other)}", cost)
    return Check("packages", "ok", f"{len(pins)}, as {lock.name} pins them")


def _few(names: list[str]) -> str:
    return ", ".join(names[:FEW]) + (" …" if len(names) > FEW else "")


def _works(name: str, run: Callable[[], str], cost: str) -> Check:
    try:
        return Check(name, "ok", run())
    except Exception as error:  # noqa: BLE001  # whatever stops it
        return Check(name, "broken", str(error), cost)


def _pandoc() -> str:
    from tongbao.render.base import run_program
    from tongbao.render.pandoc import pandoc_program

    return (
        run_program("pandoc", [pandoc_program(), "--version"], Path.cwd(), {}, 60)
        .splitlines()[0]
        .removeprefix("pandoc ")
    )


def _typst() -> str:
    import typst

    typst.compile(b"A")
    return version("typst")


def _program(name: str, cost: str, programs: tuple[str, ...], *asked: str) -> Check:
    """A program that no build needs, and its version."""
    path = next(filter(None, map(shutil.which, programs)), None)
    if path is None:
        return Check(name, "missing", f"{programs[0]} is not on PATH", cost)
    if not asked:
        return Check(name, "ok", path)
    try:
        said = subprocess.run([path, *asked], capture_output=True, timeout=60, check=True).stdout
    except (OSError, subprocess.SubprocessError) as error:
        return Check(name, "missing", f"{path} does not run: {error}", cost)
    return Check(name, "ok", f"{said.decode(errors='replace').strip().splitlines()[0]}, {path}")


def _encoding() -> Check:
    encoding = sys.stdout.encoding
    fits = encoding.lower() == sys.getfilesystemencoding() == "utf-8"
    cost = "characters that it lacks are shown as ?; set LANG to zh_CN.UTF-8 or C.UTF-8"
    return Check("encoding", "ok" if fits else "missing", f"{encoding}, files {sys.getfilesystemencoding()}", cost)


def _fonts(project: Project) -> Iterator[Check]:
    """The faces of official documents, and whether the fonts at hand hold all that the project writes."""
    from tongbao.display.fonts import assemble_fonts, characters, find_fonts, substituted_faces

    with tempfile.TemporaryDirectory(prefix="tongbao-") as folder:
        assemble_fonts(project.root, Path(folder))
        substituted = substituted_faces(project.root, Path(folder))
    found = "\n".join(f"{', '.join(faces)}: not at hand, {used} stands in" for used, faces in substituted.items())
    cost = "the PDF is not in the faces of GB/T 9704-2012; fonts/README.md says where they go"
    yield Check("faces", "missing" if found else "ok", found or "all at hand", cost)

    written = {character for path in _texts(project) for character in _HAN.findall(path.read_text("utf-8", "replace"))}
    lacking = sorted(written - {chr(code) for path in find_fonts(project.root) for code in characters(path)})
    cost = "the PDF shows boxes in their place; put a font that holds them into fonts/"
    said = f"no font holds {_few([f'{one} (U+{ord(one):04X})' for one in lacking])}"
    yield Check(
        "characters", "missing" if lacking else "ok", said if lacking else f"all {len(written)} are in the fonts", cost
    )


def _texts(project: Project) -> Iterator[Path]:
    """Where the project's words stand: definitions, texts, and what was built of the figures."""
    for pattern in ("reports/*/*.yml", "reports/*/*.md", "data/raw/*/*/*.csv", "data/processed/*/*/findings.json"):
        yield from project.root.glob(pattern)


def _disk(root: Path) -> Check:
    places = {path.stat().st_dev: path for path in (Path(tempfile.gettempdir()), root)}.values()
    free = {path: shutil.disk_usage(path).free // _MB for path in places}
    found = ", ".join(f"{count} MB free in {path}" for path, count in free.items())
    cost = f"a build needs room for what it makes: {_NEEDED_MB} MB"
    return Check("disk", "ok" if min(free.values()) >= _NEEDED_MB else "broken", found, cost)


def _writing(project: Project) -> Check:
    places = [
        project.root,
        *(project.root / name for name in (".tongbao", "_site", "_review", "data/processed", "reports")),
    ]
    closed = [str(path) for path in places if path.exists() and not os.access(path, os.W_OK)]
    found = f"not writable: {', '.join(closed)}" if closed else f"{project.root} is writable"
    return Check("writing", "broken" if closed else "ok", found, "a build writes there")


def _series(project: Project) -> Check:
    faults = []
    for name in project.series_names:
        try:
            project.get_series(name)
        except TongbaoError as error:
            faults.append(error.told(out.lang, out.tell))
    found = "\n".join(faults) or f"{len(project.series_names)} load: {_few(project.series_names)}"
    return Check("definitions", "broken" if faults else "ok", found, "their bulletins cannot be built")
