"""Where a site is published: a folder, or a branch of a Git repository. It is replaced whole, in one step.

A folder is exchanged for the new one by the system (Linux, macOS): whoever opens a file by its path finds the old site
or the new one. Where a file system cannot exchange folders, the old one is moved aside first, and what a power cut
leaves aside is put back by the next command. A branch gets one commit.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from tongbao.basics.errors import ToolError, UsageError, system_error
from tongbao.definition.files import exchange, onto_disk, write_whole
from tongbao.definition.project import Project
from tongbao_office.exact import check_out, entries, tree_of
from tongbao_office.git import REMOTE, asked, git, is_branch_name
from tongbao_verify.published import LIST

PREFIX = "git:"
_LAST = "destination"
# What may stand in a destination before anything is published there, beside what begins with a dot.
_NO_SITE = {"CNAME", "LICENSE", "README.md", "robots.txt"}
# What of the project is no place to publish to, with all below it.
_OURS = ("_site", "_review", "data", "docs", "fonts", "notebooks", "reports", "theme", ".git", ".tongbao")


def destination(project: Project, text: str, *, push: bool = False) -> Folder | Branch:
    """The place of that name: a folder's path, ``git:BRANCH`` of the project's repository, or ``git:PATH#BRANCH``.

    Raises:
        UsageError: no branch is named, or a folder is pushed.
    """
    if text.startswith(PREFIX):
        path, _, branch = text.removeprefix(PREFIX).rpartition("#")
        if not branch:
            raise UsageError("no branch named", found=text, expected="git:BRANCH or git:PATH#BRANCH")
        if not is_branch_name(project.root, branch):
            raise UsageError("no branch can have this name", found=branch, expected="git:BRANCH or git:PATH#BRANCH")
        repository = (Path.cwd() / path).resolve() if path else project.root
        return Branch(repository, branch, project.work / "publish", push=push, given=text)
    if push:
        raise UsageError("only a branch is pushed", found=text, expected="git:BRANCH")
    folder = Path(text).resolve()
    root = project.root
    ours = [root / name for name in _OURS]
    if folder in (root, *root.parents) or any(folder.is_relative_to(one) for one in ours):
        raise UsageError("not a place to publish to", found=text, expected="a folder of its own")
    return Folder(folder)


def remember_place(project: Project, text: str) -> None:
    """Keep where this project published."""
    write_whole(project.work / _LAST, text)


def last_place(project: Project) -> str:
    """Where this project published last; empty where it did not yet."""
    last = project.work / _LAST
    return last.read_text("utf-8") if last.is_file() else ""


@dataclass
class Held:
    """A place that is held: ``old`` is what stands there, if anything does, ``new`` an empty folder for the next.

    Of a branch also the commit that the next one follows, and the one that the branch stands at here.
    """

    old: Path | None
    new: Path
    tip: str = ""
    here: str = ""


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder for work in progress, which one command holds at a time; emptied before and removed afterwards.

    Raises:
        ToolError: another command holds it, or a file cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        hint = "the next site is made beside the present one: the folder above must be writable"
        raise ToolError("cannot be written to", place=str(folder.parent), found=error.strerror, hint=hint) from None
    lock = folder / "lock"
    try:
        with FileLock(lock, timeout=0):
            try:
                yield folder
            except OSError as error:
                refused = system_error(error, str(folder.parent))
                refused.hint = refused.hint or "what was published before is as it was"
                raise refused from error
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    except Timeout:
        raise ToolError("another publication is running here", hint="wait until it is done") from None


def _emptied(folder: Path) -> Path:
    """A folder for the next site, under a name that no program started by a killed command still writes to."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != "lock":
            path.unlink(missing_ok=True)
    new = folder / f"new-{os.getpid()}-{time.time_ns()}"
    new.mkdir()
    return new


def _require_ours(folder: Path, name: str) -> None:
    """Hold a destination to be empty or one that we published to: all else in it would be at stake.

    Raises:
        UsageError: something else is there.
    """
    if not (folder / LIST).is_file():
        strange = sorted(path.name for path in folder.iterdir() if path.name not in _NO_SITE and path.name[0] != ".")
        if strange:
            found, hint = ", ".join(strange[:3]), "give a folder or branch that is new or empty"
            raise UsageError(f"nothing was published in {name}, but it is not empty", found=found, hint=hint)


@dataclass(frozen=True)
class Folder:
    """A folder that a web server shows, or that is handed on."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Hold the place for one command; what an earlier one was killed in is cleaned up first.

        Raises:
            UsageError: something else than a site of ours is there.
        """
        if self.path.exists() and not self.path.is_dir():
            raise UsageError("not a folder", found=str(self.path))
        with _staging(self.path.parent / f".{self.path.name}.tongbao") as staging:
            self._put_back(staging)
            old = self.path if self.path.is_dir() else None
            if old:
                _require_ours(old, str(self))
            try:
                yield Held(old, _emptied(staging))
            finally:
                self._put_back(staging)

    def _put_back(self, staging: Path) -> None:
        """Put the old site back where it was moved aside and nothing took its place."""
        if (staging / "old").is_dir() and not self.path.exists():
            (staging / "old").rename(self.path)

    @contextmanager
    def reading(self) -> Iterator[Path | None]:
        """The folder, if anything was published there."""
        yield self.path if (self.path / LIST).is_file() else None

    def warning(self) -> str:
        """What is to be said of the place before anything is done there: of a folder nothing."""
        return ""

    def replace(self, held: Held, _message: str) -> None:
        """Put the new site in the place of the old one, in one step."""
        onto_disk(held.new)
        if held.old is None:
            held.new.rename(self.path)
            return
        shutil.copystat(held.old, held.new)
        if not exchange(held.new, self.path):
            try:
                self.path.rename(held.new.with_name("old"))
            except OSError as error:
                hint = "where another disk is mounted there, publish to a folder in it"
                raise ToolError("cannot be replaced", place=str(self), found=error.strerror, hint=hint) from None
            held.new.rename(self.path)


