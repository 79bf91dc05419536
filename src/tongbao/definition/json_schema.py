"""The JSON schema of ``series.yml``, made from the models, so that editors complete and check what is typed.

It takes every short form that the models take, and partial mappings where a series ``extends`` another. What only the
loader can know (names that must be declared, weights that add up) stays with the loader.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from tongbao.definition.rule import Rule
from tongbao.definition.series import Series

_Schema = dict[str, Any]
_DECIMAL = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)\s*$"
_OPTION = re.compile(r"^    (?P<names>[a-z0-9_]+(?:, [a-z0-9_]+)*): (?P<text>.*(?:\n     +.*)*)", re.MULTILINE)
_BLOCK = re.compile(r"^(?:Options|Arguments):\n(?:    .*\n?|\n)+", re.MULTILINE)
_OF_PART = {"required", "minProperties", "oneOf", "allOf", "description"}


def series_schema() -> _Schema:
    """The schema of a series definition, without the keys that name schema and dialect."""
    found = Series.model_json_schema(schema_generator=_Generator)
    definitions = found.pop("$defs")
    description = found["description"]
    definitions = dict(sorted({**definitions, "Series": found}.items()))
    changes = _Changes(definitions)
    changed = changes.of({"$ref": "#/$defs/Series"})
    return {
        "title": "series.yml",
        "description": description,
        "type": "object",
        "if": {"properties": {"extends": {"type": "string"}}, "required": ["extends"]},
        "then": changed,
        "else": {"$ref": "#/$defs/Series"},
        "$defs": definitions | dict(sorted(changes.made.items())),
    }


class _Generator(GenerateJsonSchema):
    """Pydantic's schema with short forms, cases of wordings, and what the docstrings say of each key."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
        return False

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> _Schema:
        """A number, or one typed as text."""
        limits = {"ge": "minimum", "gt": "exclusiveMinimum", "le": "maximum", "lt": "exclusiveMaximum"}
        found = {name: float(schema[key]) for key, name in limits.items() if key in schema}  # type: ignore[literal-required]
        return {"type": ["number", "string"], "pattern": _DECIMAL, **found}

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> _Schema:
        """By the key that says which kind it is, so that an editor names one fault and not one per kind."""
        key = str(schema["discriminator"])
        kinds = {str(kind): self.generate_inner(choice) for kind, choice in schema["choices"].items()}
        return {
            "type": "object",
            "required": [key],
            "properties": {key: {"enum": list(kinds)}},
            "allOf": [
                {"if": {"properties": {key: {"const": kind}}, "required": [key]}, "then": there}
                for kind, there in kinds.items()
            ],
        }

    def model_schema(self, schema: core_schema.ModelSchema) -> _Schema:
        """A model's mapping, described, or what may stand in its place."""
        model: Any = schema["cls"]
        found = super().model_schema(schema)
        found.pop("title", None)
        found["description"] = _words(_BLOCK.sub("", inspect.cleandoc(model.__doc__)))
        options = _options(model)
        for name, there in found["properties"].items():
            if there.get("default", ...) is None:
                del there["default"]
            if "const" in there:
                there["description"] = found["description"].partition("\n")[0]
            elif "description" not in there and name in options:
                there["description"] = options[name]
        if issubclass(model, Rule):
            _word_cases(found, model)
        if model is Series:
            found["required"].remove("id")  # the folder names it
        if model.short_form is None:
            return found
        return {"description": found.pop("description"), "anyOf": [model.short_form.schema, found]}


def _options(model: type[BaseModel]) -> dict[str, str]:
    """What the docstrings of a model and of those it builds on say of each key."""
    found: dict[str, str] = {}
    for parent in reversed(model.__mro__):
        text = inspect.cleandoc(parent.__dict__.get("__doc__") or "") if issubclass(parent, BaseModel) else ""
        for name in getattr(parent, "model_fields", {}):
            said = [sentence for sentence in _sentences(_BLOCK.sub("", text)) if f"``{name}``" in sentence]
            if said:
                found[name] = _words(" ".join(said))
        for block in _BLOCK.findall(text):
            for match in _OPTION.finditer(block):
                words = _words(match["text"])
                found |= dict.fromkeys(match["names"].split(", "), words[:1].upper() + words[1:])
    return found


