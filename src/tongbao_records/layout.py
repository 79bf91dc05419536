"""The record layout: what a case record holds, field by field, whatever the export calls it.

The official field list of the A3 table (安全生产行政执法检查情况表) is not public; this layout is the project's own. A
source with other headers or other words is mapped to it in ``series.yml`` (``records.headers``, ``records.values``).
The tables stand in ``layout.yml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pkgutil import get_data
from typing import Literal

from pydantic import TypeAdapter

from tongbao.basics.yaml_text import read_yaml

FieldType = Literal["text", "date", "yes_no", "count", "amount"]
SYNTHETIC_MARK = "合成数据"


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a case record.

    Arguments:
        name: in code, in ``series.yml`` and as a Parquet column.
        header: as exports and forms call it.
        type: ``text``, ``date``, ``yes_no``, ``count`` (a whole number) or ``amount`` (a decimal number, two places).
        meaning: what it says, with its unit.
        required: a record without it is refused.
        values: the only words it may hold; empty for any.
        blank: SQL over the fields, true for the records that may leave it blank, as there is nothing to say.
    """

    name: str
    header: str
    type: FieldType
    meaning: str
    required: bool = False
    values: tuple[str, ...] = ()
    blank: str = ""


TABLES = read_yaml(get_data("tongbao_records", "layout.yml") or b"")
FIELDS = TypeAdapter(tuple[Field, ...]).validate_python(TABLES["fields"])
BY_NAME = {field.name: field for field in FIELDS}
KINDS, TERMINALS = BY_NAME["kind"].values, BY_NAME["terminal"].values


def fields_in(sql: str) -> tuple[str, ...]:
    """The fields that a condition names, as read or as written (``name_raw``), each once.

    >>> fields_in("fine > 0 AND penalty_date_raw IS NULL")
    ('fine', 'penalty_date')
    """
    words = (word.removesuffix("_raw") for word in re.findall(r"\w+", sql))
    return tuple(dict.fromkeys(word for word in words if word in BY_NAME))
