"""A changed share of a fact is called in the page's language; what prints as before is told apart by its decimals."""

import json

import pytest

from conftest import copy_project, edit
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.proof import Proof
from tongbao.definition.project import Project
from tongbao_review.changes import compare
from tongbao_review.named import figure_names, told_apart


@pytest.fixture(scope="module")
def corrected(tmp_path_factory):
    """The hotline's October with one county's figure and the total changed; what that changes."""
    project = copy_project(tmp_path_factory.mktemp("corrected") / "project", "hotline-monthly")
    before = _open(project)
    raw = project / "data/raw/hotline-monthly/2026-10/synthetic-annex.csv"
    edit(raw, "砚池县,967", "砚池县,977")
    edit(raw, "合计,14850", "合计,14860")
    now = _open(project)
    return now, compare(_record(before), _record(now), {}, {})


def _open(project):
    return Bulletin.open(Project(project), "hotline-monthly", "2026-10", {})


def _record(bulletin):
    return json.loads(Proof(bulletin).record().model_dump_json())


@pytest.mark.parametrize(
    ("lang", "market", "others"),
    [
        ("zh", "市场消费占受理量的比重", {"全市受理量", "受理量较上年同期受理量的变化"}),
        ("en", "Shopping and markets share of requests", {"The city requests accepted"}),
    ],
)
def test_a_share_is_called_by_its_item_in_the_language_of_the_page(corrected, lang, market, others):
    bulletin, changes = corrected
    names = figure_names(bulletin.shown_in(lang), changes)
    assert names["fact.market / accepted * 100"] == market
    assert others <= set(names.values())
    if lang == "zh":
        assert not any("accepted" in name for name in names.values())


def test_figures_that_print_as_before_are_told_apart(corrected):
    bulletin, changes = corrected
    names = figure_names(bulletin, changes)
    shown = {names[one.name]: told_apart(bulletin, one.old, one.new) for one in changes.figures}
    assert shown["市场消费占受理量的比重"] == ("15.8%", "15.7%")
    assert shown["生态环境占受理量的比重"] == ("7.6%（7.58%）", "7.6%（7.57%）")
    assert all(before != now for before, now in shown.values())
    english = {one.name: told_apart(bulletin.shown_in("en"), one.old, one.new) for one in changes.figures}
    assert english["fact.environment / accepted * 100"] == ("7.6% (7.58%)", "7.6% (7.57%)")
