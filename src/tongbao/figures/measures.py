"""What is declared of measures: names in words, units of measurement, which end ranks first, how many decimals."""

from __future__ import annotations

from collections.abc import Iterator

from tongbao.basics.formula import Formula, Ratio
from tongbao.basics.rounding import Number
from tongbao.definition.model import Text
from tongbao.definition.names import bare, split_head
from tongbao.definition.series import Series
from tongbao.definition.tables import COUNT_UNITS
from tongbao.words import WORDS


class Measures:
    """The measures of a series and its units, as declared."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self.units = {unit.id: unit for unit in series.units}
        self.measures = frozenset((*series.measures, *series.stated_ranks))
        self._columns = series.columns
        self._unit_names: dict[tuple[str, bool], dict[str, str]] = {}

    def rank_formula(self, measure: str) -> str:
        """A measure's rank as a formula: the largest first, or the smallest."""
        return f"rank({measure})" if self.descending(measure) else f"rank(-{measure})"

    def descending(self, measure: str) -> bool:
        """Whether the largest value of a measure ranks first; of the issuer's own ranks it is the smallest."""
        measure = bare(measure)
        declared = self.series.indicators.get(measure) or self._columns[measure]
        return declared.rank == "descending" and measure not in self.series.stated_ranks

    def unit_of(self, measure: str) -> str:
        """The unit of measurement."""
        measure = bare(measure)
        declared = self.series.indicators.get(measure) or self._columns[measure]
        return declared.unit

    def measure_name(self, measure: str, lang: str = "zh") -> str:
        """The name of a measure in words, with the head before it: 上年同期检查处罚率."""
        head, measure = split_head(measure)
        before = getattr(WORDS[lang], f"of_{head}").format(self.series.area.get(lang)) if head else ""
        if split_head(measure)[0]:
            return before + self.measure_name(measure, lang)
        if measure in self.series.indicators:
            return before + self.series.indicators[measure].label.get(lang)
        if measure in self._columns:
            return before + self._columns[measure].measure_name(lang)
        return before + measure

    def is_of_words(self, measure: str) -> bool:
        """Whether a measure is a column of words."""
        return measure in self._columns and bool(self._columns[measure].words)

    def word(self, measure: str, value: Number | None) -> Text | None:
        """The word that stands for a number in a column of words; ``None`` where there is none."""
        column = self._columns.get(bare(measure))
        found = ((zh, word) for zh, word in column.words.items() if word.value == value) if column else iter(())
        return next((Text(zh=zh, en=word.en) for zh, word in found), None)

    def unit_names(self, lang: str = "zh", *, short: bool = False) -> dict[str, str]:
        """The names of the units by id; the short ones where asked for and given."""
        if (lang, short) not in self._unit_names:
            self._unit_names[lang, short] = {unit.id: unit.name(lang, short=short) for unit in self.series.units}
        return self._unit_names[lang, short]

    def count_ratio(self, measure: str) -> Ratio | None:
        """A measure's formula as a ratio of counts, things counted one by one; ``None`` if it is none."""
        declared = self.series.indicators.get(measure)
        if declared is None or declared.counts is False:
            return None
        ratio = Formula.parse(declared.formula).ratio
        if ratio is None or declared.counts:
            return ratio
        names = (*Formula.parse(ratio.part).names, *Formula.parse(ratio.whole).names)
        # A fact or a parameter says nothing of single units.
        counted = all(name in self.measures and self.unit_of(name) in COUNT_UNITS for name in names)
        return ratio if counted else None

    def decimals_of(self, measure: str, texts: Iterator[str]) -> int:
        """How many decimals a measure is printed with: as declared, else the most that its figures came with."""
        declared = self.series.indicators.get(measure) or self._columns.get(measure)
        if declared is not None and declared.decimals is not None:
            return declared.decimals
        return max((len(text.partition(".")[2]) for text in texts), default=0)
