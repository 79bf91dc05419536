"""What all declared models share: unknown keys refused with a hint, texts in two languages, expressions."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from tongbao.basics.active import active_in, stays_inside
from tongbao.basics.errors import did_you_mean, legible
from tongbao.basics.formula import Formula
from tongbao.basics.language import MONEY, UnitOfMeasure
from tongbao.basics.rounding import DECIMALS, WHOLE_DIGITS

_LONGEST_PATH, _LONGEST_NAME = 1000, 200  # bytes; a file system takes some more, and an ending
Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class ShortForm(NamedTuple):
    """What a model reads in place of its mapping: the one key that is meant, what can stand for it, its JSON schema."""

    key: str
    of: type | UnionType
    schema: dict[str, Any]


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know and names the closest it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    short_form: ClassVar[ShortForm | None] = None

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if cls.short_form is not None and isinstance(data, cls.short_form.of):
            return {cls.short_form.key: data}
        if isinstance(data, dict):
            known = _keys(cls)
            for key in data:
                if key not in known:
                    hint = did_you_mean(str(key), known)
                    raise PydanticCustomError("unknown_key", "unknown key {key}; {hint}", {"key": key, "hint": hint})
        return data


@cache
def _keys(model: type[BaseModel]) -> frozenset[str]:
    return frozenset(field.alias or name for name, field in model.model_fields.items())


def one_of(**keys: dict[str, Any]) -> dict[str, Any]:
    """What a JSON schema says of a mapping that gives exactly one of some keys; each with what counts as given."""
    return {"oneOf": [{"required": [key], "properties": {key: given}} for key, given in keys.items()]}


def _plain(text: str, info: ValidationInfo) -> str:
    """A text as declared; what the project itself says, where no definition is being read, holds its marks."""
    if info.context is not None and (found := active_in(text)):
        raise ValueError(f"not for a text: {legible(found[0])}; HTML, raw blocks, images and the like do more than say")
    if info.context is not None and "<!--" in text:
        raise ValueError("a remark in a text would be published with it: in series.yml remarks stand behind #")
    return text


def inside(path: str) -> str:
    """A file or files of a folder, as declared; ``*`` and ``**`` as in a shell.

    Raises:
        ValueError: the path leaves the folder, or no system can have it.
    """
    if not stays_inside(path):
        raise ValueError("a path that stays in its folder is expected, with / between folders")
    parts = path.split("/")
    if len(path.encode()) > _LONGEST_PATH or any(len(part.encode()) > _LONGEST_NAME for part in parts):
        raise ValueError("a name that no file can have: it is too long")
    if any("**" in part and part != "**" for part in parts):
        raise ValueError("** stands for any folders, and for nothing else between two /")
    return path


# What people read: names, headers, wordings; and a file in a folder of the project.
Said = Annotated[str, AfterValidator(_plain)]
Inside = Annotated[str, AfterValidator(inside)]


class Text(Strict):
    """A text in Chinese and, where given, in English; a plain string is Chinese.

    Options:
        zh: the text in Chinese.
        en: the text in English; without it the Chinese one stands there, too.
    """

    short_form = ShortForm("zh", str, {"type": "string"})

    zh: Said
    en: Said | None = None

    def get(self, lang: str) -> str:
        """The text in ``lang``, or the Chinese one where that is missing."""
        return self.en if lang == "en" and self.en is not None else self.zh


_NUMERAL = "[0-9〇零一二两三四五六七八九十百千]"


def _holds_a_numeral(name: str) -> str:
    if not re.search(_NUMERAL, name):
        raise ValueError("a name without a numeral needs no declaration")
    return name


# A word with a numeral in it that is no figure: A3表, 三年行动.
NumeralName = Annotated[str, AfterValidator(_holds_a_numeral), WithJsonSchema({"type": "string", "pattern": _NUMERAL})]


# A number as people declare it; what records keep of it is all of it.
Quantity = Annotated[Decimal, Field(max_digits=WHOLE_DIGITS + DECIMALS, decimal_places=DECIMALS)]


def _as_expression(data: Any) -> Any:
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        raise ValueError("a number, a name or a formula is expected here")  # noqa: TRY004  # pydantic reports ValueError
    return Formula.parse(str(data)).source


Expression = Annotated[
    str, BeforeValidator(_as_expression), WithJsonSchema({"type": ["string", "number"], "minLength": 1})
]


class Measured(Strict):
    """A figure with a unit of measurement.

    Options:
        unit: the unit of measurement (家次, 万元, %).
        unit_en: the unit in English, in the plural (``drills``), where it is not what that unit mostly is (次: visits).
    """

    unit: Said = ""
    unit_en: Said = ""

    @model_validator(mode="after")
    def _the_unit_knows_its_english(self) -> Self:
        if self.unit_en and (not self.unit or self.unit in MONEY):
            raise ValueError(
                "unit_en is the English of a unit that is declared and is no money: that is CNY in English"
            )
        if self.unit_en:
            self.__dict__["unit"] = UnitOfMeasure(self.unit, self.unit_en)
        return self
