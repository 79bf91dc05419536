"""Faults of the returns, found twice: by the audit and by the checks; each digit, name and entry is held against them."""

import json
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tongbao.audit import audit
from tongbao.audit.archive import Archive
from tongbao.audit.feasible import fits_together, is_ratio
from tongbao.audit.membership import members
from tongbao.audit.returns import find_issues, sort_issues
from tongbao.definition.rules_tmp import Faults

from demo import NAME, edit, left, write_demo
from province import define, indicators_of, receive
from tongbao.basics.period import Period
from tongbao.checks import check
from tongbao.checks.feasible_rate import fractions, solve
from tongbao.definition.project import Project
from tongbao.findings.engine import evaluate
from tongbao.reading.cell import Cell, Source
from tongbao.reading.prose import Header

counts = st.one_of(st.none(), st.integers(0, 40))
rates = st.one_of(st.none(), st.sampled_from(["0", "50.0", "33.3", "66.7", "99.9", "100.0", "20.0"]))
amounts = st.one_of(st.none(), st.decimals(0, 9, places=1))


def rows(values):
    return st.lists(values, min_size=5, max_size=5)


RETURNS = st.fixed_dictionaries(
    {"visits": rows(counts), "cases": rows(counts), "fines": rows(amounts), "col_rate": rows(rates),
     "rank": rows(st.one_of(st.none(), st.integers(1, 5))), "hazchem": rows(counts), "share": rows(rates)}
)  # fmt: skip
FACTS = {"due": ("应完成", "5", "项"), "done": ("已完成", "3", "项")}


@pytest.fixture(scope="module")
def series(tmp_path_factory):
    root = tmp_path_factory.mktemp("series")
    write_demo(root)
    return Project(root).get_series("demo")


def with_total(received, totals):
    """The totals' row of the first table, as a county clerk filled it in."""
    table = received.tables["work"]
    for index, (name, value) in enumerate(zip(("visits", "cases", "fines", "col_rate"), totals, strict=True)):
        source = Source(f"{table.name}.csv", None, 9, "BCDE"[index])
        text = "" if value is None else str(value)
        table.total[name] = Cell(table.name, None, name, text, Decimal(text) if text else None, source)
    return received


@settings(max_examples=150, deadline=None)
@given(now=RETURNS, before=st.one_of(st.none(), RETURNS), month=st.one_of(st.none(), RETURNS),
       totals=st.tuples(counts, counts, counts, rates), drawn=st.dates(date(2021, 6, 20), date(2021, 7, 20)))  # fmt: skip
def test_both_paths_find_the_same_issues_in_the_same_words(series, now, before, month, totals, drawn):
    periods = {"2021-q2": with_total(receive(series, "2021-q2", now, FACTS), totals)}
    if before is not None:
        periods["2020-q2"] = receive(series, "2020-q2", before, FACTS)
    if month is not None:
        periods |= {name: receive(series, name, month, FACTS) for name in ("2020-04", "2020-05", "2020-06")}
    period, header = Period.parse("2021-q2"), Header(issued=date(2021, 7, 10), statistics_date=drawn)
    indicators = indicators_of(series, periods, "2021-q2")
    theirs = check(indicators, header, period)
    known = {Period.parse(name): received for name, received in periods.items()}
    books = Archive(series, indicators.parameters, sorted(known), known.__getitem__).at(period)
    ours = books.issues = sort_issues(find_issues(books, header, period))
    assert [(issue.check, issue.unit, issue.level, issue.said) for issue in ours] == [
        (issue.check, issue.unit, issue.level, issue.message) for issue in theirs
    ]
    for mine, other in zip(ours, theirs, strict=True):
        assert (mine.table, mine.columns) == (other.table, frozenset(other.columns))
        assert {str(cell.source) for cell in mine.cells} == {str(cell.source) for cell in other.cells}
    for checks in [(), ("holds", "jump"), ("complete",), ("reported", "totals", "fits")]:
        rule = Faults(rule="faults", checks=checks)
        outcome, found = evaluate(rule, indicators, theirs), members(rule, books)
        assert (list(found.units), found.cases) == (outcome.units, outcome.cases)
        assert found.amounts["count"].text == outcome.value("count").text
        assert [(found.labels[f"kind{n}"], found.amounts[f"kind{n}"].text) for n in range(len(outcome.kinds))] == [
            (label.model_dump(), figure.text) for label, figure in outcome.kinds
        ]


