"""Who and what every kind of rule finds, on two paths: the sentence that tongbao writes, and the oracle's pick.

A wording that prints all that a rule may name makes the sentence tell the whole outcome.
"""

import re
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import ValidationError

from oracles.rules import not_level, pick
from oracles.subjects import BOUNDS
from oracles.worlds import MEASURES, both, rows, with_rule
from tongbao.basics.key import Key
from tongbao.basics.period import Period
from tongbao.findings import find

COMPARED = ("unreported", "uncomputed", "reporting", "size")
TOLD = {  # what the wording of a kind may print: names of units or items, and numbers
    "list": (
        *COMPARED,
        "units",
        "rest",
        "gone",
        "joined",
        "tied_with",
        "focus",
        "count",
        "n",
        "rest_count",
        "total",
        "threshold",
        "lower",
        "upper",
        "before_count",
        "place",
        "focus_value",
    ),
    "range": (*COMPARED, "highest_units", "lowest_units", "spread", "highest", "lowest"),
    "split": (*COMPARED, "above_units", "below_units", "level_units", "above_count", "below_count", "level_count"),
    "target": ("value", "target", "distance", "progress"),
    "change": ("value", "before", "change", "difference", "bounded"),
    "judge": (),
    "state": (),
}
PHRASES = ("bounded", "highest", "lowest", "focus_value")  # a number in words: 近30%, 持平
CASES = (
    "default",
    "one",
    "none",
    "incomplete",
    "all",
    "all_reporting",
    "all_but_one",
    "partial",
    "also",
    "tied",
    "focus_unreported",
    "unreported",
    "no_comparison",
    "no_bound",
    "cleared",
    "shrunk",
    "grown",
    "unchanged",
    "changed",
    "no_earlier",
    "equal",
    "equal_reporting",
    "some_level",
    "all_above",
    "all_below",
    "all_level",
    "missed",
    "met",
    "rise",
    "fall",
    "flat",
    "about_flat",
    "zero_base",
    "negative_base",
    "no_base",
    "missing",
    "unknown",
    "otherwise",
    "much",
    "little",
)

names = st.sampled_from(MEASURES)
of_area = st.sampled_from([name for name in MEASURES if name != "rate"])  # which is no figure of the whole area
formulas = st.sampled_from(
    [
        {"formula": "cases / visits", "decimals": 2, "label": "比", "rank": "ascending"},
        {"formula": "fines - cases", "decimals": 1, "label": "差", "unit": "万元"},
        {"formula": "default(cases, 0)", "decimals": 0, "label": "补零"},
    ]
)
measures = st.one_of(names, formulas)
heads = st.sampled_from(["last_year", "previous"])
hows = st.sampled_from(["percent", "points", "absolute"])
limits = st.one_of(
    st.integers(0, 4),
    st.sampled_from(
        [
            50,
            "33.3",
            "param.line",
            "fact.east",
            "mean.cases",
            "area.share",
            "last_year.cases",
            "previous.share",
            "visits / 2",
            "area.cases / 3",
            "param.n * 2",
        ]
    ),
)
OF_EACH = {"last_year.cases", "previous.share", "visits / 2"}
lower, upper = st.sampled_from(["above", "at_least"]), st.sampled_from(["below", "at_most"])


@st.composite
def bounds(draw):
    kind = draw(st.sampled_from(["lower", "upper", "both", "at"]))
    if kind == "at":
        return {"at": draw(limits)}
    found = {draw(lower): draw(limits)} if kind != "upper" else {}
    return found | ({draw(upper): draw(limits)} if kind != "lower" else {})


def optional(draw, name, values):
    return {name: draw(values)} if draw(st.booleans()) else {}


def conditions_on(values):
    one = bounds().flatmap(lambda found: values.map(lambda name: found | {"value": name}))
    return st.lists(one, min_size=1, max_size=2)


