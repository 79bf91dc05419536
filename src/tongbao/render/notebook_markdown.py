"""An executed notebook → Pandoc Markdown, with Quarto's cell options and its choice of MIME types."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.formats import OutputFormat
from tongbao.display.draughtsman import to_png
from tongbao.run.notebooks import read_notebook

_LONG = 1000  # characters; what is shorter costs Pandoc nothing
# What a PDF does not show and takes its time to read: which figure a text is, and the way to its evidence.
_MARK = re.compile(
    r'<span (?:class="[\w-]+" )?data-(?:figure|proof)="[^"<>]*">([^<>]*)</span>|<a class="evidence-link"[^<>]*></a>'
)
_STAND_IN = re.compile("<!--([0-9a-f]{64})-->")


@dataclass
class Markdown:
    """The Markdown of a notebook and the image files it refers to, by name.

    Of long HTML, which Pandoc would carry over letter by letter, stand-ins are in the text; ``whole`` puts it back.
    """

    text: str
    files: dict[str, bytes] = field(default_factory=dict)
    apart: dict[str, str] = field(default_factory=dict)

    def whole(self, made: str) -> str:
        """What Pandoc has made of the text, with all that was kept apart."""
        return _STAND_IN.sub(lambda found: self.apart.get(found[1], found[0]), made)

    def keep_apart(self, content: str) -> str:
        """HTML with a stand-in behind its first line and its headings, which filters look at, if the rest is long."""
        end = content.find("\n", max(content.rfind("</h2>"), 0))
        if end < 0 or len(content) - end < _LONG:
            return content
        rest = content[end + 1 :]
        name = sha256(rest.encode()).hexdigest()
        self.apart[name] = rest
        return f"{content[: end + 1]}<!--{name}-->"


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
            return f"```{{=html}}\n{result.keep_apart(content.strip())}\n```"
        case "text/markdown":
            return (_MARK.sub(r"\1", content) if target.writer == "typst" else str(content)).strip()
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
