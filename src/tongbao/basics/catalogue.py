"""Messages in the reader's language: raised in English, said in Chinese by the catalogue (``locale/zh``).

A message is raised as a finished sentence, with names and figures in it. The catalogue's entries are patterns of such
sentences (``series {name} has no figures yet``); what stands for a placeholder is put into the translation, itself
translated where it is a message.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterator, Mapping
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Literal

DOMAIN = "tongbao"
LOCALE = Path(__file__).parents[1] / "locale"
Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")
# No message of ours is longer, or has more parts: what is, came from outside, and is shown as it is.
_LONGEST, _GAPS, _MANY_GAPS = 2000, 4, 40
PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")


def language_of(environment: Mapping[str, str]) -> Lang:
    """The language that the environment asks for, by the rules of gettext; English where it names none of ours.

    >>> language_of({"LANG": "zh_CN.UTF-8"}), language_of({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}), language_of({})
    ('zh', 'en', 'en')
    >>> language_of({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"})
    'zh'
    """
    locale = next((value for key in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(key))), "")
    if locale in {"C", "POSIX"}:  # asks for messages as they are, whatever LANGUAGE says
        return "en"
    wanted = (environment.get("LANGUAGE") or locale).split(":")
    return next((lang for name in wanted for lang in LANGUAGES if re.match(rf"{lang}(_|\b)", name)), "en")


class _Pattern:
    """An entry with placeholders."""

    def __init__(self, message: str, translation: str) -> None:
        self.translation = translation
        self.names = PLACEHOLDER.findall(message)
        self.literals = PLACEHOLDER.split(message)[::2]
        self.weight = sum(map(len, self.literals))
        self._anchor = max(self.literals, key=len)

    @cached_property
    def _expression(self) -> re.Pattern[str]:
        return re.compile("(.*?)".join(map(re.escape, self.literals)))

    def found_in(self, text: str) -> Mapping[str, str] | None:
        """What stands for each placeholder; ``None`` for another text."""
        if self._anchor not in text or (match := self._expression.fullmatch(text)) is None:
            return None
        return dict(zip(self.names, match.groups(), strict=True))


class Catalogue:
    """The messages of one language."""

    def __init__(self, messages: Mapping[str, str]) -> None:
        self._whole = {message: said for message, said in messages.items() if not PLACEHOLDER.search(message)}
        patterns = [_Pattern(message, said) for message, said in messages.items() if PLACEHOLDER.search(message)]
        self._patterns = sorted(patterns, key=lambda pattern: -pattern.weight)
        self._best = lru_cache(4096)(self._try)

    def __call__(self, text: str) -> str:
        """The text with all that the catalogue knows in its language; line by line where it has several."""
        return "\n".join(self._best(line)[1] for line in text.split("\n"))

    def _try(self, text: str) -> tuple[int, str]:
        """The translation that leaves the fewest characters as they are, and how many it translates."""
        core = text.strip()
        if not core:
            return 0, text
        if core in self._whole:
            best = len(core), self._whole[core]
        else:
            ways = self._ways(core) if len(core) <= _LONGEST else ()
            best = max(ways, key=lambda way: way[0], default=(0, core))
        start = text.index(core)
        return best[0], text[:start] + best[1] + text[start + len(core) :]

    def _ways(self, text: str) -> Iterator[tuple[int, str]]:
        yield from self._apart(text, r"(?<![: ])  +")  # columns
        for pattern in self._patterns:
            if (found := pattern.found_in(text)) is not None:
                parts = {name: self._best(part) for name, part in found.items()}
                said = PLACEHOLDER.sub(lambda name: parts[name[1]][1], pattern.translation)  # noqa: B023
                yield pattern.weight + sum(count for count, _ in parts.values()), said
        yield from self._apart(text, r": +")  # between a place and what is wrong there

    def _apart(self, text: str, gap: str) -> Iterator[tuple[int, str]]:
        """Both sides of a gap by themselves."""
        gaps = list(re.finditer(gap, text))
        for found in gaps[:_GAPS] if len(gaps) <= _MANY_GAPS else ():
            (left, before), (right, after) = self._best(text[: found.start()]), self._best(text[found.end() :])
            if left or right:
                yield left + right, f"{before}{'：' if found[0].startswith(':') else found[0]}{after}"


def messages(lang: str) -> dict[str, str]:
    """All messages with what they are in a language; none of English, since they are written in it."""
    if lang == "en":
        return {}
    # The one way to gettext's entries by their order in the file; its own look-up knows only whole messages.
    entries: dict[str, str] = vars(gettext.translation(DOMAIN, LOCALE, [lang]))["_catalog"]
    return {message: said for message, said in entries.items() if message and isinstance(message, str)}


@cache
def catalogue(lang: str) -> Catalogue:
    """The catalogue of a language."""
    return Catalogue(messages(lang))
