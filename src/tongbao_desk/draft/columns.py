"""What each column of a table is: a measure, a rate that two others give, a rank, found from headers and figures.

Where the figures do not decide, the safe choice is taken and a remark says so: a column that may not be summed is
``area: none``, or ``area: reported`` where the totals' row gives a figure; a rate that no two columns give stays as
reported.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import permutations, product

from tongbao.basics.rounding import TYPED, Number, Rounding, competition_ranks, decimals_of, divide, round_decimal
from tongbao.definition.tables import COUNT_UNITS
from tongbao.reading.grid import GridCell
from tongbao.reading.labels import normalise, read_number, split_unit
from tongbao_desk.draft.names import distinct, identifier
from tongbao_desk.draft.sums import is_sum, why_not
from tongbao_desk.draft.survey import TYPED_WITH_UNIT, UNIT, Survey, SurveyedColumn
from tongbao_desk.draft.titles import header_without_period, named_period
from tongbao_desk.templates import WORDS

RANKS = re.compile(r"(?:排名|排序|名次|位次|排位|位列)$")
_RATES = re.compile(r"(?:率|占比|比例|比重|百分比)$")
_COUNTED = re.compile(r"([家户件起人项场批组处车班]次|[件人户起家宗个](?=数))?(?:数|次)?$(?<=[数次])")
_CHANGES = re.compile(r"同比|环比|增幅|降幅|增长|变化")
_LESS_IS_BETTER = re.compile(r"退|超|逾|未|不|差|投诉|违|重复|缺|误|拒|下降")
_HARM = re.compile(
    r"事故|死亡|伤|亡|火灾|灾|险情|案件|发案|警情|故障|损失|扣分|逾期|问题|隐患|疫|感染|发病|病例|上访|信访|纠纷|举报|失联|停水|停电|爆管"
    r"|泄漏|污染|超标|欠|拖|空缺|闲置|流失|返贫|辍学|accident|death|injur|fire|complaint|fault|overdue|loss",
    re.IGNORECASE,
)
_WORK = re.compile(
    r"检查|执法|处罚|罚款|立案|办结|完成|修复|培训|整改|巡查|演练|宣传|走访|抽检|监测|督查|查处|化解|竣工|开工"
)
_SHARE_OF_RANKS = 0.8
_OF_COLUMN_BEFORE = re.compile(rf"{_RATES.pattern}|{_CHANGES.pattern}|^(?:其中|比)")
_TWICE = "its header stands several times: say in short what it is"
_UNKNOWN = "no unit of measurement that is known: neither summed nor ranked"

Values = dict[str, Decimal | None]


@dataclass(frozen=True)
class Draft:
    """A column as it will be declared.

    ``kind`` is ``measure``, ``rate`` (computed from two others: an indicator), or ``rank``; ``part`` and ``whole`` are
    the ids that a rate divides, ``rank_of`` the id that a rank ranks. ``has_total`` says that the totals' row gives a
    figure which is no sum. ``remark`` says what could not be known.
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
    has_total: bool = False
    left_blank: tuple[str, ...] = ()
    remark: str = ""

    @property
    def is_rate(self) -> bool:
        """Whether it is a share or another percentage."""
        return self.unit == "%"

    @property
    def is_known(self) -> bool:
        """Whether it is known what it measures, so that units may be put in order by it: no index, no change."""
        unit = bool(self.unit) and UNIT.fullmatch(self.unit) is not None
        return self.kind == "rate" or (unit and not re.search(rf"{_CHANGES.pattern}|指数", self.label))

    @property
    def bad_when_low(self) -> bool:
        """Whether units below a line may be named: more is better, as far as one can tell."""
        return self.descending and not (_LESS_IS_BETTER.search(self.label) or _CHANGES.search(self.label))

    @property
    def none_is_lacking(self) -> bool:
        """Whether a zero may be a shortcoming: no harm that did not come about."""
        return self.descending and not (_LESS_IS_BETTER.search(self.label) or _HARM.search(self.label))

    @property
    def is_work(self) -> bool:
        """Whether it is work to be done, so that none of it is a shortcoming."""
        return _WORK.search(self.label) is not None

    @property
    def exceeds_100(self) -> bool:
        """Whether it is a percentage with a figure above 100."""
        return self.is_rate and self.kind == "measure" and any(value > 100 for value in self.figures)

    @property
    def is_small(self) -> bool:
        """Whether it is a percentage of which no figure is above 1, as if it were kept as a fraction."""
        found = [value for value in self.figures if value]
        return self.is_rate and self.kind == "measure" and len(found) > 1 and 0 < min(found) <= max(found) <= 1

    @property
    def is_broken(self) -> bool:
        """Whether it counts things, yet holds a figure that is not whole."""
        return self.unit in COUNT_UNITS and any(value % 1 for value in self.figures)

    @property
    def doubts(self) -> list[str]:
        """What an analyst is to look at: what could not be known, or a figure that cannot be right by itself."""
        period = named_period(self.header)
        doubts = (
            (self.remark, self.remark),
            (period, f"its header names {period}: the file of every period needs this header, so agree on one without"),
            (self.exceeds_100, "a figure is above 100 %: right, or a slip?"),
            (self.is_small, "no figure is above 1 %: right, or is 0.97 meant as 97 %?"),
            (self.is_broken, "counts that are not whole: right, or a slip?"),
            (self.left_blank, f"blank for {'、'.join(self.left_blank)}: right, or to be asked for?"),
        )
        return [one for found, doubt in doubts if found for one in doubt.split("; ")]

    @property
    def figures(self) -> list[Decimal]:
        """The figures there are."""
        return [value for value in self.values.values() if value is not None]

    @property
    def digits(self) -> int:
        """How many decimals its figures came with, at most."""
        return max(map(decimals_of, self.figures), default=0)

    @property
    def printed(self) -> int:
        """With how many decimals its figures are printed: two where a formula gave them without end."""
        return self.digits if self.digits <= TYPED else 2

    @property
    def column_id(self) -> str:
        """The id of the column; a rate's own id is the indicator's."""
        return f"{self.id}_reported" if self.kind == "rate" else self.id


