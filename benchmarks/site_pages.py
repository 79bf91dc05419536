"""What the pages around the bulletins take and weigh: a series of 36 months and 13 units.

    python benchmarks/site_pages.py [--months 36] [--repeats 5] [--json FILE]

Made-up months (synthetic figures); only the web pages of the bulletins are built, and the first figure is that build.
The rest is the site alone, in one process that has loaded it: medians of several times.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from measuring import adopt_orphans, machine, measured
from monthly_series import write_project
from tongbao.definition.files import file_hash
from tongbao.definition.project import Project
from tongbao_site.built import Pages, update_site
from tongbao_site.entry import RECORDS, read_entries
from tongbao_site.frame import Frame
from tongbao_site.make import Site
from tongbao_site.search import FOLDER, search_files

TONGBAO = str(Path(sys.executable).parent / "tongbao")


def median(repeats: int, measure: Callable[[], object], before: Callable[[], object] = lambda: None) -> float:
    """Seconds, the median over several times; what comes before is not counted."""
    times = []
    for _ in range(repeats):
        before()
        began = time.perf_counter()
        measure()
        times.append(time.perf_counter() - began)
    return statistics.median(times)


def seconds(project: Project, repeats: int) -> dict[str, float]:
    """The pages around the bulletins from nothing, with nothing new, with one period more; and the search."""
    paths = sorted((project.root / "data/processed").glob("*/*/findings.json"))
    records = [(path, file_hash(path)) for path in paths]
    site = Site(project.site, Frame(project), project.work / "site")
    all_new = project.work / "site"
    entries = read_entries(records, all_new / RECORDS)
    return {
        "pages around, all anew": median(
            repeats, lambda: update_site(project, Pages(force=True)), lambda: shutil.rmtree(all_new, ignore_errors=True)
        ),
        "pages around, nothing new": median(repeats, lambda: update_site(project)),
        "pages around, one period more": median(repeats, lambda: site.make(entries), lambda: site.make(entries[1:])),
        "search": median(
            repeats, lambda: search_files(project.site, all_new), lambda: shutil.rmtree(all_new, ignore_errors=True)
        ),
    }


def weights(site: Path) -> dict[str, int]:
    """Bytes of the site and of what it consists of."""
    series = next((site / "reports").iterdir())

    def below(*paths: Path) -> int:
        return sum(path.stat().st_size for top in paths for path in (top, *top.rglob("*")) if path.is_file())

    units = sorted(path.stat().st_size for path in (series / "units").iterdir())
    return {
        "whole site": below(site),
        "pages of bulletins": below(*(path for path in series.glob("*.html") if path.name[0].isdigit())),
        "index": below(site / "index.html"),
        "series page": below(series / "index.html"),
        "unit page": units[len(units) // 2],
        "all periods, CSV": below(series / "all.csv"),
        "all periods, XLSX": below(series / "all.xlsx"),
        "feed": below(site / "feed.xml"),
        "search index": below(site / FOLDER),
    }


def main() -> None:
    """Print what was measured; write it as JSON where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--months", type=int, default=36)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    adopt_orphans()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "p"
        write_project(folder, given.months, "html")
        whole = measured([TONGBAO, "build", "--engine", "embedded"], folder=folder)
        project = Project(folder)
        found = {"build of all bulletins and pages": whole.wall} | seconds(project, given.repeats)
        update_site(project, Pages(search=True, force=True))
        sizes = weights(project.site)
        pages = len(list(project.site.rglob("*.html")))
    for name, value in found.items():
        print(f"{name:<34} {value:8.3f} s")  # noqa: T201
    for name, size in sizes.items():
        print(f"{name:<34} {size / 1000:8.0f} kB")  # noqa: T201
    if given.json:
        record = {"months": given.months, "pages": pages, "machine": machine(), "seconds": found, "bytes": sizes}
        given.json.write_text(json.dumps(record, ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
