"""Figures, findings and faults of a bulletin as tidy tables, to look at and to store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from tongbao.basics.claim import stored_number
from tongbao.basics.rounding import to_decimal
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.sheets import csv_text
from tongbao.figures.figure import AREA
from tongbao.words import WORDS


def figure_rows(bulletin: Bulletin) -> list[dict[str, Any]]:
    """All figures, a tidy row for each measure and unit (or the whole area).

    Returns:
        ``series``, ``period``, ``synthetic``, ``measure``, ``measure_zh``, ``unit`` (id), ``unit_zh``, ``value``
        (Decimal of 28 digits, missing where blank), ``text`` (as printed), ``unit_of_measure``, ``rank`` (missing
        where blank), ``origin``, ``formula``, ``source`` (cells).
    """
    series, indicators = bulletin.series, bulletin.indicators
    names = indicators.unit_names() | {AREA: series.area.zh}
    return [
        {
            "series": series.id,
            "period": str(bulletin.period),
            "synthetic": series.synthetic,
            "measure": figure.name,
            "measure_zh": indicators.measure_name(figure.name),
            "unit": figure.scope,
            "unit_zh": names[figure.scope],
            "value": to_decimal(figure.value),
            "text": figure.text,
            "unit_of_measure": figure.unit,
            "rank": indicators.ranks(figure.name).get(figure.scope) if figure.scope != AREA else None,
            "origin": figure.origin,
            "formula": figure.formula,
            "source": "; ".join(cell.source.told("zh") for cell in figure.cells),
        }
        for figure in indicators.each()
    ]


def named_figures(bulletin: Bulletin) -> pd.DataFrame:
    """``figure_rows`` with ``measure_name`` and ``unit_name``, in the edition's language, in place of the Chinese."""
    series, lang = bulletin.series, bulletin.lang
    measures = {name: bulletin.indicators.measure_name(name, lang) for name in series.measures}
    units = bulletin.indicators.unit_names(lang) | {AREA: series.area.get(lang)}
    columns = _columns(figure_rows(bulletin))
    columns["measure_zh"] = [measures[name] for name in columns["measure"]]
    columns["unit_zh"] = [units[name] for name in columns["unit"]]
    columns["rank"] = pd.array(columns["rank"], dtype="Int64")
    return pd.DataFrame(columns).rename(columns={"measure_zh": "measure_name", "unit_zh": "unit_name"})


def findings_table(bulletin: Bulletin) -> pd.DataFrame:
    """The findings in declared order.

    Returns:
        One row per finding: ``id``, ``rule``, ``case``, ``level``, ``text`` (in the edition's language), ``units``
        (names) and ``cells`` (how many are behind it).
    """
    names = bulletin.indicators.unit_names(bulletin.lang)
    rows = [
        {
            "id": finding.id,
            "rule": finding.rule,
            "case": finding.case,
            "level": finding.level,
            "text": finding.text.get(bulletin.lang, finding.text["zh"]),
            "units": WORDS[bulletin.lang].comma.join(names[unit] for unit in finding.units),
            "cells": len(finding.evidence),
        }
        for finding in bulletin.findings.values()
    ]
    return pd.DataFrame(rows, columns=["id", "rule", "case", "level", "text", "units", "cells"])


def quality_table(bulletin: Bulletin) -> pd.DataFrame:
    """What the checks found, in the order of the page.

    Returns:
        One row per issue: ``check``, ``level``, ``unit`` (name, empty for the whole area), ``message`` (in the
        edition's language) and ``place`` (file and cell).
    """
    lang = bulletin.lang
    names = bulletin.indicators.unit_names(lang)
    rows = [
        (issue.check, issue.level, names.get(issue.unit or "", ""), issue.message[lang], issue.place_in(lang))
        for issue in bulletin.quality
    ]
    return pd.DataFrame(rows, columns=["check", "level", "unit", "message", "place"])


def stored_columns(bulletin: Bulletin) -> dict[str, list[Any]]:
    """The columns of ``figure_rows`` as they are stored: ``value`` is text with at most 12 decimals."""
    columns = _columns(figure_rows(bulletin))
    columns["value"] = [None if value is None else stored_number(value) for value in columns["value"]]
    return columns


def _columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: [row[name] for row in rows] for name in rows[0]}


def indicators_csv(stored: Mapping[str, Sequence[object]]) -> str:
    """``indicators.csv``: ``stored_columns`` as text, none of it a formula to a spreadsheet."""
    return csv_text([stored, *zip(*stored.values(), strict=True)])
