"""A batch of bulletins (HTML and PDF) against the plain loop and the best combination of the same programs.

    python benchmarks/batch.py [--count 48] [--peers 6] [--repeats 3] [--json FILE]

All sides run the same notebooks of the same made-up months (synthetic figures) to the same pages:

- ``plain loop``: papermill's command line for a bulletin, then one render of it, and the next (``tongbao render`` with
  the embedded engine, ``quarto render`` with Quarto);
- ``one process``: papermill's own interface in one process for all bulletins, then one render call for all;
- ``tongbao build``: from a cold shell, with a process for each core.

The peers take so long that they run on the first ``--peers`` bulletins, and their time is taken in
proportion. Sides take turns; medians over the repeats; ratios of times measured in the same run.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from measuring import Cost, adopt_orphans, machine, measured
from monthly_series import write_project

BIN = Path(sys.executable).parent
ONE_PROCESS = """
import sys, papermill
for bulletin in sys.argv[1:]:
    series, period = bulletin.split("@")
    target = f"reports/{series}/{period}.ipynb"
    papermill.execute_notebook("notebooks/monthly.ipynb", target, {"series": series, "period": period},
                               progress_bar=False, kernel_name="python3")
"""


def _notebook(bulletin: str) -> str:
    series, _, period = bulletin.partition("@")
    return f"reports/{series}/{period}.ipynb"


def plain_loop(folder: Path, bulletins: Sequence[str], engine: str) -> Cost:
    """Papermill's command line, then a render, for each bulletin."""
    commands = []
    for bulletin in bulletins:
        series, _, period = bulletin.partition("@")
        values = ("-p", "series", series, "-p", "period", period, "--no-progress-bar", "-k", "python3")
        run = [sys.executable, "-m", "papermill", "notebooks/monthly.ipynb", _notebook(bulletin), *values]
        commands += [run, _render([_notebook(bulletin)], engine)]
    return measured(*commands, folder=folder)


def one_process(folder: Path, bulletins: Sequence[str], engine: str) -> Cost:
    """Papermill in one process for all, then one render."""
    run = [sys.executable, "-c", ONE_PROCESS, *bulletins]
    return measured(run, _render([_notebook(one) for one in bulletins], engine), folder=folder)


def _render(notebooks: Sequence[str], engine: str) -> list[str]:
    if engine == "quarto":
        return ["quarto", "render", *notebooks] if len(notebooks) == 1 else ["quarto", "render"]
    return [str(BIN / "tongbao"), "render", *notebooks, "--engine", "embedded"]


def tongbao(folder: Path, bulletins: Sequence[str], engine: str) -> Cost:
    """The build, from a cold shell."""
    return measured([str(BIN / "tongbao"), "build", *bulletins, "--engine", engine], folder=folder)


def on_a_fresh_copy(
    side: Callable[[Path, Sequence[str], str], Cost], model: Path, bulletins: Sequence[str], engine: str
) -> Cost:
    """A side's cost on a copy in which nothing is built."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(shutil.copytree(model, Path(scratch) / "p"))
        return side(folder, bulletins, engine)


def compare(count: int, peers: int, repeats: int, engine: str) -> dict[str, object]:
    """Measure all sides in turn; seconds are medians, scaled to ``count`` bulletins."""
    with tempfile.TemporaryDirectory() as scratch:
        model = Path(scratch) / "model"
        bulletins = write_project(model, count)
        sides = {
            "plain loop": (plain_loop, bulletins[:peers]),
            "one process": (one_process, bulletins[:peers]),
            "tongbao build": (tongbao, bulletins),
        }
        measured_costs: dict[str, list[Cost]] = {name: [] for name in sides}
        for _ in range(repeats):
            for name, (side, own) in sides.items():
                measured_costs[name].append(on_a_fresh_copy(side, model, own, engine))
    found: dict[str, dict[str, float]] = {}
    for name, costs in measured_costs.items():
        scale = count / len(sides[name][1])
        found[name] = {
            "bulletins": len(sides[name][1]),
            "wall": statistics.median(cost.wall for cost in costs) * scale,
            "cpu": statistics.median(cost.cpu for cost in costs) * scale,
        }
    ours = found["tongbao build"]
    for one in found.values():
        one["times"] = one["wall"] / ours["wall"]
    return {"engine": engine, "count": count, "repeats": repeats, "machine": machine(), "sides": found}


def main() -> None:
    """Print the comparison as a table; write it as JSON where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=48)
    parser.add_argument("--peers", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engine", default="embedded", choices=("embedded", "quarto"))
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    adopt_orphans()
    result = compare(given.count, given.peers, given.repeats, given.engine)
    for name, cost in result["sides"].items():  # type: ignore[attr-defined]
        print(  # noqa: T201
            f"{name:<14} {cost['wall']:8.1f} s  {cost['cpu']:8.1f} s processor  {cost['times']:6.1f} ×"
            f"  (measured on {cost['bulletins']})"
        )
    if given.json:
        given.json.write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