def draft_columns(survey: Survey) -> tuple[Draft, ...]:
    """Every column of a table, in its order, with what it is."""
    # A line above the table may give the unit of measurement for all of it: 单位：万元.
    given = (re.search(r"(?:^|[^\w])(?:计量)?单位[:：]([^:：，。；]{1,6})$", title) for title in survey.titles)
    common = next((match[1] for match in given if match and UNIT.fullmatch(match[1])), "")
    columns = _named(_without_period([_read(column, common) for column in survey.columns]))
    columns = [
        draft if draft.kind == "rank" else _summed(draft, column.total)
        for draft, column in zip(columns, survey.columns, strict=True)
    ]
    counts = [draft for draft in columns if draft.kind == "measure" and draft.sums and not draft.is_rate]
    return tuple(_with_blanks(_ranked([_computed(draft, counts) for draft in columns])))


def _with_blanks(columns: list[Draft]) -> list[Draft]:
    """The measures with the units that left them blank in a row with other figures."""
    measures = [draft for draft in columns if draft.kind == "measure"]
    given = [unit for unit in columns[0].values if any(draft.values[unit] is not None for draft in measures)]
    return [
        replace(draft, left_blank=tuple(unit for unit in given if draft.values[unit] is None))
        if draft.kind == "measure"
        else draft
        for draft in columns
    ]


def _without_period(columns: list[Draft]) -> list[Draft]:
    """Labels that stay true next period: 累计 for 1-10月累计, where that is no other column's."""
    labels = [header_without_period(draft.label) for draft in columns]
    named = zip(columns, labels, strict=True)
    return [replace(draft, label=label) if label and labels.count(label) == 1 else draft for draft, label in named]


def _read(column: SurveyedColumn, common: str) -> Draft:
    """A column's header and figures, before it is known what they are."""
    base, unit = _parts(column.header)
    unit, remark = unit or column.unit, ""
    if unit and not UNIT.fullmatch(unit) and not re.search(r"[\u4e00-\u9fff]", unit):
        remark = _UNKNOWN  # μg/m³
    elif unit and not UNIT.fullmatch(unit):
        base, unit, remark = column.header, "", f"（{unit}）is taken as part of the name, not as a unit of measurement"
    is_rank = bool(RANKS.search(normalise(base)))
    if not unit and not is_rank:
        unit = _typed_unit(column) or ("" if _RATES.search(base) else _common(normalise(base), common))
        remark = remark or ("" if unit else _UNKNOWN)
    values = {name: _number(cell, "" if is_rank else unit) for name, cell in column.cells.items()}
    if is_rank:
        return Draft("", column.header, base, "", values, kind="rank", total_text=column.total.text.strip())
    draft = Draft("", column.header, base, unit, values, remark=remark)
    if not unit and _RATES.search(base) and 0 < max(draft.figures, default=Decimal(0)) <= 1:
        draft = replace(draft, remark="no figure is above 1: percentages of an .xls file? then save it as .xlsx")
    if not unit and _RATES.search(base) and 1 < max(draft.figures, default=Decimal(0)) <= 100:
        draft = replace(draft, unit="%", remark="its header gives no unit: taken as a percentage")
    # A workbook keeps 40.0 as 40; a text file has its digits.
    workbook = any(cell.number is not None for cell in column.cells.values())
    mixed = len(set(map(decimals_of, draft.figures))) > 1
    decimals = (draft.printed or None) if workbook or mixed else None
    return replace(draft, decimals=decimals, negative=any(value < 0 for value in draft.figures))


