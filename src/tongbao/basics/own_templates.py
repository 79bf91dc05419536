"""The project's own templates, not those of texts: ``<< … >>`` prints and ``<% … %>`` decides.

So a series' own braces stand in them as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape


def own_templates(package: str, folder: str, filters: Mapping[str, Callable[..., Any]], **options: Any) -> Environment:
    """The templates in a folder of a package; HTML and XML are escaped, and a name that is not given is an error."""
    environment = Environment(
        loader=PackageLoader(package, folder),
        autoescape=select_autoescape(["html", "xml"]),
        undefined=StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        **options,
    )
    environment.filters |= filters
    return environment
