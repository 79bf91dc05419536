"""Writes docs/performance.md and its plot from what the benchmarks have measured.

python benchmarks/page.py docs/performance
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

HEAD = """\
# Performance

Measured by `make bench` against peers in the same run; made-up months (synthetic figures) of a series like Wenzhou's,
one chart, two annexes, HTML and PDF unless said otherwise. Times are medians; machines differ, ratios less so. The
records are in [performance/](performance/).
"""


def batch(name: str, record: dict[str, Any]) -> str:
    """A table of a batch and its peers."""
    sides = record["sides"]
    rows = [
        f"| {side} | {one['wall']:.1f} s | {one['cpu']:.1f} s | {one['times']:.1f} × | {one['bulletins']} |"
        for side, one in sides.items()
    ]
    head = "| | wall clock | processor | times ours | measured on |\n| --- | --: | --: | --: | --: |\n"
    return f"## {record['count']} bulletins, {name}\n\n{_machine(record)}\n\n{head}" + "\n".join(rows) + "\n"


def again(record: dict[str, Any]) -> str:
    """A table of starting, one bulletin, and nothing to do."""
    rows = [
        f"| {name} | {one['wall']:.3f} s | {one['cpu']:.3f} s | {one['peak']:.0f} MiB |"
        for name, one in record["costs"].items()
    ]
    head = "| | wall clock | processor | largest process |\n| --- | --: | --: | --: |\n"
    return f"## Again, among {record['count']} (HTML only)\n\n{_machine(record)}\n\n{head}" + "\n".join(rows) + "\n"


def site(record: dict[str, Any]) -> str:
    """Two tables of a site: what it takes, what it weighs."""
    took = [f"| {name} | {value:.2f} s |" for name, value in record["seconds"].items()]
    weighs = [f"| {name} | {size / 1000:,.0f} kB |" for name, size in record["bytes"].items()]
    head = "| | |\n| --- | --: |\n"
    title = f"## A site of {record['months']} periods and 13 units: {record['pages']} pages\n\n{_machine(record)}\n\n"
    return title + head + "\n".join(took) + "\n\n" + head + "\n".join(weighs) + "\n"


def _machine(record: dict[str, Any]) -> str:
    machine = record["machine"]
    environment = {True: ", JupyterLab installed", False: ", JupyterLab not installed"}.get(
        machine.get("jupyterlab"), ""
    )
    return "{cpu}, {cores} cores, Python {python}{0}, load {load:.1f} at the end.".format(environment, **machine)


def plot(records: dict[str, dict[str, Any]], path: Path) -> None:
    """Bars of seconds a bulletin takes on each side."""
    rows = [
        {"side": f"{side}, {name}", "seconds": one["wall"] / record["count"]}
        for name, record in records.items()
        for side, one in record["sides"].items()
    ]
    axis = alt.Axis(title="wall-clock seconds for one bulletin of a batch")
    bars = alt.Chart(pd.DataFrame(rows)).mark_bar(height=14, color="#b3261e")
    drawn = bars.encode(
        x=alt.X("seconds:Q", axis=axis), y=alt.Y("side:N", sort=None, axis=alt.Axis(title=None, labelLimit=300))
    )
    path.write_text(vl_convert.vegalite_to_svg(drawn.properties(width=480).to_dict(), vl_version="6.4"), "utf-8")


def main() -> None:
    """Write the page beside the folder of records."""
    folder = Path(sys.argv[1])
    records = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))}
    batches = {name.removeprefix("batch-").replace("-", " "): one for name, one in records.items() if "sides" in one}
    plot(batches, folder / "batch.svg")
    parts = [HEAD, "![Seconds for one bulletin](performance/batch.svg)\n", *(batch(*item) for item in batches.items())]
    parts += [again(one) for one in records.values() if "costs" in one]
    parts += [site(one) for one in records.values() if "bytes" in one]
    notes = folder / "notes.md"
    parts += [notes.read_text("utf-8")] if notes.is_file() else []
    (folder.parent / "performance.md").write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
