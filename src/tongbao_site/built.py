"""The site of a project: what it is made from, whether it is up to date, the notebook of its index."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from tongbao.basics.errors import Original, UsageError
from tongbao.build.build import outlived
from tongbao.build.hashes import Hashes
from tongbao.build.install import alone, installing
from tongbao.bulletin.manifest import FILE, code_hash, read_manifest
from tongbao.definition.files import read_kept, write_whole
from tongbao.definition.project import Project
from tongbao.display.mime import Display, Part
from tongbao_site.entry import RECORDS, Entry, read_entries, read_entry
from tongbao_site.frame import HEAD, Frame
from tongbao_site.make import Site, dated, own_code
from tongbao_site.pages import ROOT, index_page, load_templates
from tongbao_site.tables import read_ahead

_INDEX = "index.ipynb"
STATE = "site.json"
_BUILT: dict[tuple[int, ...], str | None] = {}
"""What this process has read of manifests."""


@dataclass(frozen=True)
class Pages:
    """The pages around the bulletins: index, series, units, tables of all periods, feeds.

    Only bulletins that stand as they were built are listed. The index also goes into ``index.ipynb``, as if its
    notebook had been run, so that a bare ``quarto render`` finds it.

    Arguments:
        search: make the index of the search, too.
        force: even if nothing has changed.
    """

    search: bool = False
    force: bool = False

    def reasons(self, project: Project) -> list[str]:
        """Why they are out of date; none when they are up to date."""
        hashes = Hashes(project)
        key, searched = _key(project, _records(project, hashes), hashes), self._searched(project, hashes)
        return self._reasons(project, key, searched, hashes)

    def prepare(self, project: Project, coming: Collection[str]) -> None:
        """Read what stands, while bulletins are made."""
        load_templates()
        entries = _entries(project, _records(project, Hashes(project)))
        series = {name.partition("@")[0] for name in coming}
        read_ahead(project.site, [one for one in entries if one.series in series and one.id not in coming])

    def read(self, project: Project, record: Path, digest: str) -> None:
        """Read one that was made."""
        read_entry(record, digest, project.work / "site" / RECORDS)

    def make(self, project: Project) -> list[Path]:
        """Bring them up to date; returns the files written.

        Raises:
            ToolError: a program failed.
        """
        hashes = Hashes(project)
        records = list(_records(project, hashes))
        key, searched = _key(project, records, hashes), self._searched(project, hashes)
        if not self._reasons(project, key, searched, hashes):
            return []
        site = Site(project.site, Frame(project), project.work / "site")
        entries = _entries(project, records)
        written = site.make(entries, search=self.search)
        _write_index(project, entries)
        for path in (*written, project.built / _INDEX):
            hashes.forget(project.name(path))
        names = sorted(project.name(path) for path in (*site.own(), project.built / _INDEX))
        state = {"key": key, "search": searched, "outputs": {name: hashes.of(name) for name in names}}
        write_whole(project.built / ".tongbao" / STATE, json.dumps(state))
        hashes.save()
        return written

    def _searched(self, project: Project, hashes: Hashes) -> str:
        """What the search is made from, in one hash: the bulletins' pages, whose own text is in no record."""
        found = (path for path in dated(project.site) if path.endswith(".html")) if self.search else ()
        pages = [project.name(Path(path)) for path in found]
        return sha256(repr([(name, hashes.of(name)) for name in pages]).encode()).hexdigest() if self.search else ""

    def _reasons(self, project: Project, key: str, searched: str, hashes: Hashes) -> list[str]:
        if not (known := read_kept(project.work / STATE)):
            return ["never built"]
        outputs = known.get("outputs")
        if self.force or known.get("key") != key or (searched and known.get("search") != searched) or not outputs:
            return ["bulletins or theme changed"]
        now = {name: hashes.of(name) for name in outputs}
        gone = [f"{name} is missing" for name, digest in now.items() if digest is None]
        changed = {name for name, digest in outputs.items() if now[name] not in (None, digest)}
        return gone + [f"{name} was changed after the build" for name in sorted(changed)]


