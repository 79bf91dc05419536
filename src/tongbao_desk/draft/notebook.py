"""The notebook of a series: its parameters' cell, and one call a cell for all that the series declares."""

from __future__ import annotations

import nbformat

from tongbao.definition.series import Series
from tongbao_desk.templates import render


def notebook_text(series: Series, period: str) -> str:
    """A notebook without outputs, as the file holds it.

    Arguments:
        series: the definition; every section, chart and annex gets a cell.
        period: the period that the notebook runs with by itself.
    """
    passed = ["series", "period", "lang", *(f"{name}={name}" for name in series.parameters)]
    call = f"bulletin = open_bulletin({', '.join(passed)})"
    if len(call) > 100:
        call = "bulletin = open_bulletin(\n" + "".join(f"    {word},\n" for word in passed) + ")"
    sections = [f'section("{section.id}")' for section in series.sections]
    parts = [*sections[:1], *(f'chart("{name}")' for name in series.charts), *sections[1:]]
    code = render("notebook.txt", series=series, period=period, call=call, parts=parts)
    v4 = nbformat.v4
    cells = [v4.new_raw_cell("---\nlang: zh\n---"), *map(v4.new_code_cell, code.rstrip("\n").split("\n# %%\n"))]  # type: ignore[no-untyped-call]  # nbformat has no types
    for number, cell in enumerate(cells):
        cell.id = f"c{number:02d}"
    cells[1].metadata["tags"] = ["parameters"]
    kernel = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
    metadata = {"kernelspec": kernel, "language_info": {"name": "python"}}
    notebook = v4.new_notebook(cells=cells, metadata=metadata, nbformat_minor=5)  # type: ignore[no-untyped-call]  # same
    nbformat.validate(notebook)
    return str(nbformat.writes(notebook)) + "\n"  # type: ignore[no-untyped-call]  # same