@dataclass(frozen=True)
class Branch:
    """A branch of a Git repository; nobody's checkout is touched."""

    repository: Path
    branch: str
    staging: Path
    push: bool = False
    given: str = ""

    def __str__(self) -> str:
        return self.given or f"{PREFIX}{self.branch}"

    @property
    def _ref(self) -> str:
        return f"refs/heads/{self.branch}"

    def _known(self, ref: str) -> str:
        return asked(self.repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")

    def _is_behind(self, commit: str, other: str) -> bool:
        """Whether one commit has all that another one has."""
        return not commit or asked(self.repository, "merge-base", commit, other) == commit

    def _sides(self) -> tuple[str, str]:
        """The branch's last commit here, and as it was fetched last; each empty where there is none."""
        return self._known(self._ref), self._known(f"refs/remotes/{REMOTE}/{self.branch}")

    def _tip(self) -> str:
        """The branch's last commit: the one that follows the other; where neither does, the one here."""
        here, there = self._sides()
        return there if there and self._is_behind(here, there) else here

    def warning(self) -> str:
        """What is to be said of the branch beside the remote's, as it was fetched last; empty for nothing."""
        here, there = self._sides()
        if not here or self._is_behind(there, here):
            return ""
        if self._is_behind(here, there):
            return f"{self.branch} has newer commits at {REMOTE} than here, which are taken"
        return f"{self.branch} has other commits here than at {REMOTE}; those here are taken, and cannot be pushed"

    def _parted(self, here: str, there: str) -> ToolError:
        """What is said where both sides have commits that the other one lacks, and what loses none of them."""
        kept, ours, theirs = f"{self.branch}-{here[:7]}", here[:12], there[:12]
        hint = (
            f"keep yours: git branch {kept} {ours}; take theirs: "
            f"git branch --force {self.branch} {theirs}; then publish again"
        )
        return ToolError(f"{self.branch} has other commits here than at {REMOTE}", hint=hint)

    def _tip_to_follow(self) -> str:
        """The commit that the next one follows: of a branch that will be pushed, the last one here or there.

        Raises:
            ToolError: the remote is not reached, or both have commits that the other one lacks.
        """
        if not self.push or not (listed := git(self.repository, "ls-remote", REMOTE, self._ref)):
            return self._tip()
        theirs, here = listed.split()[0], self._known(self._ref)
        git(self.repository, "fetch", "--quiet", "--no-tags", REMOTE, self._ref)
        if self._is_behind(here, theirs):
            return theirs
        if not self._is_behind(theirs, here):
            raise self._parted(here, theirs)
        return here

    @contextmanager
    def held(self) -> Iterator[Held]:
        """Hold the place for one command; what an earlier one was killed in is cleaned up first.

        Raises:
            UsageError: something else than a site of ours is there, or somebody works on the branch.
            ToolError: there is no repository.
        """
        git(self.repository, "rev-parse", "--absolute-git-dir")
        if f"branch {self._ref}" in asked(self.repository, "worktree", "list", "--porcelain").splitlines():
            hint = "publish to a branch that nobody works on, such as gh-pages"
            raise UsageError(f"the branch {self.branch} is checked out", found=str(self.repository), hint=hint)
        with _staging(self.staging) as staging:
            new = _emptied(staging)
            here = asked(self.repository, "rev-parse", "--verify", "--quiet", self._ref)
            tip = self._tip_to_follow()
            old = check_out(self.repository, tip, new.with_name(f"old-{new.name}")) if tip else None
            if old:
                _require_ours(old, str(self))
            (new / ".nojekyll").touch()  # the site is served as it is
            yield Held(old, new, tip, here)

    @contextmanager
    def reading(self) -> Iterator[Path | None]:
        """What the branch holds, if anything was published there."""
        with tempfile.TemporaryDirectory() as name:
            tip = self._tip()
            folder = check_out(self.repository, tip, Path(name) / "tree") if tip else None
            yield folder if folder and (folder / LIST).is_file() else None

    def replace(self, held: Held, message: str) -> None:
        """Commit the new site and, where that is wanted, push it; the branch moves on in one step, there first.

        Raises:
            ToolError: Git refuses: nobody is named as the author, or somebody else has moved the branch meanwhile.
        """
        before = entries(self.repository, held.tip) if held.tip else {}
        tree = tree_of(self.repository, held.new, held.new.with_suffix(".index"), before)
        parents = ["-p", held.tip] if held.tip else []
        commit = git(self.repository, "commit-tree", tree, *parents, "-F", "-", text=message)
        self.send(commit)
        try:
            before_it = held.here or "0" * len(commit)
            git(self.repository, "update-ref", "-m", "tongbao publish", self._ref, commit, before_it)
        except ToolError as error:
            if not self.push:
                raise
            said = f"{REMOTE} has what is new, but the branch {self.branch} here could not be moved"
            hint = f"mend that, then: git fetch {REMOTE} {self.branch}:{self.branch}"
            raise ToolError(said, found=error.place or error.found, hint=hint) from None

    def send(self, commit: str) -> None:
        """Push a commit as the branch, where that is wanted.

        Raises:
            ToolError: the remote refuses, or is not reached.
        """
        if self.push:
            git(self.repository, "push", "--quiet", REMOTE, f"{commit}:{self._ref}")
