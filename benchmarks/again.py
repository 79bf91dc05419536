"""What it takes to start, to make one bulletin, and to find that nothing, or one thing, is to be done among a thousand.

    python benchmarks/again.py [--count 1000] [--repeats 5] [--json FILE]

Made-up months (synthetic figures). Peers in the same run: ``python -c pass`` for the start, papermill alone on the same
notebook for one bulletin, ``make`` over rules that name the same inputs and outputs for nothing to do.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import Cost, adopt_orphans, machine, measured
from monthly_series import write_project

BIN = Path(sys.executable).parent
TONGBAO = str(BIN / "tongbao")


def medians(repeats: int, measure: Callable[[], Cost]) -> Cost:
    """The medians over several runs."""
    costs = [measure() for _ in range(repeats)]
    return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in ("wall", "cpu", "peak")))


def start(folder: Path, repeats: int) -> dict[str, Cost]:
    """Help, beside Python itself."""
    return {
        "python -c pass": medians(repeats, lambda: measured([sys.executable, "-c", "pass"], folder=folder)),
        "tongbao --help": medians(repeats, lambda: measured([TONGBAO, "--help"], folder=folder)),
    }


def one(folder: Path, bulletin: str, repeats: int) -> dict[str, Cost]:
    """One bulletin from a cold shell, beside papermill alone on its notebook."""
    series, _, period = bulletin.partition("@")
    target = f"reports/{series}/{period}.ipynb"
    values = ("-p", "series", series, "-p", "period", period, "--no-progress-bar", "-k", "python3")
    papermill = [sys.executable, "-m", "papermill", "notebooks/monthly.ipynb", target, *values]
    build = [TONGBAO, "build", bulletin, "--force", "--engine", "embedded"]
    costs: dict[str, list[Cost]] = {"papermill alone": [], "tongbao build, one bulletin": []}
    for _ in range(repeats):  # in turn
        costs["papermill alone"].append(measured(papermill, folder=folder))
        costs["tongbao build, one bulletin"].append(measured(build, folder=folder))
    return {name: medians(len(found), iter(found).__next__) for name, found in costs.items()}


def again(folder: Path, bulletins: list[str], repeats: int) -> dict[str, Cost]:
    """All in three builds; nothing to do, beside ``make``; then one figure changed."""
    build = [TONGBAO, "build", "--engine", "embedded"]
    found, begun = {}, 0
    for count in (len(bulletins) // 20, len(bulletins) // 2):  # one to ten
        part = bulletins[begun : begun + count]
        found[f"a build of {count}"] = measured([*build, *part], folder=folder)
        begun += count
    found[f"a build of {len(bulletins) - begun}"] = measured(build, folder=folder)
    (folder / "Makefile").write_text(rules(folder), "utf-8")
    found["nothing to do"] = medians(repeats, lambda: measured(build, folder=folder))
    found["nothing to do, file by file"] = medians(repeats, lambda: measured([*build, *bulletins], folder=folder))
    found["make, nothing to do"] = medians(repeats, lambda: measured(["make", "-q"], folder=folder, errors=True))
    series, _, period = bulletins[len(bulletins) // 2].partition("@")
    raw = folder / "data" / "raw" / series / period / "annex2.csv"
    seized = 100.0

    def changed() -> Cost:
        nonlocal seized
        lines = raw.read_text("utf-8").splitlines()
        cells = lines[1].split(",")
        seized += 1
        lines[1] = ",".join([*cells[:2], str(seized), *cells[3:]])
        raw.write_text("\n".join(lines) + "\n", "utf-8")
        os.sync()  # so that the build waits for what it writes itself, not for the thousand before it
        return measured(build, folder=folder)

    found["one figure changed"] = medians(repeats, changed)
    return found


def rules(folder: Path) -> str:
    """A makefile with the inputs and outputs that the manifests name."""
    lines, pages = [], []
    for manifest in sorted((folder / "data" / "processed").glob("*/*/manifest.json")):
        record = json.loads(manifest.read_text("utf-8"))
        page = next(name for name in record["outputs"] if name.endswith(".html"))
        pages.append(page)
        lines.append(f"{page}: {' '.join(record['inputs'])}\n\tfalse\n")
    return f"all: {' '.join(pages)}\n" + "".join(lines)


def main() -> None:
    """Print what each took; write it as JSON where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "p"
        bulletins = write_project(folder, given.count, "html")
        found = start(folder, given.repeats) | one(folder, bulletins[0], given.repeats)
        found |= again(folder, bulletins, given.repeats)
    for name, cost in found.items():
        print(f"{name:<28} {cost.wall:8.3f} s  {cost.cpu:8.3f} s processor  {cost.peak:6.0f} MiB")  # noqa: T201
    if given.json:
        record = {
            "count": given.count,
            "machine": machine(),
            "costs": {name: vars(cost) for name, cost in found.items()},
        }
        given.json.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
