"""A bulletin made again from its manifest, in a scratch place, and held to what stands in the project."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from tongbao.basics.errors import DataError, TongbaoError
from tongbao.build.build import Progress, engine_record
from tongbao.build.choice import Choice
from tongbao.build.install import alone
from tongbao.build.order import Order, Task
from tongbao.build.workers import Workers
from tongbao.bulletin.manifest import Manifest, code_hash, formats_of, read_manifest
from tongbao.definition.files import file_hash, link
from tongbao.definition.project import Project
from tongbao.display.fonts import prepare_fonts
from tongbao.render.engines import choose_engine

# Says which packages there were; nothing is read from it.
LOCK = "requirements.lock"
_SHOWN = 60


@dataclass(frozen=True)
class Difference:
    """A file that is not the same, and why; of a text also the first line that differs, from where it does."""

    file: str
    what: str
    line: int | None = None
    present: str = ""
    rebuilt: str = ""


@dataclass(frozen=True)
class Rebuilt:
    """How many files came out the same, those that did not, and what it was made with that is not as at the build."""

    same: int
    differing: Sequence[Difference]
    otherwise: Sequence[str]


def rebuild(
    project: Project, choices: Sequence[Choice], workers: Workers, progress: Progress
) -> Mapping[str, Rebuilt | TongbaoError]:
    """Make bulletins again from what their manifests name; nothing is written into the project.

    Inputs are held to their hashes first. The parameters, formats and engine are those of the manifest, not of the
    choice; by the code and packages that run now, of which each that is another is named.

    Returns:
        What came of each bulletin by its id, or why it could not be made again: never built, an input that is another,
        an engine that is not there, a fault on the way.

    Raises:
        ToolError: a build is running.
    """
    found: dict[str, Rebuilt | TongbaoError] = {}
    with _place(project) as place:
        orders = []
        for number, choice in enumerate(choices):
            try:
                orders.append(_order(project, choice, place / str(number)))
            except TongbaoError as error:
                found[choice.id] = error
        if orders:
            progress.started("rebuilding bulletins", len(orders))
        with workers:
            for order, (outcome,) in workers.run(orders):
                found[outcome.id] = outcome.error or _compare(project, order)
                shutil.rmtree(order.root)
                progress.step(outcome.id)
    return {choice.id: found[choice.id] for choice in choices}


@contextmanager
def _place(project: Project) -> Iterator[Path]:
    """A scratch place in the project, which the next command clears if we are killed; elsewhere if it is read-only."""
    with ExitStack() as held:
        where = None
        if os.access(project.root, os.W_OK):
            held.enter_context(alone(project))
            project.made.mkdir(exist_ok=True)
            where = project.made
        yield Path(held.enter_context(TemporaryDirectory(prefix="tongbao-rebuild-", dir=where)))


def _order(project: Project, choice: Choice, place: Path) -> Order:
    """What is to be made, with its inputs laid out in ``place``, where nothing else is."""
    built = _built(project, choice)
    now = {name: file_hash(path) if (path := project.root / name).is_file() else None for name in built.inputs}
    changed = (name for name in now if name != LOCK and now[name] != built.inputs[name])
    if other := [f"{name} {'removed' if now[name] is None else 'changed'}" for name in changed]:
        raise DataError(
            "cannot be rebuilt: its inputs are not those of the build",
            place=choice.id,
            found="\n".join(other),
            hint="bring them back as they were, or build it again",
        )
    inputs = {name: digest for name, digest in now.items() if digest is not None}
    for name in inputs:
        link((project.root / name).resolve(), place / name)
    prepare_fonts(Project(place))
    values = {name: Decimal(value) for name, value in built.parameters.items()}
    task = Task(replace(choice, parameters=values), replace(built, inputs=inputs), formats_of(built))
    folder = place / ".tongbao" / "made"
    folder.mkdir()
    return Order(place, folder, (task,), choose_engine(built.engine["name"]).name)


def _built(project: Project, choice: Choice) -> Manifest:
    built = read_manifest(project.processed(choice.series, choice.period))
    if built is None:
        raise DataError("not built", place=choice.id, hint=f"tongbao build {choice.id}")
    return built


def _compare(project: Project, order: Order) -> Rebuilt:
    (task,) = order.tasks
    built = _built(project, task.choice)
    outputs = _built(Project(order.folder), task.choice).outputs
    differing = []
    for name in sorted(built.outputs.keys() | outputs.keys()):
        before, after, path = built.outputs.get(name), outputs.get(name), project.root / name
        now = file_hash(path) if path.is_file() else None
        if before == after == now:
            continue
        if after is None or before is None:
            what = "is not made any more" if after is None else "was not made at the build"
        elif before != after:
            what = "comes out otherwise than at the build"
        else:
            what = "is missing" if now is None else "was changed after the build"
        both = now is not None and after is not None and now != after
        first = _first_difference(path.read_bytes(), (order.folder / name).read_bytes()) if both else ()
        differing.append(Difference(name, what, *first))
    return Rebuilt(len(outputs) - len(differing), differing, list(_otherwise(project, built)))


def _first_difference(present: bytes, rebuilt: bytes) -> tuple[int, str, str] | tuple[()]:
    """The first line that differs and both of its wordings, of texts.

    >>> _first_difference(b"a 1", b"a 2")
    (1, 'a 1', 'a 2')
    """
    try:
        texts = [data.decode().splitlines() for data in (present, rebuilt)]
    except UnicodeDecodeError:
        return ()
    for number, lines in enumerate(zip_longest(*texts, fillvalue=""), start=1):
        if lines[0] != lines[1]:
            same = next(
                (at for at, (old, new) in enumerate(zip(*lines, strict=False)) if old != new), min(map(len, lines))
            )
            shown = slice(max(same - _SHOWN // 3, 0), same + _SHOWN)
            return number, lines[0][shown], lines[1][shown]
    return ()


def _otherwise(project: Project, built: Manifest) -> Iterator[str]:
    """What a rebuild was made with that is not as it was at the build."""
    if code_hash() != built.code:
        yield "tongbao's code is not that of the build"
    lock = project.root / LOCK
    if LOCK in built.inputs and (not lock.is_file() or file_hash(lock) != built.inputs[LOCK]):
        yield f"{LOCK} is not that of the build"
    now = engine_record(project, choose_engine(built.engine["name"]))
    for name in sorted(built.engine.keys() | now.keys()):
        if built.engine.get(name) != now.get(name):
            yield f"{name}: {now.get(name, '–')} now, {built.engine.get(name, '–')} at the build"
