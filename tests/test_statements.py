"""docs/statements.md, in both languages: every example is run, and gives the sentences that stand there."""

from __future__ import annotations

import re
from functools import cache

import pytest
import yaml

import examples as tool
from province import define, findings_of, receive

PAGE = tool.text("statements", "en")
COLUMNS = {
    "inspections": {"header": "检查家次", "unit": "家次"},
    "cases": {"header": "立案（起）", "short": {"zh": "立案数", "en": "cases"}, "unit": "起"},
    "fines": {"header": "罚款额（万元）", "short": {"zh": "罚款额", "en": "fines"}, "unit": "万元"},
    "small": {"header": "3000元以下案件", "unit": "起"},
    "due": {"header": "应完成任务", "unit": "项"},
    "done": {"header": "按时完成任务", "unit": "项"},
    "mobile": {
        "header": "掌上执法率（%）",
        "short": {"zh": "掌上执法率", "en": "mobile rate"},
        "unit": "%",
        "area": "none",
    },
    "opened": {
        "header": "掌上执法开通率（%）",
        "short": {"zh": "掌上执法开通率", "en": "accounts opened"},
        "unit": "%",
        "area": "none",
    },
}
HAZCHEM = {"hazchem": {"header": "危化案件", "short": {"zh": "危化品案件", "en": "hazchem cases"}, "unit": "起"}}


@cache
def examples() -> dict[str, tuple[str, str, str]]:
    shown = (part for part in tool.parts("statements") if "heading" in part)
    return {part["heading"]["en"]: (part["rule"], part["says"]["zh"], part["says"]["en"]) for part in shown}


def tables(after: str) -> list[list[str]]:
    """The body of the table that follows some words."""
    lines = PAGE.split(after, 1)[1].strip().split("\n\n", 1)[0].splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]


def figures(after: str) -> dict[str, list[str | None]]:
    header, _, *body = tables(after)
    return {name: [row[index] or None for row in body] for index, name in enumerate(header) if index}


@cache
def findings():
    series = yaml.safe_load(PAGE.split("```yaml series\n", 1)[1].split("```", 1)[0])
    rules = {f"f{index}": yaml.safe_load(rule) for index, (rule, _, _) in enumerate(examples().values())}
    defined = define({"annex": COLUMNS, "hazchem": HAZCHEM}, rules, 8, **series)
    facts = {name: (label, value, unit) for name, label, value, unit in tables("besides:\n")[2:]}
    periods = {
        "2025-02": receive(defined, "2025-02", figures("This period, February 2025:\n"), facts),
        "2024-02": receive(defined, "2024-02", figures("The same period last year, February 2024:\n")),
        "2025-01": receive(defined, "2025-01", figures("The period before, January 2025:\n")),
    }
    return findings_of(defined, periods, "2025-02")


@pytest.mark.parametrize("heading", examples())
def test_an_example_gives_its_sentences(heading):
    index = list(examples()).index(heading)
    _, zh, en = examples()[heading]
    assert findings()[f"f{index}"].text == {"zh": zh, "en": en}


def test_the_page_holds_all_forty_kinds():
    numbers = [int(heading.split(".")[0]) for heading in examples() if heading[0].isdigit()]
    assert numbers == list(range(1, 41))
    assert len(examples()) == PAGE.count("\n### ") == tool.text("statements", "zh").count("\n### ")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", tool.NAMES)
def test_the_pages_are_written_from_the_examples(name, lang):
    assert tool.place(name, lang).read_text("utf-8") == tool.text(name, lang)


def test_the_pages_say_that_their_figures_are_made_up():
    assert "All figures on this page are synthetic" in PAGE
    assert "本页数字均为合成数据" in tool.text("statements", "zh")


def test_every_number_of_every_sentence_is_backed():
    """Digits stand in marks, in dates, or in the wording that the page shows."""
    for index, (rule, _, _) in enumerate(examples().values()):
        finding = findings()[f"f{index}"]
        unmarked = re.sub("\ue000[^\ue002]*\ue002", "", finding.marked["zh"])
        dateless = re.sub(r"\d+年\d+月\d+日", "", unmarked)
        digits = set(re.findall(r"\d+", dateless)) - set(re.findall(r"\d+", rule))
        assert digits == set(), finding.text["zh"]
        assert finding.figures or finding.rule == "state"