def update_site(project: Project, pages: Pages | None = None) -> list[Path]:
    """Take out what is gone and bring the pages around the bulletins up to date; returns the files written."""
    with alone(project):
        gone, pages = [project.name(path) for path in outlived(project)], pages or Pages()
        if not gone and not pages.reasons(project):
            return []
        with installing(project, gone=gone) as coming:
            written = [coming.name(path) for path in pages.make(coming)]
    return [project.root / name for name in written]


def list_bulletins() -> Display:
    """The index as its notebook shows it: every bulletin that stands as built, latest first."""
    project = Project.find()
    return _shown(project, _entries(project, _records(project, Hashes(project))))


def _records(project: Project, hashes: Hashes) -> Iterator[tuple[Path, str]]:
    """The records of bulletins that stand as built, or that were run by hand, with their hashes."""
    for path in sorted((project.built / "data" / "processed").glob("*/*/findings.json")):
        name = project.name(path)
        digest = hashes.of(name)
        if digest and _built(path.parent, name) in (digest, None):
            yield path, digest


def _built(folder: Path, name: str) -> str | None:
    """The hash of a file as it was built; ``None`` where the folder has no manifest."""
    try:
        stat = (folder / FILE).stat()
    except OSError:
        return None
    sign = stat.st_dev, stat.st_ino, stat.st_mtime_ns, stat.st_size
    if sign not in _BUILT:  # a manifest is replaced, never written into
        manifest = read_manifest(folder)
        _BUILT[sign] = None if manifest is None else manifest.outputs.get(name, "")
    return _BUILT[sign]


def _key(project: Project, found: Iterable[tuple[Path, str]], hashes: Hashes) -> str:
    """What the site's pages are made from, in one hash."""
    digest = sha256(f"{code_hash()} {own_code()}".encode())
    files = [
        project.root / "_quarto.yml",
        project.root / "notebooks" / _INDEX,
        *(path for path, _ in found),
        *(path for path in (project.root / "theme").rglob("*") if path.is_file()),
    ]
    for name in sorted(project.name(path) for path in files):
        digest.update(f"{name} {hashes.of(name)}\n".encode())
    site = str(project.site)
    beside = [path.removeprefix(site) for path in dated(project.site)]  # tens of thousands
    return sha256(f"{digest.hexdigest()} {beside}".encode()).hexdigest()


def _entries(project: Project, records: Iterable[tuple[Path, str]]) -> list[Entry]:
    return read_entries(records, project.work / "site" / RECORDS)


def _shown(project: Project, entries: Iterable[Entry]) -> Display:
    in_chinese = [entry for entry in entries if "zh" in entry.languages]
    page = index_page(in_chinese, "zh", project.site, alone=True, shown={})
    return Display.of(Part.web(f"{HEAD.replace(ROOT, '.')}{page.body}"))


def _write_index(project: Project, entries: Iterable[Entry]) -> None:
    """Put the index into its notebook, as running it would; the library for notebooks is slow to load.

    Raises:
        UsageError: it is none.
    """
    shown = [
        {"output_type": "display_data", "data": part.content, "metadata": {}} for part in _shown(project, entries).parts
    ]
    try:
        notebook = json.loads((project.root / "notebooks" / _INDEX).read_bytes())
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code" and "".join(cell["source"]).rstrip().endswith("list_bulletins()"):
                cell["outputs"] = shown
    except (OSError, ValueError, LookupError, TypeError) as error:
        hint, found = "save it again in JupyterLab, or take the last good version", Original(str(error))
        raise UsageError(
            "not a notebook that can be read", place=f"notebooks/{_INDEX}", found=found, hint=hint
        ) from None
    write_whole(project.built / _INDEX, json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
