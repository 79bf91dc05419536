"""What the review page says beside the words of all pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongbao.words import Word, Words


@dataclass(frozen=True)
class ReviewWords(Words):
    """The words of that page, in one language."""

    # The review page
    review_of = Word("审核页：{}", "Review: {}")
    review_only = Word("审核用，不公开。", "For review; not for publication.")
    public_page = Word("公开页面", "The public page")
    open_points = Word("待定内容", "Left to settle")
    returns = Word("填报数据中待核实的问题", "Open questions about the returns")
    follow = Word("由此而来：", "What follows from it:")
    resting = Word("依据这些数据的结论：", "Findings that rest on these figures:")
    places = Word("所在单元格", "Cells")
    error = Word("错误", "Error")
    warning = Word("警告", "Warning")
    note = Word("提示", "Note")


REVIEW_WORDS: Mapping[str, ReviewWords] = {lang: ReviewWords(lang) for lang in ("zh", "en")}
