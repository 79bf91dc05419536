"""An executed notebook → Pandoc Markdown, with Quarto's cell options and its choice of MIME types."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.formats import OutputFormat
from tongbao.display.draughtsman import to_png


@dataclass
class Markdown:
    """The Markdown of a notebook and the image files it refers to, by name."""

    text: str
    files: dict[str, bytes] = field(default_factory=dict)


def notebook_markdown(path: Path, target: OutputFormat) -> Markdown:
    """Turn an executed notebook into Markdown for one format.

    Arguments:
        path: the notebook; its first raw cell may hold front matter.
        target: chooses among what a cell offers.

    Returns:
        Markdown in which code is left out (``echo: false``), as ``_quarto.yml`` has it.
    """
    notebook = read_notebook(path)
    result = Markdown("")
    blocks: list[str] = []
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type in ("raw", "markdown"):
            blocks.append(cell.source)
        elif "remove-cell" not in cell.metadata.get("tags", []):
            blocks += _code_cell(cell, index, target, result)
    result.text = "\n\n".join(blocks) + "\n"
    return result


def read_notebook(path: Path) -> Any:
    """A notebook in version 4 of the format."""
    import nbformat  # a site's own pages do without

    return nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]  # nbformat has no types


def _code_cell(cell: Any, index: int, target: OutputFormat, result: Markdown) -> list[str]:
    options = cell_options(cell.source)
    if options.get("include") is False or options.get("output") is False:
        return []
    outputs = []
    for number, output in enumerate(cell.outputs):
        if output.output_type not in ("display_data", "execute_result"):
            continue  # streams are a notebook's asides; errors never get here
        shown = _output(output.data, f"cell-{index}-{number}", target, result)
        if shown:
            outputs.append(shown)
    label = str(options.get("label", ""))
    if label.startswith(("fig-", "tbl-")) and outputs:
        alt = f' alt="{options["fig-alt"]}"' if "fig-alt" in options else ""
        caption = str(options.get("fig-cap") or options.get("tbl-cap") or "")
        return [f"::: {{#{label}{alt}}}\n\n" + "\n\n".join([*outputs, caption]) + "\n\n:::"]
    return outputs


def cell_options(source: str) -> dict[str, Any]:
    r"""A cell's options: the YAML of its leading ``#|`` lines.

    >>> cell_options("#| label: fig-x\n#| output: asis\nshow()")
    {'label': 'fig-x', 'output': 'asis'}
    """
    lines = []
    for line in source.splitlines():
        if not line.startswith("#|"):
            break
        lines.append(line[2:].removeprefix(" "))
    return read_yaml("\n".join(lines)) or {}


def _output(data: Mapping[str, Any], name: str, target: OutputFormat, result: Markdown) -> str:
    mime = next((mime for mime in target.mimes if mime in data), None)
    if mime is None:
        return ""
    content = data[mime]
    match mime:
        case "text/html":
            return f"```{{=html}}\n{content.strip()}\n```"
        case "text/markdown":
            return str(content).strip()
        case "image/svg+xml" if not target.drawings:
            result.files[f"{name}.png"] = to_png(content)
            return f"![]({name}.png){{width=15cm}}"
        case "image/svg+xml":
            result.files[f"{name}.svg"] = content.encode()
            return f"![]({name}.svg)"
        case "image/png":
            result.files[f"{name}.png"] = b64decode(content)
            return f"![]({name}.png)"
        case _:
            return f"```\n{content}\n```" if content.strip() else ""
