"""Decisions made in several copies of a project: none is overlooked, a withdrawal least of all."""

import json
import shutil
from datetime import timedelta

import pytest
from test_approval import NOON, approve, bulletin, committed, fallen, in_git

from conftest import tongbao
from demo import ID
from tongbao_office import approval
from tongbao_office.decisions import file_name
from tongbao_office.records import Decision


@pytest.fixture
def project(demo_site, tmp_path):
    return shutil.copytree(demo_site, tmp_path / "project", symlinks=True)


@pytest.fixture
def other(project, tmp_path):
    """Another copy of the project, in which 王芳 has approved."""
    approve(project, "王芳")
    committed(project)
    clone = shutil.copytree(project, tmp_path / "other", symlinks=True)
    in_git(clone, "remote", "add", "origin", str(project))
    return clone


def withdraw(project, by, minutes):
    return approval.withdraw(bulletin(project), by, "", None, NOON + timedelta(minutes=minutes))


def commit(project):
    in_git(project, "add", "reports/demo/approvals")
    in_git(project, "commit", "--quiet", "-m", "decided")


def pull(project):
    in_git(project, "pull", "--quiet", "--no-rebase", "--no-edit", "origin", "main")


def without_knowledge(path):
    """A record as one that does not say in whose knowledge it was made."""
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({name: value for name, value in record.items() if name != "after"}), "utf-8")


@pytest.mark.further
@pytest.mark.parametrize("minutes", [5, 2], ids=["later", "between"])
def test_a_withdrawal_in_another_copy_holds_though_its_approver_has_approved_again(project, other, minutes):
    withdraw(project, "王芳", 1)
    approve(project, "王芳", 4)
    assert approval.standing(bulletin(project)).is_approved
    commit(project)
    beside = withdraw(other, "王芳", minutes).path.name
    commit(other)
    pull(other)
    assert fallen(other) == [("王芳", f"withdrawn in {beside}, of which it does not know")]
    assert "not approved  demo@2021-q2: 0 of 1" in tongbao(other, "status", ID).stdout
    approve(other, "王芳", 9)
    assert approval.standing(bulletin(other)).is_approved


@pytest.mark.further
def test_what_another_person_has_approved_beside_a_withdrawal_stands(project, other):
    withdraw(project, "王芳", 1)
    commit(project)
    approve(other, "赵强", 2)
    commit(other)
    pull(other)
    assert [one.record.by for one in approval.standing(bulletin(other)).holding] == ["赵强"]


@pytest.mark.further
@pytest.mark.parametrize(("number", "minutes", "holds"), [(3, 2, True), (3, 0, False), (2, 2, False), (1, 2, False)])
def test_of_records_that_do_not_say_what_they_knew_number_and_time_must_be_later(project, number, minutes, holds):
    first = approve(project, "王芳").path
    withdraw(project, "王芳", 1)
    second = approve(project, "王芳", 2).path
    text = json.loads(second.read_text("utf-8"))
    time = (NOON + timedelta(minutes=minutes)).isoformat()
    record = Decision.model_validate(text | {"number": number, "time": time, "after": {}})
    second.unlink()
    second = first.with_name(file_name(record))
    second.write_text(record.model_dump_json(by_alias=True), "utf-8")
    without_knowledge(second)
    assert approval.standing(bulletin(project)).is_approved == holds


@pytest.mark.further
@pytest.mark.parametrize("upstream", [True, False])
def test_a_withdrawal_that_was_fetched_and_not_merged_is_not_overlooked(project, other, tmp_path, upstream):
    in_git(other, "fetch", "--quiet", "origin")
    if upstream:
        in_git(other, "branch", "--quiet", "--set-upstream-to=origin/main")
    tongbao(other, "publish", str(tmp_path / "before"), ID)
    path = withdraw(project, "王芳", 1).path
    commit(project)
    assert approval.standing(bulletin(other)).is_approved  # nobody knows of it yet
    in_git(other, "fetch", "--quiet", "origin")
    reason = f"origin/main has decisions that are not merged here\n{path.name}\ngit pull"
    assert fallen(other) == [("王芳", reason)]
    assert "origin/main has decisions that are not merged here" in tongbao(other, "status", ID).stdout
    for site in ("before", "after"):
        said = tongbao(other, "publish", str(tmp_path / site), ID, code=1).stderr
        assert "not approved: 0 of 1 approvals hold" in said
        assert "hint:     git pull" in said
    pull(other)
    assert fallen(other) == [("王芳", "withdrawn")]


def test_what_was_fetched_of_another_bulletin_or_branch_is_in_nobodys_way(project, other):
    folder = project / "reports/demo/approvals"
    (folder / "2021-q1.0001.20210712T120000.json").write_text("{}", "utf-8")
    commit(project)
    in_git(project, "checkout", "--quiet", "-b", "more")
    withdraw(project, "王芳", 1)
    commit(project)
    in_git(other, "fetch", "--quiet", "origin")
    assert approval.standing(bulletin(other)).is_approved
