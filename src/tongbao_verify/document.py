"""Each document of a bulletin held to the record: its texts one by one, a page's tables and drawings, what is in print.

Every numeral and unit name in a text is marked and right, known beforehand, or left over.
"""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, pairwise

from tongbao_verify.definition import Map, leaves, said
from tongbao_verify.formula import AREA, months_of
from tongbao_verify.numerals import CALENDAR, dates, foreign, in_language, labels, read_numerals, value_of
from tongbao_verify.page import Block, Node, Span
from tongbao_verify.record import Record, key_of

# What a page says that stands in print, too: its place, its text; whether it may be left out, or stand there often.
Print = tuple[str, str, str]
_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|@(?:fig|tbl)-[\w-]+|\n")
_MARKUP = str.maketrans(dict.fromkeys("\"“”'‘’*`\\", "") | {"−": "-"})
_METHOD = re.compile(r"保留(\d+|[一二三四两])位小数|\b(\d+) decimals?\b|× ?100%?|满分100分|100 points|\bhalf up\b")
_WEIGHED = re.compile(r"权重|最高为1|\bweights?\b")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_DATES = re.compile(r"\b(?:issued|statistics_date|printed): *[\"']?(\d{4}\D\d\d?\D\d\d?)")
_BORNE = re.compile(r"\b(?:copy_number|secrecy|urgency|copies_to|printed_by|zh|en): *[\"']?([^\"',{}\n]+)")
_LISTED = re.compile(r"^names:(.*(?:\n *- .*)*)", re.MULTILINE)
_ANNEX = re.compile(r"(?:附件|\b[Aa]nnex ?)(\d+)")
_SENTENCE = re.compile(r".*?(?:[。；！？\n]|[.;!?](?=\s|$)|$)")
_NAMED = ("label", "short", "header", "unit_kind", "area", "authority", "source", "names")
_FACTS = ("名称", "来源", "英文名称", "英文来源")
_WEB_ONLY = ("main-points", "key-figures", "notes", "evidence", "provenance", "downloads", "chart-data")
_ORDINAL = re.compile(r"(?:([一二三四五六七八九十]+)、|(\d+)\. |（([一二三四五六七八九十]+)）|\((\d+)\) )")
_NUMBERED = re.compile(r"(?:图|表|Figure|Table) ?(\d+)|^(?:附件：|Annex(?:es)?: )?(\d+)\.(?= |$)")
_PLACE = re.compile(r"\d+(?:,\d+)*|[A-Z]+(?![a-z])")
_LEVELS = ("h2", "h3", "h4")
# The numbers in a row of a drawing's data, and what holds the key of each; they are drawn to six decimals.
_ROW = {"value": "key", "rate": "key", "part": "part_key", "whole": "whole_key", "rank": "rank_key"}
_EXACT = Fraction(6, 10**7)
_NO_MARKS = (None, "axis", "title", "subtitle")


def squeeze(text: str) -> str:
    """Text without white space, quotation marks and Markdown's signs, and with one minus: renderers change them."""
    return "".join(text.split()).translate(_MARKUP)


def _split(text: str) -> list[str]:
    """What was written by hand, squeezed, between placeholders and without headings' signs."""
    lines = "\n".join(line.lstrip("# ") for line in _HEAD.sub("", text).splitlines())
    return [piece for piece in map(squeeze, _PLACEHOLDER.split(lines)) if piece]


