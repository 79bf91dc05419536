"""A bulletin's page held to its record: marks, proofs, sentences, tables, ordinals; and what of it must be in print."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, NamedTuple

from tongbao_verify.books import key_of
from tongbao_verify.definition import said
from tongbao_verify.numerals import in_language, read_numerals, value_of
from tongbao_verify.page import Block, Element, blocks_of, read
from tongbao_verify.text import Reader, Span, squeeze

_WEB_ONLY = ("main-points", "key-figures", "notes", "evidence", "provenance", "robustness", "downloads", "chart-data")
_ORDINAL = re.compile(r"(?:([一二三四五六七八九十]+)、|(\d+)\. |（([一二三四五六七八九十]+)）|\((\d+)\) )")
_NUMBERED = re.compile(r"(图|表|附件|Figure|Table|\b[Aa]nnex) ?(\d+)|^(?:附件：|Annex(?:es)?: )?(\d+)\.(?= |$)")


class Print(NamedTuple):
    """What a page says that stands in print, too; ``often`` where it may stand there several times."""

    place: str
    text: str
    required: bool = True
    often: bool = False


class Document:
    """One page."""

    def __init__(self, root: Element, reader: Reader) -> None:
        self.root, self.reader, self.lang, self.leave = root, reader, reader.lang, reader.leave
        self.record, self.definition, self.raw = reader.record, reader.definition, reader.record.books.record
        self.main = next(root.find("main"), root)
        self.sentences = {f"finding-{one['id']}": one["text"][self.lang] for one in self.raw["findings"]}
        self.figures = [one.attributes["id"] for one in self.main.find("figure") if "id" in one.attributes]
        self.annexes: list[Mapping[str, Any]] = self.definition.raw.get("annexes", [])
        self.counted = {"h2": 0, "h3": 0, "h4": 0}

    def check(self) -> list[Print]:
        """Account for every text of the page; returns what must be in print."""
        prints = []
        for block in blocks_of(self.main):
            for span in block.spans:
                if span.proof != "figure" and (reason := self._fault(block, span)):
                    self.leave(block.place, block.text[span.start : span.end], block.text, reason)
            known = [*block.spans, *self._ordinals(block), *self._sentences(block)]
            self.reader.read(block.text, known, block.place)
            if not block.element.within(*_WEB_ONLY, "annex-table") and block.element.tag != "text":
                prints.append(Print(block.place, block.text, not block.element.within("document-facts")))
        here = squeeze(self.main.text())
        for window, piece in self.reader.known.required(self.lang):
            if window not in here:
                self.leave("written by hand", window, piece, "the page does not say this: build it again")
        self._head(here)
        for row in self.main.find("tr"):
            self._row(row)
        for number, (annex, table) in enumerate(
            zip(self.annexes, self.main.find("table", "annex-table"), strict=False)
        ):
            if "table" in annex:
                self._annex(f"annex {number + 1}", annex["table"], table)
        return [*prints, *self._tables(), *self._drawn()]

    def _fault(self, block: Block, span: Span) -> str:
        """Why a proof does not hold; empty where it does."""
        shown, key = block.text[span.start : span.end].strip(), span.key
        cell: Mapping[str, Any] = self.raw["cells"].get(key, {})
        figure = self.record.figures.get(key, {})
        match span.proof:
            case "cell" if cell:
                return self._cell_fault(shown, key, cell["text"].strip())
            case "place" if "records" in cell.get("source", {}):
                counted = in_language(str(cell["source"]["records"]), self.lang)
                return foreign(shown, f"{counted} {cell['source']['what']}") or f"counted: {counted}" * (
                    counted not in shown
                )
            case "place" if cell:
                right = [str(cell["source"]["row"]), cell["source"]["column"]]
                return f"stands in {right}" * (re.findall(r"\d+|[A-Z]+(?![a-z])", shown) != right)
            case "calculation" if figure:
                return f"it is {figure['calculation']}" * (shown.removesuffix("%") != figure["calculation"])
            case "formula" if figure:
                return foreign(
                    shown, f"{figure['formula']} {' '.join(self.definition.texts('label', 'short', 'header'))}"
                )
            case "input" if key in self.raw["inputs"]:
                digest = self.raw["inputs"][key]
                right = shown.partition(" [")[0] == key or (len(shown) >= 8 and digest.startswith(shown))
                return f"the input is {key} with SHA-256 {digest[:12]}" * (not right)
            case "axis":
                axis = next(one for one in block.element.around() if one.attributes.get("data-proof") == "axis")
                values = [
                    value_of(numeral.text) or 0 for text in axis.find("text") for numeral in read_numerals(text.text())
                ]
                return "an uneven scale" * (len({later - earlier for earlier, later in pairwise(values)}) > 1)
            case "furniture":
                words = map(squeeze, self.raw["words"].get(self.lang, ()))
                return "not among the page's own words" * (squeeze(shown) not in words)
        return f"nothing on record proves this: {span.proof} {key}"

    def _cell_fault(self, shown: str, key: str, text: str) -> str:
        _, name, scope, _ = key_of(key)
        before, column = shown.removesuffix(text), self.definition.columns.get(name)
        names = [one for one, unit in self.definition.unit_names.items() if unit == scope]
        if not shown.endswith(text) or (names and not any(one in before for one in names)):
            return f"the cell of {scope or name} holds {text or 'a blank'}"
        return foreign(before, " ".join(map(str, column.declared.values())) if column else "")

    def _sentences(self, block: Block) -> list[Span]:
        """Before the mark of a finding, and at the head of its evidence, stands its sentence; that head needs no marks."""
        head = block.element.tag == "summary" and block.element.parent
        ends = [(link.start, link.key) for link in block.links if link.start == link.end]
        ends += [(len(block.text) - 1, head.attributes.get("id", ""))] if head else []
        for end, key in ends:
            found, wanted = squeeze(block.text[:end]).lower(), squeeze(self.sentences.get(key, "")).lower()
            if not found.endswith(wanted):
                self.leave(
                    block.place, block.text[:end][-len(wanted) :], block.text, f"recorded: {self.sentences[key]}"
                )
        return [Span(0, len(block.text))] if head and ends[-1][1] in self.sentences else []

    def _ordinals(self, block: Block) -> Iterator[Span]:
        """Ordinals of headings, drawings and annexes, each the right one."""
        tag = block.element.tag
        if tag in self.counted and not block.element.within(*_WEB_ONLY) and (match := _ORDINAL.match(block.text)):
            self.counted |= {one: 0 for one in self.counted if one > tag} | {tag: self.counted[tag] + 1}
            if value_of(next(filter(None, match.groups()))) != self.counted[tag]:
                self.leave(block.place, match[0], block.text, f"heading {self.counted[tag]} of its level")
            yield Span(*match.span())
        here = [one.attributes["id"] for one in block.element.around() if one.attributes.get("id") in self.figures]
        for match in _NUMBERED.finditer(block.text):
            number = int(match[2] or match[3])
            links = [link.key for link in block.links if link.start <= match.start() < link.end]
            target = next((one for one in (*links, *here) if one in self.figures), "")
            right = [self.figures.index(target) + 1] if target else range(1, len(self.annexes) + 1)
            if number in right:
                yield Span(*match.span())

    def _head(self, here: str) -> None:
        """Title, description and main points repeat what stands elsewhere."""
        edition = self.raw if self.lang == self.raw["lang"] else self.raw["editions"][self.lang]
        points = [one.text() for part in self.main.find(name="main-points") for one in part.find("li")]
        if list(map(squeeze, points)) != list(map(squeeze, edition["main_points"])):
            self.leave("main points", "", " ".join(points), f"recorded: {' '.join(edition['main_points'])}")
        said_in_head = [one.attributes.get("content", "") for one in self.root.find("meta")
                        if one.attributes.get("name") == "description"]  # fmt: skip
        for text in (*said_in_head, *(one.text().partition(" – ")[0] for one in self.root.find("title"))):
            if squeeze(text) not in here:
                self.leave("head", text, text, "the page does not say this")

    def _row(self, row: Element) -> None:
        """In the row of a unit stand its figures."""
        heads = [one.text() for one in row.find("th")]
        unit = self.definition.unit_names.get(heads[0]) if len(heads) == 1 else None
        for span in (span for cell in row.find("td") for span in read(cell).spans if span.proof == "figure"):
            if unit and key_of(span.key).scope != unit:
                self.leave("tables", span.key, row.text(), f"the row of {heads[0]}")

    def _annex(self, place: str, name: str, table: Element) -> None:
        """In each column of an annex stand the figures that its header says."""
        declared, columns = self.definition.tables[name], self.definition.columns_of(name)
        labels = [said(declared.get("unit_header", {"zh": "单位", "en": "Unit"}), self.lang)]
        labels += [column.label(self.lang) for column in columns]
        if list(map(squeeze, labels)) != [
            squeeze(cell.text()) for head in table.find("thead") for cell in head.find("th")
        ]:
            self.leave(place, "header", "", f"the columns are {' | '.join(labels)}")
        for row in (row for body in table.find("tbody") for row in body.find("tr")):
            unit = self.definition.unit_names.get(next(row.find("th")).text(), "area")
            for column, cell in zip(columns, row.find("td"), strict=True):
                ranked, right = column.declared.get("rank_of"), column.declared.get("reports", column.name)
                if ranked:
                    right = f"rank({'-' * (self.definition.declared(ranked, 'rank') == 'ascending')}{ranked})"
                keys = [span.key for span in read(cell).spans if span.proof == "figure"]
                marked = ranked and unit == "area" and cell.text() == declared.get("total_mark", "")
                if keys != [f"{right}@{unit}"] and not marked:
                    self.leave(place, cell.text(), row.text(), f"here stands {right}@{unit}")

    def _tables(self) -> Iterator[Print]:
        for table in self.main.find("table", "annex-table"):
            for row in table.find("tr"):
                yield Print(
                    "annex", " ".join(cell.text() for cell in row.elements), often=next(row.find("td"), None) is None
                )

    def _drawn(self) -> Iterator[Print]:
        for group in (
            group for svg in self.main.find("svg") for group in svg.find("g") if not svg.within("robustness")
        ):
            if text := "".join(one.text() for one in group.elements if one.tag == "text"):
                yield Print("drawing", text, often=True)


def foreign(shown: str, known: str) -> str:
    """A numeral in a text that none of the known ones is, as a reason."""
    allowed = {value_of(numeral.text) for numeral in read_numerals(known)}
    strange = [numeral.text for numeral in read_numerals(shown) if value_of(numeral.text) not in allowed]
    return f"{strange[0]} does not belong here" if strange else ""
