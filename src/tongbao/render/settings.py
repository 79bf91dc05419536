"""``_quarto.yml`` as both engines read it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from tongbao.basics.errors import Original, ToolError
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.loader import read_utf8


def read_settings(folder: Path, needed: Iterable[str]) -> dict[str, Any]:
    """What ``_quarto.yml`` in a folder says.

    Arguments:
        folder: where it stands.
        needed: the settings that are used whatever it says, as paths: ``format.html.css``.

    Raises:
        DefinitionError: it is not UTF-8.
        ToolError: it is not valid YAML, or one of these is missing.
    """
    try:
        settings = read_yaml(read_utf8(folder / "_quarto.yml", "_quarto.yml"))
    except yaml.YAMLError as error:
        raise ToolError("not valid YAML", place="_quarto.yml", found=Original(error)) from None
    for path in needed:
        at: Any = settings
        for key in path.split("."):
            at = at.get(key) if isinstance(at, dict) else None
        if not at:
            raise ToolError("a setting is missing", place="_quarto.yml", expected=f"{path.replace('.', ': ')}: …")
    found: dict[str, Any] = settings
    return found
