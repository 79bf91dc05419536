"""Every error a user can meet, in one place.

TongbaoError
├── UsageError          exit 2: unknown name, bad parameter
│   └── DefinitionError     series.yml, period file or prose is wrong
├── DataError           exit 1: the figures received cannot be used
└── ToolError           exit 3: a kernel, Quarto, Pandoc or Typst failed
    └── BusyError           another command is at work in the project
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches


def did_you_mean(found: str, known: Iterable[str]) -> str:
    """A hint that names the closest known words, or lists what is known.

    >>> did_you_mean("wenzhou-montly", ["taizhou-andun", "wenzhou-monthly"])
    'did you mean wenzhou-monthly?'
    >>> did_you_mean("x", ["b", "a"])
    'known: a, b'
    """
    names = sorted(known)
    near = get_close_matches(found, names, n=3, cutoff=0.8) or get_close_matches(found, names, n=1, cutoff=0.5)
    if near:
        return f"did you mean {' or '.join(near)}?"
    return "known: " + ", ".join(names) if names else "none is declared"


# What would act on a terminal, or cannot be seen: shown by its number.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
_LONG = re.compile("(.{600}).+")


def legible(text: str) -> str:
    r"""A text from outside as a message may show it: nothing acts on a terminal, no line is endless.

    >>> legible("a\x1b[31m"), len(legible("=" * 5000))
    ('a\\u001b[31m', 601)
    """
    return _UNSEEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", _LONG.sub(r"\1…", text))


class Original(str):
    """What another program said, or a command to type, which is shown as it stands."""

    __slots__ = ()


def said_in_kernel(name: str, value: str) -> str:
    """What a cell failed with, by its exception's name and text: an error of ours, or another program's."""
    own = {one.__name__ for one in (UsageError, DefinitionError, DataError, ToolError)}
    return value if name in own else Original(f"{name}: {value}")


class TongbaoError(Exception):
    """Root of all errors that are shown to a user without a traceback.

    Arguments:
        message: what is wrong, in one sentence.
        place: where: file, and line or sheet, row and column, as far as known.
        found: the offending value.
        expected: what would have been right.
        hint: what to do.
    """

    exit_code = 1
    parts: tuple[TongbaoError, ...] = ()
    """The errors it lists, where it lists several."""
    wordings: Mapping[str, str] = {}
    """The message by language, where it is made in each; all others are translated where they are shown."""

    def __init__(
        self,
        message: str,
        *,
        place: str | None = None,
        found: object = None,
        expected: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)  # all else crosses process borders with the attributes
        self.message = message
        self.place = place
        self.found = found
        self.expected = expected
        self.hint = hint

    def __str__(self) -> str:
        return self.told("en", str)

    def told(self, lang: str, tell: Callable[[str], str]) -> str:
        """The whole of it in a language, of which ``tell`` knows the messages."""
        if self.parts:
            return "\n".join([tell(f"{len(self.parts)} faults:"), *(part.told(lang, tell) for part in self.parts)])
        message = legible(self.wordings.get(lang) or tell(legible(self.message)))
        lines = [f"{tell(legible(self.place))}{'：' if lang == 'zh' else ': '}{message}" if self.place else message]
        found = "original: " if isinstance(self.found, Original) else "found:    "
        for name, value in ((found, self.found), ("expected: ", self.expected), ("hint:     ", self.hint)):
            if value is not None:
                said = legible(str(value))
                said = said if isinstance(value, Original) else tell(said)
                lines.append(f"  {name if lang == 'en' else tell(name).strip()}{said}")
        return "\n".join(lines)


def combined(errors: Sequence[TongbaoError]) -> TongbaoError:
    """One error that lists several, of the kind with the highest exit code."""
    if len(errors) == 1:
        return errors[0]
    worst = max(errors, key=lambda error: error.exit_code)
    several = type(worst)(f"{len(errors)} faults:\n" + "\n".join(str(error) for error in errors))
    several.parts = tuple(part for error in errors for part in (error.parts or (error,)))
    return several


class UsageError(TongbaoError):
    """A name, option or parameter that does not exist or is out of range."""

    exit_code = 2


class DefinitionError(UsageError):
    """A series definition, period file or prose that cannot be read."""


class DataError(TongbaoError):
    """Figures as received that cannot be used; ``unit`` is the id of the county whose row they stand in.

    ``table`` is the name of the table, where it is known.
    """

    exit_code = 1
    unit: str | None = None
    table: str | None = None


class ToolError(TongbaoError):
    """An outside program or kernel failed."""

    exit_code = 3


class BusyError(ToolError):
    """Another command makes things in the project."""


_FULL = tuple(map(os.strerror, (errno.ENOSPC, errno.EDQUOT)))


def room_hint(said: str) -> str | None:
    """What to do, where the system or a program says that a disk is full; else nothing."""
    full = any(words in said for words in _FULL)
    return "make room on that disk, then run it again" if full else None


def system_error(error: OSError, otherwise: str) -> ToolError:
    """What the system refused, and the file: of a copy the one to be written, unless there is none to copy.

    Arguments:
        error: as it was raised.
        otherwise: where there was no room, if the error does not say.

    >>> str(system_error(OSError(errno.EACCES, "Permission denied", "a.csv"), "."))
    'a.csv: Permission denied'
    """
    names = (error.filename, error.filename2) if error.errno == errno.ENOENT else (error.filename2, error.filename)
    hint = room_hint(str(error))
    place = next((str(name) for name in names if name is not None), otherwise if hint else None)
    message = (error.strerror or str(error)).partition(" (os error")[0]  # which Rust adds
    return ToolError(message, place=place, hint=hint)
