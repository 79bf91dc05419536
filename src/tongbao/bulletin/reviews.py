"""What only reviewers are shown beside the circular: parts that stand apart, loaded when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, ClassVar, NamedTuple, Protocol

from tongbao.words import Words

if TYPE_CHECKING:
    from tongbao.bulletin.bulletin import Bulletin
    from tongbao.bulletin.schemas import Record
    from tongbao.figures.figure import Figure

# The name of a review, which its record bears, and the module that offers it as REVIEW.
REVIEWS = {"robustness": "tongbao_chance.review"}


class ReviewSection(NamedTuple):
    """A section of the review page: its name in links, its heading, and what stands under it."""

    name: str
    heading: str
    html: str


class Review(Protocol):
    """What reviewers are told of one bulletin."""

    schema: ClassVar[type[Record]]
    words: ClassVar[Mapping[str, Words]]

    def __init__(self, bulletin: Bulletin) -> None: ...

    def record(self) -> Record:
        """What is left of it under ``data/processed/``."""

    def figures(self) -> Mapping[str, Figure]:
        """Every figure that its sections print, by mark key."""

    def sections(self) -> tuple[ReviewSection, ...]:
        """Its sections of the review page; none where there is nothing to say."""


def load_reviews() -> dict[str, type[Review]]:
    """The reviews that there are, by name."""
    return {name: import_module(module).REVIEW for name, module in REVIEWS.items()}
