"""What chance could do to rates, worked out twice; each digit and name of the reviewers' section is held against it."""

import html as markup
import json
import re
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tongbao.audit import chance_numbers
from tongbao.audit.page import _Builder

from conftest import PARTS
from demo import NAME, edit, left
from tongbao_chance import funnel, intervals, ranks
from tongbao_chance.intervals import Count

TAIZHOU = ("taizhou-andun", "2019-04-to-06")
models = st.sampled_from(["binomial", "poisson"])
counts = st.tuples(st.integers(0, 60), st.integers(1, 60)).map(lambda pair: (min(pair), max(pair)))


def near(one, other):
    return abs(Decimal(other) - one) <= Decimal("1e-8")


@given(count=counts, model=models)
def test_intervals_come_out_the_same(count, model):
    theirs = intervals.score_interval(Count(*count), model)
    ours = chance_numbers.interval(count, model)
    assert near(ours[0], theirs.lower)
    assert near(ours[1], theirs.upper)


@settings(max_examples=80, deadline=None)
@given(size=st.integers(1, 400), target=counts, model=models)
def test_limits_come_out_the_same(size, target, model):
    theirs = funnel.funnel_limits(size, Decimal(target[0]) / target[1], model)
    inner, outer = chance_numbers.limits(size, Fraction(*target), model)
    for ends, right in ((inner, theirs.inner), (outer, theirs.outer)):
        assert near(ends[0], right.lower)
        assert near(ends[1], right.upper)


@settings(max_examples=80, deadline=None)
@given(units=st.lists(counts, min_size=2, max_size=8), target=counts, model=models, falling=st.booleans())
def test_ranks_and_dispersion_come_out_the_same(units, target, model, falling):
    known = {f"u{number}": count for number, count in enumerate(units)}
    theirs = ranks.surely_higher({unit: Count(*count) for unit, count in known.items()}, model)
    ours = chance_numbers.surely_higher(known, model)
    assert ours == theirs
    assert chance_numbers.possible_ranks(list(known), ours, falling=falling) == ranks.rank_ranges(
        list(known), theirs, descending=falling
    )
    share = Decimal(target[0]) / target[1]
    spread = funnel.dispersion([Count(*count) for count in units], share, model)
    factor, beyond = chance_numbers.dispersion(units, Fraction(*target), model)
    assert chance_numbers.agrees(str(spread.factor), factor, 2, Fraction(100))
    assert beyond == spread.beyond_chance


def test_a_wilson_interval_and_limits_from_the_literature():
    """15 of 148 in Newcombe (1998), table I."""
    assert [round(end, 4) for end in chance_numbers.interval((15, 148), "binomial")] == [
        Decimal("0.0624"),
        Decimal("0.1605"),
    ]


@pytest.fixture
def built(site, tmp_path):
    target = tmp_path / "built"
    for part in (*PARTS, "data/processed/taizhou-andun", "_site/reports/taizhou-andun"):
        source, copy = site / part, target / part
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(source, copy) if source.is_dir() else shutil.copy2(source, copy)
    return target


