"""The notebook of a series: its parameters' cell, and one call a cell for all that the series declares."""

from __future__ import annotations

from collections.abc import Iterator

import nbformat

from tongbao.definition.series import Series

_ASIS = "#| output: asis\n"
_HIDDEN = "#| include: false\n"


def notebook_text(series: Series, period: str) -> str:
    """A notebook without outputs, as the file holds it.

    Arguments:
        series: the definition; every section, chart and annex gets a cell.
        period: the period that the notebook runs with by itself.
    """
    cells = [("raw", "---\nlang: zh\n---"), *(("code", source) for source in _sources(series, period))]
    made = []
    for number, (kind, source) in enumerate(cells):
        make = nbformat.v4.new_raw_cell if kind == "raw" else nbformat.v4.new_code_cell
        cell = make(source)  # type: ignore[no-untyped-call]  # nbformat has no types
        cell.id = f"c{number:02d}"
        made.append(cell)
    made[1].metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(  # type: ignore[no-untyped-call]  # same
        cells=made,
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
    )
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]  # same


def _sources(series: Series, period: str) -> Iterator[str]:
    declared = [f"{name} = {given.default}  # {given.label.get('en')}" for name, given in series.parameters.items()]
    lang = f'lang = "{series.lang}"  # or "en", where the series has an English edition'
    yield "\n".join([f'series = "{series.id}"', f'period = "{period}"', lang, *declared])
    passed = ["series", "period", "lang", *(f"{name}={name}" for name in series.parameters)]
    call = f"bulletin = open_bulletin({', '.join(passed)})"
    if len(call) > 100:
        call = "bulletin = open_bulletin(\n" + "".join(f"    {word},\n" for word in passed) + ")"
    yield (
        f"{_HIDDEN}from tongbao.notebook import open_bulletin\n\n"
        "# Read the figures as received, compute indicators and findings, write them to data/processed.\n"
        f"{call}\nbulletin.save()"
    )
    yield f"{_HIDDEN}# Every figure with its formula and source; filter it to look closer.\nbulletin.indicators"
    yield f"{_ASIS}bulletin.masthead()"
    yield "bulletin.main_points()"
    yield "bulletin.key_figures()"
    yield f"{_ASIS}bulletin.opening()"
    charts = [f'{_ASIS}bulletin.chart("{name}")' for name in series.charts]
    for number, section in enumerate(series.sections):
        yield f'{_ASIS}bulletin.section("{section.id}")'
        if number == 0:
            yield from charts
    if not series.sections:
        yield from charts
    yield f"{_ASIS}bulletin.closing()"
    yield from (f"{_ASIS}bulletin.annex({number})" for number in range(1, len(series.annexes) + 1))
    yield from (f"bulletin.{part}()" for part in ("notes", "evidence", "robustness", "provenance"))
