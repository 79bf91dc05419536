"""Notebooks as files: read, and cleaned of what differs from run to run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tongbao.basics.yaml_text import read_yaml, write_yaml
from tongbao.display.mime import HEAD

__all__ = ["cleaned", "left_out", "nbformat", "read_notebook", "write_notebook"]


@contextmanager
def left_out(*names: str) -> Iterator[None]:
    """Import something without these modules, which it can do without: they are as if not installed meanwhile."""
    refused = [name for name in names if sys.modules.setdefault(name, None) is None]  # type: ignore[arg-type]  # how
    try:
        yield
    finally:
        for name in refused:
            del sys.modules[name]


# JupyterLab brings a grammar of web addresses, which takes a second to load, and more that no notebook is held against.
with left_out("rfc3987_syntax", "rfc3986_validator", "isoduration"):
    import nbformat


def read_notebook(path: Path) -> Any:
    """A notebook in version 4 of the format; not held to its schema, as those that are run have been."""
    return nbformat.convert(nbformat.reader.reads(path.read_text("utf-8")), 4)  # type: ignore[no-untyped-call]


def write_notebook(notebook: Any, path: Path) -> None:
    """Write a notebook of version 4."""
    path.write_text(nbformat.v4.writes(notebook) + "\n", "utf-8", newline="\n")  # type: ignore[no-untyped-call]


def cleaned(notebook: Any) -> Any:
    """Take out what differs from run to run (times, paths) and put title and language into the front matter.

    Quarto writes a notebook's cell metadata into the page, and takes these two only from the first cell.
    """
    notebook.metadata.pop("papermill", None)
    for index, cell in enumerate(notebook.cells):
        cell.metadata.pop("papermill", None)
        cell.metadata.pop("execution", None)
        cell.id = f"cell-{index:02d}"
    first = notebook.cells[0]
    if first.cell_type == "raw":
        front_matter = read_yaml(first.source.strip().strip("-")) or {}
        wanted = ("title", "pagetitle", "description", "lang", "toc-title")
        front_matter |= {key: value for key, value in _emitted_metadata(notebook).items() if key in wanted}
        first.source = f"---\n{write_yaml(front_matter)}---"
    return notebook


def _emitted_metadata(notebook: Any) -> dict[str, Any]:
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            text = output.get("data", {}).get("text/markdown", "")
            if text.startswith(HEAD):
                return read_yaml(text.strip().removeprefix(HEAD).removesuffix("-->")) or {}
    return {}