@pytest.mark.parametrize(("name", "before", "found"), [
    ("2021-01-to-05", "2020-08-to-12", []), ("2021-06-to-07", "2021-04-to-05", ["jia"]),
])  # fmt: skip
def test_no_change_is_found_where_no_period_as_long_ends_before(name, before, found):
    jumped = {"check": "change", "measure": "cases", "factor": 3, "against": "previous"}
    series = define({"annex": {"cases": {"header": "立案"}}}, {}, 2, checks={"jump": jumped})
    periods = {name: receive(series, name, {"cases": [9, 2]}), before: receive(series, before, {"cases": [1, 1]})}
    period, header = Period.parse(name), Header(issued=date(2021, 9, 1))
    theirs = check(indicators_of(series, periods, name), header, period)
    known = {Period.parse(one): received for one, received in periods.items()}
    ours = find_issues(Archive(series, {}, sorted(known), known.__getitem__).at(period), header, period)
    assert [issue.unit for issue in theirs] == [issue.unit for issue in ours] == found


@given(rate=st.decimals(0, 120, places=1), part=st.integers(0, 12), whole=st.integers(1, 15))
def test_a_rate_is_a_ratio_of_whole_numbers_or_not(rate, part, whole):
    assert is_ratio(str(rate), part, whole) == bool(fractions(rate, part, whole))


@settings(max_examples=60, deadline=None)
@given(shown=st.lists(st.sampled_from(["0.0", "50.0", "33.3", "20.0", "100.0", "66.7"]), min_size=1, max_size=4),
       part=st.integers(0, 12), whole=st.integers(1, 15))  # fmt: skip
def test_rates_fit_the_totals_together_or_not(shown, part, whole):
    choices = {str(n): fractions(Decimal(rate), part, whole) for n, rate in enumerate(shown)}
    assert fits_together(shown, part, whole) == (all(choices.values()) and solve(choices, part, whole) is not None)


def quality(project):
    return project / "data" / "processed" / "demo" / "2021-q2" / "quality.json"


def issue_of(record, name, unit=None):
    return next(issue for issue in record["issues"] if issue["check"] == name and unit in (None, issue["unit"]))


def reword(issue, lang, old, new):
    assert old in issue["message"][lang]
    issue["message"][lang] = issue["message"][lang].replace(old, new)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: reword(issue_of(r, "jump", "jia"), "zh", "3.7", "3.8"), ["jump, jia, zh", "3.8", "recomputed 3.7"]),
        (lambda r: reword(issue_of(r, "jump", "jia"), "en", "3.7", "3.8"), ["jump, jia, en", "recomputed 3.7"]),
        (lambda r: reword(issue_of(r, "jump", "jia"), "zh", "2.5倍", "2.6倍"), ["recomputed 2.5"]),
        (lambda r: reword(issue_of(r, "reported-rank"), "zh", "丙县", "丁县"), ["recomputed 丙"]),
        (lambda r: reword(issue_of(r, "cases_within_visits"), "zh", "大于", "小于"), ["recomputed 大"]),
        (lambda r: issue_of(r, "fits").update(unit="yi"), ["fits, yi", "do not give this issue", "not on record"]),
        (lambda r: issue_of(r, "fits").update(level="note"), ["its level is warning"]),
        (lambda r: r["issues"].remove(issue_of(r, "reported-total")), ["an issue of reported-total that is not on record"]),
        (lambda r: r["issues"].append(issue_of(r, "dates")), ["dates", "do not give this issue"]),
        (lambda r: issue_of(r, "jump", "bing")["cells"][1].update(value="3.1"), ["jump, bing", "holds 3.0"]),
        (lambda r: issue_of(r, "jump", "bing")["cells"][1]["source"].update(row=3), ["jump, bing", "is no cell of this issue"]),
        (lambda r: issue_of(r, "jump", "bing")["cells"].pop(2), ["without its cell"]),
    ],
)  # fmt: skip
def test_what_is_changed_in_the_record_of_issues_is_named(demo, change, words):
    record = json.loads(quality(demo).read_text("utf-8"))
    change(record)
    quality(demo).write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    found = left(demo, NAME, "quality.json")
    said = " ".join(f"{item.place} {item.text} {item.reason}" for item in found)
    for word in words:
        assert word in said


