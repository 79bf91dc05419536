"""Changes against the same period last year: percent for quantities, percentage points for rates."""

import shutil

import pytest

from tongbao.basics.marks import plain
from tongbao.bulletin.bulletin import Bulletin
from tongbao.definition.project import Project

RAW = "data/raw/wenzhou-monthly"


def changes(project):
    bulletin = Bulletin.open(Project.find(project), "wenzhou-monthly", "2021-01-to-02", {})
    return {figure.label: plain(figure.change) for figure in bulletin.narrative.key_figures()}


@pytest.fixture
def last_year(project):
    """Last year's figures: 200 inspections, 87 penalties (43.50 %), and no fact for one of them."""
    shutil.copytree(project / RAW / "2021-01-to-02", project / RAW / "2020-01-to-02")

    def change(old, new):
        path = project / RAW / "2020-01-to-02" / "facts.csv"
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), "utf-8")

    return change


def test_without_last_year_it_says_so(project):
    assert set(changes(project).values()) == {"无上年同期数据"}


def test_quantities_in_percent_and_rates_in_points(project, last_year):
    last_year("检查企业,248", "检查企业,200")
    assert changes(project) == {
        "检查企业": "同比上升24.0%",
        "实施行政处罚": "同比持平",
        "罚款额": "同比持平",
        "检查处罚率": "同比下降8.42个百分点",
    }


def test_a_zero_base_has_no_percentage(project, last_year):
    last_year("行政处罚,87", "行政处罚,0")
    assert changes(project)["实施行政处罚"] == "同比—（上年同期为零）"


def test_what_last_year_did_not_report_is_said(project, last_year):
    last_year("penalties,", "other,")
    assert changes(project)["实施行政处罚"] == "上年同期未报送"