class Document:
    """One document in one language: the record, a page with its ``blocks``, or what is in print.

    Without a mark a text may say ``phrases``: dates, the document's number, declared names (``named``); and dates and
    statements on method that stand so in ``pieces``, which were written by hand.
    """

    def __init__(self, name: str, lang: str, record: Record, blocks: Sequence[Block] = ()) -> None:
        self.name, self.lang, self.record, self.data = name, lang, record, record.data
        self.definition, self.series = record.definition, record.definition.series
        texts = [str(text["text"]) for text in self.data["texts"].values()]
        self.pieces = [piece for text in (*leaves(self.series), *texts) for piece in _split(text)]
        heads = "\n".join(head for text in texts for head in _HEAD.findall(text))
        facts = (fact.get(name, "") for fact in record.facts.values() for name in _FACTS)
        words = [column["words"] for column in self.definition.columns.values()]
        self.named = [*leaves(self.series, *_NAMED), *facts, *chain(*words), *leaves(words, "en")]
        self.named += [*leaves(self.series.get("document", {})), *_BORNE.findall(heads)]
        self.named += [name.strip(" -'\"[]") for names in _LISTED.findall(heads) for name in re.split(r"[\n,]", names)]
        found = {name for name in self.named if read_numerals(name) and "{{" not in name}
        found |= {f"前{one['limit']}家" for one in self.series.get("enterprises", {}).values() if "limit" in one}
        found |= {edition.get("number") or "" for edition in (self.data, *self.data["editions"].values())}
        found = found.union(*map(dates, [self.data["issued"], *_DATES.findall(heads)]))
        found = found.union(*map(labels, [*map(months_of, record.periods), *record.parts]))
        # Longest first, so that no shorter one covers a part of a longer.
        self.phrases = sorted((phrase.replace("’", "'") for phrase in found if phrase), key=len, reverse=True)
        names = sorted(self.definition.unit_names, key=len, reverse=True)
        # An English name is no part of a longer word.
        self.units = re.compile("|".join(rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in names))
        self.annexes: list[Map] = self.series.get("annexes", [])
        self.head = [block for block in blocks if block.inside("meta", "title")]
        self.blocks = [block for block in blocks if block.inside("main")]
        self.drawings = [figure.attributes.get("id", "") for figure in self._in("figure")]
        self.sentences = {f"finding-{one['id']}": one["text"][lang] for one in self.data["findings"]}
        self.counted = dict.fromkeys(_LEVELS, 0)

    def _in(self, *names: str) -> dict[Node, list[Block]]:
        """The blocks by the innermost element around them with one of these tags or classes."""
        found: dict[Node, list[Block]] = {}
        for block in self.blocks:
            if node := block.inside(*names):
                found.setdefault(node, []).append(block)
        return found

    def leave(self, place: str, text: str, sentence: str, reason: str) -> None:
        """Record something left over in this document."""
        self.record.leave(place, text, reason, sentence, self.name)

    def read(self, text: str, spans: Sequence[Span], place: str) -> None:
        """Account for a text: what a reader sees, white space folded, with the places of marks in it."""
        for span in spans:
            shown = text[span.start : span.end].strip()
            if span.proof and (reason := self._fault(span, shown)):
                self.leave(place, shown, _sentence_at(text, span.start), reason)
            self.record.held[f"{self.name}: {span.proof or 'ordinal'}"] += 1
        covers = [(span.start, span.end) for span in spans]
        covers += [match.span(1) for match in _ANNEX.finditer(text) if 0 < int(match[1]) <= len(self.annexes)]
        for phrase in self.phrases:
            # No digit goes on at either end: 1-2月 is not part of 11-2月.
            before, after = r"(?<![\d.])" * phrase[0].isdigit(), r"(?!\.?\d)" * phrase[-1].isdigit()
            bounded = before + r"\s?".join(map(re.escape, phrase.replace(" ", ""))) + after
            found = (match.span() for match in re.finditer(bounded, text.replace("’", "'")))
            covers += [span for span in found if not _overlap(covers, *span)]
        for one in (*read_numerals(text), *self.units.finditer(text)):
            if reason := self._unmarked(text, one, covers):
                self.leave(place, one[0], _sentence_at(text, one.start()), reason)

    def check_sentences(self) -> None:
        """Every number of a finding's sentence stands where the record says, and is backed."""
        for finding in self.data["findings"]:
            text, place, spans = finding["text"][self.lang], f"finding {finding['id']}", list[Span]()
            for number in finding["numbers"][self.lang]:
                spans.append(Span(number["start"], number["start"] + len(number["text"]), "figure", number["key"]))
                if not text.startswith(number["text"], number["start"]):
                    self.leave(place, number["text"], text, f"does not stand at character {number['start']}")
            self.read(text, spans, place)

    def _fault(self, span: Span, shown: str) -> str:
        """Why a mark or proof does not hold; empty where it does."""
        key = span.key
        cell, figure = self.data["cells"].get(key, {}), self.record.figures.get(key, {})
        match span.proof:
            case "figure":
                reason = self.record.fault(key, shown, self.lang)
                return f"{reason} ({key})" if reason else ""
            case "cell" if cell:
                text, source = cell["text"].strip(), self.definition.columns.get(cell["column"], {})
                before = shown.removesuffix(text)
                units = {self.definition.unit_names[one[0]] for one in self.units.finditer(before)}
                wrong = before + text != shown or units - {cell["unit"]}
                return f"the cell of {key} holds {text or 'a blank'}" if wrong else foreign(before, *leaves(source))
            case "place" if cell:
                source = cell["source"]
                counted = in_language(str(source.get("records", "")), self.lang)
                right = f"{source['row']} {source['column']}" if "row" in source else f"{counted} {source['what']}"
                return "" if _PLACE.findall(shown) == _PLACE.findall(right) else f"it is {right}"
            case "value" if figure:
                blank = not figure["text"] and not read_numerals(shown)
                return "" if blank else self.record.figure_fault(figure, shown, self.lang)
            case "formula" if figure:
                return foreign(shown, figure["formula"], *self.named)
            case "input" if key in self.data["inputs"]:
                digest = self.data["inputs"][key]
                fine = shown.partition(" [")[0] == key or (len(shown) >= 8 and digest.startswith(shown))
                return "" if fine else f"the input is {key} with SHA-256 {digest[:12]}"
            case "furniture":
                words = map(squeeze, self.data["words"].get(self.lang, ()))
                return "" if squeeze(shown) in words else "not among the page's own words"
            case "calculation" if figure:
                right = figure["calculation"]
                return "" if shown.removesuffix("%") == right else f"it is {right}"
            case "default" | "row":
                declared = self.series.get("parameters", {}).get(key.removeprefix("param."), {})
                right = str(declared.get("default", key))
                return "" if shown == right else f"it is {right}"
        return f"nothing on record proves this: {span.proof} {key}"

    def _unmarked(self, text: str, found: re.Match[str], covers: Sequence[tuple[int, int]]) -> str:
        """Why a numeral or name is left over; empty where it is covered, or was written so by hand."""
        begin, end = found.span()
        if any(start <= begin and end <= stop for start, stop in covers):
            return ""
        if _overlap(covers, begin, end):
            return "runs over the edge of a marked number"
        first = max([0, begin - 4, *(stop for _, stop in covers if stop <= begin)])
        last = min([len(text), end + 4, *(start for start, _ in covers if start >= end)])
        around, after = squeeze(text[first:last]), squeeze(text[begin:last])
        if not any(around in piece or piece.startswith(after) for piece in self.pieces):
            return f"neither marked nor written so by hand (…{text[first:last]}…)"
        calendar = any(match.start() <= begin < match.end() for match in CALENDAR.finditer(text))
        fine = calendar or found[0] in self.definition.unit_names or self._is_method(text, found)
        return "" if fine else "written by hand without a figure, a fact or a declared name"

    def _is_method(self, text: str, found: re.Match[str]) -> bool:
        """Whether a numeral states how figures are computed: 保留2位小数, × 100 %, a declared weight."""
        for match in _METHOD.finditer(text):
            if match.start() <= found.start() < match.end():
                kept = match[1] or match[2]
                return not kept or str(value_of(kept)) in {"2", *leaves(self.series, "decimals")}
        return bool(_WEIGHED.search(text)) and found[0] in {"1", *leaves(self.series, "weight")}

    def check_page(self) -> list[Print]:
        """Account for every text of the page; returns what must be in print."""
        prints = list[Print]()
        for block in self.blocks:
            self.read(block.text, [*_marks(block), *self._ordinals(block), *self._sentences(block)], block.place)
            if not block.inside(*_WEB_ONLY, "annex-table", "svg"):
                prints.append((block.place, block.text, "optional" if block.inside("document-facts") else ""))
        prints += [("drawing", drawn, "drawn") for drawn in self._drawn()]
        self._drawings()
        self._repeated(squeeze("".join(block.text for block in self.blocks)))
        return [one for one in (*prints, *self._tables()) if one[1].strip()]

    def _drawn(self) -> Iterator[str]:
        """The text of each drawing, and that of its parts; the ticks of an axis are at even distances."""
        for node, blocks in self._in("g", "svg").items():
            yield (drawn := " ".join(block.text for block in blocks))
            ticks = [value_of(numeral[0]) or Fraction(0) for numeral in read_numerals(drawn)]
            if "data-proof" in node.attributes and len({after - tick for tick, after in pairwise(ticks)}) > 1:
                self.leave(blocks[0].place, drawn, drawn, "an uneven scale")

    def check_review(self) -> None:
        """Account for every text of the reviewers' page, on which each issue stands as recorded."""
        for block in self.blocks:
            self.read(block.text, _marks(block), block.place)
        list(self._drawn())
        self._drawings()
        here = squeeze("".join(block.text for block in self.blocks)).lower()
        for issue in self.data["issues"]:
            if squeeze(message := issue["message"][self.lang]).lower() not in here:
                self.leave("returns", "", message, "the page does not say this")

    def _sentences(self, block: Block) -> Iterator[Span]:
        """Before the mark of a finding stands its sentence, and at the head of its evidence, which needs no marks."""
        summary, details = block.inside("summary"), block.inside("details")
        ends = [(link.start, link.key) for link in block.spans if link.proof == "link" and link.start == link.end]
        ends += [(len(block.text) - 1, details.attributes.get("id", ""))] if summary and details else []
        for end, key in ends:
            sentence = self.sentences.get(key, "")
            begin = 0 if summary else max(0, end - len(sentence))
            if not squeeze(block.text[:end]).lower().endswith(squeeze(sentence).lower()):
                self.leave(block.place, block.text[:end], block.text, f"recorded: {sentence}")
            elif key in self.sentences:
                yield from (Span(begin, end),) if summary else (Span(begin, begin), Span(end, end))

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
        written = [self.series["opening"], *self.series.get("notes", ())]
        written += [text for section in self.series["sections"] for text in section.get("paragraphs", ())]
        written += [self.data["texts"][self.lang]["text"]] if self.lang in self.data["texts"] else []
        for piece in (piece for text in written for piece in _split(said(text, self.lang))):
            for numeral in read_numerals(piece):
                if (window := piece[max(0, numeral.start() - 6) : numeral.end() + 6]) not in here:
                    self.leave("written by hand", window, piece, "the page does not say this: build it again")
        for text in (block.text.partition(" – ")[0] for block in self.head):
            if squeeze(text) not in here:
                self.leave("head", text, text, "the page does not say this")
        recorded = (self.data if self.lang == self.data["lang"] else self.data["editions"][self.lang])["main_points"]
        points = [squeeze(block.text) for block in self.blocks if block.inside("main-points") and block.inside("li")]
        if points != list(map(squeeze, recorded)):
            self.leave("main points", "", " ".join(points), f"recorded: {' '.join(recorded)}")

    def _drawings(self) -> None:
        """The data of a drawing are figures; what it says to those who do not see it, it draws."""
        rows: dict[Node, list[Map]] = {}
        for block in self.blocks:
            for chart in (node for node in block.path if "data-spec" in node.attributes and node not in rows):
                datasets = json.loads(chart.attributes["data-spec"])["datasets"].values()
                rows[chart] = [row for dataset in datasets for row in dataset]
                # The lines of a funnel are results of a method, with no figure behind each of their points.
                lines = {"whole", "rate"} if block.inside("robustness") else set[str]()
                for row in (one for one in rows[chart] if {*one} != lines):
                    if reason := self._row_fault(row):
                        self.leave("drawing", str(row.get("label", "")), str(row), reason)
        for blocks in self._in("svg").values():
            drawn = " ".join(block.text for block in blocks)
            for path in [block.path for block in blocks if "aria-label" in block.path[-1].attributes]:
                label, role = path[-1].attributes["aria-label"], path[-1].attributes.get("aria-roledescription")
                near = [row for node in path for row in rows.get(node, ())]
                for numeral in read_numerals(label) if not role else ():
                    names = len(self.units.findall(label[numeral.end() :]))
                    if value_of(numeral[0]) != names and foreign(numeral[0], drawn):
                        self.leave("drawing", numeral[0], label, "not drawn")
                if role in ("title", "subtitle") and squeeze(label.partition("'")[2]) not in squeeze(drawn):
                    self.leave("drawing", label, label, "not drawn")
                if role not in _NO_MARKS and not any(self._tells(label, row) for row in near):
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
        names = {*self.units.findall(shown)} <= {*self.units.findall(here)}
        return names and all(any(abs(one - number) < _EXACT for number in numbers) for one in told)

    def _tables(self) -> Iterator[Print]:
        """In the row of a unit stand its figures, in the columns of an annex those that are declared."""
        tables = list(self._in("annex-table"))
        for cells in self._in("tr").values():
            row = " ".join(cell.text for cell in cells)
            marks = [(cell, key_of(span.key)) for cell in cells for span in cell.spans if span.proof == "figure"]
            unit = next((key.scope for cell, key in marks if cell.inside("th")), "")
            keys = [key for _, key in marks if not key.is_name]
            if unit and any(key.scope != unit for key in keys):
                self.leave("tables", unit, row, f"the row of {unit}")
            if table := cells[0].inside("annex-table"):
                yield "annex", row, "" if keys else "often"
                name = [one for one in self.annexes if "chart" not in one][tables.index(table)].get("table")
                shown = [key.name for key in keys] or [squeeze(cell.text) for cell in cells if cell.inside("th")][1:]
                names = self.definition.columns_of(name)
                columns = (self._column(one, headers=not keys, ranks=bool(unit)) for one in names)
                if name and shown != (right := [column for column in columns if column]):
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

    def check_print(self, text: str, prints: Iterable[Print]) -> None:
        """Find each block of a page in print, the longest first; the numerals and names that remain are left over."""
        rest, pdf = squeeze(text), self.name.endswith(".pdf")
        for place, block, how in sorted(prints, key=lambda one: (-len(squeeze(one[1])), one[2])):
            if (wanted := squeeze(block)) in rest:
                rest = rest.replace(wanted, "\n", -1 if how == "often" else 1)
            elif how != "optional" and (how != "drawn" or pdf):
                for found in [*read_numerals(block), *self.units.finditer(block)][:1]:
                    self.leave(place, found[0], block, "not printed in these words")
            self.record.held[f"{self.name}: blocks"] += 1
        for one in (*read_numerals(rest), *self.units.finditer(rest)):
            around = rest[max(0, one.start() - 12) : one.end() + 12].replace("\n", " ")
            self.leave("text", one[0], around, "the page does not say this")


def _marks(block: Block) -> list[Span]:
    """The marks in a text but for links; the ticks of an axis are held to each other."""
    marks = [span for span in block.spans if span.proof != "link"]
    return [span._replace(proof="") if span.proof == "axis" and block.inside("svg") else span for span in marks]


def _overlap(covers: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(begin < end and start < last for begin, last in covers)


def _sentence_at(text: str, at: int) -> str:
    return next((m[0].strip() for m in _SENTENCE.finditer(text) if m.start() <= at < m.end()), text)
