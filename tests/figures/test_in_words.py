"""Formulas in the words that readers know."""

import pytest

from conftest import ROOT
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.figures.in_words import formula_in_words


@pytest.fixture(scope="module")
def editions():
    project = Project.find(ROOT)
    return {lang: Bulletin.open(project, "wenzhou-monthly", "2021-01-to-02", {}, lang) for lang in ("zh", "en")}


@pytest.mark.parametrize(
    ("formula", "zh", "en"),
    [
        ("fines / fact.inspections * 100", "罚款额 ÷ 全市检查企业 × 100", "fines ÷ inspections in the city × 100"),
        ("sum(fines) - area.fines", "各单位罚款额之和 − 全市罚款额", "sum of the units' fines − the city's fines"),
        ("rank(-fines)", "罚款额的名次", "rank in fines"),
        ("highest(fines)", "各单位罚款额的最高值", "highest of the units' fines"),
        (
            "count(fines < param.below_rate and not blank(fines))",
            "符合“罚款额 < 检查处罚率警戒线（%） 且 非 (罚款额空白)”的个数",
            "number with fines < penalty-rate threshold (%) and not (fines blank)",
        ),
        ("count(it >= 20)", "符合“该项 ≥ 20”的个数", "number with the item ≥ 20"),
        (
            "change(fines, last_year.fines)",
            "罚款额较上年同期罚款额的变化",
            "change of fines on last year's fines",
        ),
        (
            "mean(fines, reported(fines))",
            "各单位罚款额的平均（限罚款额有数据）",
            "mean of the units' fines (of those with fines reported)",
        ),
        ("no formula at all", "no formula at all", "no formula at all"),
    ],
)
def test_a_formula_is_said_in_each_language(editions, formula, zh, en):
    assert {lang: formula_in_words(one.indicators, lang, formula) for lang, one in editions.items()} == {
        "zh": zh,
        "en": en,
    }