PAGE = "_site/reports/demo/2021-q2.html"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("<li>甲县罚款为9.9，2020年二季度为3.7", "<li>甲县罚款为9.9，2020年二季度为3.9", ["填报质量", "3.9", "recomputed 3.7"]),
        ("<li>乙县的立案（22起）", "<li>乙县的立案（23起）", ["recomputed 22"]),
        ("<li>丙县填报的排名为3", "<li>丁县填报的排名为3", ["丁", "recomputed 丙"]),
        ("<li>戊县在《执法情况表》中各项为空，不参加排名。</li>", "", ["an issue that the page does not name"]),
        ("<h3>填报质量</h3>\n<ul>", "<h3>填报质量</h3>\n<ul><li>甲县在《执法情况表》中各项为空，不参加排名。</li>", ["甲县"]),
        ('"faults.count">10<', '"faults.count">11<', ["recomputed 10"]),
        ('"faults.kind1">1<', '"faults.kind1">2<', ["recomputed 1"]),
        ("逻辑错误<span", "数据缺项<span", ["not the kind that is counted: 逻辑错误"]),
        ('"unlogical.unit_count">3<', '"unlogical.unit_count">2<', ["recomputed 3"]),
        ('"unlogical.unit.bing">丙县<', '"unlogical.unit.bing">丁县<', ["丁县", "丙县"]),
        ('"unlogical.unit_count">多数<', '"unlogical.unit_count">部分<', ["部分"]),
        ('"many_low.count">部分<', '"many_low.count">多数<', ["多数"]),
    ],
)  # fmt: skip
def test_what_is_changed_on_the_page_is_named(demo, old, new, words):
    edit(demo / PAGE, old, new)
    said = " ".join(f"{item.place} {item.text} {item.sentence} {item.reason}" for item in left(demo, NAME, "html"))
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("work.csv", "丙县,90,36,14.5,40.0,3", "丙县,90,36,14.5,40.0,2", ["reported-rank", "do not give", "finding faults", "kind3"]),
        ("work.csv", "戊县,,,,,", "戊县,,,1.0,,", ["blank-return, wu", "do not give"]),
        ("facts.csv", "应完成,5", "应完成,6", ["fits, bing", "recomputed 6"]),
        ("more.csv", "丁县,,", "丁县,3,", ["an issue of hazchem_also that is not on record"]),
    ],
)  # fmt: skip
def test_a_raw_figure_changed_after_the_build_is_named_in_the_issues(demo, file, old, new, words):
    edit(demo / "data" / "raw" / "demo" / "2021-q2" / file, old, new)
    said = " ".join(f"{item.place} {item.text} {item.reason} {item.sentence}" for item in left(demo, NAME))
    for word in words:
        assert word in said


def test_some_of_the_units_is_not_some_of_the_faults(demo):
    path = demo / "data" / "processed" / "demo" / "2021-q2" / "findings.json"
    record = json.loads(path.read_text("utf-8"))
    finding = next(finding for finding in record["findings"] if finding["id"] == "unlogical")
    (place, *_) = (number for number in finding["numbers"]["zh"] if number["text"] == "多数")
    assert place["key"] == "unlogical.unit_count"
    place["key"] = "unlogical.count"
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    assert any(place["text"] == item.text for item in left(demo, NAME, "findings.json"))


def test_nothing_is_left_over_of_a_bulletin_that_counts_its_faults(demo_site):
    project = Project(demo_site)
    account = audit(project, "demo", Period.parse("2021-q2"))
    assert account.left == []
    assert account.not_audited == []
    assert account.documents == ["findings.json", "quality.json", "robustness.json", "html"]


def test_a_finding_of_another_kind_of_fault_is_named(demo):
    path = demo / "data" / "processed" / "demo" / "2021-q2" / "findings.json"
    record = json.loads(path.read_text("utf-8"))
    finding = next(finding for finding in record["findings"] if finding["id"] == "faults")
    finding["units"] = finding["units"][1:]
    finding["text"]["en"] = finding["text"]["en"].replace("logic errors (1)", "wrong totals (1)")
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    said = " ".join(item.reason for item in left(demo, NAME, "findings.json"))
    assert "units picked: jia、yi、bing、ding、wu" in said
    assert "not the kind that is counted: logic errors" in said
