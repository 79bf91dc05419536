"""What a bulletin was made from and what came out: the record that says whether it is up to date, and why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

from tongbao.definition.files import write_whole
from tongbao.definition.formats import FORMATS

SCHEMA_VERSION = 2
FILE = "manifest.json"
# What no page depends on: the command line, its messages, desk, site, office, the checker.
_ELSEWHERE = (
    "tongbao/cli",
    "tongbao/locale/",
    *(f"tongbao_{name}/" for name in ("desk", "office", "review", "site", "verify")),
)


@dataclass(frozen=True)
class Manifest:
    """Inputs and outputs by path relative to the project, each with its SHA-256.

    ``code`` is the hash of the package, ``engine`` the renderer and the versions behind it. Two manifests with
    the same inputs, parameters, code and engine have the same outputs, byte for byte. ``compared`` names the periods
    whose figures were asked for: what lies in them is an input, received or not.
    """

    series: str
    period: str
    inputs: Mapping[str, str]
    parameters: Mapping[str, str]
    code: str
    engine: Mapping[str, str]
    outputs: Mapping[str, str] = field(default_factory=dict)
    compared: Sequence[str] = ()

    def write(self, folder: Path) -> None:
        """Write ``manifest.json`` into the period's processed folder."""
        text = json.dumps({"schema": SCHEMA_VERSION, **asdict(self)}, ensure_ascii=False, indent=2) + "\n"
        write_whole(folder / FILE, text)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of the last build, or ``None`` where there is none that can be read."""
    try:
        record: dict[str, Any] = json.loads((folder / FILE).read_text("utf-8"))
        if record.pop("schema") != SCHEMA_VERSION:
            return None
        return Manifest(**record | {"compared": tuple(record["compared"])})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def reasons(
    now: Manifest, built: Manifest | None, hash_of: Callable[[str], str | None], wanted: Sequence[str] = ()
) -> list[str]:
    """Why a bulletin is out of date, most telling first; empty when it is not.

    Arguments:
        now: what a build would be made from.
        built: what the last build was made from.
        hash_of: the hash of a file as it is now, by its name relative to the project.
        wanted: suffixes (``html``, ``pdf`` …) that must be among the outputs.
    """
    if built is None:
        return ["never built"]
    found = changed_inputs(now, built)
    for name, before, after in differing(built.parameters, now.parameters):
        found.append(f"parameter {name}: built with {before}, now {after}")
    if now.code != built.code:
        found.append("tongbao's code changed")
    if dict(now.engine) != dict(built.engine):
        found.append(f"engine: built with {_engine(built.engine)}, now {_engine(now.engine)}")
    found += changed_outputs(built, hash_of)
    made = formats_of(built)
    return found + [f"{suffix} not built" for suffix in wanted if suffix not in made]


def formats_of(built: Manifest) -> tuple[str, ...]:
    """The formats that are among the outputs."""
    longest = sorted(FORMATS, key=len, reverse=True)  # .archive.pdf is not .pdf
    names = [name for name in built.outputs if name.startswith("_site/")]
    made = {next((ending for ending in longest if name.endswith(f".{ending}")), "") for name in names}
    return tuple(name for name in FORMATS if name in made)


def changed_inputs(now: Manifest, built: Manifest) -> list[str]:
    """What a bulletin is made from now and was not then, or the other way round."""
    if now.inputs == built.inputs:
        return []
    return [
        f"{name} {'new' if before is None else 'removed' if after is None else 'changed'}"
        for name, before, after in differing(built.inputs, now.inputs)
    ]


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None, str | None]]:
    """What is not the same in both, by name, with what it was and what it is."""
    for name in sorted(before.keys() | after.keys()):
        if before.get(name) != after.get(name):
            yield name, before.get(name), after.get(name)


def changed_outputs(built: Manifest, hash_of: Callable[[str], str | None]) -> list[str]:
    """What came out of a build and is missing now, or another file."""
    found = []
    for name, digest in built.outputs.items():
        now = hash_of(name)
        if now is None:
            found.append(f"{name} is missing")
        elif now != digest:
            found.append(f"{name} was changed after the build")
    return found


@cache
def code_hash() -> str:
    """SHA-256 over the files of all packages that a page can depend on."""
    source = Path(str(files("tongbao"))).parent
    digest = sha256()
    for path in sorted(path for package in source.glob("tongbao*/") for path in package.rglob("*")):
        name = path.relative_to(source).as_posix()
        if path.is_file() and "__pycache__" not in path.parts and not name.startswith(_ELSEWHERE):
            digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _engine(engine: Mapping[str, str]) -> str:
    return " ".join([engine.get("name", "?"), *(f"{k} {v}" for k, v in engine.items() if k != "name")])
