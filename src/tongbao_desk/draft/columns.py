"""What each column of a table is: a measure, a rate that two others give, a rank, found from headers and figures.

Where the figures do not decide, the safe choice is taken and a remark says so: a column that may not be summed is
``area: none``, a rate that no two columns give stays as reported.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations

from tongbao.basics.rounding import Rounding, competition_ranks, divide, round_decimal
from tongbao.reading.grid import GridCell
from tongbao.reading.labels import normalise, read_number, split_unit
from tongbao_desk.draft.names import distinct, identifier
from tongbao_desk.survey import Survey, SurveyedColumn

RANKS = re.compile(r"(?:排名|排序|名次|位次|排位|位列)$")
_RATES = re.compile(r"(?:率|占比|比例|比重|百分比)$")
_NO_SUM = re.compile(
    r"平均|均|人均|率|占比|比例|比重|百分比|得分|分数|评分|考核分|指数|增幅|降幅|增长|同比|环比|单价|天数$|时长$|最[高低大小长短]"
)
_CHANGES = re.compile(r"同比|环比|增幅|降幅|增长|变化")
_LESS_IS_BETTER = re.compile(r"退|超|逾|未|不|差|投诉|违|重复|缺|误|拒|下降")
_UNIT = re.compile(
    r"[%‰元起例件次家份人名户吨个项条处所座天分秒场米亩宗批辆台套部篇册本张株头只箱袋度岁位组]|[万亿]元|[万千百]?[家户件起人项场批组处车班]次|[万千][人件户家]"
    r"|小时|分钟|公里|千米|公顷|[万千]?平方米|[万千]?立方米|千克|公斤|万?千瓦时|[万千]?吨|[万亿]?元/[件人户起]"
)
_SHARE_OF_RANKS = 0.8

Values = dict[str, Decimal | None]


@dataclass(frozen=True)
class Draft:
    """A column as it will be declared.

    ``kind`` is ``measure``, ``rate`` (computed from two others: an indicator), or ``rank``; ``part`` and ``whole`` are
    the ids that a rate divides, ``rank_of`` the id that a rank ranks. ``remark`` says what could not be known.
    """

    id: str
    header: str
    label: str
    unit: str
    values: Values
    kind: str = "measure"
    sums: bool = True
    decimals: int | None = None
    descending: bool = True
    negative: bool = False
    part: str = ""
    whole: str = ""
    rounding: Rounding = "half-up"
    rank_of: str = ""
    total_text: str = ""
    remark: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share or another percentage."""
        return self.unit == "%"

    @property
    def bad_when_low(self) -> bool:
        """Whether units below a line may be named: more is better, as far as one can tell."""
        return self.descending and not (_LESS_IS_BETTER.search(self.label) or _CHANGES.search(self.label))

    @property
    def figures(self) -> list[Decimal]:
        """The figures there are."""
        return [value for value in self.values.values() if value is not None]

    @property
    def has_figures(self) -> bool:
        """Whether any unit has one."""
        return bool(self.figures)

    @property
    def column_id(self) -> str:
        """The id of the column; a rate's own id is the indicator's."""
        return f"{self.id}_reported" if self.kind == "rate" else self.id


def draft_columns(survey: Survey) -> tuple[Draft, ...]:
    """Every column of a table, in its order, with what it is."""
    common = _common_unit(survey.titles)
    columns = [_read(column, common) for column in survey.columns]
    columns = _named(columns)
    totals = {draft.id: column.total for draft, column in zip(columns, survey.columns, strict=True)}
    columns = [draft if draft.kind == "rank" else _summed(draft, totals[draft.id]) for draft in columns]
    counts = [draft for draft in columns if draft.kind == "measure" and draft.sums and not draft.is_rate]
    columns = [_computed(draft, counts) if _may_be_rate(draft) else draft for draft in columns]
    return tuple(_ranked(columns))


def _common_unit(titles: Sequence[str]) -> str:
    """The unit of measurement that a line above the table gives for all of it: 单位：万元."""
    for title in titles:
        match = re.search(r"(?:^|[^\w])(?:计量)?单位[:：]([^:：，。；]{1,6})$", title) or re.match(
            r"(?:计量)?单位[:：](.{1,6})$", title
        )
        if match and _is_unit(match[1]):
            return match[1]
    return ""


def _is_unit(text: str) -> bool:
    return _UNIT.fullmatch(text) is not None


