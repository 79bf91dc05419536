"""What a model complains of, in words that speak of YAML and not of Python."""

from __future__ import annotations

from typing import Any

from tongbao.basics.errors import did_you_mean
from tongbao.definition.names import Place

_KINDS = {"list": "a list is expected: [a, b], or a line `- …` for each item"} | {
    "mapping": "keys with values are expected: a line `key: value` for each",
    "text": "a text is expected",
    "whole": "a whole number is expected",
    "number": "a number is expected",
    "bool": "true or false is expected",
}
# By the beginning of pydantic's name for the fault.
_WORDS = {
    "missing": "the key {key} is missing",
    "tuple_type": _KINDS["list"],
    "list_type": _KINDS["list"],
    "too_long": "too many: at most {max_length} are expected",
    "too_short": "too few: at least {min_length} are expected",
    "dict_": _KINDS["mapping"],
    "mapping_": _KINDS["mapping"],
    "model_": _KINDS["mapping"],
    "dataclass_": _KINDS["mapping"],
    "string_pattern": "not a name that can be used: small letters, digits and one of - _ are expected",
    "string_too_short": "a text of at least {min_length} characters is expected",
    "string_too_long": "a text of at most {max_length} characters is expected",
    "string_": _KINDS["text"],
    "int_": _KINDS["whole"],
    "decimal_": _KINDS["number"],
    "float_": _KINDS["number"],
    "finite_": _KINDS["number"],
    "bool_": _KINDS["bool"],
    "literal_error": "one of these is expected: {expected}",
    "union_tag_invalid": "no {discriminator} {tag}; {near}",
    "union_tag_not_found": "the key {discriminator} is missing",
    "greater_than_equal": "a number of at least {ge} is expected",
    "greater_than": "a number above {gt} is expected",
    "less_than_equal": "a number of at most {le} is expected",
    "less_than": "a number below {lt} is expected",
}


def problem_of(detail: Any) -> tuple[Place, str, object]:
    """Pydantic's complaint: where, what, and what was found there."""
    place = tuple(part for part in detail["loc"] if isinstance(part, str | int))
    given = detail.get("ctx") or {}
    if detail["type"] in ("value_error", "unknown_key", "assertion_error"):  # our own words
        message = detail["msg"].removeprefix("Value error, ")
    else:
        pattern = next((words for name, words in _WORDS.items() if detail["type"].startswith(name)), "")
        shown = {name: str(value).replace("'", "") for name, value in given.items()}
        if "expected_tags" in shown:
            shown["near"] = did_you_mean(shown["tag"], shown["expected_tags"].split(", "))
        message = pattern.format(key=place[-1] if place else "", **shown) or "not a value that can stand here"
    key = given.get("key")
    return (*place, key) if isinstance(key, str) else place, message, detail["input"]
