"""What chance does to a bulletin's rates, as its reviewers see it: a record and sections of the review page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.reviews import Review, ReviewSection
from tongbao.bulletin.schemas import Record
from tongbao.figures.figure import Figure
from tongbao.words import Words
from tongbao_chance.assess import assess
from tongbao_chance.page_words import CHANCE_WORDS
from tongbao_chance.printed import Printed
from tongbao_chance.records import RobustnessRecord


class ChanceReview:
    """The review ``robustness`` of one bulletin; see ``Review``."""

    schema: ClassVar[type[Record]] = RobustnessRecord
    words: ClassVar[Mapping[str, Words]] = CHANCE_WORDS

    def __init__(self, bulletin: Bulletin) -> None:
        self.bulletin = bulletin
        self.found = assess(bulletin.indicators, bulletin.findings)

    def record(self) -> RobustnessRecord:
        """``robustness.json``."""
        return self.found

    def figures(self) -> dict[str, Figure]:
        """Measures' figures, and the method's own as statistics."""
        rates = (Printed(rate, self.bulletin.indicators) for rate in self.found.rates)
        return {key: figure for rate in rates for key, figure in rate.figures.items()}

    def sections(self) -> tuple[ReviewSection, ...]:
        """See ``display.sections``."""
        from tongbao_chance.display import sections  # only a page waits for Altair

        return sections(self.bulletin, self.found)


REVIEW: type[Review] = ChanceReview
