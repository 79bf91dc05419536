"""Each document of a bulletin held to the record: its texts one by one, a page's tables and drawings, what is in print.

Every numeral and unit name in a text is marked and right, known beforehand, or left over.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, pairwise

from tongbao_verify.annexes import UNIT, Print, check_tables, squeeze
from tongbao_verify.definition import Map, leaves, said
from tongbao_verify.drawing import misplaced
from tongbao_verify.formula import months_of, number_of
from tongbao_verify.notes import in_print, references, with_numbers
from tongbao_verify.numerals import CALENDAR, dates, foreign, in_language, labels, read_numerals, value_of
from tongbao_verify.page import Block, Node, Span
from tongbao_verify.print import taken_out
from tongbao_verify.record import Record
from tongbao_verify.words import check_heads, check_words

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|@(?:fig|tbl)-[\w-]+|\[\^[^\]\s]+\]:?|\n")
# What stands higher or lower, m^2^ and H~2~O; a numeral that does so belongs to the letters before it.
_RAISED = re.compile(r"([\^~])([^\s^~[\]]+)\1")
_SYMBOL = re.compile(r"[A-Za-z]+([\^~])[\d.]+\1[A-Za-z]*")
_METHOD = re.compile(r"保留(\d+|[一二三四两])位小数|\b(\d+) decimals?\b|× ?100%?|满分100分|100 points|\bhalf up\b")
_WEIGHED = re.compile(r"权重|最高为1|\bweights?\b")
_HEAD = re.compile(r"\A---\n(.*?)\n---\n", re.DOTALL)
_DATES = re.compile(r"\b(?:issued|statistics_date|printed|day): *[\"']?(\d{4}\D\d\d?\D\d\d?)")
_BORNE = re.compile(r"\b(?:copy_number|secrecy|urgency|copies_to|printed_by|zh|en): *[\"']?([^\"',{}\n]+)")
_LISTED = re.compile(r"^names:(.*(?:\n *- .*)*)", re.MULTILINE)
_ANNEX = re.compile(r"(?:附件|\b[Aa]nnex ?)(\d+)")
_SENTENCE = re.compile(r".*?(?:[。；！？\n]|[.;!?](?=\s|$)|$)")
_ISSUER = ("authority", "source", "contact", "licence", "corrections")
_NAMED = ("label", "short", "header", "unit_kind", "area", "names", *_ISSUER)
# What else is printed whole and may hold the name of a unit.
_BEARING = ("addressees", "reason", *_ISSUER)
_FACTS = ("名称", "来源", "英文名称", "英文来源")
_WEB_ONLY = ("main-points", "key-figures", "not-compared", "notes", "evidence", "provenance", "downloads", "chart-data",
             "site-footer")  # fmt: skip
_ORDINAL = re.compile(r"(?:([一二三四五六七八九十]+)、|(\d+)\. |（([一二三四五六七八九十]+)）|\((\d+)\) )")
_NUMBERED = re.compile(r"(?:图|表|Figure|Table) ?(\d+)|^(?:附件：|Annex(?:es)?: )?(\d+)\.(?= |$)")
_PLACE = re.compile(r"\d+(?:,\d+)*|[A-Z]+(?![a-z])")
_LEVELS = ("h2", "h3", "h4")


def _split(text: str) -> list[str]:
    """What was written by hand, squeezed, between placeholders and without headings' signs."""
    lines = "\n".join(line.lstrip("# ") for line in _RAISED.sub(r"\2", _HEAD.sub("", text)).splitlines())
    return [piece for piece in map(squeeze, _PLACEHOLDER.split(lines)) if piece]


def _bounded(phrase: str) -> re.Pattern[str]:
    """A phrase in a text, whatever white space runs through it.

    No digit goes on at either end: 1-2月 is not part of 11-2月.
    """
    before, after = r"(?<![\d.])" * phrase[0].isdigit(), r"(?!\.?\d)" * phrase[-1].isdigit()
    return re.compile(before + r"\s?".join(map(re.escape, phrase.replace(" ", ""))) + after)


