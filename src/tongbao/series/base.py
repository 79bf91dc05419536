"""What all declared models share: unknown keys refused with a hint, texts in two languages, expressions."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from tongbao.errors import did_you_mean
from tongbao.formula import Formula

Lang = Literal["zh", "en"]
LANGUAGES: tuple[Lang, ...] = ("zh", "en")


class Strict(BaseModel):
    """A frozen model that refuses keys it does not know and names the closest it does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _refuse_unknown_keys(cls, data: Any) -> Any:
        if isinstance(data, dict):
            known = {field.alias or name for name, field in cls.model_fields.items()}
            for key in data:
                if key not in known:
                    hint = did_you_mean(str(key), known)
                    raise PydanticCustomError("unknown_key", "unknown key {key}; {hint}", {"key": key, "hint": hint})
        return data


class Text(Strict):
    """A text in Chinese and, where given, in English; a plain string is Chinese."""

    zh: str
    en: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _plain_is_chinese(cls, data: Any) -> Any:
        return {"zh": data} if isinstance(data, str) else data

    def get(self, lang: str) -> str:
        """The text in ``lang``, or the Chinese one where that is missing."""
        return self.en if lang == "en" and self.en is not None else self.zh


def _holds_a_numeral(name: str) -> str:
    if not re.search(r"[0-9〇零一二两三四五六七八九十百千]", name):
        raise ValueError("a name without a numeral needs no declaration")
    return name


# A word with a numeral in it that is no figure: A3表, 三年行动.
NumeralName = Annotated[str, AfterValidator(_holds_a_numeral)]


def _as_expression(data: Any) -> Any:
    if isinstance(data, bool) or not isinstance(data, str | int | float):
        raise ValueError("a number, a name or a formula is expected here")  # noqa: TRY004  # pydantic reports ValueError
    return Formula.parse(str(data)).source


Expression = Annotated[str, BeforeValidator(_as_expression)]