def _read(column: SurveyedColumn, common: str) -> Draft:
    """A column's header and figures, before it is known what they are."""
    base, unit = _parts(column.header)
    remark = ""
    if unit and not _is_unit(unit):
        base, unit, remark = column.header, "", f"（{unit}）is taken as part of the name, not as a unit of measurement"
    if RANKS.search(normalise(base)):
        return Draft(
            "", column.header, base, "", _values(column, ""), kind="rank", total_text=column.total.text.strip()
        )
    if not unit and _typed_as_percent(column):
        unit = "%"
    if not unit and common and not _RATES.search(base):
        unit = common
    if not unit and not remark:
        remark = "no unit of measurement in the header"
    values = _values(column, unit)
    decimals = max((_decimals(value) for value in values.values() if value is not None), default=0)
    workbook = any(cell.number is not None for cell in column.cells.values())
    return Draft(
        "",
        column.header,
        base,
        unit,
        values,
        # A workbook keeps 40.0 as 40; a text file has its digits.
        decimals=decimals if workbook and decimals else None,
        negative=any(value is not None and value < 0 for value in values.values()),
        remark=remark,
    )


def _parts(header: str) -> tuple[str, str]:
    """A header without its unit of measurement, as printed, and the unit."""
    unit = split_unit(header)[1]
    if not unit:
        return header, ""
    opening = max(header.rfind("（"), header.rfind("("))
    base = header[:opening] if header[-1] in "）)" else header[:-1]
    return (base, unit) if base else (header, "")


def _typed_as_percent(column: SurveyedColumn) -> bool:
    texts = [normalise(cell.text) for cell in column.cells.values() if cell.number is None and cell.text.strip()]
    return bool(texts) and all(text.endswith("%") for text in texts if any(map(str.isdigit, text)))


def _values(column: SurveyedColumn, unit: str) -> Values:
    return {name: _number(cell, unit) for name, cell in column.cells.items()}


def _number(cell: GridCell, unit: str) -> Decimal | None:
    """A cell's number; a cell that cannot be read is named when the table is read with its definition."""
    if cell.problem:
        return None
    if cell.number is not None:
        return cell.number
    try:
        return read_number(cell.text, unit)
    except ValueError:
        return None


