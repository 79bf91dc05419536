"""A table of which nothing is declared yet → where its titles, header, units, columns and totals stand."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from tongbao.basics.errors import DataError
from tongbao.basics.workbook import column_letter
from tongbao.definition.stated import TOTALS
from tongbao.reading.grid import BLANK, GridCell, Sheet, read_sheets
from tongbao.reading.header import IGNORED, MAX_HEADER_ROWS, SEARCHED_ROWS
from tongbao.reading.labels import BLANK_MARKS, normalise, split_unit
from tongbao.reading.tables import is_note

_ANNEX = re.compile(r"^\s*附[件表][ \d一二三四五六七八九十]*[:：\s]\s*(?=\S)")  # before a title, in one cell with it
UNIT = re.compile(
    r"[%‰元起例件次家份人名户吨个项条处所座天分秒场米亩宗批辆台套部篇册本张株头只箱袋度岁位组]|[万亿]元|[万千百]?[家户件起人项场批组处车班]次|[万千][人件户家]"
    r"|小时|分钟|公里|千米|公顷|[万千]?平方米|[万千]?立方米|千克|公斤|万?千瓦时|[万千]?吨|[万亿]?元/[件人户起]"
)
TYPED_WITH_UNIT = re.compile(rf"[+-]?[\d,]+(?:\.\d+)?({UNIT.pattern})")  # 5家次
_LATIN = r"[!-~\u00c0-\u024f]"
_APART = re.compile(rf"(?<!{_LATIN}) | (?!{_LATIN})")  # all white space but that between words in Latin letters
_TOTAL_IN_ENGLISH = re.compile(
    r"(?:grand|city|county|district|province|overall)?totals?|sum|all|overall|(?:city|county|province)wide"
    r"|(?:the)?whole(?:area|city|county|district|province)|all(?:areas|cities|counties|districts|regions|towns|units)"
)
_SUBTOTAL = re.compile("小计|^sub-?totals?$", re.IGNORECASE)
_PAST = re.compile(r"^[#＃]?其中|小计|平均|^sub-?totals?$", re.IGNORECASE)  # no units: of which, subtotals, means
AREAS = frozenset({"全省", "全市", "全县", "全区", "全州", "全旗", "全国", "总数"})


@dataclass(frozen=True)
class SurveyedColumn:
    """A column of figures: header as received, and the cells by unit and of the totals' row.

    ``unit`` is its unit of measurement where a row below the header gives it.
    """

    header: str
    cells: dict[str, GridCell]
    total: GridCell
    unit: str = ""


@dataclass(frozen=True)
class Survey:
    """What a table holds.

    ``titles`` are the texts above the header, ``units`` the names in the first column of words, in their order;
    ``words`` are the headers of columns of words, ``past`` names rows that are no units; ``total_row`` names the
    totals' row if there is one; ``others`` are further sheets with a table.
    """

    file: str
    titles: tuple[str, ...]
    unit_header: str
    units: tuple[str, ...]
    columns: tuple[SurveyedColumn, ...]
    total_row: str | None
    sheet: str | None = None
    others: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    past: tuple[str, ...] = ()


def survey(path: Path, file: str) -> Survey:
    """Find the table in a file: of the first visible sheet that holds one.

    Arguments:
        path: where the file is.
        file: how messages name it.

    Raises:
        DataError: a file that cannot be read, or no table in it that a series could declare; with its place.
    """
    sheets = [sheet for sheet in read_sheets(path, file) if not sheet.is_empty]
    visible = [sheet for sheet in sheets if not sheet.hidden]
    if not sheets:
        raise DataError("file is empty", place=file, expected="a header row and a row for each unit")
    if not visible:
        raise DataError("the table is on a hidden sheet", place=sheets[0].place, hint="show the sheet")
    found: list[Survey] = []
    complaints: list[DataError] = []
    for sheet in visible:
        try:
            found.append(_Table(sheet).survey())
        except DataError as error:
            complaints.append(error)
    if not found:
        raise complaints[0]
    return replace(found[0], others=tuple(other.sheet for other in found[1:] if other.sheet))


def squeezed(text: str) -> str:
    r"""A label as printed: white space and line breaks taken out save between words in Latin letters; brackets stay.

    >>> squeezed("东 湖\n区"), squeezed(" North  Bay "), squeezed("PM2.5 浓度")
    ('东湖区', 'North Bay', 'PM2.5浓度')
    """
    return _APART.sub("", " ".join(text.split()))


class _Table:
    """One sheet, looked at: which cells are figures, where the body begins, which column names the units."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.rows = sheet, sheet.rows
        self.first = self._first_row()
        self.unit_column = self._unit_column()
        self.first = self._with_blank_returns()
        self.head = self.first  # the row behind the header
        # The columns with anything in header or body, without the units' and those that no bulletin prints.
        self.used = [
            column
            for column in range(max(map(len, self.rows)))
            if column != self.unit_column
            and any(_is_filled(row[column]) for row in self.rows[self.first - 1 :])
            and not self._is_ignored(column)
        ]
        self.head -= self._gives_units()
        self.depth = self._depth()

    def survey(self) -> Survey:
        """What the sheet holds."""
        top = self.head - self.depth
        texts = (cell.text for row in self.rows[:top] for cell in row)
        titles = dict.fromkeys(filter(None, (squeezed(_ANNEX.sub("", text)) for text in texts)))
        units, total, past = self._units()
        words = [column for column in self.used if self._is_of_words(column, units)]
        figures = [column for column in self.used if column not in words]
        if not figures:
            raise self._fault("no column of figures")
        return Survey(
            self.sheet.file,
            tuple(titles),
            self._label(self.unit_column, self.depth),
            tuple(units),
            tuple(self._column(column, units, total) for column in figures),
            None if total is None else self._name(total),
            self.sheet.name,
            words=tuple(self._label(column, self.depth) for column in words),
            past=tuple(past),
        )

    def _fault(self, message: str, row: int | None = None, column: int = 0, **said: Any) -> DataError:
        """What is wrong with the sheet, or with a cell of it (0-based)."""
        cell = "" if row is None else f" {column_letter(column)}{row + 1}"
        return DataError(message, place=self.sheet.place + cell, **said)

    def _first_row(self) -> int:
        """The first row with a name and a figure below a row of headers."""
        for index in range(1, min(SEARCHED_ROWS, len(self.rows))):
            row, above = self.rows[index], self.rows[max(index - 2, 0) : index]
            figures = [column for column, cell in enumerate(row) if _is_figure(cell)]
            # A row with units of measurement may leave some blank.
            lowest = (next((cell for one in above[::-1] if _is_filled(cell := one[at])), BLANK) for at in figures)
            headed = sum(map(_is_words, lowest)) * 2 >= len(figures) and any(_is_words(above[-1][at]) for at in figures)
            if figures and any(map(_is_words, row)) and headed:
                return index
        expected = "a header row, and below it a row for each unit: its name, then figures"
        raise self._fault("no table found", expected=expected)

    def _unit_column(self) -> int:
        """The column with the most names, the first of several; not one that groups them: 东片, 东片, 西片, 西片."""
        names: dict[int, list[str]] = defaultdict(list)
        for row in self.rows[self.first :]:
            for column, cell in enumerate(row if any(map(_is_figure, row)) else ()):
                if _is_words(cell) and not self._is_ignored(column):
                    names[column].append(normalise(cell.text))
        if not names:
            raise self._fault("no column with the units' names")
        found = min(names, key=lambda column: (-len(names[column]), column))
        different = {column: len(set(names[column])) for column in names}
        if different[found] * 2 <= len(names[found]) or self._is_merged_down(found):
            found = min(names, key=lambda column: (-different[column], column))
        return found

    def _is_merged_down(self, column: int) -> bool:
        below = zip(self.rows[self.first :], self.rows[self.first + 1 :], strict=False)
        return any(under[column].merged and under[column].text == row[column].text for row, under in below)

    def _is_ignored(self, column: int) -> bool:
        texts = (normalise(row[column].text) for row in self.rows[max(self.first - 2, 0) : self.first][::-1])
        return next(filter(None, texts), "") in IGNORED

    def _with_blank_returns(self) -> int:
        """Units at the top that left every cell blank belong to the body, too."""
        first, at = self.first, self.unit_column
        while first > 1 and [cell for cell in self.rows[first - 1] if cell.text.strip()] == [self.rows[first - 1][at]]:
            if not self.rows[first - 2][at].text.strip():
                break
            first -= 1
        return first

    def _gives_units(self) -> bool:
        """Whether the row above the body gives the columns' units of measurement, below a header that names them."""
        if self.first < 2:
            return False
        above, row = self.rows[self.first - 2], self.rows[self.first - 1]
        told = [column for column in self.used if normalise(row[column].text) not in BLANK_MARKS]
        first, own = (normalise(one[self.unit_column].text) for one in (row, above))
        if first not in ("", "单位", "计量单位", own) or not all(UNIT.fullmatch(self._unit(column)) for column in told):
            return False
        higher = self.rows[max(self.first - 3, 0)]
        names = [normalise(above[column].text or higher[column].text) for column in told]
        full = {normalise(f"{higher[column].text}\n{above[column].text}") for column in told}
        named = all(names) and len(full) == len(names) and not any(map(UNIT.fullmatch, names))
        return named and (len(told) > 1 or (len(told) == 1 and bool(own) and own not in names))  # else it is a title

    def _unit(self, column: int) -> str:
        """What the row above the body says, folded and without brackets."""
        return normalise(self.rows[self.first - 1][column].text).strip("()")

    def _depth(self) -> int:
        """Over how many rows the header goes: as few as name every column and tell the columns apart."""
        columns, depths = (self.unit_column, *self.used), []
        for depth in range(1, min(MAX_HEADER_ROWS, self.head) + 1):
            top = self.rows[self.head - depth]
            if depth > 1 and len({squeezed(cell.text) for cell in top if cell.text.strip()}) < 2:
                break  # a title
            labels = [normalise(self._label(column, depth)) for column in columns]
            if all(labels):
                depths.append(depth)
                if len(set(labels)) == len(labels) and not self._goes_on(depth):
                    return depth
        if depths:
            return depths[0]  # 排序 may head several columns
        unnamed = next(column for column in columns if not self._label(column, MAX_HEADER_ROWS))
        expected = "a name in the row above the first unit"
        raise self._fault("a column without a header", self.head - 1, unnamed, expected=expected)

    def _goes_on(self, depth: int) -> bool:
        """Whether the units' header is merged with the cell above: then the row above groups the columns."""
        top = self.head - depth
        above, here = (normalise(self.rows[row][self.unit_column].text) if row >= 0 else "" for row in (top - 1, top))
        return bool(above) and above == here

    def _label(self, column: int, depth: int) -> str:
        """A column's header: what stands in its last rows, top down, a merged cell counted once."""
        texts = (squeezed(row[column].text) for row in self.rows[max(self.head - depth, 0) : self.head])
        return squeezed(" ".join(next(same) for _, same in groupby(filter(None, texts), normalise)))

    def _units(self) -> tuple[dict[str, int], int | None, dict[str, int]]:
        """The row of each unit by its name, the totals' row, and rows of neither."""
        units: dict[str, int] = {}
        past: dict[str, int] = {}
        total: int | None = None
        at, gap = self.unit_column, False
        last = max(index for index in range(self.first, len(self.rows)) if any(map(_is_figure, self.rows[index])))
        subtotal = self._only_subtotal(last)
        for index, row in enumerate(self.rows[self.first :], start=self.first):
            name, filled = self._name(index), any(_is_filled(row[column]) for column in self.used)
            if is_note(row):
                gap = True
            elif not name:
                gap = gap or not filled
            elif not filled and index > last and (gap or total == last):
                hint = "begin them with 注：, or delete them"
                raise self._fault("words below the table", index, at, found=name, hint=hint)
            elif _is_total(name) or index == subtotal:
                total = index if total is None else total
            elif _is_past(name):
                past[name] = index
            elif name in units:
                expected, hint = "one row for each unit", "if units are named in another column, delete this one"
                raise self._fault("reporting unit stands twice", index, at, found=name, expected=expected, hint=hint)
            else:
                self._refuse_no_unit(name, index)
                units[name] = index
        measures = [name for name in units if UNIT.fullmatch(split_unit(name)[1])]
        if len(measures) * 2 > len(units):
            expected = "a row for each unit, a column for each measure"
            hint = "turn the table: copy it, then Paste Special, Transpose"
            found = "、".join(measures[:3])
            raise self._fault("the measures stand in rows", self.first, at, found=found, expected=expected, hint=hint)
        if not units:
            raise self._fault("no reporting unit found", expected="a row for each unit")
        return units, total, past

    def _only_subtotal(self, last: int) -> int | None:
        """The row called 小计 where it is the totals' row: the only one, at the end or the beginning, and no 合计."""
        names = {index: self._name(index) for index in range(self.first, last + 1)}
        found = [index for index, name in names.items() if _SUBTOTAL.search(name)]
        return found[0] if found in ([self.first], [last]) and not any(map(_is_total, names.values())) else None

    def _refuse_no_unit(self, name: str, index: int) -> None:
        figures = [self.rows[index][column].text.strip() for column in self.used]
        counted = figures == [str(number) for number in range(1, len(self.used) + 1)]
        if counted and normalise(name) in ("甲", "栏次", "列次", "序号"):
            what, hint = "a row that numbers the columns", "delete the row"
            raise self._fault(what, index, self.unit_column, found=name, hint=hint)

    def _is_of_words(self, column: int, units: dict[str, int]) -> bool:
        """Whether more of the units' cells hold words than figures: 水质状况, 等级."""
        cells = [self.rows[row][column] for row in units.values()]
        return sum(map(_is_words, cells)) > sum(map(_is_figure, cells))

    def _name(self, index: int) -> str:
        """What a row is about: the unit's name, or 合计 or 小计 in any column before it."""
        names = [squeezed(cell.text) for cell in self.rows[index][: self.unit_column + 1]]
        return names[-1] or next((name for name in names if _is_total(name) or _is_past(name)), "")

    def _column(self, column: int, units: dict[str, int], total: int | None) -> SurveyedColumn:
        header, last = self._label(column, self.depth), self._label(column, 1)
        alone = [self._label(other, 1) for other in self.used].count(last) == 1
        group = header.removesuffix(last).strip()
        if alone and (group.endswith("情况") or (group and normalise(group) in normalise(last))):
            header = last  # 检查情况 over its columns says nothing more, nor does 处罚 over 处罚率
        cells = {unit: self.rows[row][column] for unit, row in units.items()}
        unit = self._unit(column) if self.head < self.first else ""
        stated = BLANK if total is None else self.rows[total][column]
        return SurveyedColumn(header, cells, stated, "" if unit in BLANK_MARKS else unit)


def _is_total(name: str) -> bool:
    folded = normalise(name)
    english = _TOTAL_IN_ENGLISH.fullmatch(folded.casefold()) is not None
    return folded in TOTALS | AREAS or "合计" in folded or "总计" in folded or english


def _is_past(name: str) -> bool:
    return _PAST.search(name) is not None


def _is_filled(cell: GridCell) -> bool:
    return bool(cell.text.strip() or cell.problem)


def _is_figure(cell: GridCell) -> bool:
    return cell.holds == "a figure" or TYPED_WITH_UNIT.fullmatch(normalise(cell.text)) is not None


def _is_words(cell: GridCell) -> bool:
    return cell.holds == "words" and not _is_figure(cell)
