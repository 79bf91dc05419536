"""Marked text: sentences in which every figure and name knows what backs it.

A template is rendered once. Each figure in it prints as a key and a text between private-use characters, and each
finding ends with its name between two others, so that the same string gives plain text, HTML or Markdown with a span
for each figure and a link for each finding, and the list of what backs the sentence, in order.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from tongbao.basics.errors import DefinitionError
from tongbao.basics.key import Key
from tongbao.words import CLAUSE_ENDS, SENTENCE_ENDS, WORDS, pieces

_OPEN, _MIDDLE, _CLOSE = "\ue000", "\ue001", "\ue002"
_LINK, _LINK_END = "\ue003", "\ue004"
_PROOF = "\ue005"  # before a key that is none: what proves a text which is no figure
_MARK = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}([^{_CLOSE}]*){_CLOSE}")
_KEY = re.compile(f"{_OPEN}([^{_MIDDLE}]*){_MIDDLE}")
_FINDING = re.compile(f"{_LINK}([^{_LINK_END}]*){_LINK_END}")
_NAME = f"{_OPEN}[^{_MIDDLE}]*:(?:unit|item)@[^{_CLOSE}]*{_CLOSE}"
_PLACE = f"(?:joint )?{_OPEN}[^{_MIDDLE}]*:place@"
# In English a name with what stands in brackets behind it, and what joins it to the next of the list, is one piece.
_LISTED = rf"{_NAME}(?: \((?:[^()]|\([^()]*\))*\))?(?:, (?={_NAME})|; (?={_PLACE}))?"
_CLAUSE = re.compile(f"{_LISTED}|{_OPEN}[^{_CLOSE}]*{_CLOSE}|(?P<end>[{CLAUSE_ENDS}]|[,;.](?=\\s|$))")
_SENTENCE = re.compile(rf"[{SENTENCE_ENDS}]|[.;]\s")
_PRIVATE = re.compile("[\ue000-\ue005]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#$@|~^\"'!&+=-])")


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of text that prints with its key; ``full`` prints ``whole``, with unit and qualifier (15%左右).

    ``absent`` is the title of the table that the period lacks, where the figure is blank for that; ``blank_at`` is the
    blank cell that makes it so; ``change`` says the figure with its sign in words.
    """

    key: str
    text: str
    whole: str = ""
    absent: str = ""
    blank_at: str = ""
    change: Callable[[], str] | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        if self.absent and not self.text:
            raise DefinitionError(
                f"this period has no table {self.absent} that a figure could be of",
                found=self.key,
                expected="a finding in its place, which says itself that there is no such table; or a text without it",
            )
        if not self.text:
            raise DefinitionError(
                "a blank figure cannot stand in a sentence",
                found=f"{self.key} ({self.blank_at})" if self.blank_at else self.key,
                expected="a figure; or a wording for the case that there is none",
            )
        return marked_text(self.key, _PRIVATE.sub("", self.text))

    @property
    def full(self) -> Mark:
        """The figure with its unit and qualifier."""
        return replace(self, text=(self.whole or self.text) if self.text else "")


def marked_text(key: str, text: str) -> str:
    """A text of the project's own with its key: it holds no private characters to remove."""
    return f"{_OPEN}{key}{_MIDDLE}{text}{_CLOSE}"


def proof(what: str, text: str) -> str:
    """A text that is no figure with what proves its numerals: ``furniture``, ``cell fines@lucheng``."""
    return marked_text(f"{_PROOF}{what}", _PRIVATE.sub("", text))


def furniture(words: str) -> str:
    """Words of the project's own as marked text: the pieces that hold a numeral are marked, braces stay to be filled.

    >>> to_bare_html(furniture("{}：95%界限").format("横线"))
    '横线<span data-proof="furniture">：95%界限</span>'
    """
    return "".join(proof("furniture", piece) if numeral else piece for piece, numeral in pieces(words))


def linked(marked: str, finding: str) -> str:
    """A finding's sentence, ending with a link to its evidence (which plain text does not show)."""
    return f"{marked}{_LINK}{finding}{_LINK_END}"


def unlinked(marked: str) -> str:
    """Marked text without the links of findings to their evidence."""
    return _FINDING.sub("", marked)


def findings_in(marked: str) -> list[str]:
    """The findings whose sentences stand in a text, in order."""
    return _FINDING.findall(marked)


def plain(marked: str) -> str:
    """The text without its marks.

    >>> plain(f"共{Mark('248', '248')}家次")
    '共248家次'
    """
    return unlinked(_MARK.sub(r"\2", marked))


def below_zero(marked: str) -> list[tuple[int, str]]:
    """The numbers of a text that are printed with a minus: where each stands, in the marked text, and what it prints.

    >>> below_zero(f"增长{Mark('a', '-5.2')}%，{Mark('b', '2')}起")
    [(2, '-5.2')]
    """
    return [(match.start(), match[2]) for match in _MARK.finditer(marked) if match[2].startswith("-")]


def without_marked(marked: str) -> str:
    """What of a text is neither figure nor name nor link: the words around them.

    >>> without_marked(f"共{Mark('248', '248')}家次")
    '共家次'
    """
    return unlinked(_MARK.sub("", marked))


def capital(marked: str) -> str:
    """The text with its first letter large, so that a finding can begin an English sentence.

    >>> capital("in May"), plain(capital(f"{Mark('a:unit@b', 'longgang')} left"))
    ('In May', 'Longgang left')
    """
    start = marked.find(_MIDDLE) + 1 if marked.startswith(_OPEN) else 0
    return marked[:start] + marked[start : start + 1].upper() + marked[start + 1 :]


