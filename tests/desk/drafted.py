"""Columns as they are drafted: of a file, or of headers and figures alone."""

from tongbao.reading.grid import BLANK, GridCell
from tongbao_desk.draft.columns import draft_columns
from tongbao_desk.draft.survey import Survey, SurveyedColumn, survey


def drafts(path):
    return {draft.header: draft for draft in draft_columns(survey(path, path.name))}


def cell(text):
    return GridCell(text) if text else BLANK


def of(*columns, total=()):
    """Columns (header, figures …) of the units 甲, 乙, 丙 …, drafted."""
    units = "甲乙丙丁戊己庚辛"[: len(columns[0]) - 1]
    totals = [*total, *[""] * (len(columns) - len(total))]
    surveyed = tuple(
        SurveyedColumn(header, dict(zip(units, map(cell, figures), strict=True)), cell(totals[at]))
        for at, (header, *figures) in enumerate(columns)
    )
    return draft_columns(Survey("t.csv", (), "单位", tuple(units), surveyed, "合计" if total else None))
