"""Whether the shapes of a drawing stand where their figures put them: on one even scale, with its axis' numbers."""

import re
from collections.abc import Callable, Iterator, Sequence

from tongbao_verify.formula import Value
from tongbao_verify.numerals import value_of
from tongbao_verify.page import Block

Placed = tuple[float, float]  # a value, and where it stands, in pixels
_MOVED = re.compile(r"translate\(([-\d.e]+),([-\d.e]+)\)")
_BAR = re.compile(r"M([-\d.e]+),([-\d.e]+)h([-\d.e]+)")
_MIDDLE = 0.3  # of a letter, by which it is set lower so that its middle is at its place
_TOLERANCE = 0.75  # of a pixel: the numbers of an axis are moved to where lines are sharp


def misplaced(blocks: Sequence[Block], value: Callable[[str], Value]) -> str:
    """Why a drawing is not its figures; empty where it is.

    Shapes name their figure as ``data-figure``, and as ``data-across`` the one that they stand at across, where it is
    another. An axis is one whose numbers are marked so.
    """
    across, up, named = list[Placed](), list[Placed](), False
    ticks: dict[int, list[tuple[float, float, float]]] = {}
    for block in blocks:
        node, axis = block.path[-1], block.inside("role-axis-label")
        if "data-figure" in node.attributes and node.tag != "tspan":
            other = node.attributes.get("data-across", "")
            values = [value(node.attributes["data-figure"]), *([value(other)] if other else [])]
            if None in values:
                return f"a shape of a figure without a value: {node.attributes['data-figure']}"
            named = named or bool(other)
            numbers = [float(one) for one in values if one is not None]
            for at, x, y in _ends(block, numbers[0]):
                across.append((numbers[-1] if other else at, x))
                up.append((at, y))
        elif axis and "data-proof" in axis.attributes and node.tag == "text":
            x, y = _place(block)
            middle = y - _MIDDLE * float(node.attributes.get("font-size", "0").removesuffix("px"))
            ticks.setdefault(id(axis), []).append((float(value_of(block.text) or 0), x, middle))
    if not across:
        return ""
    for axis_ticks in ticks.values():
        level = len({y for _, _, y in axis_ticks}) == 1
        (across if level else up).extend((at, x if level else y) for at, x, y in axis_ticks)
    even = [_even(across), _even(up)]
    return "" if (all(even) if named else any(even)) else "shapes that do not stand where their figures put them"


def _place(block: Block) -> tuple[float, float]:
    found = [_MOVED.match(node.attributes.get("transform", "")) for node in block.path]
    return tuple(sum(float(match[side]) for match in found if match) for side in (1, 2))  # type: ignore[return-value]


def _ends(block: Block, value: float) -> Iterator[tuple[float, float, float]]:
    """The values that a shape shows, each with its place: a bar its figure's and zero at its other end."""
    (x, y), node = _place(block), block.path[-1]
    bar = _BAR.match(node.attributes.get("d", "")) if "transform" not in node.attributes else None
    if bar is None:
        yield value, x, y
    else:
        start, end = float(bar[1]) + x, float(bar[1]) + float(bar[3]) + x
        yield value, end if value >= 0 else start, y
        yield 0, start if value >= 0 else end, y


def _even(placed: Sequence[Placed]) -> bool:
    """Whether places are as far apart as their values."""
    (low, start), (high, end) = min(placed), max(placed)
    one = (end - start) / (high - low) if high != low else 0.0
    apart = high == low or abs(end - start) > _TOLERANCE
    return apart and all(abs(start + (value - low) * one - at) <= _TOLERANCE for value, at in placed)
