"""What a line makes known: every kind of check is whole, and only those that a series declares stand in its schema."""

import string

import pytest

from tongbao.bulletin.schemas import series_schema
from tongbao.definition import kinds
from tongbao.definition.model import Text


def named(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("name", kinds.checks())
def test_a_kind_speaks_both_languages(name):
    kind = kinds.checks()[name]
    assert kind.called.en
    for message in (value for value in vars(kind).values() if isinstance(value, Text) and value is not kind.called):
        assert message.en
        assert named(message.en) <= named(message.zh)


def test_a_series_declares_every_kind_but_that_of_case_records():
    checks = series_schema()["$defs"]["Series"]["properties"]["checks"]["additionalProperties"]
    assert checks["properties"]["check"]["enum"] == [name for name in kinds.checks() if name != "records"]
