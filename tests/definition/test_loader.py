from pathlib import Path

import pytest

from conftest import edit
from tongbao.basics.errors import DefinitionError
from tongbao.basics.period import Period
from tongbao.definition.loader import load_series
from tongbao.definition.project import Project


def broken(project: Path, old: str, new: str) -> str:
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_series(path)
    return str(caught.value)


def line_of(project: Path, words: str) -> str:
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    lines = path.read_text("utf-8").splitlines()
    return f"series.yml:{next(index for index, line in enumerate(lines, start=1) if words in line)}:"


@pytest.mark.parametrize(
    ("old", "new", "words", "complaint"),
    [
        ("\nopening:", "\nopenning:", "openning:", "unknown key openning; did you mean opening?"),
        ("    below: param.below_rate", "    bellow: param.below_rate", "    bellow", "did you mean below?"),
        ("    rule: list", "    rule: lists", "  fines_top:", "lists"),
        (": hazchem_fines\n    take:", ": hazchem_fine\n    take:", "measure: hazchem_fine", "mean hazchem_fines or"),
        ("below: param.below_rate", "below: param.belowrate", "    below: param.be", "did you mean param.below_rate?"),
        ("below: param.below_rate", "below: area.penaltyrate", "    below: area", "did you mean penalty_rate?"),
        ("below: param.below_rate", "below: 20 %", "    below: 20 %", "not a formula"),
        ("below: param.below_rate", "below: area.collection_rate", "    below: area",
         "no figure of the whole area (area: none)"),
        ("below: param.below_rate", "below: last_year.area.collection_rate", "    below: last",
         "mean.collection_rate is the"),
        ("measure: collection_rate", "measure: area.fines", "measure: area.fines", "not a figure that each unit has"),
        ("type: number, default: 20", "type: number, default: 120", "  below_rate:", "must be a number from 0 to 100"),
        ("rank_of: hazchem_fines", "rank_of: fine", "rank_of: fine", "did you mean fines?"),
        ("- table: hazchem", "- table: hazchemical", "- table: hazchemical", "did you mean hazchem?"),
        ("row_order: [lucheng, ", "row_order: [", "row_order", "every unit once"),
        ("- {id: longwan", "- {id: lucheng", "- {id: lucheng, zh: 龙湾区", "unit lucheng stands twice"),
        ("units: # in the order of annex 1", "units: []\nunits:", "units:", "stands twice"),
        ("        decimals: 2\n        area: fact.", "        area: fact.", "      penalty_rate:",
         "the area's computed value of 检查处罚率（%） needs decimals"),
        ("      penalty_rate_rank:", '      "ra nk":', '      "ra nk":', "not a name for formulas"),
        ("      penalty_rate_rank:", "      if:", "      if:", "no word like if"),
        ("file: annex1.csv", f"file: annex{'1' * 200}.csv", "file: annex111", "it is too long"),
        ("file: annex1.csv", 'file: "a**.csv"', 'file: "a**', "** stands for any folders"),
        ("  fines_top:", "  fines/top:", "  fines/top:", "letters, digits, - and _ are expected"),
        ("      incomplete: *reached", "      incompleet: *reached", "    wording:", "incompleet"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(project, old, new, words, complaint):
    error = broken(project, old, new)
    assert complaint in error
    if words not in ("    wording:", "units:"):
        assert line_of(project, words) in error
    assert "series.yml:" in error


def test_all_faults_come_at_once(project):
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    path.write_text(path.read_text("utf-8").replace("measure: hazchem_fines", "measure: hazchem_fine"), "utf-8")
    error = broken(project, "rank_of: penalty_rate}", "rank_of: penalty_rat}")
    assert "hazchem_fine is not declared" in error
    assert "penalty_rat is not declared" in error


def extending(project: Path, text: str):
    path = project / "reports" / "wenzhou-more" / "series.yml"
    path.parent.mkdir()
    path.write_text(text, "utf-8")
    return load_series(path, "reports/wenzhou-more/series.yml")


def test_a_series_takes_over_what_it_does_not_change(project):
    text = (
        "extends: wenzhou-monthly\n"
        "parameters: {below_rate: {default: 15}}\n"
        "checks: {fines_jump: null}\n"
        "languages: [zh]\n"
        "notes: [只有这一条]\n"
        "key_figures: [{label: 罚款额, value: fines}]\n"
    )
    more, base = extending(project, text), load_series(project / "reports" / "wenzhou-monthly" / "series.yml")
    assert more.id == "wenzhou-more"
    assert more.parameters["below_rate"].default == 15
    assert more.parameters["below_rate"].max == 100
    assert set(base.checks) - set(more.checks) == {"fines_jump"}
    assert [note.zh for note in more.notes] == ["只有这一条"]
    assert more.tables == base.tables


def test_a_mapping_can_be_replaced_whole(project):
    charts = "charts: !replace\n  fines: {measure: fines, title: 罚款, subtitle: 万元}\n"
    text = f"extends: wenzhou-monthly\nlanguages: [zh]\n{charts}"
    assert list(extending(project, text).charts) == ["fines"]


def test_a_text_that_is_given_in_chinese_leaves_no_english_of_another(project):
    """The parent's English would stand under a figure that is another one now."""
    with pytest.raises(DefinitionError, match=r"wenzhou-more/series\.yml:2: source"):
        extending(project, "extends: wenzhou-monthly\nsource: {zh: 另一来源}\n")


def test_a_translation_may_be_mended_by_itself(project):
    more = extending(project, "extends: wenzhou-monthly\nsource: {en: the counties' returns}\n")
    assert (more.source.en, more.source.zh[:2]) == ("the counties' returns", "各县")


def test_a_rule_of_another_kind_leaves_nothing_of_the_one_it_replaces(project):
    rule = "findings: {fines_top: {rule: range, measure: fines}}\n"
    more = extending(project, f"extends: wenzhou-monthly\nlanguages: [zh]\n{rule}")
    assert (more.findings["fines_top"].rule, more.findings["fines_top"].wording) == ("range", {})


def test_what_lacks_in_a_series_may_be_given_by_the_one_that_extends_it(project):
    base = project / "reports" / "wenzhou-monthly" / "series.yml"
    edit(base, "\nsource:", "\nsources:")
    text = "extends: wenzhou-monthly\nlanguages: [zh]\nsource: 各县\nsources: null\n"
    extending(project, text)
    opened = Project(project)
    assert opened.prose("wenzhou-more", Period.parse("2021-01-to-02")).parent.name == "wenzhou-monthly"


def test_made_up_facts_are_no_series_of_real_figures(project):
    edit(project / "reports/wenzhou-monthly/series.yml", "\nsource:", "\nsynthetic: true\nsource:")
    extending(project, "extends: wenzhou-monthly\nlanguages: [zh]\nsynthetic: null\n")
    with pytest.raises(DefinitionError, match="made-up facts for a series of real figures") as raised:
        Project(project).facts("wenzhou-more", Period.parse("2021-01-to-02"))
    assert raised.value.place == "data/raw/wenzhou-monthly/2021-01-to-02/facts.csv"
    assert not Project(project).facts("wenzhou-more", Period.parse("2020-03")).is_file()  # where there are none at all


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("extends: wenzhou-montly\n", "no series wenzhou-montly; did you mean wenzhou-monthly?"),
        ("extends: [wenzhou-monthly]\n", "wenzhou-more/series.yml:1: not the id of a series"),
        ("extends: {wenzhou-monthly: true}\n", "not the id of a series"),
        ("extends: 12\n", "in quotation marks where it is a number"),
        ("extends: true\n", "not the id of a series"),
        ("units: !replace [x]\n", "series.yml:1: not valid YAML: !replace goes before keys with values"),
        ("subject: !replace x\n", "a list or a text replaces another one by itself"),
        ("extends: wenzhou-more\n", "a series cannot extend itself"),
        ("# words\nextends: wenzhou-monthly\nfindings: {rate_below: {n: 3}}\n", "series.yml:3"),
    ],
)
def test_faults_of_extending_are_named(project, text, complaint):
    with pytest.raises(DefinitionError) as caught:
        extending(project, text)
    assert complaint in str(caught.value)


def test_a_case_that_only_the_series_can_word_must_be_worded(project):
    judge = '  weak: {rule: judge, when: {low: [{value: fines, below: 1}]}, wording: {low: "低"}}\n'
    assert "no wording for the case otherwise" in broken(project, "  fines_top:\n", f"{judge}  fines_top:\n")


@pytest.mark.parametrize(
    "rule",
    [
        "{rule: change, value: collection_rate, against: last_year}",
        "{rule: change, value: fines, against: collection_rate}",
        "{rule: target, value: collection_rate, target: 90}",
        "{rule: judge, when: {low: [{value: collection_rate, below: 90}]}, wording: {low: 低, otherwise: 高}}",
        "{rule: target, value: {formula: collection_rate - fines, decimals: 1, label: 差}, target: 1}",
    ],
)
def test_a_rule_over_the_area_needs_a_figure_of_the_area(project, rule):
    added = f"\nfindings:\n  whole: {rule}\n"
    assert "the column collection_rate has no figure of the whole area (area: none)" in broken(
        project, "\nfindings:\n", added
    )


def test_a_rule_over_the_area_may_look_at_the_mean_of_the_units(project):
    path = project / "reports" / "wenzhou-monthly" / "series.yml"
    rule = "{rule: target, value: mean.collection_rate, target: 90}"
    path.write_text(path.read_text("utf-8").replace("\nfindings:\n", f"\nfindings:\n  whole: {rule}\n"), "utf-8")
    assert "whole" in load_series(path).findings
