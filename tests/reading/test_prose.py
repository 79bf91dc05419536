from pathlib import Path

import pytest

from conftest import edit
from tongbao.basics.errors import DefinitionError
from tongbao.bulletin.bulletin import Bulletin
from tongbao.bulletin.saving import save
from tongbao.definition.project import Project
from tongbao.reading.prose import as_recorded

FILE = Path("reports/taizhou-andun/2019-04-to-06.md")


def open_with(project: Path, old: str, new: str) -> Bulletin:
    path = project / FILE
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    bulletin = Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})
    bulletin.narrative.section("problems")
    return bulletin


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("fact.fines_drop", "fact.fine_drop", "2019-04-to-06.md:11: fact.fine_drop is not declared"),
        ("finding.rate_last", "finding.rate_lst", "2019-04-to-06.md:15: finding.rate_lst is not declared"),
        ("# 主要问题", "# 主要的问题", "2019-04-to-06.md:7: not a section of the series"),
        ("# 主要问题\n", "文字\n\n# 主要问题\n", "2019-04-to-06.md:7: text before the first section"),
        ("# 下阶段工作要求", "# 主要问题", "a section stands twice"),
        ("issued: 2019-07-22", "issue: 2019-07-22", "06.md:3: issue: unknown key issue; did you mean issued?"),
        ("issued: 2019-07-22", "issued: 22 July", "2019-04-to-06.md:3: issued"),
        ("issued: 2019-07-22", "issued: 2019-06-31", "2019-04-to-06.md:3: issued: no such day: 2019-06-31"),
        ("issued: 2019-07-22", "issued：2019-07-22", "2019-04-to-06.md:3: a full-width colon"),
        ("issued: 2019-07-22", "issued: “2019-07-22”", "2019-04-to-06.md:3: curly quotation marks"),
        ("issued: 2019-07-22", "issued:\t2019-07-22", "2019-04-to-06.md:3: a tab"),
        ("---\nnumber", "number", "no header"),
        ("# 下阶段", "<<<<<<< HEAD\n\n# 下阶段", "two versions of a passage, as Git left them"),
        ("# 下阶段", ">>>>>>> origin/main\n\n# 下阶段", "two versions of a passage, as Git left them"),
        ("# 下阶段", "<!-- 局长批示\n\n# 下阶段", "a remark that does not end"),
        ("{{ fact.cases_trend }}", "{{ fact.cases_trend }", "2019-04-to-06.md:11: template"),
        ("{{ fact.cases_trend }}", "{{ ''.__class__.__mro__ }}", "template"),
    ],
)  # fmt: skip
def test_a_fault_is_named_with_file_and_line(project, old, new, complaint):
    with pytest.raises(DefinitionError) as caught:
        open_with(project, old, new)
    assert complaint in str(caught.value)


def test_a_period_without_text_says_what_to_write(project):
    (project / FILE).unlink()
    with pytest.raises(DefinitionError, match="issued: 2021-03-10"):
        Bulletin.open(Project.find(project), "taizhou-andun", "2019-04-to-06", {})


def test_headings_are_numbered_as_official_documents_are(project):
    text = "\n".join(open_with(project, "执法处罚力度不够", "处罚不够").narrative.section("problems"))
    assert '## <span id="problems"></span>二、主要问题' in text
    assert "### （一）处罚不够" in text
    assert "### （四）信息报送把关不严" in text


@pytest.mark.parametrize(
    "typed", ["2019年7月22日", "2019/7/22", "2019.7.22", "２０１９年７月２２日", "2019-7-22", '"2019-07-22"']
)
def test_dates_are_read_as_people_write_them(project, typed):
    bulletin = open_with(project, "issued: 2019-07-22", f"issued: {typed}")
    assert bulletin.header.issued.isoformat() == "2019-07-22"


def test_an_unknown_placeholder_says_how_to_see_all(project):
    with pytest.raises(DefinitionError) as caught:
        open_with(project, "finding.rate_last", "finding.rate_lst")
    assert "did you mean rate_last?" in caught.value.hint
    assert "tongbao names taizhou-andun" in caught.value.hint


@pytest.mark.parametrize("typed", ["｛｛ finding.rate_last ｝｝", "{{ finding.rate_last ｝｝"])
def test_full_width_braces_are_refused_at_their_line(project, typed):
    path = project / "reports/taizhou-andun/2019-04-to-06.md"
    lines = path.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, start=1) if "{{ finding.rate_last }}" in text)
    with pytest.raises(DefinitionError) as caught:
        open_with(project, "{{ finding.rate_last }}", typed)
    assert caught.value.place == f"reports/taizhou-andun/2019-04-to-06.md:{line}"
    assert (caught.value.message, caught.value.expected) == ("full-width braces", "{{ and }}")


def test_a_remark_is_for_those_who_write_and_goes_nowhere(project):
    bulletin = open_with(project, "# 下阶段", "<!-- 局长批示：数据\n有水分 -->\n\n# 下阶段")
    folder = project / "data/processed/taizhou-andun/2019-04-to-06"
    save(bulletin)
    said = [bulletin.narrative.section(section.id) for section in bulletin.series.sections]
    assert "批示" not in str(said)
    assert as_recorded((project / FILE).read_text("utf-8")) == bulletin.prose["zh"].text
    for path in folder.iterdir():
        assert "水分" not in path.read_text("utf-8", "replace"), path.name


def test_nor_does_one_in_the_head(project):
    bulletin = open_with(project, "issued: 2019-07-22", 'issued: 2019-07-22 # 领导说"缓发"，don\'t publish')
    save(bulletin)
    record = (project / "data/processed/taizhou-andun/2019-04-to-06/findings.json").read_text("utf-8")
    assert "缓发" not in record
    assert "issued: 2019-07-22\\n" in record


def test_in_a_definition_a_remark_would_be_published(project):
    edit(project / "reports/taizhou-andun/series.yml", "opening: ", "opening: <!-- 内部 -->")
    with pytest.raises(DefinitionError, match="a remark in a text would be published with it"):
        Project.find(project).get_series("taizhou-andun")
