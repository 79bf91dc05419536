"""The reference line of a chart says whom its figure leaves out."""

import pytest

from conftest import edit
from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project
from tongbao.display.charts import charted

LINE = 'value: param.below_rate, label: {zh: "警戒线 {{ value }}%", en: "threshold {{ value }}%"}'
LABEL = 'label: {zh: "全市{{ value }}", en: "the city {{ value }}"}'
MEASURE = "  penalty_rate:\n    measure: penalty_rate\n"


@pytest.mark.parametrize(
    ("measure", "value", "lang", "label"),
    [
        # Three units sent nothing; the mean and the total are those of the others.
        ("penalty_rate", "mean.penalty_rate", "zh", "全市40.07（不含文成县、平阳县和浙南产业集聚区）"),
        (
            "fines",
            "area",
            "en",
            "the city 299.74 (without Wencheng, Pingyang and Zhenan Industrial Cluster)",
        ),
        ("penalty_rate", "area", "zh", "全市35.08"),  # from facts of the whole city
        ("penalty_rate", "param.below_rate", "zh", "全市20"),
    ],
)
def test_the_line_says_whom_its_figure_leaves_out(project, measure, value, lang, label):
    definition = project / "reports/wenzhou-monthly/series.yml"
    edit(definition, LINE, f"value: {value}, {LABEL}")
    edit(definition, MEASURE, MEASURE.replace("measure: penalty_rate", f"measure: {measure}"))
    edit(definition, "left_out: notes", "left_out: sentence")
    bars = charted(Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {}, lang), "penalty_rate")
    assert plain(bars.line_label) == label
    assert label in [plain(text) for text in bars.canvas(640).written]
    assert label in bars.alternative


def test_an_issuers_line_stays_as_it_is(project):
    definition = project / "reports/wenzhou-monthly/series.yml"
    edit(definition, LINE, f"value: mean.penalty_rate, {LABEL}")
    bars = charted(Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {}), "penalty_rate")
    assert plain(bars.line_label) == "全市40.07"
