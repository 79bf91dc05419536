"""Folders as trees of Git, and trees as folders, byte for byte: no attribute or setting converts what is in a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple
from unicodedata import normalize

from tongbao.basics.errors import ToolError
from tongbao.definition.files import names_below
from tongbao_office.git import git, started
from tongbao_verify.published import stays_inside

LINK, _FILE, _PROGRAM = "120000", "100644", "100755"


class Entry(NamedTuple):
    """What a tree holds under a name."""

    mode: str
    blob: str


def entries(
    repository: Path, tree: str, below: str = "", environment: Mapping[str, str] | None = None
) -> dict[str, Entry]:
    """The files and links of a tree or commit, by name; other repositories in it are left out.

    With ``below`` only those of a folder, their names and its own being relative to ``repository``.
    """
    found, limits = dict[str, Entry](), [tree, below] if below else ["--full-tree", tree]
    with started(repository, "ls-tree", "-r", "-z", *limits, environment=environment) as output:
        for line in output.read().split(b"\0")[:-1]:
            head, _, name = line.partition(b"\t")
            mode, kind, blob = head.decode().split()
            if kind == "blob":
                found[os.fsdecode(name)] = Entry(mode, blob)
    return found


def check_out(repository: Path, commit: str, folder: Path) -> Path:
    """Write what a commit holds into a new folder, which is returned.

    Raises:
        ToolError: Git refuses or lacks a file, or a name leads out of the folder or lies below a file or link.
    """
    folder.mkdir()
    there = dict(sorted(entries(repository, commit).items(), key=lambda one: one[1].mode == LINK))  # none to write by
    if strange := next((name for name in there if not stays_inside(name)), None):
        raise ToolError("a name that leads out of its folder", place=commit[:12], found=strange)
    if strange := _below_another(there):
        raise ToolError("a name below what is itself a file or link", place=commit[:12], found=strange)
    asked = "".join(f"{one.blob}\n" for one in there.values()).encode()
    with started(repository, "cat-file", "--batch", text=asked) as output:
        for name, one in there.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            _, _, *sizes = output.readline().split()
            if not sizes:
                hint = "fetch it again: git fetch --refetch; git fsck names all that is missing"
                raise ToolError("Git lacks what is in a file", place=commit[:12], found=name, hint=hint)
            size = int(sizes[0])
            if one.mode == LINK:
                path.symlink_to(os.fsdecode(output.read(size)))
            else:
                _write(path, output, size)
                if one.mode == _PROGRAM:
                    path.chmod(0o755)
            output.read(1)
    return folder


def _below_another(names: Iterable[str]) -> str | None:
    """A name that has another one as a folder above it, on a disk of any kind: it would be written through a link."""
    folded = {name: PurePosixPath(normalize("NFC", normalize("NFC", name).casefold())) for name in names}
    there = set(folded.values())
    return next((name for name, path in folded.items() if not there.isdisjoint(path.parents)), None)


def tree_of(repository: Path, folder: Path, index: Path, before: Mapping[str, Entry]) -> str:
    """Put what a folder holds into a repository; returns the tree, which holds just these bytes.

    Arguments:
        repository: where to.
        folder: what is put there.
        index: a file that is not there yet, for Git to work with.
        before: what the tree before held: who was a program there stays one.

    Raises:
        ToolError: Git refuses, or would hold other bytes than the folder.
    """
    names = list(names_below(folder))
    with tempfile.TemporaryDirectory(dir=index.parent) as beside:
        paths = [_content(folder / name, Path(beside) / str(number)) for number, name in enumerate(names)]
        asked = b"".join(map(_quoted, paths))
        with started(repository, "hash-object", "-w", "--no-filters", "--stdin-paths", text=asked) as output:
            blobs = output.read().decode().split()
        meant = {
            name: Entry(_mode(folder / name, before.get(name)), blob) for name, blob in zip(names, blobs, strict=True)
        }
        wrong = [name for name, path in zip(names, paths, strict=True) if not _has_id(path, meant[name].blob)]
    listed = b"".join(f"{one.mode} {one.blob}\t".encode() + os.fsencode(name) + b"\0" for name, one in meant.items())
    around = {"GIT_DIR": git(repository, "rev-parse", "--absolute-git-dir"), "GIT_INDEX_FILE": str(index)}
    with started(repository, "update-index", "-z", "--index-info", text=listed, environment=around):
        pass
    tree = git(repository, "write-tree", environment=around)
    there = entries(repository, tree)
    wrong += [name for name in meant.keys() | there.keys() if meant.get(name) != there.get(name)]
    if wrong:
        hint = "nothing was published; run it again"
        raise ToolError("Git holds other bytes than are to be published", found=min(wrong), hint=hint)
    return tree


def _content(path: Path, beside: Path) -> Path:
    """Where the bytes lie that Git keeps of a file: of a link, its target's name."""
    if not path.is_symlink():
        return path
    beside.write_bytes(os.fsencode(os.readlink(path)))  # noqa: PTH115  # a path would tidy it
    return beside


def _quoted(path: Path) -> bytes:
    """A line with a path as Git reads it."""
    name = os.fsencode(path)
    for sign, written in ((b"\\", b"\\\\"), (b'"', b'\\"'), (b"\n", b"\\n")):
        name = name.replace(sign, written)
    return b'"' + name + b'"\n'


def _mode(path: Path, before: Entry | None) -> str:
    if path.is_symlink():
        return LINK
    return _PROGRAM if before and before.mode == _PROGRAM else _FILE


def is_of(path: Path, entry: Entry) -> bool:
    """Whether a file or link that lies there is just what a tree holds; lines of text may end as on Windows."""
    if path.is_symlink() != (entry.mode == LINK) or not (path.is_symlink() or path.is_file()):
        return False
    data = os.fsencode(os.readlink(path)) if path.is_symlink() else path.read_bytes()  # noqa: PTH115  # as above
    return entry.blob in {_id(entry.blob, one) for one in (data, data.replace(b"\r\n", b"\n"))}


def _id(like: str, data: bytes) -> str:
    """Git's name of a blob of some bytes, by the algorithm of another name."""
    digest = _hash(like)
    digest.update(b"blob %d\0" % len(data) + data)
    return digest.hexdigest()


def _hash(name: str) -> hashlib._Hash:
    return hashlib.new("sha1" if len(name) == 40 else "sha256", usedforsecurity=False)


def _has_id(path: Path, name: str) -> bool:
    """Whether Git's name of a blob is that of a file's bytes."""
    digest = _hash(name)
    digest.update(b"blob %d\0" % path.stat().st_size)
    with path.open("rb") as file:
        for part in iter(lambda: file.read(2**20), b""):
            digest.update(part)
    return digest.hexdigest() == name


def _write(path: Path, output: IO[bytes], size: int) -> None:
    with path.open("wb") as file:
        for part in _parts(output, size):
            file.write(part)


def _parts(output: IO[bytes], size: int) -> Iterator[bytes]:
    """So many of the next bytes, a few at a time."""
    while size and (part := output.read(min(size, 2**20))):
        size -= len(part)
        yield part
