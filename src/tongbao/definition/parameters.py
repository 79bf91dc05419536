"""Parameters of a run, checked for name, type and range before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from tongbao.basics.errors import UsageError, did_you_mean
from tongbao.basics.rounding import parse_decimal
from tongbao.definition.series import Series


def check_parameters(series: Series, given: Mapping[str, object]) -> dict[str, Decimal]:
    """Every parameter of a series with its value: the given one, else the default.

    Arguments:
        series: declares names, types and ranges.
        given: values as numbers or text; ``None`` stands for the default.

    Raises:
        UsageError: an unknown name, not a number, or out of range.
    """
    for name in given:
        if name not in series.parameters:
            raise UsageError(f"series {series.id} has no parameter {name}", hint=did_you_mean(name, series.parameters))
    values = {}
    for name, parameter in series.parameters.items():
        raw = given.get(name)
        if raw is None:
            values[name] = parameter.default
            continue
        text = format(Decimal(repr(raw)), "f") if isinstance(raw, float) else str(raw).strip()
        value = None if isinstance(raw, bool) else parse_decimal(text)
        problem = "not a number" if value is None else parameter.problem_with(value)
        if value is None or problem:
            raise UsageError(f"parameter {name} of {series.id}: {problem}", found=raw, expected=parameter.allowed())
        # 20.0 and 20 are the same threshold, and are printed the same.
        values[name] = value.to_integral_value() if value == value.to_integral_value() else value.normalize()
    return values
