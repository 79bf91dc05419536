"""The desk's words and templates."""

from __future__ import annotations

import json
import re
from functools import cache
from pkgutil import get_data
from typing import Any

import yaml
from jinja2 import Environment

from tongbao.basics.catalogue import catalogue
from tongbao.basics.own_templates import own_templates

WORDS: dict[str, Any] = yaml.safe_load(get_data("tongbao_desk", "resources/words.yml") or b"")


_REMARK = re.compile(r"((?:#|CHECK:|<!--) )(?!CHECK)(.+?)(?= -->| # CHECK|$)", re.MULTILINE)


def remarks_in(text: str, lang: str) -> str:
    """A drafted file with its comments, and what is behind each ``CHECK:``, in the language of whoever drafts it."""
    tell, between = catalogue(lang), "；" if lang == "zh" else "; "
    return _REMARK.sub(lambda match: match[1] + between.join(map(tell, match[2].split("; "))), text)


def render(name: str, **values: object) -> str:
    """A template of ``resources/`` with its values; only HTML is escaped."""
    return _environment().get_template(name).render(values)


@cache
def _environment() -> Environment:
    return own_templates("tongbao_desk", "resources", {"yaml": as_yaml}, keep_trailing_newline=True)


def as_yaml(text: str) -> str:
    """A text as YAML: plain where YAML reads it back as the same text, in brackets, too.

    >>> as_yaml("受理量（件）"), as_yaml("%"), as_yaml("{{ period }}通报"), as_yaml("no")
    ('受理量（件）', '"%"', '"{{ period }}通报"', '"no"')
    """
    try:
        plain = yaml.safe_load(f"{{x: {text}}}") == {"x": text} and yaml.safe_load(f"[{text}]") == [text]
    except yaml.YAMLError:
        plain = False
    return text if plain else json.dumps(text, ensure_ascii=False)
