"""What was published held to the record: a page's marks, proofs, sentences, tables and ordinals, and what is in print."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import NamedTuple

from tongbao_verify.books import key_of
from tongbao_verify.definition import Map, leaves, said
from tongbao_verify.numerals import in_language, read_numerals, value_of
from tongbao_verify.page import Block, Node
from tongbao_verify.text import Reader, Span, squeeze

_WEB_ONLY = ("main-points", "key-figures", "notes", "evidence", "provenance", "robustness", "downloads", "chart-data")
_ORDINAL = re.compile(r"(?:([一二三四五六七八九十]+)、|(\d+)\. |（([一二三四五六七八九十]+)）|\((\d+)\) )")
_NUMBERED = re.compile(r"(?:图|表|Figure|Table) ?(\d+)|^(?:附件：|Annex(?:es)?: )?(\d+)\.(?= |$)")
_LEVELS = ("h2", "h3", "h4")


class Print(NamedTuple):
    """What a page says that stands in print, too; ``often`` where it may stand there several times."""

    place: str
    text: str
    required: bool = True
    often: bool = False


class Document:
    """One page, as its blocks."""

    def __init__(self, blocks: list[Block], reader: Reader) -> None:
        self.reader, self.lang, self.leave = reader, reader.lang, reader.leave
        self.record, self.definition, self.raw = reader.record, reader.definition, reader.record.books.record
        self.head = [block for block in blocks if block.inside("meta", "title")]
        self.blocks = [block for block in blocks if block.inside("main")]
        self.sentences = {f"finding-{one['id']}": one["text"][self.lang] for one in self.raw["findings"]}
        drawings = (block.inside("figure") for block in self.blocks)
        self.drawings = list(dict.fromkeys(one.attributes.get("id", "") for one in drawings if one))
        self.annexes: list[Map] = self.definition.raw.get("annexes", [])
        self.counted = dict.fromkeys(_LEVELS, 0)

    def check(self) -> list[Print]:
        """Account for every text of the page; returns what must be in print."""
        prints, drawn = [], dict[Node | None, str]()
        for block in self.blocks:
            for span in block.spans:
                if span.proof not in ("figure", "link") and (reason := self._fault(block, span)):
                    self.leave(block.place, block.text[span.start : span.end], block.text, reason)
            known = [span for span in block.spans if span.proof != "link"]
            self.reader.read(block.text, [*known, *self._ordinals(block), *self._sentences(block)], block.place)
            if block.inside("svg") and not block.inside("robustness"):
                drawn[block.inside("g")] = drawn.get(block.inside("g"), "") + block.text
            elif not block.inside(*_WEB_ONLY, "annex-table", "svg"):
                prints.append(Print(block.place, block.text, not block.inside("document-facts")))
        self._repeated(squeeze("".join(block.text for block in self.blocks)))
        return [*prints, *self._tables(), *(Print("drawing", text, often=True) for text in drawn.values())]

    def _fault(self, block: Block, span: Span) -> str:
        """Why a proof does not hold; empty where it does."""
        shown, key = block.text[span.start : span.end].strip(), span.key
        cell: Map = self.raw["cells"].get(key, {})
        figure: Map = self.record.figures.get(key, {})
        source = cell.get("source", {})
        match span.proof:
            case "cell" if cell:
                return self._cell_fault(shown, key, cell["text"].strip())
            case "place" if "records" in source:
                counted = in_language(str(source["records"]), self.lang)
                return _foreign(shown, f"{counted} {source['what']}") or f"counted: {counted}" * (counted not in shown)
            case "place" if cell:
                right = [str(source["row"]), source["column"]]
                return f"stands in {right}" * (re.findall(r"\d+|[A-Z]+(?![a-z])", shown) != right)
            case "calculation" if figure:
                return f"it is {figure['calculation']}" * (shown.removesuffix("%") != figure["calculation"])
            case "formula" if figure:
                return _foreign(
                    shown, " ".join([figure["formula"], *leaves(self.definition.raw, "label", "short", "header")])
                )
            case "input" if key in self.raw["inputs"]:
                digest = str(self.raw["inputs"][key])
                named = shown.partition(" [")[0] == key or (len(shown) >= 8 and digest.startswith(shown))
                return f"the input is {key} with SHA-256 {digest[:12]}" * (not named)
            case "axis":
                axis = next(node for node in block.path if node.attributes.get("data-proof") == "axis")
                ticks = [numeral for one in self.blocks if axis in one.path for numeral in read_numerals(one.text)]
                steps = {(value_of(b.text) or 0) - (value_of(a.text) or 0) for a, b in pairwise(ticks)}
                return "an uneven scale" * (len(steps) > 1)
            case "furniture":
                words = map(squeeze, self.raw["words"].get(self.lang, ()))
                return "not among the page's own words" * (squeeze(shown) not in words)
        return f"nothing on record proves this: {span.proof} {key}"

    def _cell_fault(self, shown: str, key: str, text: str) -> str:
        _, name, scope, _ = key_of(key)
        names = [one for one, unit in self.definition.unit_names.items() if unit == scope]
        before = shown.removesuffix(text)
        if not shown.endswith(text) or (names and not any(one in before for one in names)):
            return f"the cell of {scope or name} holds {text or 'a blank'}"
        return _foreign(before, " ".join(leaves(self.definition.columns.get(name, {}))))

    def _sentences(self, block: Block) -> list[Span]:
        """Before the mark of a finding, and at the head of its evidence, stands its sentence; that head needs no marks."""
        head = block.inside("details") if block.inside("summary") else None
        ends = [(link.start, link.key) for link in block.spans if link.proof == "link" and link.start == link.end]
        ends += [(len(block.text) - 1, head.attributes.get("id", ""))] if head else []
        for end, key in ends:
            if not squeeze(block.text[:end]).lower().endswith(squeeze(self.sentences.get(key, "")).lower()):
                self.leave(block.place, block.text[:end], block.text, f"recorded: {self.sentences[key]}")
        return [Span(0, len(block.text))] if head and ends[-1][1] in self.sentences else []

    def _ordinals(self, block: Block) -> Iterator[Span]:
        """Ordinals of headings, drawings and annexes, each the right one."""
        tag = block.path[-1].tag
        if tag in _LEVELS and not block.inside(*_WEB_ONLY) and (match := _ORDINAL.match(block.text)):
            self.counted |= {one: 0 for one in _LEVELS if one > tag} | {tag: self.counted[tag] + 1}
            if value_of(next(filter(None, match.groups()))) != self.counted[tag]:
                self.leave(block.place, match[0], block.text, f"heading {self.counted[tag]} of its level")
            yield Span(*match.span())
        figure = block.inside("figure")
        for match in _NUMBERED.finditer(block.text):
            links = [
                span.key for span in block.spans if span.proof == "link" and span.start <= match.start() < span.end
            ]
            links += [figure.attributes.get("id", "")] if figure else []
            target = next((one for one in links if one in self.drawings), None)
            right = [self.drawings.index(target) + 1] if target else range(1, len(self.annexes) + 1)
            if int(match[1] or match[2]) in right:
                yield Span(*match.span())

    def _repeated(self, here: str) -> None:
        """What was written by hand stands on the page; its head and main points repeat what stands elsewhere."""
        for window, piece in self.reader.known.required(self.lang):
            if window not in here:
                self.leave("written by hand", window, piece, "the page does not say this: build it again")
        for text in (block.text.partition(" – ")[0] for block in self.head):
            if squeeze(text) not in here:
                self.leave("head", text, text, "the page does not say this")
        edition = self.raw if self.lang == self.raw["lang"] else self.raw["editions"][self.lang]
        points = [squeeze(block.text) for block in self.blocks if block.inside("main-points") and block.inside("li")]
        if points != list(map(squeeze, edition["main_points"])):
            self.leave("main points", "", " ".join(points), f"recorded: {' '.join(edition['main_points'])}")

    def _tables(self) -> Iterator[Print]:
        """In the row of a unit stand its figures, in the column of an annex those that its header says."""
        rows = dict[Node | None, list[Block]]()
        for block in self.blocks:
            rows.setdefault(block.inside("tr"), []).append(block)
        tables = [table for table in dict.fromkeys(block.inside("annex-table") for block in self.blocks) if table]
        for cells in (rows[row] for row in rows if row):
            heads, row = [cell.text for cell in cells if cell.inside("th")], " ".join(cell.text for cell in cells)
            unit = self.definition.unit_names.get(heads[0], "area") if heads else ""
            keys = [[span.key for span in cell.spans if span.proof == "figure"] for cell in cells if cell.inside("td")]
            for key in (key for marks in keys for key in marks):
                if unit in self.definition.units and key_of(key).scope != unit:
                    self.leave("tables", key, row, f"the row of {heads[0]}")
            if (table := cells[0].inside("annex-table")) is None:
                continue
            yield Print("annex", row, often=not keys)
            number = tables.index(table)
            if name := self.annexes[number].get("table"):
                shown = [" ".join(marks) for marks in keys] or list(map(squeeze, heads))
                right = list(self._columns(name, unit if keys else ""))
                for one, to in zip(shown, right, strict=True):
                    if one not in to:
                        self.leave(f"annex {number + 1}", one, row, f"here stands {to[0]}")

    def _columns(self, name: str, unit: str) -> Iterator[list[str]]:
        """What may stand in each column of an annex: the header, or in a unit's row the key of a figure."""
        if not unit:
            yield [
                squeeze(said(self.definition.tables[name].get("unit_header", {"zh": "单位", "en": "Unit"}), self.lang))
            ]
        for column in self.definition.columns_of(name):
            declared = self.definition.columns[column]
            rank = declared.get("rank_of", "")
            header = "Rank" if self.lang == "en" and rank else declared["header"]
            rising = self.definition.declared(rank, "rank") == "ascending"
            key = f"rank({'-' * rising}{rank})" if rank else declared.get("reports", column)
            blank = [""] if rank and unit == "area" else []
            yield [f"{key}@{unit}", *blank] if unit else [squeeze(said(declared.get("label", header), self.lang))]


def check_print(text: str, prints: Iterable[Print], reader: Reader) -> None:
    """Find each block of a page in print, the longest first; the numerals and names that remain are left over."""
    rest = squeeze(text)
    for block in sorted(prints, key=lambda one: -len(squeeze(one.text))):
        wanted = squeeze(block.text)
        if wanted in rest:
            rest = rest.replace(wanted, "\n", -1 if block.often else 1)
        elif block.required and (found := read_numerals(block.text) or reader.units(block.text)):
            reader.leave(block.place, found[0].text, block.text, "not printed in these words")
        reader.held[f"{reader.document}: blocks"] += 1
    for one in (*read_numerals(rest), *reader.units(rest)):
        around = rest[max(0, one.start - 12) : one.end + 12].replace("\n", " ")
        reader.leave("text", one.text, around, "the page does not say this")


def _foreign(shown: str, known: str) -> str:
    """A numeral in a text that none of the known ones is, as a reason."""
    allowed = {value_of(numeral.text) for numeral in read_numerals(known)}
    strange = [numeral.text for numeral in read_numerals(shown) if value_of(numeral.text) not in allowed]
    return f"{strange[0]} does not belong here" if strange else ""