conditions = conditions_on(names)
items = st.sampled_from(
    [["fact.east", "fact.west", "fact.gone", "cases"], ["share", "fact.goal", "fact.gone"]]
).flatmap(
    lambda alike: st.dictionaries(  # a percentage beside amounts is refused
        st.sampled_from("abc"), st.sampled_from(alike).map(lambda v: {"label": v, "value": v}), min_size=1
    )
)


@st.composite
def lists(draw):
    what = draw(st.sampled_from(["filter", "filter", "ranking", "focus", "table", "items", "since"]))
    if what == "table":
        return {"table": "more"} | optional(draw, "since", heads)
    if what == "items":
        rule = {"items": draw(items), "label": "各地"} | (draw(bounds()) if draw(st.booleans()) else {})
        return rule | optional(draw, "order", st.sampled_from(["best", "ascending", "official"]))
    rule = {"measure": draw(measures)}
    if what == "focus":
        return rule | {"focus": draw(st.sampled_from(["jia", "yi"]))} | optional(draw, "order", st.just("worst"))
    if what != "since" and draw(st.booleans()):
        rule = {"measure": draw(measures), "change": draw(heads)} | optional(draw, "change_in", hows)
    if what == "ranking":
        rule |= optional(draw, "order", st.sampled_from(["best", "worst", "descending", "ascending"]))
    else:
        rule |= draw(bounds()) if draw(st.integers(0, 3)) else {"blank": True}
        rule |= optional(draw, "blank", st.just(value=True)) | optional(draw, "where", conditions)
        rule |= optional(draw, "order", st.sampled_from(["best", "worst", "descending", "ascending", "official"]))
    if what == "since":
        return rule | {"since": draw(heads)}
    rule |= optional(draw, "take", st.sampled_from([1, 2, "param.n", 9])) | optional(draw, "also", bounds())
    return rule | optional(draw, "ties", st.sampled_from(["cut", "extend"]))


@st.composite
def compared(draw, kind):
    rule = {"items": draw(items), "label": "各地"} if draw(st.integers(0, 4)) == 0 else {"measure": draw(measures)}
    if "measure" in rule and draw(st.booleans()):
        rule = {"measure": draw(measures), "change": draw(heads)} | optional(draw, "change_in", hows)
    return rule | ({"at": draw(limits)} if kind == "split" else {})


subjects = st.one_of(
    of_area, formulas, st.just({"formula": "cases / visits * 100", "decimals": 1, "label": "率", "unit": "%"})
)
against = st.one_of(heads, st.sampled_from(["fact.east", "fact.gone", "visits", "fact.east * 2"]))
aims = st.sampled_from([5, 20, 0, "0 - 3", "param.line", "fact.goal", "fact.east * 2"])


@st.composite
def changes(draw):
    rule = {"value": draw(subjects), "against": draw(against)} | optional(draw, "change_in", hows)
    return rule | optional(draw, "decimals", st.integers(0, 2)) | optional(draw, "bounded", st.sampled_from([5, 10]))


RULES = {
    "list": lists(),
    "range": compared("range"),
    "split": compared("split"),
    "target": st.fixed_dictionaries({"value": subjects, "target": aims, "limit": st.booleans()}),
    "change": changes(),
    "judge": st.fixed_dictionaries(
        {"when": st.dictionaries(st.sampled_from(["much", "little"]), conditions_on(of_area), min_size=1)}
    ),
    "state": st.fixed_dictionaries({"values": st.dictionaries(st.sampled_from(["a", "b"]), names, min_size=1)}),
}


def telling(kind, rule):
    """A rule whose wording prints what it found, in every case that it knows."""
    shown = "".join(
        f"{{% if {n} is defined %}}{n}={{{{ {n}.text if {n}.text is defined else {n} }}}};{{% endif %}}"
        for n in TOLD[kind]
    )
    worded = {"naming": {"name": "short", "last": "、"}, "wording": {case: {"zh": shown or "。"} for case in CASES}}
    return {"rule": kind} | rule | worded


