"""What the site shows of a bulletin, taken from the record that is published beside its page."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.definition.files import write_whole
from tongbao.definition.model import Lang
from tongbao.definition.names import bare
from tongbao.reading.labels import BLANK_MARKS, normalise

RECORDS = "records"  # the folder of what was read of them, where a site keeps such things
_HERE = Path(__file__).read_bytes()  # what is kept is thrown away when this module changes
_NAME = re.compile(r"[^\W\d][\w.]*")


@dataclass(frozen=True)
class Shown:
    """What is said of a published bulletin: a draft, why it was corrected or retracted, its versions by name and page.

    What is said stands by language. ``number`` is that of the version at the plain address; none for a draft.
    """

    number: int | None
    correction: dict[Lang, str]
    published: str
    versions: list[tuple[dict[Lang, str], str]]
    retracted: dict[Lang, str] = field(default_factory=dict)

    @property
    def draft(self) -> bool:
        """Whether only a draft for comment is out."""
        return self.number is None


@dataclass(frozen=True)
class Held:
    """The figures of a bulletin, which are many and seldom asked for.

    ``values`` holds by measure and unit (``area`` for all units together) the figure as printed, its number, its rank,
    the annex cell it can be seen in, and the units that it leaves out; what is not known is ``None``. ``named`` holds
    the findings that name units, ``parameters`` by measure the values of those that it is worked out with, ``settings``
    what they are called. ``cumulative`` figures count from January on.
    """

    measures: dict[str, dict[str, Any]]
    charted: list[str]
    values: dict[str, dict[str, list[Any]]]
    named: list[dict[str, Any]]
    parameters: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: dict[str, dict[str, str]] = field(default_factory=dict)
    cumulative: bool = False


@dataclass(frozen=True)
class Entry:
    """A bulletin as the site lists it; texts by language. ``site`` is the address that its series declares.

    ``kept`` is JSON: what is ``held``. ``digest`` is the hash of the record.
    """

    series: str
    period: str
    issued: str
    synthetic: bool
    reconstruction: bool
    languages: list[str]
    site: str
    subject: dict[str, str]
    area: dict[str, str]
    editions: dict[str, dict[str, Any]]
    units: dict[str, dict[str, str]]
    kept: str = field(repr=False)
    digest: str = ""

    @cached_property
    def held(self) -> Held:
        """What only pages of its series ask for."""
        return Held(**json.loads(self.kept))

    @property
    def id(self) -> str:
        """``series@period``."""
        return f"{self.series}@{self.period}"

    @property
    def reporting(self) -> str:
        """The ids of the units that report, in one text."""
        return " ".join(self.units)

    def stands_alone(self, shown: Mapping[str, Shown]) -> bool:
        """Whether it is a draft or retracted: its figures stand on its own page, and in no line or list."""
        said = shown.get(self.id)
        return said is not None and (said.draft or bool(said.retracted))

    @cached_property
    def when(self) -> Period:
        """The period."""
        return Period.parse(self.period)

    def page(self, lang: str, suffix: str = "html") -> str:
        """A file of this bulletin in a language, as named in the series' folder; without a suffix, its stem."""
        edition = self.period if lang == self.languages[0] else f"{self.period}.{lang}"
        return f"{edition}.{suffix}" if suffix else edition


_READ: dict[str, Entry] = {}
"""What this process has read, by the name under which it is kept."""


def read_entries(records: Iterable[tuple[Path, str]], cache: Path) -> list[Entry]:
    """What the site shows of these records, latest first; ``cache`` keeps what was read of each.

    A record of an earlier version that holds too little is passed over: its bulletin is out of date.

    Arguments:
        records: their paths with their SHA-256.
        cache: a folder.
    """
    cache.mkdir(parents=True, exist_ok=True)
    found = (read_entry(path, digest, cache) for path, digest in records)
    entries = {entry.digest: entry for entry in found if entry}
    for old in cache.iterdir():
        if old.stem not in entries:
            old.unlink()
    _READ.clear()
    _READ.update(entries)
    return sorted(entries.values(), key=lambda entry: (entry.issued, entry.series, entry.when), reverse=True)


def read_entry(record: Path, digest: str, cache: Path) -> Entry | None:
    """What the site shows of one record, of this hash; nothing of one that holds too little."""
    name = sha256(_HERE + digest.encode()).hexdigest()
    if name not in _READ and (read := _entry(record, cache / f"{name}.json")):
        _READ[name] = read
    return _READ.get(name)


def _entry(record: Path, remembered: Path) -> Entry | None:
    if (entry := _remembered(remembered)) is None:
        try:
            entry = entry_of(json.loads(record.read_bytes()))
        except (ValueError, LookupError, TypeError, AttributeError):
            return None
        head = json.dumps(vars(entry) | {"kept": _hash(entry.kept)}, ensure_ascii=False)
        write_whole(remembered, f"{head}\n{entry.kept}")
    return replace(entry, digest=remembered.stem)