def _drawing_around(block: Block) -> str:
    """The id of the numbered drawing that a text stands in: of the figure, or of what Quarto puts around it."""
    ids = (node.attributes.get("id", "") for node in reversed(block.path) if node.tag in ("figure", "div"))
    return next((one for one in ids if one.startswith("fig-")), "")


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
        symbols = (match[0] for text in (*leaves(self.series), *texts) for match in _SYMBOL.finditer(text))
        heads = "\n".join(head for text in texts for head in _HEAD.findall(text))
        facts = [fact.get(name, "") for fact in record.facts.values() for name in _FACTS]
        names = sorted(self.definition.unit_names, key=len, reverse=True)
        # An English name is no part of a longer word.
        self.units = re.compile("|".join(rf"\b{re.escape(n)}\b" if n.isascii() else re.escape(n) for n in names))
        words = [column["words"] for column in self.definition.columns.values()]
        self.named = [*leaves(self.series, *_NAMED), *facts, *chain(*words), *leaves(words, "en")]
        self.named += [*leaves(self.series.get("document", {})), *_BORNE.findall(heads)]
        self.named += [name.strip(" -'\"[]") for names in _LISTED.findall(heads) for name in re.split(r"[\n,]", names)]
        found = {name for name in self.named if read_numerals(name) and "{{" not in name}
        found |= {unit for name in found for unit in UNIT.findall(name)}
        found |= {name[:1].upper() + name[1:] for name in found}  # where an English sentence begins with it
        found |= {_RAISED.sub(r"\2", symbol) for symbol in symbols}
        found |= {f"前{one['limit']}家" for one in self.series.get("enterprises", {}).values() if "limit" in one}
        found |= {edition.get("number") or "" for edition in (self.data, *self.data["editions"].values())}
        found |= self._with_units(facts)
        found = found.union(*map(dates, [self.data["issued"], *_DATES.findall(heads)]))
        found = found.union(*map(labels, [*map(months_of, record.periods), *record.parts]))
        # Longest first, so that no shorter one covers a part of a longer.
        plain = [phrase.replace("’", "'") for phrase in sorted(filter(None, found), key=len, reverse=True)]
        self.phrases = [(squeeze(phrase), _bounded(phrase)) for phrase in plain]
        self.annexes: list[Map] = self.series.get("annexes", [])
        self.tables = {at: one for at, one in enumerate(self.annexes, start=1) if "chart" not in one}  # by number
        self.head = [block for block in blocks if block.inside("meta", "title")]
        self.blocks = [self._without_mark(block) for block in blocks if block.inside("main", "site-footer")]
        self.drawings = list(dict.fromkeys(filter(None, map(_drawing_around, self.blocks))))
        self.sentences = {f"finding-{one['id']}": one["text"][lang] for one in self.data["findings"]}
        self.counted, self.noted = dict.fromkeys(_LEVELS, 0), 0

    def _with_units(self, borne: Iterable[str]) -> set[str]:
        """The declared texts that hold a unit's name, such as a longer one (高新区分局); no unit's name by itself."""
        texts = [*leaves(self.series, *_BEARING), *leaves(self.series.get("document", {})), *borne]
        return {one for one in texts if self.units.search(one) and one not in self.definition.unit_names}

    def _without_mark(self, block: Block) -> Block:
        """A cell that is marked as blank holds nothing: the mark and what is said of it are the page's own words."""
        if not block.inside("blank") or read_numerals(block.text) or self.units.search(block.text):
            return block
        return block._replace(text="", spans=[span._replace(start=0, end=0) for span in block.spans])

    def within(self, *names: str) -> dict[Node, list[Block]]:
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
        if not (wanting := [*read_numerals(text), *self.units.finditer(text)]):
            return
        covers = [(span.start, span.end) for span in spans]
        covers += [match.span(1) for match in _ANNEX.finditer(text) if 0 < int(match[1]) <= len(self.annexes)]
        plain = text.replace("’", "'")
        bare = squeeze(plain)
        for phrase in (pattern for letters, pattern in self.phrases if letters in bare):
            found = (match.span() for match in phrase.finditer(plain))
            covers += [span for span in found if not _overlap(covers, *span)]
        for one in wanting:
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
                around = self.units.sub(" ", before)  # a name may hold a numeral: 148团
                return f"the cell of {key} holds {text or 'a blank'}" if wrong else foreign(around, *leaves(source))
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
        return self._foot_fault(span, shown)

    def _foot_fault(self, span: Span, shown: str) -> str:
        """Why a mark of the page's foot does not hold: its address, what was corrected; or of no known kind."""
        if span.proof == "address":
            right = f"{str(self.series.get('site')).rstrip('/')}/reports/{self.data['series']}/{self.name}"
            return "" if shown == right else f"the page stays at {right}"
        if span.proof == "correction":
            written = (squeeze(str(text["text"])) for text in self.data["texts"].values())
            return "" if any(squeeze(shown) in text for text in written) else "not in the header of the period's text"
        return f"nothing on record proves this: {span.proof} {span.key}"

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
        # What stands behind it may be a word of the next number: 甲县同比增长5.2% of 甲县同比{{ x | change }}.
        ends = tuple(squeeze(text[first:stop]) for stop in range(end, last + 1)) if first < begin else (around,)
        if not any(around in piece or piece.startswith(after) or piece.endswith(ends) for piece in self.pieces):
            return f"neither marked nor written so by hand (…{text[first:last]}…)"
        calendar = any(match.start() <= begin < match.end() for match in CALENDAR.finditer(text))
        in_name = any(match.start() <= begin and end <= match.end() for match in self.units.finditer(text))
        fine = calendar or in_name or self._is_method(text, found)
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
        prints, first = list[Print](), {id(blocks[0]) for blocks in self.within("li").values()}
        for block in self.blocks:
            known = [*self._ordinals(block), *self._notes(block), *self._sentences(block)]
            self.read(block.text, [*_marks(block), *known], block.place)
            if not block.inside(*_WEB_ONLY, "table-aside", "annex-table", "svg"):
                how = "head" if block.inside("notice") else "optional" if block.inside("document-facts") else ""
                prints.append((block.place, with_numbers(block, begins=id(block) in first), how))
        prints += [("drawing", drawn, "drawn") for drawn, narrow in self._drawn() if not narrow]
        self._drawings()
        check_words(self)
        check_heads(self)
        self._repeated(squeeze("".join(block.text for block in self.blocks)))
        return [one for one in (*prints, *check_tables(self)) if one[1].strip()]

    def _drawn(self) -> Iterator[tuple[str, bool]]:
        """The text of each drawing, and that of its parts, and whether it is not the one in print.

        The ticks of an axis are at even distances.
        """
        for node, blocks in self.within("g", "svg").items():
            drawn = " ".join(block.text for block in blocks)
            yield drawn, blocks[0].inside("chart-narrow") is not None
            ticks = [value_of(block.text) or Fraction(0) for block in blocks if block.text]
            if "data-proof" in node.attributes and len({after - tick for tick, after in pairwise(ticks)}) > 1:
                self.leave(blocks[0].place, drawn, drawn, "an uneven scale")

    def check_review(self) -> None:
        """Account for what the reviewers' page says of this build, each issue as recorded.

        Other parts quote: what was published before, what is still to be written, files and their digests.
        """
        for block in self.blocks:
            if block.inside("audited"):
                self.read(block.text, _marks(block), block.place)
        list(self._drawn())
        self._drawings()
        here = squeeze("".join(block.text for block in self.blocks if block.inside("returns"))).lower()
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
        tag = block.path[-1].tag
        if tag in _LEVELS and not block.inside(*_WEB_ONLY) and (match := _ORDINAL.match(block.text)):
            self.counted |= {one: 0 for one in _LEVELS if one > tag} | {tag: self.counted[tag] + 1}
            if value_of(next(filter(None, match.groups()))) != self.counted[tag]:
                self.leave(block.place, match[0], block.text, f"heading {self.counted[tag]} of its level")
            yield Span(*match.span())
        for match in _NUMBERED.finditer(block.text):
            ids = [s.key for s in block.spans if s.proof == "link" and s.start <= match.start() < s.end]
            ids.append(_drawing_around(block))
            right = [self.drawings.index(one) + 1 for one in ids if one in self.drawings][:1]
            if int(match[1] or match[2]) in (right or range(1, len(self.annexes) + 1)):
                yield Span(*match.span())

    def _notes(self, block: Block) -> Iterator[Span]:
        """The numbers of notes, each the next."""
        for span, number in references(block):
            self.noted += 1
            if not block.text[span.start : span.end].strip() == number == str(self.noted):
                self.leave(block.place, block.text[span.start : span.end], block.text, f"note {self.noted} of the page")
            yield Span(span.start, span.end)

    def _repeated(self, here: str) -> None:
        """What was written by hand stands on the page; its head repeats what stands elsewhere."""
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

    def _drawings(self) -> None:
        """What a drawing says to who does not see it, it draws or has above it; shapes stand where figures put them.

        A high one is in pieces, which share a scale.
        """
        wholes: dict[Node, list[Block]] = {}
        for svg, blocks in self.within("svg").items():
            around = blocks[0].inside("chart-drawing") if "chart-wide" in svg.names else None
            wholes.setdefault(around or svg, []).extend(blocks)
            drawn = " ".join(block.text for block in [*blocks, *self._above(blocks[0])])
            for label in (block.path[-1].attributes.get("aria-label", "") for block in blocks):
                for numeral in read_numerals(label):
                    names = len(self.units.findall(label[numeral.end() :]))
                    if value_of(numeral[0]) != names and foreign(numeral[0], drawn):
                        self.leave("drawing", numeral[0], label, "not drawn")
        for blocks in wholes.values():
            if reason := misplaced(blocks, self._value):
                self.leave("drawing", "", " ".join(block.text for block in blocks), reason)

    def _above(self, drawing: Block) -> Iterator[Block]:
        """What stands above a drawing in its chart or figure: a title, what is measured and of which periods."""
        heads = [one for one in self.blocks if one.inside("chart-title", "chart-subtitle")]
        around = [node for node in map(drawing.inside, ("chart", "figure")) if node]
        return (one for one in heads if any(one.inside("chart", "figure") is node for node in around))

    def _value(self, key: str) -> Fraction | None:
        """The value of a figure on record."""
        return number_of(self.record.figures.get(key, {}).get("value"))

    def check_print(self, text: str, prints: Iterable[Print]) -> None:
        """Find each block of a page in print; the numerals and names that remain are left over."""
        pdf = self.name.endswith(".pdf")
        wanted = [(place, in_print(block, numbered=pdf), how) for place, block, how in prints]
        rest, missing = taken_out(text, wanted)
        self.record.held[f"{self.name}: blocks"] += len(wanted)
        for place, block, how in missing:
            must = how != "optional" and (how != "drawn" or pdf)
            for found in [*read_numerals(block), *self.units.finditer(block)][:must]:
                self.leave(place, found[0], block, "not printed in these words")
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
