"""A copy of the project, built once for all tests that read rendered pages.

What takes long to import is imported by the fixture that needs it: the process that only hands out tests needs none.
"""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from filelock import FileLock
from hypothesis import settings

from demo import ID, WHY, write_demo
from tongbao.cli_output import err, out
from tongbao.definition.project import Project

ROOT = Path(__file__).resolve().parents[1]
PARTS = ("_quarto.yml", "requirements.lock", "theme", "notebooks", "reports", "data/raw", "fonts")
# What `site` holds: the two documents that are held to their source.
CIRCULARS = ("wenzhou-monthly", "taizhou-andun")
_POLICY = """
document.addEventListener("securitypolicyviolation", (found) =>
  console.log(`policy ${found.violatedDirective} ${found.blockedURI} on ${location.href}: ${found.sample}`));
"""
settings.register_profile("quick", max_examples=40, derandomize=True, deadline=None)  # the same verdict each time
settings.register_profile("thorough", max_examples=150, deadline=None)
settings.load_profile("quick")
TIMEOUT = 1800  # seconds; only against a command that never ends

MISSING = {
    "quarto": (("quarto",), "quarto is not on PATH"),
    "soffice": (("soffice", "libreoffice"), "LibreOffice is not installed"),
    "chromium": (("chromium", "chromium-browser", "google-chrome"), "Chromium is not installed"),
}


def find_program(marker: str) -> str | None:
    return next(filter(None, map(shutil.which, MISSING[marker][0])), None)


def pytest_configure():
    """Commands that tests start can be interrupted, also where the tests run behind a shell that ignores Ctrl-C.

    Git and the command follow no settings of this machine, and what it says in this process is not folded.
    """
    out.width = err.width = 200
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for name in [name for name in os.environ if name.startswith(("LANG", "LC_"))]:
        del os.environ[name]
    os.environ |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LANG": "C.UTF-8"}


def pytest_terminal_summary(terminalreporter):
    """The figures that a test has recorded are told, in whichever process it ran."""
    for report in terminalreporter.getreports("passed"):
        for name, figures in report.user_properties:
            terminalreporter.write_line(f"{name}: {figures}")


def pytest_collection_modifyitems(items):
    """Tests that need a program which is not there are skipped, and say which one."""
    for item in items:
        for marker, (_, reason) in MISSING.items():
            if item.get_closest_marker(marker) and find_program(marker) is None:
                item.add_marker(pytest.mark.skip(reason=reason))  # cannot run without it; -rs lists which is missing


def copy_project(target: Path, *series: str) -> Path:
    """The project's sources without anything built; with those of some series only, or of all."""
    built = shutil.ignore_patterns("*.ipynb_checkpoints")
    for part in PARTS:
        source, copy = ROOT / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, copy, ignore=built)
        else:
            shutil.copy2(source, copy)
    for executed in target.glob("reports/*/*.ipynb"):
        executed.unlink()
    for part in ("reports", "data/raw"):
        for folder in (target / part).iterdir():
            if series and folder.is_dir() and folder.name not in series:
                shutil.rmtree(folder)
    return target


def edit(path: Path, old: str, new: str) -> None:
    """Replace the first of some words in a file; they must be there."""
    text = path.read_text("utf-8")
    assert old in text, old
    path.write_text(text.replace(old, new, 1), "utf-8")


def sums(project):
    """SHA-256 of every file but what a build remembers for itself."""
    paths = {path.relative_to(project).as_posix(): path for path in project.rglob("*") if path.is_file()}
    kept = {name: path for name, path in paths.items() if not name.startswith(".")}
    return {name: sha256(path.read_bytes()).hexdigest() for name, path in kept.items()}


def bare_project(folder, *, to_build=False):
    """A project without any series."""
    for name in ("reports", "notebooks", "data/raw"):
        (folder / name).mkdir(parents=True)
    shutil.copy2(ROOT / "_quarto.yml", folder / "_quarto.yml")
    if to_build:
        shutil.copy2(ROOT / "requirements.lock", folder / "requirements.lock")
        shutil.copy2(ROOT / "notebooks/index.ipynb", folder / "notebooks/index.ipynb")
        for name in ("theme", "fonts"):
            shutil.copytree(ROOT / name, folder / name)
    return folder


