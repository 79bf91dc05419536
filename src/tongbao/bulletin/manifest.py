"""What a bulletin was made from and what came out: the record that says whether it is up to date, and why not."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from tongbao.basics.period import Period
from tongbao.definition.project import Project
from tongbao.reading.received import file_hash
from tongbao.reading.tables import relative

SCHEMA_VERSION = 1
FILE = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """Inputs and outputs by path relative to the project, each with its SHA-256.

    ``code`` is the hash of the package, ``engine`` the renderer and the versions behind it. Two manifests with
    the same inputs, parameters, code and engine have the same outputs, byte for byte.
    """

    series: str
    period: str
    inputs: Mapping[str, str]
    parameters: Mapping[str, str]
    code: str
    engine: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into the period's processed folder."""
        text = json.dumps({"schema": SCHEMA_VERSION, **asdict(self)}, ensure_ascii=False, indent=2) + "\n"
        (folder / FILE).write_text(text, "utf-8", newline="\n")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of the last build, or ``None`` where there is none that can be read."""
    try:
        record: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
        if record.pop("schema") != SCHEMA_VERSION:
            return None
        return Manifest(**record)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def current_manifest(
    project: Project, series: str, period: Period, parameters: Mapping[str, Decimal], engine: Mapping[str, str]
) -> Manifest:
    """The manifest that a build would have now, without its outputs."""
    paths = [
        *project.definitions(series),
        *(project.prose(series, period, lang) for lang in project.get_series(series).languages),
        project.notebook(series),
        project.root / "_quarto.yml",
        project.root / "requirements.lock",
        # Changes are stated against earlier periods: their figures are inputs, too.
        *(
            path
            for received in project.periods(series)
            if any(received.lies_in(span) for span in (period, *period.compared_with()))
            for path in (
                *project.raw(series, received).rglob("*"),
                *project.records(series, received),
                project.facts(series, received),
            )
        ),
        *(path for path in (project.root / "theme").glob("*") if path.name != "vega.js"),
        *((project.root / "fonts").glob("*")),
    ]
    values = {name: format(value.normalize(), "f") for name, value in parameters.items()}
    return Manifest(
        series, str(period), _hashes(project, filter(Path.is_file, paths)), values, code_hash(), dict(engine)
    )


def with_outputs(manifest: Manifest, project: Project, paths: list[Path], previous: Manifest | None) -> Manifest:
    """The manifest after a build of some formats; formats built earlier from the same inputs stay listed."""
    kept = dict(previous.outputs) if previous is not None and not reasons(manifest, previous, project) else {}
    return replace(manifest, outputs=dict(sorted((kept | _hashes(project, paths)).items())))


def reasons(now: Manifest, built: Manifest | None, project: Project, wanted: tuple[str, ...] = ()) -> list[str]:
    """Why a bulletin is out of date, most telling first; empty when it is not.

    Arguments:
        now: what a build would be made from.
        built: what the last build was made from.
        project: to look at the outputs.
        wanted: suffixes (``html``, ``pdf`` …) that must be among the outputs.
    """
    if built is None:
        return ["never built"]
    found = _changed_inputs(now, built)
    for name, before, after in _changed(built.parameters, now.parameters):
        found.append(f"parameter {name}: built with {before}, now {after}")
    if now.code != built.code:
        found.append("tongbao's code changed")
    if dict(now.engine) != dict(built.engine):
        found.append(f"engine: built with {_engine(built.engine)}, now {_engine(now.engine)}")
    found += _changed_outputs(built, project)
    suffixes = {Path(name).suffix[1:] for name in built.outputs}
    return found + [f"{suffix} not built" for suffix in wanted if suffix not in suffixes]


def _changed_inputs(now: Manifest, built: Manifest) -> list[str]:
    return [
        f"{name} {'new' if before is None else 'removed' if after is None else 'changed'}"
        for name, before, after in _changed(built.inputs, now.inputs)
    ]


def _changed(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    """What is not the same in both, by name, with what it was and what it is."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def _changed_outputs(built: Manifest, project: Project) -> list[str]:
    found = []
    for name, digest in built.outputs.items():
        path = project.root / name
        if not path.is_file():
            found.append(f"{name} is missing")
        elif file_hash(path) != digest:
            found.append(f"{name} was changed after the build")
    return found


def changes_since_build(project: Project, series: str, period: Period) -> list[str]:
    """What no longer is as it was built: outputs against their recorded hashes, and inputs against theirs.

    Unlike ``reasons`` this asks nothing of the engine or the code: it is for whoever receives a built bulletin.
    """
    built = read_manifest(project.processed(series, period))
    if built is None:
        return ["never built"]
    parameters = {name: Decimal(value) for name, value in built.parameters.items()}
    now = current_manifest(project, series, period, parameters, built.engine)
    return [*_changed_outputs(built, project), *_changed_inputs(now, built)]


def record_site(project: Project, engine: Mapping[str, str]) -> None:
    """Record what the index and the shared files of the site were made from, and what came out."""
    made = [project.site / "index.html", *(path for path in (project.site / "theme").rglob("*") if path.is_file())]
    current = _current_site(project, engine)
    with_outputs(current, project, made, None).write(project.work)


def site_reasons(project: Project, engine: Mapping[str, str]) -> list[str]:
    """Why the index or the shared files of the site are out of date."""
    return reasons(_current_site(project, engine), read_manifest(project.work), project)


def _current_site(project: Project, engine: Mapping[str, str]) -> Manifest:
    paths = [
        project.root / "_quarto.yml",
        project.root / "notebooks" / "index.ipynb",
        *(path for path in (project.root / "theme").glob("*") if path.name != "vega.js"),
        *(project.root / "data" / "processed").glob("*/*/findings.json"),
    ]
    return Manifest("", "", _hashes(project, filter(Path.is_file, paths)), {}, code_hash(), dict(engine))


def stands_as_built(folder: Path, path: Path) -> bool:
    """Whether a processed file is the one its bulletin was built with; also true where no build was recorded."""
    built = read_manifest(folder)
    digests = [digest for name, digest in built.outputs.items() if name.endswith(f"/{path.name}")] if built else []
    return not digests or digests[0] == file_hash(path)


@cache
def code_hash() -> str:
    """SHA-256 over the files of all packages a page can depend on: this one and its annexes."""
    source = Path(str(files("tongbao"))).parent
    digest = sha256()
    for path in sorted(path for package in source.glob("tongbao*/") for path in package.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(source).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _hashes(project: Project, paths: Iterable[Path]) -> dict[str, str]:
    """Files by path relative to the project, each with its SHA-256."""
    return {relative(path, project.root): file_hash(path) for path in sorted(set(paths))}


def _engine(engine: Mapping[str, str]) -> str:
    return " ".join([engine.get("name", "?"), *(f"{k} {v}" for k, v in engine.items() if k != "name")])
