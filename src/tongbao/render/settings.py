"""``_quarto.yml`` as both engines read it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import yaml

from tongbao.basics.active import stays_inside
from tongbao.basics.errors import Original, ToolError
from tongbao.basics.yaml_text import read_yaml
from tongbao.definition.loader import read_utf8

# What is read of it beside what is needed: names of files in the project, and lists of them.
_NAMES = (
    "format.html.css",
    "format.html.template",
    "format.docx.template",
    "format.docx.reference-doc",
    "format.typst.font-paths",
)
_LISTS = ("project.resources", "filters", *(f"format.{name}.template-partials" for name in ("html", "docx", "typst")))
_WORDS = ("lang", "format.typst.pdf-standard")


def read_settings(folder: Path, needed: Iterable[str]) -> dict[str, Any]:
    """What ``_quarto.yml`` in a folder says.

    Arguments:
        folder: where it stands.
        needed: the settings that are used whatever it says, as paths: ``format.html.css``.

    Raises:
        DefinitionError: it is not UTF-8.
        ToolError: it is not valid YAML, one of these is missing, or one that is used is of another kind.
    """
    try:
        settings = read_yaml(read_utf8(folder / "_quarto.yml", "_quarto.yml"))
    except yaml.YAMLError as error:
        raise ToolError("not valid YAML", place="_quarto.yml", found=Original(error)) from None
    for path in needed:
        if not _at(settings, path):
            raise ToolError("a setting is missing", place="_quarto.yml", expected=f"{path.replace('.', ': ')}: …")
    _refuse(settings, _NAMES, _is_name, "the name of a file in the project")
    _refuse(settings, _WORDS, lambda value: isinstance(value, str), "a word")
    _refuse(settings, _LISTS, _is_list, "a list of files in the project")
    found: dict[str, Any] = settings
    return found


def _at(settings: Any, path: str) -> Any:
    """What stands at a path; nothing where nothing does."""
    for key in path.split("."):
        settings = settings.get(key) if isinstance(settings, dict) else None
    return settings


def _refuse(settings: Any, paths: Iterable[str], is_right: Callable[[Any], bool], expected: str) -> None:
    for path in paths:
        if (value := _at(settings, path)) is not None and not is_right(value):
            place, found = f"_quarto.yml: {path.replace('.', ': ')}", str(value)
            raise ToolError("a setting is of another kind", place=place, found=found, expected=expected)


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and value != "" and stays_inside(value)


def _is_list(value: Any) -> bool:
    """A list of names; a filter may say where it runs, too."""
    names = [one.get("path") if isinstance(one, dict) else one for one in value] if isinstance(value, list) else [None]
    return all(map(_is_name, names))
