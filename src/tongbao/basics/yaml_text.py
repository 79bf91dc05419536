"""YAML that we or a notebook wrote: read and written quickly. What people type is read by the definition's loader."""

from typing import Any

import yaml

_READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # not in every wheel


def read_yaml(text: str | bytes) -> Any:
    """The data of a YAML text.

    Raises:
        yaml.YAMLError: it is none.
    """
    return yaml.load(text, _READER)  # noqa: S506  # both are safe


def write_yaml(data: Any) -> str:
    """Data as YAML, Chinese as it is, keys in their order."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
