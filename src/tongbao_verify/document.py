"""What was published held to the record: a page's marks, proofs, sentences, tables, ordinals; and what is in print."""

import json
import re
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from tongbao_verify.books import key_of
from tongbao_verify.definition import Map, leaves, said
from tongbao_verify.formula import AREA
from tongbao_verify.numerals import foreign, in_language, read_numerals, value_of
from tongbao_verify.page import Block, Node
from tongbao_verify.text import Reader, Span, squeeze

# What a page says that stands in print, too: its place, its text; whether it may be left out, or stand there often.
Print = tuple[str, str, str]
_WEB_ONLY = ("main-points", "key-figures", "notes", "evidence", "provenance", "robustness", "downloads", "chart-data")
_ORDINAL = re.compile(r"(?:([一二三四五六七八九十]+)、|(\d+)\. |（([一二三四五六七八九十]+)）|\((\d+)\) )")
_NUMBERED = re.compile(r"(?:图|表|Figure|Table) ?(\d+)|^(?:附件：|Annex(?:es)?: )?(\d+)\.(?= |$)")
_PLACE = re.compile(r"\d+(?:,\d+)*|[A-Z]+(?![a-z])")
_LEVELS = ("h2", "h3", "h4")
# The numbers in a row of a drawing's data, and what holds the key of each; they are drawn to six decimals.
_ROW = {"value": "key", "rate": "key", "part": "part_key", "whole": "whole_key", "rank": "rank_key"}
_EXACT = Fraction(6, 10**7)
_NO_MARKS = ("axis", "title", "subtitle")


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
        prints, drawn = list[Print](), dict[Node | None, str]()
        for block in self.blocks:
            for span in block.spans:
                if span.proof not in ("figure", "link") and (reason := self._fault(block, span)):
                    self.leave(block.place, block.text[span.start : span.end], block.text, reason)
            known = [span for span in block.spans if span.proof != "link"]
            self.reader.read(block.text, [*known, *self._ordinals(block), *self._sentences(block)], block.place)
            if block.inside("svg") and not block.inside("robustness"):
                drawn[block.inside("g")] = drawn.get(block.inside("g"), "") + " " + block.text
            elif not block.inside(*_WEB_ONLY, "annex-table", "svg"):
                prints.append((block.place, block.text, "optional" if block.inside("document-facts") else ""))
        self._drawings()
        self._repeated(squeeze("".join(block.text for block in self.blocks)))
        prints += [*self._tables(), *(("drawing", text, "drawn") for text in {*drawn.values()})]
        return [one for one in prints if one[1].strip()]

    def _fault(self, block: Block, span: Span) -> str:
        """Why a proof does not hold; empty where it does."""
        shown, key = block.text[span.start : span.end].strip(), span.key
        cell: Map = self.raw["cells"].get(key, {})
        figure: Map = self.record.figures.get(key, {})
        match span.proof:
            case "cell" if cell:
                text, source = cell["text"].strip(), self.definition.columns.get(cell["column"], {})
                before = shown.removesuffix(text)
                units = {self.definition.unit_names[one[0]] for one in self.reader.units.finditer(before)}
                wrong = before + text != shown or units - {cell["unit"]}
                return f"the cell of {key} holds {text or 'a blank'}" if wrong else foreign(before, *leaves(source))
            case "place" if cell:
                source = cell["source"]
                right = f"{source['row']} {source['column']}" if "row" in source else source["what"]
                right = f"{in_language(str(source['records']), self.lang)} {right}" if "records" in source else right
                return "" if _PLACE.findall(shown) == _PLACE.findall(right) else f"it is {right}"
            case "value" if figure:
                blank = not figure["text"] and not read_numerals(shown)
                return "" if blank else self.record.figure_fault(figure, shown, self.lang)
            case "calculation" if figure:
                right = figure["calculation"]
                return "" if shown.removesuffix("%") == right else f"it is {right}"
            case "formula" if figure:
                return foreign(shown, figure["formula"], *self.reader.known.named)
            case "input" if key in self.raw["inputs"]:
                digest = self.raw["inputs"][key]
                right = shown.partition(" [")[0] == key or (len(shown) >= 8 and digest.startswith(shown))
                return "" if right else f"the input is {key} with SHA-256 {digest[:12]}"
            case "axis":
                axis = next(node for node in block.path if node.attributes.get("data-proof") == "axis")
                ticks = [numeral for one in self.blocks if axis in one.path for numeral in read_numerals(one.text)]
                steps = {(value_of(b[0]) or 0) - (value_of(a[0]) or 0) for a, b in pairwise(ticks)}
                return "" if len(steps) < 2 else "an uneven scale"
            case "furniture":
                words = map(squeeze, self.raw["words"].get(self.lang, ()))
                return "" if squeeze(shown) in words else "not among the page's own words"
            case "default" | "row":
                declared = self.definition.raw.get("parameters", {}).get(key.removeprefix("param."), {})
                right = str(declared.get("default", key))
                return "" if shown == right else f"it is {right}"
        return f"nothing on record proves this: {span.proof} {key}"

    def _sentences(self, block: Block) -> Iterator[Span]:
        """Before the mark of a finding stands its sentence, and at the head of its evidence, which needs no marks."""
        ends = [(link.start, link.key) for link in block.spans if link.proof == "link" and link.start == link.end]
        if block.inside("summary") and (head := block.inside("details")):
            ends.append((len(block.text) - 1, head.attributes.get("id", "")))
        for end, key in ends:
            sentence = self.sentences.get(key, "")
            begin = 0 if block.inside("summary") else max(0, end - len(sentence))
            if not squeeze(block.text[:end]).lower().endswith(squeeze(sentence).lower()):
                self.leave(block.place, block.text[:end], block.text, f"recorded: {sentence}")
            elif key in self.sentences:
                yield from (Span(begin, end),) if block.inside("summary") else (Span(begin, begin), Span(end, end))

    def _ordinals(self, block: Block) -> Iterator[Span]:
        """Ordinals of headings, drawings and annexes, each the right one."""
        tag, figure = block.path[-1].tag, block.inside("figure")
        if tag in _LEVELS and not block.inside(*_WEB_ONLY) and (match := _ORDINAL.match(block.text)):
            self.counted |= {one: 0 for one in _LEVELS if one > tag} | {tag: self.counted[tag] + 1}
            if value_of(next(filter(None, match.groups()))) != self.counted[tag]:
                self.leave(block.place, match[0], block.text, f"heading {self.counted[tag]} of its level")
            yield Span(*match.span())
        for match in _NUMBERED.finditer(block.text):
            ids = [s.key for s in block.spans if s.proof == "link" and s.start <= match.start() < s.end]
            ids += [figure.attributes.get("id", "")] if figure else []
            right = [self.drawings.index(one) + 1 for one in ids if one in self.drawings][:1]
            if int(match[1] or match[2]) in (right or range(1, len(self.annexes) + 1)):
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

    def _drawings(self) -> None:
        """The data of a drawing are figures; what it says to those who do not see it, it draws."""
        texts, rows = dict[Node | None, str](), dict[Node, list[Map]]()
        for block in self.blocks:
            texts[block.inside("svg")] = f"{texts.get(block.inside('svg'), '')} {block.text}"
            for chart in (node for node in block.path if "data-spec" in node.attributes and node not in rows):
                datasets = json.loads(chart.attributes["data-spec"])["datasets"].values()
                rows[chart] = [row for dataset in datasets for row in dataset]
                # The lines of a funnel are results of a method, with no figure behind each of their points.
                lines = {"whole", "rate"} if block.inside("robustness") else set[str]()
                for row in (one for one in rows[chart] if {*one} != lines):
                    if reason := self._row_fault(row):
                        self.leave("drawing", str(row.get("label", "")), str(row), reason)
        for block in self.blocks:
            label, role = (block.path[-1].attributes.get(f"aria-{name}", "") for name in ("label", "roledescription"))
            drawing, near = block.inside("svg"), [row for node in block.path for row in rows.get(node, ())]
            if drawing and label and not role:
                for at in read_numerals(label):
                    names = len(self.reader.units.findall(label[at.end() :]))
                    if value_of(at[0]) != names and foreign(at[0], texts[drawing]):
                        self.leave("drawing", at[0], label, "not drawn")
            elif role in ("title", "subtitle") and squeeze(label.partition("'")[2]) not in squeeze(texts[drawing]):
                self.leave("drawing", label, label, "not drawn")
            elif drawing and label and role not in _NO_MARKS and not any(self._tells(label, row) for row in near):
                self.leave("drawing", label, label, "no row of the drawing's data")

    def _row_fault(self, row: Map) -> str:
        """Why a row of a drawing's data is not what its keys stand for."""
        figures = {key: self.record.figures.get(row[key], {}) for key in _ROW.values() if key in row}
        scope = self.definition.unit_names.get(row.get("unit", ""), AREA)
        if not all(figures.values()) or any((key_of(row[key]).scope or AREA) != scope for key in figures):
            return "its keys are not those of its figures"
        for field in row.keys() & _ROW.keys():
            right = figures.get(_ROW[field], {"value": None})["value"]
            if right is None or abs(Fraction(str(row[field])) - Fraction(right)) > _EXACT:
                return f"{field} is {right}"
        printed = [figures[key]["text"] for key in ("key", "part_key", "whole_key") if key in figures]
        said = [value_of(numeral[0]) for numeral in read_numerals(row.get("text", ""))]
        if not printed or said not in ([], [value_of(text) for text in printed]):
            return f"printed is {' '.join(printed)}"
        return foreign(row.get("label", ""), printed[0])

    def _tells(self, label: str, row: Map) -> bool:
        """Whether a label (``rate: 21.030043; 单位: 黄岩区``) says what stands in a row, and nothing else."""
        shown, here = " ".join(part.rpartition(": ")[2] for part in label.split("; ")), " ".join(map(str, row.values()))
        numbers, told = ([value_of(at[0]) or Fraction(0) for at in read_numerals(text)] for text in (here, shown))
        names = {*self.reader.units.findall(shown)} <= {*self.reader.units.findall(here)}
        return names and all(any(abs(one - number) < _EXACT for number in numbers) for one in told)

    def _tables(self) -> Iterator[Print]:
        """In the row of a unit stand its figures, in the columns of an annex those that are declared."""
        rows = dict[Node | None, list[Block]]()
        for block in self.blocks:
            rows.setdefault(block.inside("tr"), []).append(block)
        tables = [table for table in dict.fromkeys(block.inside("annex-table") for block in self.blocks) if table]
        for cells in (rows[row] for row in rows if row):
            row, heads = " ".join(cell.text for cell in cells), [cell for cell in cells if cell.inside("th")]
            unit = next((key_of(span.key).scope for cell in heads for span in cell.spans), "")
            keys = [key_of(span.key) for cell in cells for span in cell.spans if span.proof == "figure"]
            keys = [key for key in keys if not key.is_name]
            if unit and any(key.scope != unit for key in keys):
                self.leave("tables", unit, row, f"the row of {unit}")
            if table := cells[0].inside("annex-table"):
                yield "annex", row, "" if keys else "often"
                name = self.annexes[tables.index(table)].get("table")
                shown = [key.name for key in keys] or [squeeze(cell.text) for cell in heads][1:]
                columns = self.definition.columns_of(name)
                right = list(filter(None, (self._column(one, headers=not keys, ranks=bool(unit)) for one in columns)))
                if name and shown != right:
                    self.leave(f"annex {name}", row, row, f"here stand {', '.join(right)}")

    def _column(self, name: str, *, headers: bool, ranks: bool) -> str:
        """A column's header in print, or the name of its figures; a totals' row has no ranks."""
        column = self.definition.columns[name]
        rank = column.get("rank_of")
        if headers:
            header = "Rank" if self.lang == "en" and rank else column["header"]
            return squeeze(said(column.get("label", header), self.lang))
        rising = "-" * (self.definition.declared(rank or "", "rank") == "ascending")
        return str(column.get("reports", name)) if not rank else f"rank({rising}{rank})" * ranks


def check_print(text: str, prints: Iterable[Print], reader: Reader) -> None:
    """Find each block of a page in print, the longest first; the numerals and names that remain are left over."""
    rest, pdf = squeeze(text), reader.document.endswith(".pdf")
    for place, block, how in sorted(prints, key=lambda one: (-len(squeeze(one[1])), one[2])):
        if (wanted := squeeze(block)) in rest:
            rest = rest.replace(wanted, "\n", -1 if how in ("often", "drawn") else 1)
        elif how != "optional" and (how != "drawn" or pdf):
            for found in [*read_numerals(block), *reader.units.finditer(block)][:1]:
                reader.leave(place, found[0], block, "not printed in these words")
        reader.held[f"{reader.document}: blocks"] += 1
    for one in (*read_numerals(rest), *reader.units.finditer(rest)):
        around = rest[max(0, one.start() - 12) : one.end() + 12].replace("\n", " ")
        reader.leave("text", one[0], around, "the page does not say this")
