"""The header of case records: which columns hold which fields, and in which unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet

from tongbao.basics.errors import DataError, did_you_mean
from tongbao.basics.measurement import is_another_scale
from tongbao.definition.case_records import RecordSource
from tongbao.reading.header import units_told
from tongbao.reading.labels import normalise, split_unit
from tongbao_records.layout import BY_NAME, FIELDS, Field


def required_in(rows: Sequence[Sequence[str]], source: RecordSource) -> int:
    """How many of the fields that a record must have the best row names."""
    needed = {field.name for field in FIELDS if field.required}
    return max((len(needed & {field.name for _, field, _ in _named(row, source) if field}) for row in rows), default=0)


def read_header(
    rows: Sequence[Sequence[str]], source: RecordSource, place: str, name: str
) -> tuple[int, dict[str, tuple[int, int]]]:
    """The 0-based row that names most fields, and its columns."""
    if not rows:
        raise DataError("file is empty", place=name, expected="a header row and a row for each record")
    counts = [len({field.name for _, field, _ in _named(row, source) if field}) for row in rows]
    best = max(range(len(rows)), key=counts.__getitem__)
    if counts[best] == 0:
        expected = "、".join(field.header for field in FIELDS[:3]) + " …"
        hint = "map the source's headers under records.headers in series.yml"
        raise DataError("no header of case records", place=place, expected=expected, hint=hint)
    above = {unit for _, _, units in units_told(rows[:best]) for unit in units}
    return best, columns_of(rows[best], source, f"{place} row {best + 1}", above)


def _named(header: Sequence[str], source: RecordSource) -> Iterator[tuple[str, Field | None, str]]:
    """Each header as written, the field that it names, and its unit; a source's own names go first."""
    known = {normalise(field.header): field for field in FIELDS}
    known |= {split_unit(field.header)[0]: field for field in FIELDS} | dict(BY_NAME)
    known |= {normalise(own): BY_NAME[name] for own, name in source.headers.items()}
    for written in header:
        text = written.strip().removeprefix("*")  # as forms mark what must be filled in
        base, unit = split_unit(text)
        yield text, known.get(normalise(text)) or known.get(base), unit


def columns_of(
    header: Sequence[str], source: RecordSource, place: str, above: AbstractSet[str] = frozenset()
) -> dict[str, tuple[int, int]]:
    """Each field's place and factor; required fields must be there and none stand twice.

    ``above`` are the units that a line above the header gives, for fields whose header gives none.
    """
    found: dict[str, tuple[int, int]] = {}
    unknown = []
    for index, (text, field, unit) in enumerate(_named(header, source)):
        if field is None:
            unknown += [text.strip()] if text.strip() else []
        elif field.name in found:
            raise DataError("a field stands twice", place=place, found=text, expected=f"one column for {field.header}")
        else:
            found[field.name] = (index, _factor(field, text, unit, place, above))
    for field in FIELDS:
        if field.required and field.name not in found:
            hint = did_you_mean(field.header, unknown) if unknown else None
            raise DataError(f"no column for {field.header}", place=place, found="、".join(header), hint=hint)
    return found


def _factor(field: Field, header: str, unit: str, place: str, above: AbstractSet[str]) -> int:
    expected = split_unit(field.header)[1]
    if not unit and expected and expected not in above:
        unit = next((one for one in sorted(above) if is_another_scale(expected, one)), "")
    if not unit or unit == expected:
        return 1
    if expected == "元" and unit == "万元":
        return 10_000
    raise DataError("a field in another unit", place=place, found=header, expected=field.header)
