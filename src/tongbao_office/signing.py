"""Signatures of decisions: OpenSSH's, by the key with which a reviewer signs commits."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from tongbao.basics.errors import ToolError, UsageError
from tongbao.render.base import run_program
from tongbao_office.git import asked
from tongbao_office.names import folded

NAMESPACE = "tongbao"
# Who signs with which key: lines of a name and a public key, as ``ssh-keygen`` and Git read them.
SIGNERS = Path("reports/allowed_signers")


def key_of(root: Path, given: Path | None) -> Path | None:
    """The key to sign with: the one given, or the one with which Git signs by SSH; ``None`` where there is none.

    Raises:
        UsageError: it is not there.
    """
    key = given
    if key is None and asked(root, "config", "gpg.format") == "ssh":
        named = asked(root, "config", "--type=path", "user.signingkey")
        key = Path(named) if named and not named.startswith(("key::", "ssh-")) else None
    if key is not None and not key.is_file():
        raise UsageError("no key to sign with", found=str(key), expected="a private SSH key, or one an agent holds")
    return key


def sign(text: bytes, key: Path) -> bytes:
    """The signature of a text.

    Raises:
        ToolError: ``ssh-keygen`` is not there or refuses.
    """
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "decision"
        file.write_bytes(text)
        _ssh_keygen("sign", "-f", key.absolute(), "-n", NAMESPACE, file)
        return file.with_suffix(".sig").read_bytes()


def signature_of(record: Path) -> Path:
    """Where the signature of a record stands."""
    return record.with_name(f"{record.name}.sig")


def spellings(root: Path, name: str) -> tuple[str, ...]:
    """How the project spells a name for which it says whose key is whose; nothing where it says so of nobody.

    A name of a list with ``*`` or ``?`` in it stands for all that are like it: then it is the name itself.
    """
    file = root / SIGNERS
    lines = file.read_text("utf-8-sig").splitlines() if file.is_file() else []
    found = []
    for line in (line.strip() for line in lines):
        names = line[1:].partition('"')[0] if line.startswith('"') else re.split(r"\s", line, maxsplit=1)[0]
        for one in names.split(",") if not line.startswith("#") else ():
            if folded(one) == folded(name):
                found.append(one)
            elif fnmatchcase(folded(name), folded(one)):
                found.append(name)
    return tuple(dict.fromkeys(found))


def is_signed_by(root: Path, names: Sequence[str], record: Path) -> bool:
    """Whether a record has a signature, and it is that of a key declared for one of some names.

    Raises:
        ToolError: ``ssh-keygen`` is not there: nothing can be said.
    """
    return signature_of(record).is_file() and any(_is_by(root, name, record) for name in names)


def _is_by(root: Path, name: str, record: Path) -> bool:
    signature, text = signature_of(record).absolute(), record.read_bytes().decode()
    try:
        _ssh_keygen("verify", "-f", root / SIGNERS, "-I", name, "-n", NAMESPACE, "-s", signature, text=text)
    except ToolError as error:
        if "exit code" not in error.message:  # it did not run, or not to its end
            raise
        return False
    return True


def _ssh_keygen(what: str, *arguments: str | Path, text: str = "") -> None:
    program = shutil.which("ssh-keygen")
    if program is None:
        raise ToolError("ssh-keygen is not on PATH", hint="install OpenSSH: signatures are made and verified with it")
    run_program("ssh-keygen", [program, "-Y", what, *arguments], Path.cwd(), os.environ, 300, text)
