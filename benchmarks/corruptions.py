"""Three hundred slips in four unlike tables: is each refused, warned of, said in the text, or printed as if right?

    python benchmarks/corruptions.py                     the counts, and every slip that passes
    python benchmarks/corruptions.py --write docs/slips.md   puts both between the page's marks

One cell (or row, or name) of one file is changed as people change it by mistake; the bulletin is opened as a build
opens it. The seed is fixed, so that the same slips are tried each time. Two hundred made-up returns without any slip
(synthetic figures) say what the checks cost: none may be refused.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from tongbao.basics.errors import TongbaoError
from tongbao.basics.rounding import round_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

ROOT = Path(__file__).resolve().parents[1]
TABLES = (
    ("wenzhou-monthly", "2021-01-to-02", "annex1.csv"),
    ("wenzhou-monthly", "2021-01-to-02", "annex2.csv"),
    ("taizhou-andun", "2019-04-to-06", "annex.csv"),
    ("hotline-monthly", "2026-10", "synthetic-annex.csv"),
)
TRIED = 300
HONEST = 200
OUTCOMES = ("refused", "warned of", "said in the text", "changes nothing", "passes")
Rows = list[list[str]]
_BETWEEN = re.compile(r"(<!-- slips -->\n).*?(<!-- /slips -->)", re.DOTALL)


@dataclass(frozen=True)
class Slip:
    """What was changed: the kind of mistake, where, from what to what; ``rows`` is the file with it."""

    kind: str
    table: str
    place: str
    old: str
    new: str
    rows: Rows


@dataclass(frozen=True)
class Tried:
    """A slip and what came of it; ``said`` is the first message or sentence that shows it."""

    slip: Slip
    outcome: str
    said: str


def blank(text: str, _: random.Random) -> str | None:
    """A figure left out."""
    return "" if text else None


def zero_for_blank(text: str, _: random.Random) -> str | None:
    """A zero where nothing was reported."""
    return None if text else "0"


def digit_added(text: str, rng: random.Random) -> str | None:
    """A digit too many."""
    at = rng.randrange(len(text) + 1) if text else 0
    return text[:at] + str(rng.randrange(1, 10)) + text[at:] if text else None


def digit_dropped(text: str, rng: random.Random) -> str | None:
    """A digit left out."""
    digits = [at for at, character in enumerate(text) if character.isdigit()]
    if len(digits) < 2:
        return None
    at = rng.choice(digits)
    return text[:at] + text[at + 1 :]


def digits_swapped(text: str, rng: random.Random) -> str | None:
    """Two digits the other way round."""
    pairs = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit() and text[at] != text[at + 1]]
    if not pairs:
        return None
    at = rng.choice(pairs)
    return text[:at] + text[at + 1] + text[at] + text[at + 2 :]


def point_moved(text: str, rng: random.Random) -> str | None:
    """The decimal point a place off; of a whole number, a zero too many."""
    if "." not in text:
        return f"{text}0" if text and text != "0" else None
    whole, _, decimals = text.partition(".")
    right = rng.random() < 0.5 or len(whole) < 2
    return f"{whole}{decimals[0]}.{decimals[1:] or 0}" if right else f"{whole[:-1]}.{whole[-1]}{decimals}"


def percent_as_fraction(text: str, _: random.Random) -> str | None:
    """0.3808 for 38.08."""
    return f"{float(text) / 100:.4f}" if text and text != "0" else None


def off_by_one(text: str, rng: random.Random) -> str | None:
    """One more or less."""
    return str(int(text) + rng.choice((-1, 1))) if text.isdigit() else None


CELLS: dict[str, Callable[[str, random.Random], str | None]] = {
    "blank": blank,
    "zero for a blank": zero_for_blank,
    "digit added": digit_added,
    "digit dropped": digit_dropped,
    "digits swapped": digits_swapped,
    "decimal point moved": point_moved,
    "percentage as a fraction": percent_as_fraction,
    "total off by one": off_by_one,
}
NAMES = ("rows swapped", "unit misspelt", "unit twice")


def slips(name: str, rows: Rows, rng: random.Random) -> Iterator[Slip]:
    """Slips of one table without end, each kind in its turn."""
    header, body = rows[0], rows[1:]
    units = [row for row in range(1, len(rows)) if rows[row][0] != "合计"]
    total = next((row for row in range(1, len(rows)) if rows[row][0] == "合计"), None)
    measured = [at for at in range(1, len(header)) if "排" not in header[at]]
    while True:
        for kind, change in CELLS.items():
            columns = (
                [at for at in measured if ("率" in header[at] or "占比" in header[at])]
                if "percent" in kind
                else measured
            )
            row = total if kind == "total off by one" else rng.choice(units)
            if row is None or not columns:
                continue
            for at in rng.sample(columns, len(columns)):
                old = rows[row][at].strip()
                new = change(old, rng)
                if new is not None and new != old:
                    changed = [list(line) for line in rows]
                    changed[row][at] = new
                    yield Slip(kind, name, f"{rows[row][0]} {header[at]}", old, new, changed)
                    break
        first, second = sorted(rng.sample(units, 2))
        changed = [list(line) for line in rows]
        changed[first][1:], changed[second][1:] = rows[second][1:], rows[first][1:]
        yield Slip("rows swapped", name, f"{rows[first][0]} ↔ {rows[second][0]}", "", "", changed)
        row = rng.choice(units)
        changed = [list(line) for line in rows]
        changed[row][0] = rows[row][0][:-1] + "镇"
        yield Slip("unit misspelt", name, rows[row][0], rows[row][0], changed[row][0], changed)
        changed = [list(line) for line in rows]
        other = rng.choice([other for other in units if other != row])
        changed[row][0] = rows[other][0]
        yield Slip("unit twice", name, rows[row][0], rows[row][0], rows[other][0], changed)
        assert len(body) > 1


def try_all(count: int = TRIED) -> list[Tried]:
    """Every slip and what came of it."""
    rng = random.Random(20210310)
    tried: list[Tried] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy(root)
        for series, period, file in TABLES:
            path = root / "data" / "raw" / series / period / file
            original = path.read_text("utf-8-sig")
            rows = list(csv.reader(io.StringIO(original)))
            before = _open(root, series, period)
            assert isinstance(before, Bulletin)
            makes = slips(f"{series} {file}", rows, rng)
            for _ in range(count // len(TABLES)):
                slip = next(makes)
                text = io.StringIO()
                csv.writer(text, lineterminator="\n").writerows(slip.rows)
                path.write_text(text.getvalue(), "utf-8")
                tried.append(_judged(slip, before, _open(root, series, period)))
            path.write_text(original, "utf-8")
    return tried


def _copy(root: Path) -> None:
    for part in ("_quarto.yml", "notebooks", "reports", "data/raw", "theme"):
        source, target = ROOT / part, root / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, target) if source.is_dir() else shutil.copy2(source, target)


def _open(root: Path, series: str, period: str) -> Bulletin | TongbaoError:
    try:
        bulletin = Bulletin.open(Project.find(root), series, period, {})
        bulletin.require_sound()
    except TongbaoError as error:
        return error
    return bulletin


def _judged(slip: Slip, before: Bulletin, after: Bulletin | TongbaoError) -> Tried:
    if isinstance(after, TongbaoError):
        return Tried(slip, "refused", str(after).splitlines()[0])
    known = {issue.message["zh"] for issue in before.quality}
    new = [issue.message["zh"] for issue in after.quality if issue.message["zh"] not in known]
    if new:
        return Tried(slip, "warned of", new[0])
    sentences = [finding.text["zh"] for name, finding in after.findings.items() if finding != before.findings[name]]
    said = [sentence for sentence in sentences if "不含" in sentence]
    if said:
        return Tried(slip, "said in the text", said[0])
    same = all(
        figure.text == before.indicators.figure(figure.name, figure.scope).text for figure in after.indicators.each()
    )
    return Tried(slip, "changes nothing" if same else "passes", "")


def honest(count: int = HONEST) -> Counter[str]:
    """What checks say of made-up returns that hold no slip: the level of each issue, and how many were refused."""
    rng = random.Random(20261110)
    said: Counter[str] = Counter()
    series, period, file = TABLES[-1]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _copy(root)
        for earlier in (root / "data" / "raw" / series).iterdir():
            if earlier.name != period:
                shutil.rmtree(earlier)
        path = root / "data" / "raw" / series / period / file
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
        for _ in range(count):
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(_honest(rows, rng))
            path.write_text(text.getvalue(), "utf-8")
            opened = _open(root, series, period)
            if isinstance(opened, TongbaoError):
                said["refused"] += 1
            else:
                said.update(issue.level for issue in opened.quality)
    return said


def _honest(rows: Rows, rng: random.Random) -> Rows:
    """The hotline's table with figures of its own that agree: rates, ranks and totals are worked out."""
    names, figures = [row[0] for row in rows[1:-1]], []
    for _ in names:
        received = round(rng.lognormvariate(7, 0.7)) + 60
        due = received - rng.randrange(received // 20 + 1)
        done = due - rng.randrange(due // 25 + 1)
        asked = round(done * rng.uniform(0.6, 0.9))
        pleased = asked - rng.randrange(asked // 12 + 1)
        figures.append([received, due, done, asked, pleased, rng.randrange(40), rng.randrange(6)])
    columns = [list(column) for column in zip(*figures, strict=True)]
    rates = [
        [Decimal(part) / whole * 100 for part, whole in zip(columns[a], columns[b], strict=True)]
        for a, b in ((2, 1), (4, 3))
    ]
    printed = [[str(round_decimal(rate, 2)) for rate in column] for column in rates]
    ranks = [[1 + sum(other > rate for other in column) for rate in column] for column in rates]
    made = [rows[0]]
    for at, name in enumerate(names):
        received, due, done, asked, pleased, returned, calls = figures[at]
        made.append(
            [
                str(cell)
                for cell in (
                    name,
                    received,
                    due,
                    done,
                    printed[0][at],
                    ranks[0][at],
                    asked,
                    pleased,
                    printed[1][at],
                    ranks[1][at],
                    returned,
                    f"{rng.uniform(30, 60):.1f}",
                    f"{rng.choice((100, 100, rng.uniform(96, 100))):.1f}",
                    calls,
                )
            ]
        )
    sums = [sum(column) for column in columns]
    of_all = [str(round_decimal(Decimal(sums[a]) / sums[b] * 100, 2)) for a, b in ((2, 1), (4, 3))]
    made.append(
        [
            str(cell)
            for cell in (
                "合计",
                *sums[:3],
                of_all[0],
                "/",
                sums[3],
                sums[4],
                of_all[1],
                "/",
                sums[5],
                "",
                "",
                sums[6],
            )
        ]
    )
    return made


def table(tried: list[Tried], said: Counter[str]) -> str:
    """The counts by kind of slip, what passes, and what is said of honest returns, as Markdown."""
    counts = Counter((one.slip.kind, one.outcome) for one in tried)
    lines = [f"| slip | {' | '.join(OUTCOMES)} |", "| --- |" + " --- |" * len(OUTCOMES)]
    lines += [
        f"| {kind} | {' | '.join(str(counts[kind, outcome] or '') for outcome in OUTCOMES)} |"
        for kind in (*CELLS, *NAMES)
    ]
    sums = Counter(one.outcome for one in tried)
    lines.append(f"| **all {len(tried)}** | {' | '.join(f'**{sums[outcome]}**' for outcome in OUTCOMES)} |")
    lines += ["", "What passes:", "", "| table | slip | where | from | to |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {one.slip.table} | {one.slip.kind} | {one.slip.place} | {one.slip.old} | {one.slip.new} |"
        for one in tried
        if one.outcome == "passes"
    ]
    told = ", ".join(f"{said[level]} {level}" for level in ("refused", "warning", "note"))
    lines += ["", f"Of {HONEST} made-up returns without a slip: {told}."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Try, print, and write where a page is named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table between the page's marks")
    parser.add_argument("--count", type=int, default=TRIED, help="how many slips to try")
    given = parser.parse_args()
    found = table(try_all(given.count), honest())
    if given.write:
        page = given.write.read_text("utf-8")
        given.write.write_text(_BETWEEN.sub(rf"\g<1>{found}\g<2>", page), "utf-8")
    sys.stdout.write(found)
    return 0


if __name__ == "__main__":
    sys.exit(main())
