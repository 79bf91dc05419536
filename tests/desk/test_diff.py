"""What a build would change, told before it is made."""

import json
from pathlib import Path

import pytest

from conftest import tongbao
from tongbao.basics.catalogue import catalogue
from tongbao.basics.errors import DataError, UsageError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.saving import save
from tongbao.definition.project import Project
from tongbao_desk.diff import show, would_change

WENZHOU = ("wenzhou-monthly", "2021-01-to-02")
DATA = "data/raw/wenzhou-monthly/2021-01-to-02"


def difference(project: Path, **parameters: object):
    return would_change(Project.find(project), *WENZHOU, parameters)


def record(project: Path, **parameters: object) -> None:
    """Leave the records of a build, as its notebook does."""
    save(Bulletin.open(Project.find(project), *WENZHOU, parameters))


def edit(project: Path, path: str, old: str, new: str) -> None:
    file = project / path
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def sentences(found):
    return {c.name: (c.old and c.old["text"]["zh"], c.new and c.new["text"]["zh"]) for c in found.findings}


def test_another_threshold_changes_one_sentence_and_no_figure(project):
    record(project)
    found = difference(project, below_rate=10)
    assert found.against == "build"
    assert [(change.name, change.old, change.new) for change in found.parameters] == [("below_rate", "20", "10")]
    assert sentences(found) == {
        "rate_below": ("检查处罚率未达20%为龙港市、苍南县和泰顺县", "检查处罚率未达10%为龙港市")
    }
    assert found.figures == ()
    # The main point only quotes the finding.
    assert found.main_points == ()


def test_what_was_built_counts_not_the_defaults(project):
    record(project, below_rate=10)
    assert difference(project, below_rate=10).is_empty
    assert sentences(difference(project))["rate_below"][0] == "检查处罚率未达10%为龙港市"


def test_not_built_yet_compares_with_the_defaults_and_says_so(project):
    found = difference(project, top_n=2)
    assert found.against == "defaults"
    assert set(sentences(found)) == {"fines_top", "hazchem_top", "rate_top"}
    assert "against the defaults (not built yet)" in show(found).plain


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": 0}', '{"schema": 1}'])
def test_a_record_that_cannot_be_read_is_none(project, text):
    record(project)
    (project / "data/processed/wenzhou-monthly/2021-01-to-02/findings.json").write_text(text, "utf-8")
    assert difference(project).against == "nothing"


def test_a_mended_figure_shows_with_its_rank_and_the_sentences_it_moves(project):
    record(project)
    edit(project, f"{DATA}/annex1.csv", "鹿城区,42.5,42.5,3,100.00,1,40.00,4", "鹿城区,42.5,42.5,3,100.00,1,50.00,3")
    found = difference(project)
    figures = {change.name: (change.old["text"], change.new["text"]) for change in found.figures}
    assert figures["penalty_rate@lucheng"] == ("40.00", "50.00")
    # 洞头 stays at 42.86 and only loses its place.
    assert figures["penalty_rate@dongtou"] == ("42.86", "42.86")
    assert sentences(found)["rate_top"][1] == "检查处罚率列前三位为龙湾区、永嘉县和鹿城区"
    assert "鹿城区 检查处罚率: 40.00% (rank 4) → 50.00% (rank 3)" in show(found).plain
    assert "鹿城区 检查处罚率：40.00% （第4名） → 50.00% （第3名）" in show(found, catalogue("zh")).plain


def test_a_figure_that_is_blank_now(project):
    record(project)
    edit(
        project,
        "reports/wenzhou-monthly/series.yml",
        "        area: none\n",
        "        area: none\n        blank: allowed\n",
    )
    edit(project, f"{DATA}/annex1.csv", "12.50,9,100,1", "12.50,9,,")
    assert "收缴率: 100% (rank 1) → blank" in show(difference(project)).plain


def test_a_fact_changes_the_main_point_that_states_it(project):
    record(project)
    edit(project, f"{DATA}/facts.csv", "全市检查企业,248", "全市检查企业,250")
    found = difference(project)
    assert next(change.old for change in found.main_points).startswith("全市检查企业248家次")
    assert next(change.new for change in found.main_points).startswith("全市检查企业250家次")
    assert "headline" in sentences(found)


