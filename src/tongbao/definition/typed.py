"""Slips of typing in YAML: full-width signs, curly quotation marks, tabs and bare placeholders outside quoted text.

What YAML reads without complaint but nobody means is refused at once (``refused``). Where YAML or a model complains,
the line is searched for the slip behind it (``slip_near``), so that the message says what to type.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

# What was typed, what it is called, and what to type.
_SIGNS = (
    ("\t", "a tab", "spaces"),
    ("：", "a full-width colon", "a colon and a space: `key: value`"),
    ("，、", "a full-width comma", "a comma and a space; in a list a text that holds one stands in quotation marks"),
    ("“”„＂", "curly quotation marks", 'straight ones: "…"'),
    ("‘’＇", "curly quotation marks", "straight ones: '…'"),
    ("｛｝", "full-width braces", "{ and }"),
    ("［］【】", "full-width brackets", "[ and ]"),
    ("　\u00a0", "a full-width or hard space", "an ordinary space"),
    ("{", "a placeholder outside quotation marks", 'the whole text in quotation marks: "{{ … }}…"'),
)
_QUOTED = re.compile(
    r"""(?<![^\s\[{,:-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')|(?<!\S)\#[^\n]*"""
    r"|(?P<block>(?<=[:-] )[|>][+-]?\d?[ ]*\n(?P<deep>[ ]+)[^\n]*(?:\n(?:(?P=deep)[^\n]*|[ ]*(?=\n)))*)",
)
_KEY = r"[A-Za-z_][\w.-]*"
# Where no text of a plain value can stand: after a key, before a key, at the start of a value, in an indent.
_SLIP = re.compile(
    rf"(\t)|^[ ]*(?:-[ ]+)*([　\u00a0])|^\s*(?:-\s+)*{_KEY}[ 　]*(：)|[{{,，]\s*{_KEY}\s*(：)|(，)\s*{_KEY}\s*[:：]"
    r"|:([　\u00a0])|(?:^|[:：-]\s|[\[{,，])\s*([“”„＂‘’＇｛［【])|(?:^|[:：-]\s|[\[{,，])\s*(\{)\{"
)
_IN_PLAIN_TEXT = re.compile(r"(\{)\{")
_IN_VALUE = re.compile(r"\A(?:([“„＂])[^“”]*[”“＂]|([‘＇])[^‘’]*[’＇])\Z")
_IN_LIST = re.compile(rf"{_IN_VALUE.pattern}|([，、])")
_IN_KEY = re.compile(r"([：，“”„＂‘’＇｛｝［］【】　\u00a0])")


@dataclass(frozen=True)
class Slip:
    """A slip: its line (from 0), what it is, and what to type in its place."""

    line: int
    sign: str

    @property
    def problem(self) -> str:
        """What is wrong."""
        return next(name for signs, name, _ in _SIGNS if self.sign in signs)

    @property
    def expected(self) -> str:
        """What to type."""
        return next(right for signs, _, right in _SIGNS if self.sign in signs)


def refused(node: yaml.Node) -> Iterator[Slip]:
    """What YAML reads, but not as it was meant: signs in keys, values in curly quotation marks, ``，、`` in a list."""
    seen: set[int] = set()
    todo: list[tuple[yaml.Node, re.Pattern[str]]] = [(node, _IN_VALUE)]
    while todo:
        one, pattern = todo.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if isinstance(one, yaml.ScalarNode):
            found = pattern.search(one.value) if not one.style else None  # the quick loader says ""
            if found:
                yield Slip(one.start_mark.line, next(filter(None, found.groups())))
            elif "｛｛" in one.value:
                yield Slip(one.start_mark.line, "｛")
        elif isinstance(one, yaml.MappingNode):
            todo += ((key, _IN_KEY) for key, _ in one.value)
            todo += ((value, _IN_VALUE) for _, value in one.value)
        elif isinstance(one, yaml.SequenceNode):
            todo += ((item, _IN_LIST if one.flow_style else _IN_VALUE) for item in one.value)


def slip_near(text: str, lines: Iterable[int], *, of_yaml: bool = False) -> Slip | None:
    """The slip in the first of some lines (from 0) that has one.

    Arguments:
        text: the whole text.
        lines: where to look, the most likely first.
        of_yaml: whether YAML itself complains of the first line: then a placeholder inside plain text is a slip, too.
    """
    bare = _QUOTED.sub(lambda quoted: re.sub(r"[^\n]", "x", quoted[0]), text).splitlines()
    for line in (line for line in lines if 0 <= line < len(bare)):
        found = _SLIP.search(bare[line]) or (_IN_PLAIN_TEXT.search(bare[line]) if of_yaml else None)
        if found:
            return Slip(line, next(filter(None, found.groups())))
        of_yaml = False
    return None
