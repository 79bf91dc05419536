"""The figures behind a bulletin: cells from raw files, or as recorded where these are not at hand; all else follows."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatch
from fractions import Fraction
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from tongbao_verify.definition import Definition, Map
from tongbao_verify.formula import AREA, Evaluator, Months, UnreadableError, Value, months_of
from tongbao_verify.raw import SUFFIXES, TOTAL, Cell, read_facts, read_number, read_sheets, read_table

RECORD = "findings.json"
_KEY = re.compile(r"(?:([^:@~]+):)?([^@~]*)(?:@([^~]+))?(?:~(.+))?")


class LeftOver(NamedTuple):
    """A numeral, name or statement that nothing backs: where it stands, in which sentence, and why it is left over."""

    document: str
    place: str
    text: str
    sentence: str
    reason: str


class Key(NamedTuple):
    """``[owner:]name[@scope][~period]``: what a printed number or name is."""

    owner: str
    name: str
    scope: str
    period: str

    @property
    def is_name(self) -> bool:
        """Whether what is printed is the name of a unit or item."""
        return bool(self.owner) and self.name in ("unit", "item")


def key_of(text: str) -> Key:
    """Read a key; one that is none names nothing."""
    match = _KEY.fullmatch(text)
    return Key(*(part or "" for part in match.groups())) if match else Key("", text, "", "")


class Books:
    """Every figure of the bulletin's period and of those it is compared with; and the account of what was checked.

    Arguments:
        record: ``findings.json``.
        roots: folders that the paths of ``inputs`` may start from.

    Attributes:
        left: what is left over; ``notes``: what could not be read here; ``held``: how much was checked, by kind.
    """

    def __init__(self, record: Map, roots: Sequence[Path]) -> None:
        self.record, self.roots, self.definition = record, roots, Definition(record["definition"])
        self.own: str = record["period"]
        self.left: dict[LeftOver, None] = {}
        self.notes: dict[str, None] = {}
        self.held = Counter[str]()
        self.evaluate = Evaluator(self.definition.units, months_of(self.own), self.figure)
        # By their months, the received periods that cover them: itself under any id, or shorter ones.
        self.parts: dict[Months, list[str]] = {months_of(period): parts for period, parts in record["compared"].items()}
        self.parts[self.evaluate.own] = [self.own]
        self.periods = list(dict.fromkeys(period for parts in self.parts.values() for period in parts))
        declared = {name: one["default"] for name, one in self.definition.raw.get("parameters", {}).items()}
        self.parameters = {name: Fraction(str(record["parameters"].get(name, declared[name]))) for name in declared}
        self.facts: dict[str, dict[str, str]] = {}
        self.found: dict[Key, tuple[str, Cell]] = {}
        self.values: dict[Key, Value] = {}

    def leave(self, place: str, text: str, reason: str, sentence: str = "", document: str = RECORD) -> None:
        """Record something left over, once."""
        self.left[LeftOver(document, place, text, sentence, reason)] = None

    @contextmanager
    def reading(self, place: str, text: str, sentence: str = "", document: str = RECORD) -> Iterator[None]:
        """What of the record or a page cannot be read is left over."""
        try:
            yield
        except (UnreadableError, LookupError, TypeError, ValueError) as error:
            self.leave(place, text, f"not to be read: {error!r}", sentence, document)

    def check(self) -> None:
        """Hold periods, inputs and cells on record to the months they mean and to the raw files."""
        for months, parts in self.parts.items():
            covered = [(one.year, n) for one in map(months_of, parts) for n in range(one.first, one.last + 1)]
            if parts and covered != [(months.year, n) for n in range(months.first, months.last + 1)]:
                self.leave("compared", " + ".join(parts), f"not months {months.first}-{months.last} of {months.year}")
        for file, digest in self.record["inputs"].items():
            try:
                for key, cell in self._read(file, digest):
                    if self.found.setdefault(key, (file, cell)) == (file, cell):
                        self._take(key, cell.text, file)
            except UnreadableError as error:
                self.notes[f"{file}: {error}"] = None
        for text, recorded in self.record["cells"].items():
            self._check_cell(self.cell_key(text), recorded, f"cells: {text}")

    def cell_key(self, text: str) -> Key:
        """A cell's key with its period, the bulletin's own too."""
        return key_of(text if "~" in text else f"{text}~{self.own}")

    def rows(self, table: str) -> list[str]:
        """The units that have a row in a table of the bulletin's period."""
        column = self.definition.columns_of(table)[0]
        return [unit for unit in self.definition.units if Key("", column, unit, self.own) in self.values]

    def about(self, formula: str) -> list[str]:
        """The units that a formula is about: all, or those with a row in every partial table behind it."""
        names, known = re.findall(r"\w+", formula), set[str]()
        while names:
            known |= {name := names.pop()}
            if name in self.definition.indicators:
                names += set(re.findall(r"\w+", self.definition.formula(name))) - known
        tables = {self.definition.columns[name]["table"] for name in known if name in self.definition.columns}
        partial = [self.rows(table) for table in tables if self.definition.tables[table].get("partial")]
        return [unit for unit in self.definition.units if all(unit in rows for rows in partial)]

    def _read(self, file: str, digest: str) -> Iterator[tuple[Key, Cell]]:
        """The declared cells and facts of a raw file; which period's they are, its folder says."""
        path = next((root / file for root in self.roots if (root / file).is_file()), None)
        if path is None:
            raise UnreadableError("not at hand")
        if (now := sha256(path.read_bytes()).hexdigest()) != digest:
            self.leave(f"inputs: {file}", digest[:12], f"the file's SHA-256 is now {now[:12]}")
        folders = PurePosixPath(file).parts
        period = next((one for one in self.periods if one in folders), "")
        inside = PurePosixPath(*folders[folders.index(period) + 1 if period else -1 :])
        if path.name == "facts.csv":
            for name, (cell, texts) in read_facts(read_sheets(path)).items():
                self.facts |= {name: texts} if period == self.own else {}
                yield Key("", f"fact.{name}", "", period), cell
        for name, table in self.definition.tables.items():
            pattern = table.get("file") or ""
            other = inside.with_suffix(PurePosixPath(pattern).suffix) if inside.suffix in SUFFIXES else inside
            if fnmatch(str(inside if "*" in pattern else other), pattern):
                for (scope, column), cell in read_table(read_sheets(path), name, self.definition).items():
                    yield Key("", column, scope, period), cell

    def _take(self, key: Key, text: str, place: str) -> None:
        """The number in a cell; what is no column's may be words."""
        column = self.definition.columns.get(key.name)
        mark = self.definition.tables[column["table"]].get("total_mark", "") if column and key.scope == TOTAL else ""
        try:
            self.values[key] = read_number(text, column.get("unit", "") if column else "", mark)
        except UnreadableError as error:
            if column:
                self.leave(place, text, str(error))

    def _check_cell(self, key: Key, recorded: Map, place: str) -> None:
        """A recorded cell is the one found by its labels, at its place, with its text."""
        source, text = recorded["source"], str(recorded["text"])
        self.held["cells"] += 1
        if "records" in source:
            self.notes[f"{source['file']}: what was counted from records is not counted again"] = None
        elsewhere = key not in self.found and any(file == source["file"] for file, _ in self.found.values())
        if elsewhere or not all(file in self.record["inputs"] for file in source["file"].split("，")):
            self.leave(place, text, f"no such cell in {source['file']}, or no such input")
        if key not in self.found:
            self._take(key, text, place)
            return
        file, cell = self.found[key]
        if recorded["table"] != self.definition.columns.get(key.name, {"table": "facts"})["table"]:
            self.leave(place, text, f"not of the table {recorded['table']}")
        if (file, text, *cell[1:]) != (source["file"], cell.text, source["sheet"], source["row"], source["column"]):
            self.leave(place, text, f"{file} {cell.column}{cell.row} holds {cell.text.strip() or 'a blank'}")

    def figure(self, name: str, scope: str, period: Months | None) -> Value:
        """A bare name's figure for a unit or the whole area.

        It is blank where a period was not received; counts and amounts of one that was received in parts are summed.
        """
        prefix, dot, rest = name.partition(".")
        parts = self.parts.get(period or self.evaluate.own, [])
        if dot and prefix == "fact":
            return self.values.get(Key("", name, "", parts[0])) if len(parts) == 1 else None
        if prefix == "param" and rest in self.parameters:
            return self.parameters[rest]
        if dot and prefix == "enterprises":
            listed = next((one for one in self.definition.raw["enterprises"] if f"{rest}_".startswith(f"{one}_")), "")
            return self.values.get(Key("", f"{listed}.{rest[len(listed) + 1 :] or 'count'}", "", self.own))
        if dot and prefix == "issues":
            found = [one for one in self.record["issues"] if rest in ("all", one["kind"], one["check"])]
            return Fraction(sum(scope in (AREA, issue["unit"]) for issue in found))
        if name in self.definition.indicators:
            scored = [item["measure"] for item in self.definition.indicators[name].get("score", ())]
            blank = scored and all(self.figure(measure, scope, period) is None for measure in scored)
            return None if blank else self.evaluate(self.definition.formula(name), scope, period)
        if name not in self.definition.columns:
            raise UnreadableError(f"nothing is named {name}")
        each = [self._column(name, scope, period, part) for part in parts]
        known, column = [value for value in each if value is not None], self.definition.columns[name]
        # Enterprises are told apart by a code: over several periods they cannot be summed.
        adds_up = len(each) == 1 or (column["area"] == "sum" and column.get("measure") != "enterprises")
        return sum(known, Fraction(0)) if known and known == each and adds_up else None

    def _column(self, name: str, scope: str, period: Months | None, part: str) -> Value:
        column = self.definition.columns[name]
        if scope != AREA:
            return self.values.get(Key("", name, scope, part))
        if column["area"] != "sum":
            return None if column["area"] == "none" else self.evaluate(column["area"], AREA, period)
        scopes = [TOTAL] if self.definition.tables[column["table"]].get("partial") else self.definition.units
        values = [value for one in scopes if (value := self.values.get(Key("", name, one, part))) is not None]
        return sum(values, Fraction(0)) if values else None