def _common(base: str, common: str) -> str:
    """The unit in the line above a table, unless a column counts: 检查家次 under 单位：万元 is counted in 家次."""
    if "元" not in common or not (counted := _COUNTED.search(base)):
        return common
    return counted[1] or ""


def _parts(header: str) -> tuple[str, str]:
    """A header without its unit of measurement, as printed, and the unit."""
    words = re.fullmatch(r"(.+?)[_＿](.+)", header)  # 交办总量_件
    if words and (UNIT.fullmatch(unit := WORDS["english_units"].get(words[2].lower(), normalise(words[2])))):
        return words[1], unit
    unit = split_unit(header)[1]
    unit = WORDS["english_units"].get(unit.lower(), unit)
    opening = max(header.rfind("（"), header.rfind("("))
    base = header[:opening] if header[-1:] in ("）", ")") else header[:-1]
    if unit and not UNIT.fullmatch(unit) and header[-1:] in ("）", ")"):
        unit = header[opening + 1 : -1]  # as printed: μg/m³
    return (base.strip(), unit) if unit and base.strip() else (header, "")


def _typed_unit(column: SurveyedColumn) -> str:
    """The unit of measurement behind figures, typed or shown by a workbook, where it is one and the same."""
    texts = [normalise(cell.text) for cell in column.cells.values() if cell.number is None]
    typed = {match[1] for text in texts if (match := TYPED_WITH_UNIT.fullmatch(text))}
    typed |= {"%" for cell in column.cells.values() if cell.percent}
    return typed.pop() if len(typed) == 1 else ""


def _number(cell: GridCell, unit: str) -> Decimal | None:
    """A cell's number; a cell that cannot be read is named when the table is read with its definition."""
    if cell.problem or cell.number is not None:
        return None if cell.problem else cell.number
    try:
        return read_number(cell.text, unit)
    except ValueError:
        return None


def _named(columns: list[Draft]) -> list[Draft]:
    """Ids and labels that tell columns apart.

    排序, and rates and changes that come again, take the column before them; of others the second is （乙）.
    """
    words: list[str] = []
    found: list[Draft] = []
    before, seen, labels = "", Counter[str](), [draft.label for draft in columns]
    for draft in columns:
        label, remark = draft.label, draft.remark
        if draft.kind == "rank":
            words.append(f"{before}_rank" if before else "rank")
        else:
            if labels.count(label) > 1 and _OF_COLUMN_BEFORE.search(label):
                kind = _CHANGES if _CHANGES.search(label) else _OF_COLUMN_BEFORE
                label = next((one.label for one in reversed(found) if not kind.search(one.label)), "") + label
            seen[label] += 1
            if seen[label] > 1:
                label = f"{label}（{'乙丙丁戊己庚辛壬癸'[min(seen[label], 10) - 2]}）"
                remark = f"{remark}; {_TWICE}".removeprefix("; ")
            before = identifier(label, "measure")
            words.append(before)
        found.append(replace(draft, label=label, remark=remark))
    return [replace(draft, id=name) for draft, name in zip(found, distinct(words), strict=True)]


def _summed(draft: Draft, total: GridCell) -> Draft:
    """Whether the units' figures may be added up: by the totals' row if it tells, else by the name."""
    reported, of_units = _number(total, draft.unit), sum(draft.figures, Decimal(0))
    apart = replace(draft, sums=False, total_text=total.text.strip(), has_total=reported is not None)
    if draft.is_rate or (_RATES.search(draft.label) and not draft.unit):
        return apart
    agrees = bool(draft.figures) and reported == of_units
    # One figure beside zeros is its own sum, and its own mean.
    if agrees and (sum(map(bool, draft.figures)) > 1 or not why_not(draft.label, "")):
        return draft
    if not (draft.unit and UNIT.fullmatch(draft.unit)):
        remark = draft.remark if draft.remark == _UNKNOWN else f"{draft.remark}; {_UNKNOWN}".removeprefix("; ")
        return replace(apart, remark=remark)
    if reported is not None and draft.figures and not is_sum(reported, draft.figures):
        return replace(apart, remark=f"not summed: the totals' row says {reported}, the units add up to {of_units}")
    if remark := why_not(draft.label, draft.unit):
        return replace(apart, remark=draft.remark or remark)
    if reported is not None and not agrees:
        return replace(draft, remark=f"the totals' row says {reported}, the units add up to {of_units}")
    return draft


