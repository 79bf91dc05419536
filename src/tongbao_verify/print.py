"""What must be in print taken out of a document's text: block by block, those that drawings cut in two as well."""

import re
from collections.abc import Iterable

from tongbao_verify.annexes import Print, squeeze

_NEAR = 4  # letters on either side of a gap by which a text is known that the gap may be in


def taken_out(text: str, prints: Iterable[Print]) -> tuple[str, list[Print]]:
    """What remains of a text in print without some blocks of a page, and the blocks that are not in it.

    What stands at the head of each printed page goes before all: it would part what runs over to the next. Then the
    longest goes first. What a drawing at the head of a page cuts in two is found as soon as nothing of that drawing is
    left between: a short name, which goes later, may stand in it, too.
    """
    rest, cut = squeeze(text), list[Print]()
    for one in sorted(prints, key=lambda one: (one[2] != "head", -len(squeeze(one[1])), one[2])):
        wanted, how = squeeze(one[1]), one[2]
        if (at := rest.find(wanted)) < 0:
            cut.append(one)
        elif how in ("often", "head"):
            rest = rest.replace(wanted, "" if how == "head" else "\n")
        else:
            rest = f"{rest[:at]}\n{rest[at + len(wanted) :]}"
            rest, cut = _joined(rest, at, cut)
    missing = []
    for one in cut:
        rest, count = _without(rest, one)
        if not count:
            missing.append(one)
    return rest, missing


def _joined(rest: str, at: int, cut: list[Print]) -> tuple[str, list[Print]]:
    """The same without what the gap at a place cut in two."""
    before, after = rest[max(0, at - 200) : at].rstrip("\n")[-_NEAR:], rest[at : at + 200].lstrip("\n")[:_NEAR]
    for one in [one for one in cut if before + after in squeeze(one[1])] if before and after else []:
        rest, count = _without(rest, one)
        if count:
            cut = [other for other in cut if other is not one]
    return rest, cut


def _without(rest: str, one: Print) -> tuple[str, int]:
    """The same without a block that gaps run through; and how often it was there: once, or not at all."""
    return re.subn("\n*".join(map(re.escape, squeeze(one[1]))), "\n", rest, count=1)
