"""Lists of enterprises drawn up twice: by the audit row by row, and by DuckDB; the annex is held against the audit's."""

import shutil

import pytest
from hypothesis import strategies as st
from tongbao.audit import audit

from conftest import PARTS, ROOT
from demo import edit, left
from tongbao.basics.period import Period
from tongbao.definition.case_records import ENTERPRISE_MEASURES
from tongbao.definition.project import Project

NAME = ("assessment", "2021")
SERIES = Project(ROOT).get_series(NAME[0])
PERIOD = Period.parse("2021")
HEADER = "检查编号,检查日期,填报单位,被检查单位,统一社会信用代码,行业领域,隐患数（项）,重大隐患数（项）,整改期限,整改完成日期,处罚决定日期\n"
days = st.one_of(st.just(""), st.dates(PERIOD.start, PERIOD.end).map(str))
visits = st.lists(
    st.tuples(
        st.dates(PERIOD.start, PERIOD.end), st.sampled_from(["甲县", "甲", "County A", "乙县", "丙"]), st.sampled_from(["", "西厂", "东厂"]),
        st.sampled_from(["", "A", "B", "C"]), st.sampled_from(["", "工贸", "矿山"]), st.integers(2, 9), st.integers(0, 2),
        days, days, days,
    ),
    max_size=14,
)  # fmt: skip
lists = st.fixed_dictionaries(
    {
        "months": st.sampled_from([None, 1, 6]),
        "criteria": st.dictionaries(
            st.sampled_from("abc"),
            st.fixed_dictionaries(
                {
                    "measure": st.sampled_from(list(ENTERPRISE_MEASURES)),
                    "at_least": st.sampled_from([1, 2, 4, 30, "param.pass_score"]),
                    "reason": st.just("{{ value }}"),
                }
            ),
            min_size=1,
        ),
    }
)


@pytest.fixture
def built(site, tmp_path):
    target = tmp_path / "built"
    for part in (*PARTS, "data/processed/assessment", "_site/reports/assessment"):
        source, copy = site / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
    return target


def row(number):
    """Where a row of the list begins on the page."""
    return f'id="list-key-{number}-0"'


def test_the_list_is_drawn_up_again_and_nothing_is_left_over(site):
    account = audit(Project(site), NAME[0], PERIOD)
    assert (account.left, account.not_audited) == ([], [])
    assert sum(entry.place.startswith("list key,") for entry in account.entries) > 20
    assert any(entry.place.startswith("2020, work,") for entry in account.entries)  # last year's records, too


@pytest.mark.parametrize("what", ["name", "county", "figure", "reason", "reason's figure", "order", "dropped"])
def test_what_is_changed_in_the_list_on_the_page_is_named(built, what):
    page = built / "_site" / "reports" / "assessment" / "2021.html"
    text = page.read_text("utf-8")
    start = text.rindex("<tr", 0, text.index(row(3)))
    end = text.index("</tr>", start) + len("</tr>")
    line = text[start:end]
    cells = line.split("<td")
    if what == "order":
        after = text[end : text.index("</tr>", end) + len("</tr>")]
        changed = text[:start] + after + line + text[end + len(after) :]
    elif what == "dropped":
        changed = text[:start] + text[end:]
    else:
        index = {"name": 1, "county": 2, "figure": 4, "reason": -1, "reason's figure": -1}[what]
        opening, shown = cells[index].split(">", 1)
        old, new = {
            "name": (shown[0], "无"),
            "county": ("县", "市"),
            "figure": (shown[0], "7" if shown[0] != "7" else "8"),
            "reason": ("隐患", "风险"),
            "reason's figure": ("项", "1项"),
        }[what]
        assert old in shown
        cells[index] = f"{opening}>{shown.replace(old, new, 1)}"
        changed = text[:start] + "<td".join(cells) + text[end:]
    page.write_text(changed, "utf-8")
    found = left(built, NAME, "html")
    assert any(item.place.startswith("附件4") for item in found)


def test_what_is_changed_in_the_numbers_of_the_list_is_named(built):
    record = built / "data" / "processed" / "assessment" / "2021" / "findings.json"
    text = record.read_text("utf-8")
    at = text.index('"name": "enterprises.key_serious"')
    count = text.index('"records": ', at)
    record.write_text(text[:count] + '"records": 1' + text[count + len('"records": ') :], "utf-8")
    assert any("is not this cell" in item.reason for item in left(built, NAME, "findings.json"))


def test_other_criteria_name_the_enterprises_that_go(built):
    edit(
        built / "reports" / "assessment" / "series.yml",
        "measure: days_late, at_least: param.slow_days",
        "measure: days_late, at_least: 60",
    )
    found = left(built, NAME)
    assert any(item.place.startswith("附件4") for item in found)
    assert any("key_enterprises" in item.place for item in found)
