"""Made-up months (synthetic figures) of a series like Wenzhou's, as many as are asked for.

    python benchmarks/monthly_series.py FOLDER 48 [--formats html,pdf]

writes a project with that many monthly bulletins into FOLDER, in series of at most 48; everything in it says that it is
made up.
"""

from __future__ import annotations

import argparse
import csv
import random
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LIKE = "wenzhou-monthly"
MODEL = "2021-01-to-02"
MONTHS = 48
DEFINITION = """\
# Synthetic: made by benchmarks/monthly_series.py
extends: {like}
synthetic: true
authority: {{zh: 示例市应急管理局, en: Example City Emergency Management Bureau}}
source: {{zh: 合成数据，非真实填报, en: synthetic figures}}
formats: [{formats}]
languages: [zh]
"""


def ranks(values: Sequence[float]) -> list[int]:
    """Places from the highest down; equals share one and leave a gap."""
    return [1 + sum(other > value for other in values) for value in values]


def months(first_year: int, count: int) -> Iterator[str]:
    """Ids of ``count`` months on end."""
    for number in range(count):
        yield f"{first_year + number // 12}-{number % 12 + 1:02d}"


def write_series(
    project: Path, name: str, count: int, *, seed: int = 1, first_year: int = 2017, formats: str = "html, pdf"
) -> list[str]:
    """Write a series of ``count`` made-up months into a project that has the series it is like; returns their ids."""
    model = ROOT / "data" / "raw" / LIKE / MODEL
    heads = {file: list(csv.reader((model / f"{file}.csv").open(encoding="utf-8"))) for file in ("annex1", "annex2")}
    facts = (model / "facts.csv").read_text("utf-8")
    text = (ROOT / "reports" / LIKE / f"{MODEL}.md").read_text("utf-8").partition("---\n")[2].partition("---\n")[2]
    reports = project / "reports" / name
    reports.mkdir(parents=True)
    (reports / "series.yml").write_text(DEFINITION.format(like=LIKE, formats=formats), "utf-8")
    made = list(months(first_year, count))
    for number, period in enumerate(made):
        dice = random.Random(seed * 10_000 + number)
        folder = project / "data" / "raw" / name / period
        folder.mkdir(parents=True)
        inspected, penalised = dice.randint(300, 900), dice.randint(90, 280)
        own = facts.replace(",248,", f",{inspected},").replace(",87,", f",{penalised},")
        (folder / "facts.csv").write_text(own.replace("温州市应急管理局 2021年3月10日通报", "合成数据"), "utf-8")
        _write(folder / "annex1.csv", heads["annex1"], _enforcement(dice, penalised / inspected * 100))
        _write(folder / "annex2.csv", heads["annex2"], _hazchem(dice))
        issued = f"---\nissued: {period}-28\nnames: [三年行动]\n---\n"
        (reports / f"{period}.md").write_text(issued + text, "utf-8")
    return made


def _write(path: Path, model: list[list[str]], rows: Sequence[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(model[0])
        writer.writerows([line[0], *row] for line, row in zip(model[1:], rows, strict=True))


def _enforcement(dice: random.Random, rate: float) -> list[list[object]]:
    fines = [round(dice.uniform(5, 90), 1) for _ in range(13)]
    rates = [round(min(max(dice.gauss(rate, 9), 3), 97), 2) for _ in range(13)]
    columns = [fines, fines, ranks(fines), ["100.00"] * 13, [1] * 13, [f"{one:.2f}" for one in rates], ranks(rates)]
    return [list(row) for row in zip(*columns, [100] * 13, [1] * 13, strict=True)]


def _hazchem(dice: random.Random) -> list[list[object]]:
    cases = [dice.randint(0, 9) for _ in range(13)]
    fines = [round(count * dice.uniform(1, 6), 2) for count in cases]
    seized = [round(count * dice.uniform(0, 9), 2) for count in cases]
    return [list(row) for row in zip(cases, seized, fines, ranks(fines), [0] * 13, [0] * 13, strict=True)]


def write_project(folder: Path, count: int, formats: str = "html, pdf") -> list[str]:
    """A project of its own with made-up series of at most 48 months; returns ``series@period`` of each bulletin."""
    folder.mkdir(parents=True)
    for part in ("_quarto.yml", "requirements.lock"):
        shutil.copy2(ROOT / part, folder / part)
    for part in ("notebooks", "fonts", "theme"):
        shutil.copytree(ROOT / part, folder / part)
    (folder / "reports" / LIKE).mkdir(parents=True)
    shutil.copy2(ROOT / "reports" / LIKE / "series.yml", folder / "reports" / LIKE / "series.yml")
    found = []
    for number, start in enumerate(range(0, count, MONTHS), start=1):
        name = f"monthly-demo-{number:02d}"
        made = write_series(folder, name, min(MONTHS, count - start), seed=number, formats=formats)
        found += [f"{name}@{period}" for period in made]
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--formats", default="html, pdf")
    given = parser.parse_args()
    print(f"{len(write_project(given.folder, given.count, given.formats))} made-up months in {given.folder}")  # noqa: T201
