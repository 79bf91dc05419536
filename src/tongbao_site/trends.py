"""Lines over the periods, drawn by Altair; those that were drawn before are kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from tongbao.definition.files import write_whole
from tongbao_site.entry import Entry

_WIDTH, _HEIGHT, _LABELS = 360, 150, 5


@dataclass(frozen=True)
class Trend:
    """A trend on a page: its title, what its other lines are, the drawing."""

    title: str
    note: str
    svg: str


@dataclass(frozen=True)
class Drawn:
    """A drawing, and the first and last period with a figure."""

    first: Entry
    last: Entry
    drawing: str

    def svg(self, message: str) -> str:
        """The drawing in the colours of the page, with its message as text alternative."""
        from tongbao.display.drawing import svg_on_page

        return svg_on_page(self.drawing, message, ())


def trend(entries: Sequence[Entry], measure: str, scope: str, others: Sequence[str], drawings: Path) -> Drawn | None:
    """A unit's figures of a measure over the periods, oldest first, among those of others.

    Arguments:
        entries: the periods, oldest first.
        measure: its name.
        scope: the unit, or ``area``.
        others: units whose lines stand behind it.
        drawings: where drawings are kept, by what they show.

    Returns:
        Nothing where fewer than two periods have a figure.
    """
    rows = [
        {
            "period": entry.period,
            "unit": unit,
            "value": float(value),
            "text": text if unit == scope else "",
            "place": place,
        }
        for place, entry in enumerate(entries)
        for unit, (text, value, *_) in entry.values.get(measure, {}).items()
        if value is not None and unit in (scope, *others)
    ]
    own: list[dict[str, Any]] = [row for row in rows if row["unit"] == scope]
    if len(own) < 2:  # a line takes two points
        return None
    step = max(1, -(-len(entries) // _LABELS))
    labelled = [entry.period for entry in entries[::-1][::step]][::-1]
    spec = _line([entry.period for entry in entries], labelled, own=scope)
    spec["datasets"] = {"rows": rows, "end": own[-1:]}
    name = sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()
    kept = drawings / f"{name}.svg"
    if not kept.is_file():
        from tongbao.display.draughtsman import to_svg

        write_whole(kept, to_svg(spec))
    periods = {entry.period: entry for entry in entries}
    return Drawn(periods[own[0]["period"]], periods[own[-1]["period"]], kept.read_text("utf-8"))


def _line(periods: Sequence[str], labelled: Sequence[str], own: str) -> dict[str, Any]:
    """The specification without its numbers."""
    spec: dict[str, Any] = json.loads(_template(own == "area"))
    text = (
        json.dumps(spec).replace('"__periods__"', json.dumps(periods)).replace('"__labelled__"', json.dumps(labelled))
    )
    return json.loads(text.replace("__own__", own))  # type: ignore[no-any-return]


@cache
def _template(area: bool) -> str:  # the only thing that differs
    """The drawing as JSON; for the whole area among its units, or for a unit beside the area."""
    import altair as alt

    from tongbao.display.drawing import GREY, INK, in_house_style, specification

    x = alt.X("period:O", sort=["__periods__"], title=None, axis=alt.Axis(labelAngle=0, values=["__labelled__"]))
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(zero=False, nice=True),
        axis=alt.Axis(grid=True, gridColor="#c8ccd1", gridOpacity=0.5, tickCount=4),
    )
    base = alt.Chart(alt.NamedData("rows")).encode(x=x, y=y, detail="unit:N")
    behind = base.transform_filter("datum.unit != '__own__'").mark_line(
        color=GREY,
        strokeWidth=0.8 if area else 1.4,
        opacity=0.45 if area else 0.9,
        strokeDash=[1, 0] if area else [5, 3],
    )
    line = base.transform_filter("datum.unit == '__own__'").mark_line(
        color=INK, strokeWidth=2.2, point={"color": INK, "size": 22}
    )
    end = (
        alt.Chart(alt.NamedData("end"))
        .encode(x=x, y=y, text="text:N")
        .mark_text(align="left", dx=6, color=INK, fontSize=13)
    )
    layered = alt.layer(behind, line, end).properties(width=_WIDTH, height=_HEIGHT)
    spec = specification(in_house_style(layered))
    return json.dumps(spec).replace('["__periods__"]', '"__periods__"').replace('["__labelled__"]', '"__labelled__"')