def told(sentence):
    """What a wording tells by name, without whom its figures leave out."""
    return dict(re.findall(r"(\w+)=([^;]*);", re.sub(r"（[^（）;]*不含[^（）;]*）|，不含[^;]*", "", sentence)))


def says(name, shown, text):
    if name == "total":
        return Fraction(shown) == Fraction(text)
    if name not in {*PHRASES, "threshold", "lower", "upper"}:
        return shown == text
    number = re.search(r"-?[\d.]+", shown)
    if number is None:
        return not Fraction(text)
    # A computed bound has as many decimals more as tell it from the figures beside it.
    decimals, more = (len(one.partition(".")[2]) for one in (text, number[0]))
    step = Fraction(1, 10**decimals)  # what was cut off may be up to it, what was rounded half of it
    return number[0] == text or (more > decimals and abs(Fraction(number[0]) - Fraction(text)) < step)


def define_with(size, rule):
    """The series with the rule, worded for the cases that it knows."""
    assume("items" not in rule or OF_EACH.isdisjoint(str(rule.get(name)) for name in BOUNDS))  # which is refused
    try:
        return with_rule(size, rule)
    except ValidationError as error:
        known = re.search(r"knows only ((?:\w+, )*\w+)", str(error))
        assume(known is not None)
        rule["wording"] = {case: rule["wording"][case] for case in re.split(", ", known[1]) if case in rule["wording"]}
        try:
            return with_rule(size, rule)
        except ValidationError:
            assume(False)  # noqa: FBT003


@pytest.mark.parametrize("kind", RULES)
@given(data=st.data())
def test_both_paths_find_the_same(kind, data):
    size = data.draw(st.integers(2, 5))
    rule = telling(kind, data.draw(RULES[kind]))
    series = define_with(size, rule)
    received = {"2020-12": data.draw(rows(size))}
    received |= {name: data.draw(rows(size)) for name in ("2019-12", "2020-11") if data.draw(st.integers(0, 3))}
    indicators, books = both(series, received, "2020-12")
    found = pick(rule, books)
    finding = find(indicators, Period.parse("2020-12"))["it"]
    assert (finding.case, list(finding.units)) == (found.case, [unit for unit in found.units if unit in books.units])
    names = {unit.id: unit.short for unit in series.units} | {
        name: item["label"] for name, item in rule.get("items", {}).items()
    }
    said = told(finding.text["zh"])
    expected = {name: "、".join(names[one] for one in listed) for name, listed in found.lists.items()} | found.numbers
    if kind == "list":
        expected["units"] = "、".join(names[one] for one in found.units)
    for name, text in expected.items():
        assert says(name, said[name], text), (name, said[name], text)
    assert set(said) - set(expected) <= {"total", "threshold", "lower", "upper"}


@given(data=st.data())
def test_each_name_brings_its_figure_and_its_place(data):
    rule = {"rule": "list", "measure": data.draw(measures), "naming": {"value": True, "places": True}}
    if data.draw(st.booleans()):
        rule |= {"measure": data.draw(measures), "change": data.draw(heads)}
    rule["order"] = data.draw(st.sampled_from(["best", "worst", "descending", "ascending", "official"]))
    series = with_rule(4, rule)
    received = {"2020-12": data.draw(rows(4)), "2020-11": data.draw(rows(4)), "2019-12": data.draw(rows(4))}
    indicators, books = both(series, received, "2020-12")
    found = pick(rule, books)
    shown = {
        (key.name, key.scope): figure
        for text, figure in find(indicators, Period.parse("2020-12"))["it"].figures.items()
        if (key := Key.parse(text)).owner
    }
    for unit in found.units:
        amount = found.each[unit]
        figure = shown.get(("value", unit))
        if "change" in rule and not amount.value:
            assert (figure, amount.value) == (None, 0)
        else:  # a change is not printed as none where it is one
            text = not_level(amount.text, amount.value, Fraction(0)) if "change" in rule else amount.text
            assert figure.text == text
        assert ("place", unit) not in shown or shown["place", unit].value == Fraction(found.places[unit])