def _sentences(text: str) -> Iterator[str]:
    return (sentence.strip() for sentence in re.split(r"(?<=\.)\s+(?=[A-Z`])|\n\n", text))


def _words(text: str) -> str:
    """A docstring as editors show it: running text with names in single backquotes."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))
    return "\n\n".join(paragraphs).replace("``", "`")


def _word_cases(found: _Schema, rule: type[Rule]) -> None:
    """A rule's wording: one, or one per case that its options can bring about."""
    text = found["properties"]["wording"]["additionalProperties"]
    cases = {case: None for options in rule.variants for case in _blank(rule, options).cases()}
    needed = _blank(rule, rule.variants[0]).needed()
    by_case = {
        "type": "object",
        "properties": dict.fromkeys(cases, text),
        "additionalProperties": text if rule.open_cases else False,
    }
    if needed:
        by_case["required"] = list(needed)
        found["required"] = [*found["required"], "wording"]
    description = found["properties"]["wording"]["description"]
    found["properties"]["wording"] = {"description": description, "anyOf": [text, by_case]}


def _blank(rule: type[Rule], options: Mapping[str, Any]) -> Rule:
    """A rule that says nothing beside its options."""
    return rule.model_construct(None, **options)


class _Changes:
    """What a series that extends another may say: parts of a mapping, and ``null`` to take a key away.

    Lists and values are replaced, so that they are whole.
    """

    def __init__(self, definitions: _Schema) -> None:
        self.definitions = definitions
        self.made: _Schema = {}

    def of(self, node: _Schema) -> _Schema:
        """The schema of a change to what ``node`` describes."""
        if "$ref" in node:
            return self._reference(node)
        if "allOf" in node and "properties" in node and "additionalProperties" not in node:
            return self._kinds(node)
        found = {key: value for key, value in node.items() if key not in _OF_PART or key == "description"}
        if "properties" in node:
            found["properties"] = {name: _or_null(self.of(part)) for name, part in node["properties"].items()}
        if isinstance(node.get("additionalProperties"), dict):
            found["additionalProperties"] = _or_null(self.of(node["additionalProperties"]))
        if "anyOf" in node:
            found["anyOf"] = [self.of(part) for part in node["anyOf"]]
        found.pop("default", None)
        return found

    def _reference(self, node: _Schema) -> _Schema:
        name = node["$ref"].rpartition("/")[2]
        changed = f"{name}Changed"
        if changed not in self.made:
            self.made[changed] = {}  # a mark, should the way lead back here
            self.made[changed] = self.of(self.definitions[name])
        return {key: value for key, value in node.items() if key != "default"} | {"$ref": f"#/$defs/{changed}"}

    def _kinds(self, node: _Schema) -> _Schema:
        """One of several kinds; a change need not say which, then it fits one of them."""
        ((key, kinds),) = node["properties"].items()
        changed = [self.of(branch["then"]) for branch in node["allOf"]]
        return {
            "type": "object",
            "properties": {key: kinds},
            "allOf": [
                *({"if": branch["if"], "then": then} for branch, then in zip(node["allOf"], changed, strict=True)),
                {"if": {"not": {"required": [key]}}, "then": {"anyOf": changed}},
            ],
        }


def _or_null(node: _Schema) -> _Schema:
    if {"type": "null"} in node.get("anyOf", ()):
        return node
    description = {"description": node["description"]} if "description" in node else {}
    rest = {key: value for key, value in node.items() if key != "description"}
    return description | {"anyOf": [rest, {"type": "null"}]}
