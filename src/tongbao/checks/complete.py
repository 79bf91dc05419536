"""Figures that an indicator needs and a unit left out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from tongbao.basics.formula import Formula
from tongbao.checks.issue import QualityIssue
from tongbao.checks.kind import Check, Returns
from tongbao.definition.model import LANGUAGES, Text
from tongbao.figures.figure import Figure
from tongbao.figures.kept import not_about, not_kept


class Complete(Check):
    """A unit reports all figures that an indicator is computed from, or none; always an error.

    Else the area's figure would be without that unit.
    """

    check: Literal["complete"]
    level: Literal["error"] = Field("error", description="Always error.")

    called = Text(zh="数据缺项", en="missing items")
    standard = True
    says = Text(
        zh="{unit}的{missing}为空白，无法计算{indicator}，请补报。",
        en="{unit}: {missing} is blank, so that {indicator} cannot be computed.",
    )

    def find(self, returns: Returns) -> Iterator[QualityIssue]:
        """Units that report some, but not all, of the figures an indicator is computed from."""
        columns = returns.series.columns
        for indicator, declared in returns.series.indicators.items():
            operands = [operand for operand in Formula.parse(declared.formula).names if operand in columns]
            if not_kept(returns.indicators, operands):
                continue
            apart = not_about(returns.indicators, declared.formula)
            for unit in returns.indicators.units:
                if unit in apart:  # the table of some does not ask it
                    continue
                figures = [returns.indicators.figure(operand, unit) for operand in operands]
                blank = [figure for figure in figures if figure.value is None]
                if not blank or len(blank) == len(figures) or all(_is_said(returns, figure) for figure in blank):
                    continue
                cells = tuple(cell for figure in (*blank, *figures) for cell in figure.cells)
                when = " and ".join(f"{'blank' if f.value is None else 'reported'}({f.name})" for f in figures)
                names = [returns.named(figure.name) for figure in blank]
                missing = Text(**{lang: "、".join(name.get(lang) for name in names) for lang in LANGUAGES})
                words = {"missing": missing, "indicator": returns.named(indicator)}
                yield self.issue(returns, unit, cells, when, words)


def _is_said(returns: Returns, figure: Figure) -> bool:
    """Whether the check for blanks in a row stops the build for it already; where it only warns, this one has to."""
    series, table = returns.series, returns.indicators.table_of[figure.name]
    declared = [check.level for check in series.checks.values() if check.check == "incomplete"]
    level = series.tables[table].columns[figure.name].blank or next(iter(declared), "error")
    row = returns.indicators.received.tables[table].rows.get(figure.scope, {})
    measures = (name for name, column in series.tables[table].columns.items() if column.is_measure)
    is_reported = any(row[name].value is not None for name in measures if name in row)
    return level == "error" and is_reported
