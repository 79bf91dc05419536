"""What makes a draft: CHECK marks and stand-ins left in a definition, a period's texts or its facts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tongbao.basics.period import Period
from tongbao.definition.files import relative
from tongbao.definition.project import Project

# ``# CHECK: why`` stands behind a choice that somebody has to make, （待填：…） in place of words that nobody gave;
# XX%, ××家, ___万元, 【此处补充】, TODO are what people write themselves until they know.
_COUNTED = (  # but not in XX人民政府, ××家具, XX日报
    "(?:[%％件万亿]|个(?![人体别])|家(?![具庭族园长])|起(?![诉重])|例(?!会)|人(?![民才社事力大])|名(?![称单牌城])|次(?!日)"
    "|项(?!目)|元(?!件)|年(?![鉴级会])|月(?!刊)|日(?![报历常化]))"
)
_OPEN = re.compile(
    r"\bCHECK[:：].*|（待填[^）]*）?|（待(?:补充?|核实?|定|查)(?:[:：][^）]*)?）|【(?:此处|待[补核填])[^】]*】?|(?<![/\w])TODO\b"
    rf"|(?<![A-Za-z])(?:XX+|xx+)(?={_COUNTED})|(?:××+|_{{3,}}|＿{{2,}})(?={_COUNTED})"
)
_SIGNS = tuple(sign.encode() for sign in ("CHECK", "（待", "【", "TODO", "XX", "xx", "××", "___", "＿＿"))


@dataclass(frozen=True)
class OpenPoint:
    """Something left to settle: the file, the line, and what stands there."""

    file: str
    line: int
    text: str

    @property
    def place(self) -> str:
        """As messages name places."""
        return f"{self.file}:{self.line}"


def open_points(
    project: Project, series: str, period: Period, points_in: Callable[[Path], list[OpenPoint]] | None = None
) -> tuple[OpenPoint, ...]:
    """All that is left to settle before a period can be published; it is a draft as long as there is any.

    Looked at are the definition, with those it extends, the authored text of every language, and the facts; by
    ``points_in``, if something remembers them.
    """
    texts = [project.prose(series, period, lang) for lang in project.get_series(series).languages]
    files = (*project.definitions(series), *texts, project.facts(series, period))
    points_in = points_in or partial(points_of, project)
    return tuple(point for path in files for point in points_in(path))


def points_of(project: Project, path: Path) -> list[OpenPoint]:
    """What is left to settle in a file."""
    try:
        content = path.read_bytes()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return []
    if not any(sign in content for sign in _SIGNS):  # as nearly always
        return []
    found = []
    for number, line in enumerate(content.decode("utf-8-sig", "replace").splitlines(), start=1):
        if match := _OPEN.search(line):
            text = match[0].partition(",")[0] if path.suffix == ".csv" else match[0].removesuffix("-->")
            found.append(OpenPoint(relative(path, project.root), number, text.strip().rstrip('"')))
    return found
