"""Sixty seeded faults, each put into a scratch copy of the project: does the checker catch it, do the tests?

A mutant of ``mutants.yml`` is a small patch: some words of one file and what stands in their place. The scratch copy is
built with the fault in it; the checker, unharmed, is run on what was built, then the tests of that part of the house.

    python tools/mutants.py                      all of them, two at a time
    python tools/mutants.py reader swap          those of a part, or one by its name
    python tools/mutants.py --results FILE       keeps what is known and goes on from there
    python tools/mutants.py --write docs/proof.md   puts the table between its two marks

Exits 1 where a mutant survives both, 2 where a patch does not apply or the project itself is not green.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
COPIED = (
    *("_quarto.yml", "pyproject.toml", "requirements.lock", "README.md", "theme", "notebooks", "reports"),
    *("data/raw", "fonts", "schemas", "docs", "src", "tests", "tools"),
)
BUILT = ("wenzhou-monthly", "taizhou-andun")
TIMEOUT = 1800  # a guard against a mutant that never ends
_BETWEEN = re.compile(r"(<!-- mutants -->\n).*?(<!-- /mutants -->)", re.DOTALL)
_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S+)", re.MULTILINE)


@dataclass(frozen=True)
class Part:
    """A part of the house: the tests that are its own, and the formats that show it."""

    tests: tuple[str, ...]
    formats: str = "html"


@dataclass(frozen=True)
class Mutant:
    """A fault: where ``old`` stands once in ``file`` it becomes ``new``; ``breaks`` says what that does.

    ``build`` names further bulletins that show it, ``shown`` that of ``tests/verify/shown.py``; ``tests`` more tests.
    """

    id: str
    part: str
    breaks: str
    file: str
    old: str
    new: str
    build: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()

    def problem(self, root: Path) -> str:
        """Why the patch does not apply; empty where it does."""
        path = root / self.file
        if not path.is_file():
            return f"{self.id}: no file {self.file}"
        found = path.read_text("utf-8").count(self.old)
        return "" if found == 1 else f"{self.id}: its words stand {found} times in {self.file}, not once"

    def apply(self, root: Path) -> None:
        """Put the fault in."""
        path = root / self.file
        path.write_text(path.read_text("utf-8").replace(self.old, self.new, 1), "utf-8")


@dataclass(frozen=True)
class Result:
    """Who caught a mutant: ``build`` and ``checker`` say what they said, ``test`` is the first test that failed."""

    id: str
    build: str
    checker: str
    test: str

    @property
    def caught(self) -> bool:
        """Whether anybody did."""
        return bool(self.build or self.checker or self.test)


def read_mutants(path: Path) -> tuple[dict[str, Part], list[Mutant]]:
    """The parts and mutants of a file."""
    data = yaml.safe_load(path.read_text("utf-8"))
    parts = {name: Part(tuple(one["tests"]), one.get("formats", "html")) for name, one in data["parts"].items()}
    mutants = [Mutant(**{**one, "build": tuple(one.get("build", ())), "tests": tuple(one.get("tests", ()))})
               for one in data["mutants"]]  # fmt: skip
    names = [mutant.id for mutant in mutants]
    doubled = {name for name in names if names.count(name) > 1} | {m.part for m in mutants if m.part not in parts}
    if doubled:
        raise SystemExit(f"{path.name}: names that stand twice, or parts that are none: {', '.join(sorted(doubled))}")
    return parts, mutants


def copy_project(target: Path) -> None:
    """The project without what was built."""
    dropped = shutil.ignore_patterns("__pycache__", "*.ipynb_checkpoints", ".hypothesis")
    for part in COPIED:
        source, copy = ROOT / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy, ignore=dropped) if source.is_dir() else shutil.copy2(source, copy)
    for executed in target.glob("reports/*/*.ipynb"):
        executed.unlink()


def run(folder: Path, *arguments: str, source: Path, **more: str) -> tuple[int, str]:
    """A Python program in a folder, with the code of ``source``: exit code and what it said."""
    environment = os.environ | {"PYTHONPATH": str(source / "src"), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200"}
    try:
        done = subprocess.run([sys.executable, *arguments], cwd=folder, env=environment | more, capture_output=True,
                              text=True, timeout=TIMEOUT, check=False)  # fmt: skip
    except subprocess.TimeoutExpired:
        return 124, "never ended"
    return done.returncode, done.stdout + done.stderr


def examine(mutant: Mutant | None, part: Part, *, build: Sequence[str] = (), tests: Sequence[str] = ()) -> Result:
    """Build a scratch copy with a fault in it, or without any; run the checker and the tests."""
    with tempfile.TemporaryDirectory(prefix="mutant-") as name:
        folder = Path(name)
        copy_project(folder)
        if mutant is not None:
            mutant.apply(folder)
        if "shown" in build:
            run(folder, "tests/verify/shown.py", source=folder)
        code, said = run(folder, "-m", "tongbao", "build", *BUILT, *build, "--engine", "embedded", "--format",
                         part.formats, "-j", "1",
                         source=folder)  # fmt: skip
        refused = last_line(said) if code else ""
        checked = ""
        if not refused:
            code, said = run(folder, "-m", "tongbao_verify", str(folder), source=ROOT)
            checked = first_line(said) or f"exit {code}" if code else ""
        built = {} if refused else {"TONGBAO_BUILT": str(folder)}
        code, said = run(folder, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-m", "not long",
                         "--hypothesis-profile", "thorough", "--no-header", "-rfE", *part.tests, *tests,
                         source=folder, **built)  # fmt: skip
        failed = _FAILED.search(said)
        test = (failed[1] if failed else last_line(said)) if code else ""
        return Result(mutant.id if mutant else "none", refused, checked, test)


def first_line(said: str) -> str:
    """The first line that says something."""
    return next((line.strip() for line in said.splitlines() if line.strip()), "")


def last_line(said: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "it ended without a word")


def sound(parts: Mapping[str, Part], jobs: int) -> list[str]:
    """What is wrong with the project without any fault: then no mutant tells anything."""
    with ThreadPoolExecutor(jobs) as pool:
        results = dict(zip(parts, pool.map(lambda part: examine(None, part), parts.values()), strict=True))
    return [f"{name}: {said}" for name, result in results.items()
            for said in (result.build, result.checker, result.test) if said]  # fmt: skip


def table(mutants: Iterable[Mutant], results: Mapping[str, Result]) -> str:
    """Who caught which, as a Markdown table with a line that counts."""
    lines = ["| part | the fault | build | checker | tests |", "| --- | --- | --- | --- | --- |"]
    known = [(mutant, results[mutant.id]) for mutant in mutants if mutant.id in results]
    for mutant, result in known:
        test = result.test.partition("[")[0].replace("tests/", "").replace("::test_", ": ").replace("_", " ")
        marks = ["stops" if result.build else "", "names it" if result.checker else "", test]
        lines.append(f"| {mutant.part} | {mutant.breaks} | {' | '.join(marks)} |")
    by_checker = sum(bool(result.checker) for _, result in known)
    by_tests = sum(bool(result.test) for _, result in known)
    caught = sum(result.caught for _, result in known)
    stopped = sum(bool(result.build) for _, result in known)
    counts = f"{caught} caught, {by_tests} by the tests, {by_checker} by the checker; {stopped} stop the build."
    lines += ["", f"{len(known)} faults: {counts}"]
    return "\n".join(lines) + "\n"


def chosen(mutants: Sequence[Mutant], names: Sequence[str]) -> list[Mutant]:
    """The mutants of some parts or with some names; all of them where none is given."""
    unknown = set(names) - {mutant.id for mutant in mutants} - {mutant.part for mutant in mutants}
    if unknown:
        raise SystemExit(f"no part or mutant {', '.join(sorted(unknown))}")
    return [mutant for mutant in mutants if not names or {mutant.id, mutant.part} & set(names)]


def main() -> int:
    """Run what is asked for and say what survives."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", help="parts or mutants; all of them where none is given")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--results", type=Path, help="a JSON file that keeps the results")
    parser.add_argument("--write", type=Path, help="a document with <!-- mutants --> and <!-- /mutants -->")
    parser.add_argument("--check", action="store_true", help="only whether every patch applies")
    given = parser.parse_args()
    parts, mutants = read_mutants(Path(__file__).with_suffix(".yml"))
    problems = list(filter(None, (mutant.problem(ROOT) for mutant in mutants)))
    if problems or given.check:
        print("\n".join(problems) or f"{len(mutants)} patches apply")  # noqa: T201
        return 2 if problems else 0
    mutants = chosen(mutants, given.names)
    results: dict[str, Result] = {}
    if given.results and given.results.is_file():
        results = {one["id"]: Result(**one) for one in json.loads(given.results.read_text("utf-8"))}
    wanted = [mutant for mutant in mutants if mutant.id not in results]
    problems = sound({name: parts[name] for name in dict.fromkeys(mutant.part for mutant in wanted)}, given.jobs)
    if problems:
        print("not green without any fault:", *problems, sep="\n")  # noqa: T201
        return 2
    with ThreadPoolExecutor(given.jobs) as pool:
        running = {pool.submit(examine, one, parts[one.part], build=one.build, tests=one.tests): one for one in wanted}
        for done in as_completed(running):
            result = done.result()
            results[result.id] = result
            print(json.dumps(asdict(result), ensure_ascii=False), flush=True)  # noqa: T201
            if given.results:
                given.results.write_text(
                    json.dumps([asdict(one) for one in results.values()], ensure_ascii=False), "utf-8"
                )
    text = table(mutants, results)
    print(text)  # noqa: T201
    if given.write:
        document = given.write.read_text("utf-8")
        given.write.write_text(_BETWEEN.sub(lambda match: match[1] + text + match[2], document), "utf-8")
    return 0 if all(results[mutant.id].caught for mutant in mutants) else 1


if __name__ == "__main__":
    sys.exit(main())