def _computed(rate: Draft, counts: Sequence[Draft]) -> Draft:
    """A rate that part ÷ whole × 100 gives for every unit, at the digits printed; else it stays as reported."""
    if rate.kind != "measure" or rate.sums or not (rate.is_rate or _RATES.search(rate.label)):
        return rate
    matches: list[tuple[Draft, Draft]] = []
    rounding: Rounding
    for rounding in ("half-up", "truncate"):
        matches = [pair for pair in permutations(counts, 2) if _gives(rate, *pair, rounding)]
        if matches:
            break
    # Of several pairs the one whose names share most characters with the rate's.
    stem = set(_RATES.sub("", rate.label))
    scores = [tuple(len(stem & set(draft.label)) for draft in pair) for pair in matches]
    if matches and scores.count(max(scores)) == 1:
        part, whole = matches[scores.index(max(scores))]
        computed = replace(rate, kind="rate", unit="%", part=part.id, whole=whole.id, rounding=rounding)
        return replace(computed, decimals=rate.printed, remark="")
    pairs = ", ".join(f"{part.label} ÷ {whole.label}" for part, whole in matches[:3])
    remark = f"several columns give it ({pairs}), so it is left as reported"
    if not matches:
        remark = f"{_nearly(rate, counts)}: printed as reported, without a figure of the whole area"
        if rate.has_total:
            remark = f"{_nearly(rate, counts)}: printed as reported, also for the whole area"
    known = rate.remark if rate.remark != _UNKNOWN else ""
    return replace(rate, remark=f"{remark}; {known}".removesuffix("; "))


def _nearly(rate: Draft, counts: Sequence[Draft]) -> str:
    """Why no pair gives a rate; a pair that all units but one agree with is named, and the unit."""
    for (part, whole), odd in product(permutations(counts, 2), rate.values):
        others = {unit: value for unit, value in rate.values.items() if unit != odd}
        if len(others) > 2 and _gives(replace(rate, values=others), part, whole, "half-up", rate.digits):
            return f"{part.label} ÷ {whole.label} gives it for every unit but {odd}"
    return "no two columns give it for every unit"


def _gives(rate: Draft, part: Draft, whole: Draft, rounding: Rounding, decimals: int | None = None) -> bool:
    """Whether part ÷ whole is the rate of every unit, at its digits, and of at least two."""
    digits, compared = rate.digits if decimals is None else decimals, 0
    for unit, printed in rate.values.items():
        value = _quotient(part, whole, unit)
        halved = (part.values[unit] is None) != (whole.values[unit] is None)  # an indicator of it could not be built
        if halved or (value is None) != (printed is None):
            return False
        if value is not None:
            if round_decimal(value * 100, digits, rounding) != printed:
                return False
            compared += 1
    return compared >= 2


def _ranked(columns: list[Draft]) -> list[Draft]:
    """Which measure each rank ranks, and which end of it is first."""
    found = list(columns)
    directions: dict[str, bool] = {}
    for index, rank in enumerate(columns):
        if rank.kind != "rank":
            continue
        near = [draft for draft in (*reversed(columns[:index]), *columns[index + 1 :]) if draft.kind != "rank"]
        near.sort(key=lambda draft: draft.label not in rank.label)
        match = _rank_of(rank, near, {draft.id: draft for draft in columns}, directions)
        if match is None:
            remark = "ranks nothing that can be found, so it is printed as reported"
            found[index] = replace(rank, kind="measure", sums=False, descending=False, remark=remark)
            continue
        draft, descending, share = match
        directions[draft.id] = descending
        remark = "" if share == 1 else f"agrees with the computed rank for {share:.0%} of the units, see tongbao check"
        taken = [other.id for other in found if other.kind != "rank" or other.rank_of]
        (name,) = distinct([f"{draft.id}_rank"], taken)
        found[index] = replace(rank, rank_of=draft.id, id=name, remark=remark)
    return [replace(draft, descending=directions.get(draft.id, draft.descending)) for draft in found]


def _rank_of(
    rank: Draft, candidates: Sequence[Draft], by_id: Mapping[str, Draft], directions: Mapping[str, bool]
) -> tuple[Draft, bool, float] | None:
    """The measure whose ranks are given, all of them if there is one, else most of them; the first of several."""
    given = {unit: value for unit, value in rank.values.items() if value is not None}
    best: tuple[Draft, bool, float] | None = None
    for draft, descending in product(candidates if len(set(given.values())) > 1 else (), (True, False)):
        if directions.get(draft.id, descending) is descending:
            values: Mapping[str, Number | None] = draft.values
            if draft.kind == "rate":  # ranks are computed from unrounded values
                values = {unit: _quotient(by_id[draft.part], by_id[draft.whole], unit) for unit in values}
            ranks = competition_ranks(values, descending=descending)
            share = sum(ranks.get(unit) == value for unit, value in given.items()) / max(len(given), len(ranks))
            if share >= _SHARE_OF_RANKS and (best is None or share > best[2]):
                best = (draft, descending, share)
    return best


def _quotient(part: Draft, whole: Draft, unit: str) -> Number | None:
    above, below = part.values[unit], whole.values[unit]
    return None if above is None or below is None else divide(above, below)