def _remembered(path: Path) -> Entry | None:
    """What was kept of a record: a line with what is listed, and one with the rest; nothing that is not whole."""
    try:
        head, _, kept = path.read_text("utf-8").partition("\n")
        listed = json.loads(head)
        return Entry(**listed | {"kept": kept}) if listed["kept"] == _hash(kept) else None
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def entry_of(record: Mapping[str, Any]) -> Entry:
    """The site's part of a bulletin's record (``findings.json``)."""
    defined, own = record["definition"], record["lang"]
    said = ("title", "number", "authority", "period_label", "main_points")
    editions = {own: {name: record[name] for name in said}}
    editions |= {lang: {name: other[name] for name in said} for lang, other in record["editions"].items()}
    named, ways = _named_by(record), _ways(defined)
    behind = {name: _behind(name, named) for name in ways}
    measures = {
        name: {
            "label": _plain_label(made),
            "unit": made.get("unit", ""),
            "unit_en": made.get("unit_en", ""),
            "worked_out": _hash(repr(sorted((one, ways[one]) for one in map(bare, behind[name]) if one in ways)))[:12],
        }
        for name, made in _measures(defined)
    }
    values: dict[str, dict[str, list[Any]]] = {name: {} for name in measures}
    ranks: dict[tuple[str, str], int] = {}
    annexes = {annex["table"] for annex in defined.get("annexes", ()) if "table" in annex}
    printed = {name for table in annexes for name in defined["tables"][table].get("columns", {})}
    for key, figure in record["figures"].items():
        name = Key.parse(key)
        if name.owner or name.period or not name.scope:
            continue
        if name.name in values:
            cell = next((cell for cell in figure["cells"] if cell == key and name.name in printed), None)
            without = _left_out(record, name.name, figure) if name.scope == "area" else []
            values[name.name][name.scope] = [figure["text"], figure["value"], None, cell, without]
        elif name.name.startswith("rank(") and figure["value"] is not None:
            ranks[name.name[5:-1], name.scope] = int(figure["value"])
    for (measure, unit), rank in ranks.items():
        if unit in values.get(measure, {}):
            values[measure][unit][2] = rank
    held = Held(
        measures={name: made for name, made in measures.items() if values[name]},
        charted=list(dict.fromkeys(chart["measure"] for chart in defined.get("charts", {}).values())),
        values={name: found for name, found in values.items() if found},
        named=[
            {name: finding[name] for name in ("id", "level", "units", "text")}
            for finding in record["findings"]
            if finding["units"]
        ],
        parameters={
            name: own
            for name in measures
            if (own := {one: to for one, to in record.get("parameters", {}).items() if f"param.{one}" in behind[name]})
        },
        settings={name: _both(made["label"]) for name, made in defined.get("parameters", {}).items()},
        cumulative=bool(defined.get("cumulative")),
    )
    return Entry(
        series=record["series"],
        period=record["period"],
        issued=record["issued"],
        synthetic=record["synthetic"],
        reconstruction=record.get("reconstruction", False),  # since schema 5
        languages=list(editions),
        site=f"{defined['site'].rstrip('/')}/" if defined.get("site") else "",
        subject=_both(defined["subject"]),
        area=_both(defined["area"]),
        editions=editions,
        units={unit["id"]: {lang: unit.get(lang) or unit["zh"] for lang in ("zh", "en")} for unit in defined["units"]},
        kept=json.dumps(vars(held), ensure_ascii=False),
    )


def _left_out(record: Mapping[str, Any], measure: str, figure: Mapping[str, Any]) -> list[str]:
    """The units that a figure of all of them is without, as what theirs is made of was not reported.

    One that a totals' row states, or a fact, is of all.
    """
    behind = {Key.parse(cell).scope for cell in figure["cells"]}
    if "total" in behind or not behind - {""}:
        return []
    found = []
    for unit in record["definition"]["units"]:
        own = record["figures"].get(f"{measure}@{unit['id']}")
        cells = own["cells"] if own and own["value"] is None else ()
        if any(normalise(record["cells"][cell]["text"]) in BLANK_MARKS for cell in cells if cell in record["cells"]):
            found.append(unit["id"])
    return found


def _measures(defined: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for table in defined["tables"].values():
        for name, column in table.get("columns", {}).items():
            if "rank_of" not in column and "reports" not in column:
                yield name, column
    yield from defined.get("indicators", {}).items()


def _named_by(record: Mapping[str, Any]) -> dict[str, set[str]]:
    """What each measure's formula names; of a count of listed enterprises, what its criteria do."""
    names: dict[str, set[str]] = {}
    for figure in record["figures"].values():
        if figure["formula"] and figure["name"] != figure["formula"]:
            names.setdefault(figure["name"], set()).update(_NAME.findall(figure["formula"]))
    for listed, made in record["definition"].get("enterprises", {}).items():
        for name, criterion in made["criteria"].items():
            for count in (f"enterprises.{listed}", f"enterprises.{listed}_{name}"):
                names.setdefault(count, set()).add(str(criterion["at_least"]))
    return names


def _behind(measure: str, named: Mapping[str, set[str]]) -> set[str]:
    """A measure, what its formula names, what theirs name, and so on; of other periods and of the area the same."""
    reached, coming = set[str](), {measure}
    while coming:
        reached |= coming
        behind = (named.get(name) or named.get(name.rpartition(".")[2]) or () for name in coming)
        coming = {own for one in behind for own in one} - reached
    return reached


def _ways(defined: Mapping[str, Any]) -> dict[str, str]:
    """How each measure is worked out, as declared: its formula, what is counted, the weights of a score."""
    found = {}
    tables = {name: table for table in defined["tables"].values() for name in table.get("columns", {})}
    for name, made in _measures(defined):
        table = tables.get(name, {})
        own = {key: made[key] for key in ("formula", "area", "score", "measure", "where") if made.get(key)}
        own |= {f"of_{key}": table[key] for key in ("where", "without_records") if "measure" in own and table.get(key)}
        found[name] = json.dumps(own, sort_keys=True, default=str)
    return found


def _plain_label(made: Mapping[str, Any]) -> dict[str, str]:
    """What a measure is called, without its unit of measurement."""
    label = _both(made.get("label") or made.get("header") or "")
    return {lang: text.partition("（")[0].partition(" (")[0] for lang, text in label.items()}


def _both(text: str | Mapping[str, str]) -> dict[str, str]:
    if isinstance(text, str):
        return {"zh": text, "en": text}
    return {lang: text.get(lang) or text["zh"] for lang in ("zh", "en")}
