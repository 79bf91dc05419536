"""A series with months, quarters and half-years: no trend joins them, and every list has them in one order."""

import json
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup

from tongbao_site.entry import Entry, Held
from tongbao_site.pages import index_page, series_page, unit_page

CASES = {  # by period, latest first
    "2026-06": 70, "2026-h1": 370, "2026-05": 60, "2026-04": 61, "2026-q2": 191, "2026-03": 51, "2026-q1": 180,
    "2026-02": 65, "2026-01": 64,
}  # fmt: skip
ORDER = ["6月", "二季度", "上半年", "5月", "4月", "3月", "一季度", "2月", "1月"]


def entry(period: str) -> Entry:
    """A bulletin with one measure of one county."""
    count = CASES[period]
    held = Held(
        measures={
            "cases": {"label": {"zh": "立案", "en": "Cases"}, "unit": "起", "unit_en": "cases", "worked_out": ""}
        },
        charted=["cases"],
        values={
            "cases": {"area": [str(count), str(count), None, None, []], "jia": [str(count), str(count), 1, None, []]}
        },
        named=[],
    )
    said = {"title": f"{period}通报", "number": "", "authority": "示例市", "period_label": "", "main_points": []}
    both = {"zh": "示例", "en": "example"}
    return Entry(
        series="demo",
        period=period,
        issued="2026-07-05",
        synthetic=False,
        reconstruction=False,
        languages=["zh", "en"],
        site="",
        subject=both,
        area=both,
        editions={"zh": said, "en": said},
        units={"jia": {"zh": "甲县", "en": "Jia"}},
        kept=json.dumps(vars(held)),
    )


@pytest.fixture
def entries() -> list[Entry]:
    return sorted(map(entry, CASES), key=lambda one: one.when, reverse=True)


@pytest.mark.parametrize(
    ("lang", "titles"),
    [
        ("zh", ["立案（起），按月", "立案（起），按季度"]),
        ("en", ["Cases (cases), by month", "Cases (cases), by quarter"]),
    ],
)
def test_a_trend_goes_over_periods_of_one_length(entries, tmp_path, lang, titles):
    for made in (series_page(entries, lang, tmp_path, {}), unit_page(entries, "jia", lang, tmp_path, {})):
        page = BeautifulSoup(made.body, "html.parser")
        assert [one.get_text() for one in page.select(".trend strong")] == titles
        months, quarters = page.select(".trend svg")
        assert [point.get_text().split()[-1] for point in months.select("circle")] == [
            "64",
            "65",
            "51",
            "61",
            "60",
            "70",
        ]
        assert [point.get_text().split()[-1] for point in quarters.select("circle")] == ["180", "191"]


def test_periods_of_one_length_are_not_told_apart(entries, tmp_path):
    months = [one for one in entries if one.when.length == 1]
    page = BeautifulSoup(series_page(months, "zh", tmp_path, {}).body, "html.parser")
    assert [one.get_text() for one in page.select(".trend strong")] == ["立案（起）"]


def test_every_list_has_the_same_order(entries, tmp_path):
    page = BeautifulSoup(series_page(entries, "zh", tmp_path, {}).body, "html.parser")
    assert [row.get_text() for row in page.select("table.periods tbody th")] == [f"2026年{name}" for name in ORDER]
    page = BeautifulSoup(index_page(entries, "zh", tmp_path, shown={}).body, "html.parser")
    assert page.select_one("h4 a")["href"].endswith("2026-06.html")
    assert [link.get_text() for link in page.select(".earlier a")] == ORDER[1:]


@pytest.mark.parametrize(
    ("periods", "lines"),
    [
        (["2026-01-to-02", "2026-01", "2025", "2025-q1", "2025-01-to-02", "2025-01"], [4, 2]),
        (["2026", "2025", "2024"], [3]),  # one a year
    ],
)
def test_figures_that_count_from_january_have_a_line_for_each_year(tmp_path, monkeypatch, periods, lines):
    found = []
    for number, period in enumerate(periods):
        monkeypatch.setitem(CASES, period, 50 + number)
        made = entry(period)
        found.append(replace(made, kept=json.dumps(json.loads(made.kept) | {"cumulative": True})))
    page = BeautifulSoup(series_page(found, "zh", tmp_path, {}).body, "html.parser")
    (trend,) = page.select(".trend")
    assert trend.strong.get_text() == "立案（起）"
    assert [len(line.split("L")) for line in trend.select_one("path.own")["d"].split("M")[1:]] == lines
    assert len(trend.select("circle")) == len(periods)