def tongbao(
    project: Path, *arguments: str, path: str | None = None, code: int | None = 0, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run the command in a project; ``code`` is the exit code it must end with.

    It runs in this process, as a preview builds again and again: what it needs is loaded once. With a PATH or an
    environment of its own it has a process of its own.
    """
    if path or env:
        environment = os.environ | {"COLUMNS": "200"} | ({"PATH": path} if path else {}) | (env or {})
        finished = subprocess.run(
            [sys.executable, "-m", "tongbao", *arguments],
            cwd=project,
            env=environment,
            capture_output=True,
            text=True,
            timeout=TIMEOUT,
            check=False,
        )
    else:
        finished = _here(project, arguments)
    if code is not None:
        assert finished.returncode == code, finished.stdout + finished.stderr
    return finished


def _here(project: Path, arguments: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    from tongbao.cli import main

    told, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
    with (
        chdir(project),
        patch.object(sys, "argv", ["tongbao", *arguments]),
        redirect_stdout(told),
        redirect_stderr(errors),
        patch.object(out, "lang", out.lang),
        patch.object(err, "lang", err.lang),
        pytest.raises(SystemExit) as end,
    ):
        main()
    said = (stream.buffer.getvalue().decode() for stream in (told, errors))
    return subprocess.CompletedProcess(arguments, int(end.value.code or 0), *said)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A fresh copy of the project that a test may change."""
    return copy_project(tmp_path / "project")


def built_once(
    tmp_path_factory,
    name: str,
    *arguments: str,
    series: tuple[str, ...] = (),
    prepare: Callable[[Path], None] | None = None,
) -> Path:
    """A project built once, shared by all test processes; tests must not change it. ``prepare`` adds to its sources."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    target = shared / name
    with FileLock(f"{target}.lock"):
        if not (target / ".done").exists():
            copy_project(target, *series)
            if prepare is not None:
                prepare(target)
            tongbao(target, "build", *arguments, "--engine", "quarto" if name == "quarto" else "embedded")
            (target / ".done").touch()
    return target


def review_page(project: Path, series: str, edition: str) -> Path:
    """The page for a bulletin's reviewers in a built project that tests share; all editions are made once."""
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao_review.page import write_pages
    from tongbao_review.subject import Subject

    path = project / "_review" / series / f"{edition}.html"
    with FileLock(f"{project}.review.lock"):
        if not path.exists():
            bulletin = Bulletin.open(Project(project), series, edition.partition(".")[0], {})
            write_pages(Subject.of(bulletin, ""))
    return path


@pytest.fixture(scope="session")
def site(tmp_path_factory) -> Path:
    """The two source circulars built with the embedded engine; TONGBAO_BUILT names a project where they are built."""
    built = os.environ.get("TONGBAO_BUILT")
    return Path(built) if built else built_once(tmp_path_factory, "embedded", series=CIRCULARS)


@pytest.fixture
def built(site, tmp_path) -> Path:
    """A copy of the built circulars that a test may change."""
    return Path(shutil.copytree(site, tmp_path / "built", symlinks=True))


@pytest.fixture(scope="session")
def whole(tmp_path_factory) -> Path:
    """Circulars and the hotline's three months as pages, with search, at an address."""
    from tongbao_site.built import Pages, update_site

    def with_address(target: Path) -> None:
        for series in ("wenzhou-monthly", "taizhou-andun"):
            edit(
                target / f"reports/{series}/series.yml",
                "authority:",
                "site: https://tongbao.example/office\nauthority:",
            )
        edit(
            target / "reports/hotline-monthly/series.yml",
            "site: https://example.org/tongbao/",
            "site: https://tongbao.example/office",
        )

    series = ("wenzhou-monthly", "taizhou-andun", "hotline-monthly")
    project = built_once(tmp_path_factory, "whole", "--format", "html", series=series, prepare=with_address)
    with FileLock(f"{project}.site.lock"):
        update_site(Project(project), Pages(search=True))
    return project


@pytest.fixture(scope="session")
def assessment_site(tmp_path_factory) -> Path:
    """The page of a year's assessment that has another to compare with."""
    return built_once(tmp_path_factory, "assessment", "assessment@2021", "--format", "html", series=("assessment",))


@pytest.fixture(scope="session")
def records_site(site, tmp_path_factory) -> Path:
    """The circulars with Wenzhou's counted from made-up case records beside them, as a page and on paper."""

    def beside_the_circulars(target: Path) -> None:
        for part in ("reports/wenzhou-records", "data/raw/wenzhou-records"):
            shutil.copytree(ROOT / part, target / part)
        for part in ("_site", "data/processed"):
            shutil.copytree(site / part, target / part, dirs_exist_ok=True)

    arguments = ("wenzhou-records", "--format", "html,pdf")
    return built_once(tmp_path_factory, "records", *arguments, series=CIRCULARS, prepare=beside_the_circulars)


@pytest.fixture(scope="session")
def demo_site(tmp_path_factory) -> Path:
    """A made-up series that compares with summed periods and counts faults."""
    return built_once(tmp_path_factory, "demo", "demo@2021-q2", series=("demo",), prepare=write_demo)


@pytest.fixture
def demo(demo_site, tmp_path) -> Path:
    """The made-up series as built, to be changed."""
    target = tmp_path / "demo"
    for part in ("_quarto.yml", "reports", "data", "_site/reports", "notebooks"):
        source, copy = demo_site / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
    return target


of_story = pytest.mark.xdist_group("story")  # what they look at is made once


@pytest.fixture(scope="session")
def story(demo_site, tmp_path_factory) -> SimpleNamespace:
    """A bulletin approved and published, one raw figure changed, reviewed, approved again, its correction published."""
    place = tmp_path_factory.mktemp("story")
    project = shutil.copytree(demo_site, place / "project", symlinks=True)
    site = place / "site"

    def run(*arguments, code=0):
        done = tongbao(project, *arguments, code=code)
        return done.stdout + done.stderr

    told = SimpleNamespace(project=project, site=site, run=run)
    told.refused = run("publish", str(site), code=1)
    run("approve", ID, "--by", "王芳")
    told.first = run("publish", str(site))
    shutil.copytree(site, place / "first")
    told.again = run("publish", str(site))
    told.index_again = (site / "index.html").stat().st_ino
    edit(project / "data/raw/demo/2021-q2/work.csv", "300,33,9.9", "300,33,10.9")
    told.fallen = run("publish", str(site), code=1)
    told.review = run("review", ID, "--engine", "embedded")
    told.status = run("status", "demo")
    told.rebuilt = run("publish", str(site), "demo", code=1)
    run("approve", ID, "--by", "王芳")
    told.without_note = run("publish", str(site), code=1)
    told.before = shutil.copytree(site, place / "before")
    told.second = run("publish", str(site), "--note", WHY)
    told.old_site = place / "first"
    return told


@pytest.fixture(scope="session")
def quarto_site(tmp_path_factory) -> Path:
    """The project built with Quarto."""
    return built_once(tmp_path_factory, "quarto", series=CIRCULARS)


@contextmanager
def served_site(folder: Path) -> Iterator[str]:
    """The address of a folder on a local server."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, directory=str(folder), **options)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()  # which ends without delay
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def served(whole, tmp_path_factory):
    """The address of the site on a local server, below the path that its series declare."""
    root = tmp_path_factory.mktemp("served")
    (root / "office").symlink_to(whole / "_site")
    with served_site(root) as address:
        yield f"{address}office/"


def _wait_for_function(page: Any, expression: str, *, timeout: float = 30_000) -> None:
    """Wait until an expression holds; Playwright's own has the page evaluate a string, which its policy forbids."""
    for _ in range(int(timeout / 50)):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"never so: {expression}")


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium, with what its pages did against their policy, and the clearing of what they stored.

    While Playwright waits for its next call, its event loop is not the running one: other tests run their own.
    """
    from playwright.sync_api import Error, Page, sync_playwright

    Page.wait_for_function = _wait_for_function
    against, left = [], {}

    def new_context(**options):
        context = made(**options)
        context.add_init_script(_POLICY)
        context.on("console", lambda said: against.append(said.text) if said.text.startswith("policy") else None)
        return context

    def new_page(*, viewport=None, color_scheme=None, **options):
        closed = left.setdefault(repr(options), [])
        page = closed.pop() if closed else lasting(new_context(**options).new_page(), closed)
        page.set_viewport_size(viewport or {"width": 1280, "height": 720})
        page.emulate_media(media="null", color_scheme=color_scheme or "light")
        return page

    def lasting(page, closed):
        listen, heard = page.on, []

        def on(event, handler):
            heard.append((event, handler))
            listen(event, handler)

        def close():
            while heard:
                page.remove_listener(*heard.pop())
            page.mouse.move(0, 0)
            try:
                page.goto("about:blank")
            except Error:  # it was just loading itself anew, as a preview's pages do
                page.goto("about:blank")
            closed.append(page)

        page.on, page.close = on, close
        return page

    def forget():
        for page in (page for closed in left.values() for page in closed):
            page.context.clear_cookies()
            line = page.context.new_cdp_session(page)
            # What is served has an address of its own each time.
            line.send("Storage.clearDataForOrigin", {"origin": "file://", "storageTypes": "all"})
            line.detach()

    # Whoever draws in this process has no fonts of the machine; a browser needs some.
    fonts = {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}
    with sync_playwright() as playwright:
        path = find_program("chromium")
        program = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"], env=fonts)
        made, program.new_page, program.new_context = program.new_context, new_page, new_context
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        yield SimpleNamespace(program=program, loop=loop, against=against, forget=forget)
        asyncio._set_running_loop(loop)
        program.close()


@pytest.fixture(scope="module")
def browser(chromium):
    """A headless Chromium; no page that a test opens in it may go against its own content-security policy.

    A page that a test has closed is blank and the next one's, with all that it has stored, which tests of another
    module do not find: to make one takes longer than to look at it. A test that must not find anything stored has a
    ``new_context``.
    """
    asyncio._set_running_loop(chromium.loop)
    yield chromium.program
    chromium.forget()
    asyncio._set_running_loop(None)
    against = [*chromium.against]
    chromium.against.clear()
    assert not against
