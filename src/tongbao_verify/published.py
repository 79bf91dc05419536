"""A published copy held to its list and to the manifests of what was approved.

Publishing changes a page in four ways, which are undone here: links of a version lead two folders further up, raw files
of a page at its plain address lie in its period's own folder, style sheets and scripts lie under ``assets/``, and a
notice (a correction, a newer version, a draft) stands between two comments.
"""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path, PurePosixPath

from tongbao_verify.definition import Map

LIST = "published.json"
_UNREADABLE = "cannot be read"
_NOTICE = re.compile(r"(<main\b[^>]*>)<!-- publication -->.*?<!-- /publication -->", re.DOTALL)
_ASSETS = re.compile(r'(\s(?:href|src)="(?:\.\./)+)assets/[0-9a-f]{12}/')
_FURTHER_UP = re.compile(r'(\s(?:href|src)=")\.\./\.\./')


def stays_inside(name: str) -> bool:
    """Whether a file's name on record stays in the folder it starts from."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\0" not in name


def without_notice(page: str) -> str:
    """A page without what publishing says above it."""
    return _NOTICE.sub(r"\1", page, count=1)


def restored(page: str, *, in_version: bool, period: str = "") -> str:
    """A page as it was built; ``in_version`` where it lies in a version's own folder, else ``period`` is the page's."""
    page = _ASSETS.sub(r"\1", without_notice(page))
    if in_version:
        return _FURTHER_UP.sub(r"\1", page)
    return re.sub(rf'(\s(?:href|src)="){re.escape(period)}/(?=raw/)', r"\1", page) if period else page


def seal(listed: Map) -> str:
    """SHA-256 of a list of what is published, over all in it but its seal."""
    rest = {name: value for name, value in listed.items() if name != "seal"}
    return sha256(json.dumps(rest, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def changed(folder: Path) -> Iterator[tuple[str, str]]:
    """Files of a project, a published copy or one version's folder that are not those on record, with what is wrong."""
    for file in sorted(folder.glob("data/processed/*/*/manifest.json")):
        if not (found := _files(_json(file), "outputs")):
            yield file.relative_to(folder).as_posix(), _UNREADABLE
        for name, digest in found.items():
            yield from _unlike(folder, name, digest, "not the file that was built")
    if (folder / "data" / "processed").is_dir():
        return
    manifests = sorted(file for file in folder.rglob("manifest.json") if file.is_file())
    if (folder / LIST).is_file():
        listed = _json(folder / LIST) or {}
        if listed.get("seal") != seal(listed):
            yield LIST, "not the list that was written"
        for name, digest in _files(listed, "files").items():
            yield from _unlike(folder, name, digest, "not the file that was published")
    elif any("reports" in file.relative_to(folder).parts for file in manifests):
        yield LIST, "missing"
    for file in manifests:
        if (manifest := _json(file)) is None:
            yield file.relative_to(folder).as_posix(), _UNREADABLE
            continue
        found, base = _files(manifest, "outputs"), f"_site/reports/{manifest.get('series')}/"
        for name in (name for name in found if name.startswith(base)):
            path = (file.parent / name.removeprefix(base)).relative_to(folder).as_posix()
            yield from _unlike(folder, path, found[name], "not what was approved", as_built=True)


def beside(folder: Path) -> list[str]:
    """Files in a published copy that are on no record, and so held to none; not those whose name begins with a dot."""
    if not (folder / LIST).is_file():
        return []
    known = {LIST, *_files(_json(folder / LIST), "files")}
    there = (file.relative_to(folder) for file in sorted(folder.rglob("*")) if file.is_file())
    return [name for path in there if (name := path.as_posix()) not in known and "/." not in f"/{name}"]


def _json(file: Path) -> Map | None:
    """A list or manifest; nothing where it cannot be read."""
    try:
        read = json.loads(file.read_bytes())
    except (ValueError, RecursionError):
        return None
    return read if isinstance(read, dict) else None


def _files(record: Map | None, key: str) -> dict[str, str]:
    """Names of files with their hashes; none where a list or manifest is not as it was written."""
    found = record.get(key) if record else None
    return found if isinstance(found, dict) and all(isinstance(one, str) for one in found.values()) else {}


def _unlike(folder: Path, name: str, digest: str, reason: str, *, as_built: bool = False) -> Iterator[tuple[str, str]]:
    """A file that is missing or not the one of a digest; ``as_built``: it is held to what it was before publishing."""
    if not stays_inside(name) or not (folder / name).is_file():
        yield name, "missing"
        return
    data = (folder / name).read_bytes()
    if as_built and name.endswith(".html"):
        data = restored(data.decode(errors="replace"), in_version=True).encode()
    if sha256(data).hexdigest() != digest:
        yield name, reason
