"""What is printed at the end of a bulletin: a table or some of its columns, a list of enterprises, a chart."""

from __future__ import annotations

from typing import Literal

from pydantic import ConfigDict, model_validator

from tongbao.definition.model import Said, Strict, Text, one_of


class Annex(Strict):
    """A table, a list of enterprises or a chart printed at the end, with a line of notes above it (``统计时间：…``).

    Options:
        table, enterprises, chart: what is printed; one of the three. A chart printed here does not stand in the text.
        title: its title, a template.
        note: the line above it.
        wide: whether the printed page is turned; without it, where the table is wider than an upright page.
        order: a measure by whose rank the units stand, or a column with the issuer's ranks; without it they stand in
            their official order.
        columns: which columns of the table are printed, by name, in this order; without it all. A table too wide for a
            page is printed as several annexes.
        total: whether the totals' row stands ``first`` or ``last``.
        blank: what is printed where there is no figure (``—``); nothing without it.
    """

    model_config = ConfigDict(
        json_schema_extra=one_of(table={"type": "string"}, enterprises={"type": "string"}, chart={"type": "string"})
    )

    table: str | None = None
    enterprises: str | None = None
    chart: str | None = None
    title: Text
    note: Text | None = None
    wide: bool | None = None
    order: str | None = None
    columns: tuple[str, ...] = ()
    total: Literal["first", "last"] = "last"
    blank: Said = ""

    @model_validator(mode="after")
    def _prints_one_thing(self) -> Annex:
        if [self.table, self.enterprises, self.chart].count(None) != 2:
            raise ValueError("an annex prints a table, a list of enterprises or a chart: give one of the three")
        if self.columns and self.table is None:
            raise ValueError("columns are those of a table: this annex prints none")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column stands twice in an annex")
        return self