PAGE = "_site/reports/taizhou-andun/2019-04-to-06.html"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("的有5个单位：高于界限的", "的有6个单位：高于界限的", ["recomputed 5"]),
        ("（过离散系数13.54", "（过离散系数13.45", ["recomputed 13.54"]),
        ("仍在95%界限外的有黄岩区", "仍在95%界限外的有玉环市", ["recomputed 黄岩区"]),
        ("<li>名次不受偶然影响的有：黄岩区（第1位）。</li>", "", ["the page does not say this"]),
        ("低于界限的天台县、椒江区", "低于界限的椒江区", ["天台县"]),
        ("高于界限的黄岩区和玉环市", "低于界限的黄岩区和玉环市", ["recomputed 高"]),
        ("仙居县4.0%低于5.9%", "仙居县4.1%低于5.9%", ["recomputed 4.0"]),
        ("95%区间（2.5%～6.4%）", "95%区间（2.5%～6.5%）", ["recomputed 6.4"]),
        ("第2位玉环市至第9位路桥区", "第2位玉环市至第8位路桥区", ["recomputed 9"]),
        ("<td>16.3～26.7</td>", "<td>16.3～26.8</td>", ["黄岩区, 95%区间（%）", "recomputed 16.3～26.7"]),
        ("<td>2～5</td><td>高于", "<td>2～6</td><td>高于", ["玉环市, 可能名次", "recomputed 2～5"]),
        ("<td>2～6</td><td>界限内", "<td>2～6</td><td>高于95%界限", ["临海市, 与界限相比"]),
        ("<td>49 ÷ 233</td>", "<td>49 ÷ 234</td>", ["recomputed 49 ÷ 233"]),
        ("<td>605</td><td>10.7</td>", "<td>606</td><td>10.7</td>", ["玉环市, 检查家次"]),
        ("<td>2.8～8.9</td><td>1.5～11.0</td>", "<td>2.8～8.9</td><td>1.5～11.1</td>", ["黄岩区, 99.8%界限"]),
        ('<tr><th scope="row">临海市</th><td>652</td><td>7.7</td><td>4.1', '<tr><th scope="row">临安市</th><td>652</td><td>7.7</td><td>4.1', ["临安市"]),
        (">检查处罚率：5个单位在偶然波动的界限外<", ">检查处罚率：4个单位在偶然波动的界限外<", ["4个单位", "not a text of this drawing"]),
        ("检查处罚率漏斗图，全市5.9%", "检查处罚率漏斗图，全市5.8%", ["description"]),
        ("6.1（21÷342）; 检查家次: 342; 名次: 5", "6.1（21÷342）; 检查家次: 342; 名次: 6", ["no unit has these figures"]),
        ("whole: 605; rate: 10.743802; label", "whole: 605; rate: 10.743803; label", ["no unit has these figures"]),
        ("&quot;rate&quot;: 21.030043, &quot;side", "&quot;rate&quot;: 21.030053, &quot;side", ["data", "rate"]),
        ("&quot;text&quot;: &quot;10.7（65÷605）", "&quot;text&quot;: &quot;10.7（66÷605）", ["data", "text"]),
        ("&quot;rate&quot;: 40.30293", "&quot;rate&quot;: 40.30294", ["data", "40.30293"]),
        ("&quot;rate&quot;: 5.896552", "&quot;rate&quot;: 5.896553", ["data", "5.9"]),
    ],
)  # fmt: skip
def test_what_is_changed_in_the_reviewers_section_is_named(built, old, new, words):
    path = built / PAGE
    text = path.read_text("utf-8")
    start = text.index('<section class="robustness"')
    section = text[start:]
    if old not in section:  # attributes may be escaped in another way
        old, new = (one.replace("&quot;", '"') for one in (old, new))
    assert old in section, old
    path.write_text(text[:start] + section.replace(old, new, 1), "utf-8")
    found = [item for item in left(built, TAIZHOU, "html") if item.place.startswith("比率和名次的偶然波动")]
    said = " ".join(f"{item.place} {item.text} {item.reason}" for item in found)
    assert found
    for word in words:
        assert word in said


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda r: r["rates"][0]["units"][0].update(part=50), ["units[huangyan].part", "recomputed 49"]),
        (lambda r: r["rates"][0]["units"][0]["interval_95"].__setitem__(0, "16.288671"), ["interval_95", "16.288661"]),
        (lambda r: r["rates"][0]["units"][1]["limits_998"].__setitem__(1, "9.1"), ["units[yuhuan].limits_998"]),
        (lambda r: r["rates"][0]["units"][1]["possible_ranks"].__setitem__(0, 1), ["units[yuhuan].possible_ranks"]),
        (lambda r: r["rates"][0]["units"].pop(), ["units[8]", "luqiao"]),
        (lambda r: r["rates"][0]["units"][2].update(position="above_95"), ["position", "recomputed inside"]),
        (lambda r: r["rates"][0].update(area="5.896553"), ["area", "5.896552"]),
        (lambda r: r["rates"][0].update(model="poisson"), ["model", "recomputed binomial"]),
        (lambda r: r["rates"][0]["dispersion"].update(factor="13.55"), ["dispersion.factor", "13.54"]),
        (lambda r: r["rates"][0]["dispersion"].update(beyond_chance=False), ["beyond_chance"]),
        (lambda r: r["rates"][0]["swaps"].pop(0), ["swaps"]),
        (lambda r: r["rates"][0]["near_misses"][0].update(threshold="5.8"), ["threshold", "recomputed 5.9"]),
        (lambda r: r["rates"][0]["lists"][0]["may_belong"].pop(), ["may_belong", "recomputed sanmen"]),
        (lambda r: r["rates"].pop(), ["the rate here is penalty_rate"]),
        (lambda r: r["without"].update(penalty_rate="no_counts"), ["rates without an interval"]),
    ],
)  # fmt: skip
def test_what_is_changed_in_the_record_is_named(built, change, words):
    path = built / "data" / "processed" / "taizhou-andun" / "2019-04-to-06" / "robustness.json"
    record = json.loads(path.read_text("utf-8"))
    change(record)
    path.write_text(json.dumps(record, ensure_ascii=False), "utf-8")
    found = left(built, TAIZHOU, "robustness.json")
    said = " ".join(f"{item.place} {item.text} {item.reason}" for item in found)
    assert found
    for word in words:
        assert word in said


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=st.floats(0, 0.999), digit=st.integers(1, 9))
@pytest.mark.long
def test_any_number_in_the_data_of_the_drawing_when_changed_is_found(site, monkeypatch, where, digit):
    text = (site / PAGE).read_text("utf-8")
    start = text.index('data-spec="', text.index('<section class="robustness"')) + len('data-spec="')
    end = text.index('"', start)
    spec = json.loads(markup.unescape(text[start:end]))
    kept = json.dumps(spec["datasets"])
    # A limit of zero is zero at a neighbouring size, too: there another size is no untruth.
    figures = re.finditer(r'(?<!"rate": 0\.0, )"(?:rate|whole|rank)": ([\d.]+)', kept)
    numbers = [m.start(1) + n for m in figures for n, one in enumerate(m[1]) if one.isdigit()]
    at = numbers[int(where * len(numbers))]
    spec["datasets"] = json.loads(kept[:at] + str((int(kept[at]) + digit) % 10 or 1) + kept[at + 1 :])
    if json.dumps(spec["datasets"]) == kept:
        return
    changed = text[:start] + markup.escape(json.dumps(spec, ensure_ascii=False)) + text[end:]

    def read(_path: Path):
        builder = _Builder()
        builder.feed(changed)
        builder.close()
        return builder.root

    monkeypatch.setattr("tongbao.audit.engine.read_page", read)
    assert left(site, TAIZHOU, "html"), kept[at - 40 : at + 20]


def test_a_raw_count_changed_after_the_build_is_named_in_the_section(demo):
    edit(demo / "data" / "raw" / "demo" / "2021-q2" / "work.csv", "甲县,300,33", "甲县,300,34")
    places = {item.place for item in left(demo, NAME)}
    assert any(place.startswith("比率和名次的偶然波动") for place in places)
    assert any(place.startswith("robustness.json: rate, units[jia]") for place in places)


def test_a_series_with_reported_rates_only_says_so(site):
    found = left(site, ("wenzhou-monthly", "2021-01-to-02"))
    assert found == []