def _decimals(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _named(columns: list[Draft]) -> list[Draft]:
    """Ids and labels that tell columns apart: 排序 and headers that come again take the column before them."""
    words, before, labels = [], "", [draft.label for draft in columns]
    found = []
    for draft in columns:
        if draft.kind == "rank":
            words.append(f"{before}_rank" if before else "rank")
            found.append(draft)
            continue
        label = draft.label if labels.count(draft.label) == 1 or not found else f"{found[-1].label}{draft.label}"
        before = identifier(label, "measure")
        words.append(before)
        found.append(replace(draft, label=label))
    return [replace(draft, id=name) for draft, name in zip(found, distinct(words), strict=True)]


def _summed(draft: Draft, total: GridCell) -> Draft:
    """Whether the units' figures may be added up: by the totals' row if it tells, else by the name."""
    reported = _number(total, draft.unit)
    total_of_units = sum((value for value in draft.values.values() if value is not None), Decimal(0))
    if draft.is_rate or (_RATES.search(draft.label) and not draft.unit):
        return replace(draft, sums=False, total_text=total.text.strip())
    named = bool(_NO_SUM.search(draft.label))
    if reported is not None and reported == total_of_units and draft.has_figures:
        return replace(draft, sums=True)
    if named:
        remark = draft.remark or "not summed: its name says that it is no quantity"
        return replace(draft, sums=False, remark=remark, total_text=total.text.strip())
    if reported is not None:
        remark = f"the totals' row says {reported}, the units add up to {total_of_units}"
        return replace(draft, sums=True, remark=remark)
    return draft


def _may_be_rate(draft: Draft) -> bool:
    return draft.kind == "measure" and not draft.sums and (draft.is_rate or bool(_RATES.search(draft.label)))


def _computed(rate: Draft, counts: Sequence[Draft]) -> Draft:
    """A rate that part ÷ whole × 100 gives for every unit, at the digits printed; else it stays as reported."""
    decimals = max((_decimals(value) for value in rate.values.values() if value is not None), default=0)
    roundings: tuple[Rounding, ...] = ("half-up", "truncate")
    matches: list[tuple[Draft, Draft, Rounding]] = []
    for rounding in roundings:
        matches = matches or [
            (part, whole, rounding)
            for part, whole in permutations(counts, 2)
            if _gives(rate.values, part.values, whole.values, decimals, rounding)
        ]
    best = _best_named(rate, matches)
    if best is None:
        if not matches:
            remark = f"{_nearly(rate, counts, decimals)}: printed as reported, without a figure of the whole area"
        else:
            pairs = "; ".join(f"{part.label} ÷ {whole.label}" for part, whole, _ in matches[:3])
            remark = f"several columns give it ({pairs}), so it is left as reported"
        return replace(rate, remark=remark)
    part, whole, rounding = best
    return replace(rate, kind="rate", unit="%", part=part.id, whole=whole.id, rounding=rounding, decimals=decimals,
                   remark="")  # fmt: skip


def _nearly(rate: Draft, counts: Sequence[Draft], decimals: int) -> str:
    """Why no pair gives a rate; a pair that all units but one agree with is named, and the unit."""
    for part, whole in permutations(counts, 2):
        for odd in rate.values:
            others = {unit: value for unit, value in rate.values.items() if unit != odd}
            if len(others) > 2 and _gives(others, part.values, whole.values, decimals, "half-up"):
                return f"{part.label} ÷ {whole.label} gives it for every unit but {odd}"
    return "no two columns give it for every unit"


def _gives(rates: Values, parts: Values, wholes: Values, decimals: int, rounding: Rounding) -> bool:
    compared = 0
    for unit, rate in rates.items():
        part, whole = parts[unit], wholes[unit]
        if (part is None) != (whole is None):
            return False  # an indicator of it could not be built
        value = None if part is None or whole is None else divide(part, whole)
        if value is None or rate is None:
            if value is not None or rate is not None:
                return False
            continue
        if round_decimal(value * 100, decimals, rounding) != rate:
            return False
        compared += 1
    return compared >= 2


def _best_named(rate: Draft, matches: Sequence[tuple[Draft, Draft, Rounding]]) -> tuple[Draft, Draft, Rounding] | None:
    """Of several pairs the one whose names share most characters with the rate's; ``None`` if that leaves several."""
    if len(matches) < 2:
        return matches[0] if matches else None
    stem = set(_RATES.sub("", rate.label))
    scores = [(len(stem & set(part.label)), len(stem & set(whole.label))) for part, whole, _ in matches]
    top = max(scores)
    if scores.count(top) > 1:
        return None
    return matches[scores.index(top)]


def _ranked(columns: list[Draft]) -> list[Draft]:
    """Which measure each rank ranks, and which end of it is first."""
    found = list(columns)
    directions: dict[str, bool] = {}
    for index, rank in enumerate(columns):
        if rank.kind != "rank":
            continue
        candidates = [draft for draft in (*reversed(columns[:index]), *columns[index + 1 :]) if draft.kind != "rank"]
        named = [draft for draft in candidates if draft.label in rank.label]
        match = _rank_of(rank, [*named, *(draft for draft in candidates if draft not in named)], columns, directions)
        if match is None:
            found[index] = replace(rank, kind="measure", sums=False, descending=False,
                                   remark="ranks nothing that can be found, so it is printed as reported")  # fmt: skip
            continue
        draft, descending, share = match
        directions[draft.id] = descending
        remark = "" if share == 1 else f"agrees with the computed rank for {share:.0%} of the units; see tongbao check"
        found[index] = replace(rank, rank_of=draft.id, id=_rank_id(draft.id, found), remark=remark)
    return [replace(draft, descending=directions.get(draft.id, draft.descending)) for draft in found]


def _rank_id(of: str, columns: Sequence[Draft]) -> str:
    return distinct([f"{of}_rank"], [draft.id for draft in columns if draft.kind != "rank" or draft.rank_of])[0]


def _rank_of(
    rank: Draft, candidates: Sequence[Draft], columns: Sequence[Draft], directions: dict[str, bool]
) -> tuple[Draft, bool, float] | None:
    """The measure whose ranks are given, all of them if there is one, else most of them."""
    by_id = {draft.id: draft for draft in columns}
    best: tuple[Draft, bool, float] | None = None
    for draft in candidates:
        for descending in (True, False):
            if directions.get(draft.id, descending) is not descending:
                continue
            share = _agreement(rank.values, competition_ranks(_exact(draft, by_id.get), descending=descending))
            if share == 1:
                return draft, descending, share
            if share >= _SHARE_OF_RANKS and (best is None or share > best[2]):
                best = (draft, descending, share)
    return best


def _exact(draft: Draft, by_id: Callable[[str], Draft | None]) -> Values:
    """A rate's unrounded values, as ranks are computed from."""
    part, whole = by_id(draft.part), by_id(draft.whole)
    if draft.kind != "rate" or part is None or whole is None:
        return draft.values
    return {
        unit: None if above is None or below is None else divide(above, below)
        for unit, above, below in ((unit, part.values[unit], whole.values[unit]) for unit in draft.values)
    }


def _agreement(reported: Values, computed: dict[str, int]) -> float:
    given = {unit: value for unit, value in reported.items() if value is not None}
    if len(given) < 2 or len(set(given.values())) < 2:
        return 0
    same = sum(computed.get(unit) == value for unit, value in given.items())
    return same / max(len(given), len(computed))
