"""What the history of a project tells: who changed a period's files last, and which decisions were rewritten."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from tongbao.basics.errors import ToolError
from tongbao.definition.files import relative
from tongbao_office.exact import LINK, entries, is_of
from tongbao_office.git import REMOTE, asked, git

# The history as it was committed: nothing that was put in the place of a commit or file since, or cuts it off.
_AS_IT_WAS = {"GIT_NO_REPLACE_OBJECTS": "1", "GIT_GRAFT_FILE": os.devnull}
# Nor does a setting leave out what a merge changed, follow other files, or write anything between.
_AS_ASKED = (
    *("-c", "core.commitGraph=false", "-c", "advice.graftFileDeprecated=false", "-c", "i18n.logOutputEncoding=UTF-8"),
    *("-c", "log.diffMerges=separate", "-c", "log.follow=false", "-c", "log.showSignature=false"),
)
_PROJECT = (":(glob)reports/*/series.yml", ":(glob)reports/*/approvals/**", "data/raw")
_UNTOLD = "Git cannot say what was changed after it had been committed"


def has_history(root: Path) -> bool:
    """Whether a folder lies in a work tree with a commit, of which Git tells all that was ever changed.

    Raises:
        ToolError: it lies in one, but Git is not there, refuses, has only the last commits, or has the project in
            other branches than the one that is checked out, which has no commit.
    """
    here = root.resolve()
    above = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), None)
    if above is None:
        return False
    try:
        shallow = _told(here, "rev-parse", "--is-shallow-repository")
        is_begun = shallow == "true" or _is_begun(here)
        elsewhere = "" if is_begun else _told(here, "log", "--all", "-1", "--format=%h", "--", *_PROJECT)
    except ToolError as error:
        owned = f'git config --global --add safe.directory "{above}"' if "safe.directory" in str(error.found) else None
        found = error.found or error.message
        raise ToolError(_UNTOLD, place=str(here), found=found, hint=owned or error.hint) from None
    if shallow != "false":
        found, hint = "a clone of the last commits only", "git fetch --unshallow"
        raise ToolError(_UNTOLD, place=str(here), found=found, hint=hint)
    if elsewhere:
        found = f"a branch without a commit is checked out, and another one has the project, last in {elsewhere}"
        hint = "git switch to that branch"
        raise ToolError(_UNTOLD, place=str(here), found=found, hint=hint)
    return is_begun


def _is_begun(root: Path) -> bool:
    """Whether what is checked out has a commit.

    Raises:
        ToolError: it cannot be read.
    """
    if asked(root, "rev-parse", "--verify", "--quiet", "HEAD^{commit}"):
        return True
    branch = asked(root, "symbolic-ref", "--quiet", "HEAD")
    place = root / git(root, "rev-parse", "--git-path", branch or "HEAD")
    if not branch or place.is_file() or git(root, "for-each-ref", branch):
        raise ToolError("the commit that is checked out cannot be read", hint="git fsck")
    return False


def last_author(root: Path, paths: Sequence[str]) -> tuple[str, ...]:
    """Name and address of who made the last change to some files, as committed; nothing where no commit has them.

    Arguments:
        root: the project.
        paths: files and folders relative to it, or patterns of Git for them.

    Raises:
        ToolError: see ``has_history``.
    """
    if not paths or not has_history(root):
        return ()
    return tuple(_told(root, "log", "-1", "--format=%an%n%ae", "--", *paths).splitlines())


def rewritten(root: Path, folder: Path) -> set[str]:
    """The names of files in a folder that were changed or removed after they had been committed, also by a merge.

    What lies there is read byte for byte: what Git was told to overlook or to convert counts as well.

    Raises:
        ToolError: see ``has_history``.
    """
    if not has_history(root):
        return set()
    options = ("--diff-filter=MDT", "--no-renames", "--name-only", "--relative", "-z")
    past = _told(root, "log", "--format=", "-m", "--full-history", *options, "--", folder)
    held = entries(root, "HEAD", relative(folder, root), environment=_AS_IT_WAS)
    changed = {name for name, one in held.items() if not is_of(root / name, one)}
    return {name.rpartition("/")[2].strip() for name in (*past.split("\0"), *changed)} - {""}


def require_as_committed(root: Path, file: Path, *, needed: bool) -> None:
    """Hold a file to what is committed, byte for byte but for line ends.

    Arguments:
        root: the project.
        file: relative to it.
        needed: whether it must be committed where it is there.

    Raises:
        ToolError: it is not as committed; also see ``has_history``.
    """
    if not has_history(root):
        return
    name, path = file.as_posix(), root / file
    held = entries(root, "HEAD", name, environment=_AS_IT_WAS).get(name)
    if held is None and needed and path.exists():
        raise ToolError(f"{name} is not committed", hint=f"git add {name} && git commit")
    if held and (held.mode == LINK or not is_of(path, held)):
        hint = f"commit it, or put it back: git checkout HEAD -- {name}"
        raise ToolError(f"{name} is not as it was committed", hint=hint)


def require_merged(root: Path, folder: Path, period: str) -> None:
    """Hold the project to have every decision on a period that was fetched of its branch; nothing is asked elsewhere.

    Raises:
        ToolError: some are not merged; also see ``has_history``.
    """
    if not has_history(root):
        return
    branch = asked(root, "symbolic-ref", "--quiet", "HEAD")
    upstream = _told(root, "for-each-ref", "--format=%(upstream)", branch) if branch else ""
    fetched = f"refs/remotes/{REMOTE}/"
    refs = [ref for ref in (upstream, branch.replace("refs/heads/", fetched, 1)) if ref.startswith("refs/remotes/")]
    own, below = None, relative(folder, root)
    known = _told(root, "for-each-ref", "--format=%(refname)", *refs, f"{fetched}HEAD").splitlines()
    # A branch that was not fetched is held to the one that a clone begins with.
    for ref in [ref for ref in dict.fromkeys(refs) if ref in known] or [
        ref for ref in known if ref == f"{fetched}HEAD"
    ]:
        own = entries(root, "HEAD", below, environment=_AS_IT_WAS) if own is None else own
        there = entries(root, ref, below, environment=_AS_IT_WAS)
        names = sorted(name.rpartition("/")[2] for name, one in there.items() if own.get(name) != one)
        if new := [name for name in names if name.startswith(f"{period}.")]:
            said = f"{ref.removeprefix('refs/remotes/')} has decisions that are not merged here"
            raise ToolError(said, found=new[0], hint="git pull")


def _told(root: Path, *arguments: str | Path) -> str:
    """What Git prints of the history as it was committed."""
    return git(root, *_AS_ASKED, *arguments, environment=_AS_IT_WAS)