def test_findings_that_come_and_go(project):
    record(project)
    path = "reports/wenzhou-monthly/series.yml"
    edit(
        project,
        path,
        "findings:\n",
        "findings:\n  extra:\n    rule: state\n    wording: {zh: 新增的结论, en: a new finding}\n",
    )
    edit(project, path, "  nothing_reported:\n", "  not_reported:\n")
    file = project / path
    file.write_text(file.read_text("utf-8").replace("finding.nothing_reported", "finding.not_reported"), "utf-8")
    found = difference(project)
    assert sentences(found)["extra"] == (None, "新增的结论")
    assert sentences(found)["nothing_reported"][1] is None
    listed = found.record()["findings"]
    assert [finding["id"] for finding in listed["added"]] == ["extra", "not_reported"]
    assert [finding["id"] for finding in listed["removed"]] == ["nothing_reported"]
    assert "removed     finding nothing_reported" in show(found).plain


def test_what_differs_stands_out_in_both_sentences(project):
    text = show(difference(project, below_rate=10))
    marked = {(str(span.style), text.plain[span.start : span.end]) for span in text.spans}
    assert ("bold red", "2") in marked
    assert ("bold green", "1") in marked
    assert ("bold red", "、苍南县和泰顺县") in marked


def test_faults_stop_it_as_they_stop_a_build(project):
    with pytest.raises(UsageError, match="no parameter belowrate"):
        difference(project, belowrate=15)
    edit(project, f"{DATA}/annex1.csv", "鹿城区,42.5,42.5", "鹿城区,42.5,99.5")
    with pytest.raises(DataError, match=r"99\.5"):
        difference(project)


def test_the_command_says_it_writes_nothing_and_exits_0(project):
    record(project)
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    said = tongbao(project, "diff", "wenzhou-monthly@2021-01-to-02", "-p", "below_rate=10").stdout
    assert "parameter   below_rate: 20 → 10" in said
    assert "+ 检查处罚率未达10%为龙港市\n" in said
    assert "nothing changes" in tongbao(project, "diff", "wenzhou-monthly@2021-01-to-02").stdout
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_a_fact_that_only_the_text_quotes_is_told(project):
    text, facts = project / "reports/wenzhou-monthly/2021-01-to-02.md", project / DATA / "facts.csv"
    facts.write_text(facts.read_text("utf-8") + "staff,执法队员,1520,人,,台账\n", "utf-8")
    text.write_text(text.read_text("utf-8") + "\n执法队员{{ fact.staff }}人。\n", "utf-8")
    record(project)
    edit(project, f"{DATA}/facts.csv", "1520", "1530")
    shown = show(difference(project)).plain
    assert "  figure      fact.staff: 1520人 → 1530人\n" in shown
    assert "nothing changes" not in shown


def test_the_command_for_machines(project):
    said = json.loads(tongbao(project, "diff", "wenzhou-monthly@2021-01-to-02", "-p", "below_rate=10", "--json").stdout)
    assert (said["series"], said["period"], said["against"]) == (*WENZHOU, "defaults")
    (changed,) = said["findings"]["changed"]
    assert changed["old"]["text"]["en"] == "penalty rates below 20%: Longgang, Cangnan and Taishun"
    assert changed["new"]["units"] == ["longgang"]
    assert said["figures"] == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["wenzhou-monthly"], "a difference is for one period"),
        (["wenzhou-montly@2021-01-to-02"], "did you mean wenzhou-monthly?"),
        (["wenzhou-monthly@2021-03"], "has no figures for 2021-03"),
        (["wenzhou-monthly@2021-01-to-02", "-p", "below_rate=120"], "a number from 0 to 100"),
    ],
)
def test_wrong_names_exit_2(project, arguments, words):
    assert words in tongbao(project, "diff", *arguments, code=2).stderr


def test_before_a_first_build_all_sentences_are_shown(project):
    found = difference(project)
    assert found.against == "nothing"
    shown = show(found).plain
    bulletin = Bulletin.open(Project.find(project), *WENZHOU, {})
    assert all(finding.text["zh"] in shown for finding in bulletin.findings.values())
    assert all(issue.message["zh"] in shown for issue in bulletin.quality)
    assert "全市检查企业248家次，实施行政处罚87起" in shown


def test_what_check_finds_anew_is_part_of_the_difference(project):
    record(project)
    before = {issue.message["zh"] for issue in Bulletin.open(Project.find(project), *WENZHOU, {}).quality}
    # No figure and no sentence of the text changes: only the rank that 鹿城区 reported.
    edit(project, f"{DATA}/annex1.csv", "鹿城区,42.5,42.5,3,", "鹿城区,42.5,42.5,2,")
    after = {issue.message["zh"]: issue.level for issue in Bulletin.open(Project.find(project), *WENZHOU, {}).quality}
    new = set(after) - before
    assert new
    found = difference(project)
    assert {change.name for change in found.issues if change.kind == "added"} == new
    assert all(message in show(found).plain for message in new)