def keys(marked: str) -> list[str]:
    """What backs a text, in order, without repeats."""
    return list(dict.fromkeys(_KEY.findall(marked)))


def clauses(marked: str) -> list[str]:
    """The text cut behind each comma, semicolon or full stop that stands outside a mark and joins no list of names.

    >>> [plain(clause) for clause in clauses(f"共{Mark('a', '1,300')}起，超过{Mark('b', '2')}倍。")]
    ['共1,300起，', '超过2倍。', '']
    """
    found, start = [], 0
    for match in _CLAUSE.finditer(marked):
        if match["end"]:
            found.append(marked[start : match.end()])
            start = match.end()
    return [*found, marked[start:]]


def ends_with_name(marked: str) -> bool:
    """Whether the last thing in a text is a name.

    >>> ends_with_name(f"为{Mark('a:unit@b', '甲县')}"), ends_with_name(f"共{Mark('a', '248')}"), ends_with_name("甲县")
    (True, False, False)
    """
    last = marked.rpartition(_OPEN)[2]
    return (
        marked.endswith(_CLOSE) and ":" in last and Key.parse(last.partition(_MIDDLE)[0].removeprefix(_PROOF)).is_name
    )


@dataclass(frozen=True, slots=True)
class Place:
    """A figure or name in a plain sentence: its key, its text, and where it starts (characters, from 0).

    In place of a key stands what proves a text that is neither: ``cell fines@total``.
    """

    key: str
    text: str
    start: int


def places(marked: str) -> list[Place]:
    """Every figure and name of a text in reading order, with its place in the plain text; for others, what proves them.

    >>> places(f"共{Mark('a', '248')}家次，{Mark('b', '87')}起")
    [Place(key='a', text='248', start=1), Place(key='b', text='87', start=7)]
    """
    found = []
    shift, marked = 0, unlinked(marked)
    for match in _MARK.finditer(marked):
        key, text = match.groups()
        found.append(Place(key.removeprefix(_PROOF), text, match.start() - shift))
        shift += len(match[0]) - len(text)
    return found


def to_html(marked: str, lang: str = "zh") -> str:
    """Marked plain text as HTML: a span with its key for each figure and name, a link for each finding.

    >>> to_html(f"共{Mark('fact.inspections', '248')}家次 < x")
    '共<span class="figure-value" data-figure="fact.inspections">248</span>家次 &lt; x'
    """
    return _replace(html.escape(marked, quote=False), lambda text: text, lang)


def to_bare_html(marked: str, tag: str = "span") -> str:
    """Marked plain text as HTML for tables, charts and evidence, where a number opens nothing and nothing is a link.

    >>> to_bare_html(f"{Mark('rate@area', '35.08')} ▼", "tspan")
    '<tspan data-figure="rate@area">35.08</tspan> ▼'
    """
    escaped = html.escape(unlinked(marked), quote=False)
    return _MARK.sub(lambda match: f"<{tag}{_backing(match[1])}>{match[2]}</{tag}>", escaped)


def to_markdown(marked: str, lang: str = "zh") -> str:
    r"""Marked Markdown with HTML spans; what figures and names bring is escaped, the text around them is as written.

    >>> to_markdown(f"*{Mark('unit', 'a*b')}*")
    '*<span class="figure-value" data-figure="unit">a\\*b</span>*'
    """
    return _replace(marked, escape_markdown, lang)


def escape_markdown(text: str) -> str:
    """A text that Markdown shows as it is, on one line."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def backed(key: object) -> str:
    """The attribute of an element whose text is a figure or name.

    >>> backed("fines@lucheng")
    ' data-figure="fines@lucheng"'
    """
    return _backing(str(key))


def proved(what: str, *names: object) -> str:
    """The attribute of an element whose numerals something else proves.

    >>> proved("cell", "fines@lucheng")
    ' data-proof="cell fines@lucheng"'
    """
    return _backing(" ".join((f"{_PROOF}{what}", *map(str, names))))


def _backing(key: str) -> str:
    name = "proof" if key.startswith(_PROOF) else "figure"
    return f' data-{name}="{html.escape(_unescaped(key.removeprefix(_PROOF)))}"'


def _replace(marked: str, escape: Callable[[str], str], lang: str) -> str:
    def span(match: re.Match[str]) -> str:
        key, text = match.groups()
        kind = "unit-name" if ":unit@" in key else "figure-value"
        shown = "" if key.startswith(_PROOF) else f' class="{kind}"'
        return f"<span{shown}{_backing(key)}>{escape(text)}</span>"

    # A link is called after the words before it: each has a name of its own.
    said = [_named(one, 50 if lang == "en" else 20) for one in _FINDING.sub(_LINK, marked).split(_LINK)]

    def link(match: re.Match[str]) -> str:
        label = WORDS[lang].number_link.format(html.escape(said.pop(0)))
        return f'<a class="evidence-link" href="#finding-{match[1]}" aria-label="{label}"></a>'

    return _FINDING.sub(link, _MARK.sub(span, marked))


def _unescaped(text: str) -> str:
    """Without references to characters; one of so many digits is none, and Python refuses to read thousands."""
    return html.unescape(re.sub(r"&#\d{8,};?", "\ufffd", text))


def _named(marked: str, size: int) -> str:
    """The beginning of the last sentence of a text, in so many characters."""
    sentence = _SENTENCE.split(_unescaped(plain(marked)).strip())[-1].lstrip(CLAUSE_ENDS + ", ")
    return sentence if len(sentence) <= size else sentence[:size] + "…"
