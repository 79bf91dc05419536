import json
import re
import shutil
import subprocess
import sys

import pytest

from conftest import edit, tongbao
from tongbao import __version__, cli_output
from tongbao.cli import main


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the command in this process; returns exit code, output and error output."""

    def call(project, *arguments):
        monkeypatch.chdir(project)
        monkeypatch.setattr(sys, "argv", ["tongbao", *arguments])
        monkeypatch.setenv("COLUMNS", "200")
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        return stop.value.code, captured.out, captured.err

    return call


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "wenzhou-montly"], ["no series wenzhou-montly", "did you mean wenzhou-monthly?"]),
        (["build", "wenzhou-monthly@2021-01-to-03"], ["no figures for 2021-01-to-03", "did you mean 2021-01-to-02?"]),
        (["build", "wenzhou-monthly@2021-1"], ["not a period", "2021-1"]),
        (["build", "wenzhou-monthly@"], ["not a period", "YYYY-01-to-02"]),
        (["build", "wenzhou-monthly", "-p", "belowrate=15"], ["no parameter belowrate", "did you mean below_rate?"]),
        (["build", "wenzhou-monthly", "-p", "below_rate=high"], ["not a number", "a number from 0 to 100"]),
        (["build", "wenzhou-monthly", "-p", "below_rate=120"], ["120", "a number from 0 to 100"]),
        (["build", "wenzhou-monthly", "-p", "top_n=2.5"], ["a whole number is needed", "from 1 to 10"]),
        (["build", "wenzhou-monthly", "-p", "below_rate"], ["NAME=VALUE"]),
        (["build", "wenzhou-monthly", "-p", "top_n=2", "-p", "top_n=3"], ["given twice"]),
        (["build", "-p", "below_rate=15"], ["has no parameter below_rate", "name the series it belongs to"]),
        (["build", "--format", "htm"], ["no format htm", "did you mean html?"]),
        (["build", "--format", ","], ["no format given"]),
        (["build", "--engine", "quatro"], ["no engine quatro", "did you mean quarto?"]),
        (["diff", "wenzhou-monthly"], ["for one period", "wenzhou-monthly@2021-01-to-02"]),
        (["names", "wenzhou-montly"], ["did you mean wenzhou-monthly?"]),
        (["status", "taizhou"], ["no series taizhou", "did you mean taizhou-andun?"]),
        (["list", "taizhou"], ["no series taizhou"]),
    ],
)
def test_usage_errors_exit_2_before_anything_runs(run, project, arguments, words):
    code, _, error = run(project, *arguments)
    assert code == 2
    for word in words:
        assert word in error
    assert not (project / "_site").exists()
    assert not (project / ".tongbao").exists()


@pytest.mark.parametrize("arguments", [["build", "--jobs", "0"], ["build", "--nonsense"], ["bild"]])
def test_unknown_options_exit_2(run, project, arguments):
    assert run(project, *arguments)[0] == 2


def test_no_project_here(run, tmp_path):
    code, _, error = run(tmp_path, "list")
    assert code == 2
    assert "no project here" in error


@pytest.mark.parametrize("command", [["build"], ["check"], ["list"]])
def test_two_folders_of_the_same_months_are_told_before_anything_runs(run, project, command):
    """Comparisons would take the figures of one of them, and nobody knows of which."""
    raw = project / "data/raw/wenzhou-monthly"
    for period in ("2020-q1", "2020-01-to-03", "2020-02-to-03"):
        shutil.copytree(raw / "2021-01-to-02", raw / period)
    code, _, error = run(project, *command)
    assert code == 2
    assert "two folders hold the same months" in error
    for folder in ("2020-q1", "2020-01-to-03"):
        assert f"data/raw/wenzhou-monthly/{folder}" in error
    assert "2020-02-to-03" not in error
    assert not (project / "_site").exists()


def test_bad_data_exit_1_all_at_once_and_leave_their_pages_alone(run, project):
    for series, period, name in [
        ("taizhou-andun", "2019-04-to-06", "annex.csv"),
        ("wenzhou-monthly", "2021-01-to-02", "annex2.csv"),
    ]:
        path = project / "data" / "raw" / series / period / name
        path.write_text(path.read_text("utf-8").replace(",", ",?", 20), "utf-8")
    code, _, error = run(project, "build", "taizhou-andun", "wenzhou-monthly", "--engine", "embedded")
    assert code == 1
    assert "annex.csv" in error
    assert "annex2.csv" in error
    assert "Traceback" not in error
    assert not (project / "_site").exists()


def test_quarto_asked_for_and_absent_exits_3_with_the_hint(project, tmp_path):
    empty = tmp_path / "bin"
    empty.mkdir()
    finished = tongbao(project, "build", "--engine", "quarto", path=str(empty), code=3)
    assert "quarto is not on PATH" in finished.stderr
    assert "--engine embedded" in finished.stderr


def test_a_failing_cell_exits_3_and_names_it(project):
    notebook = project / "notebooks" / "monthly.ipynb"
    source = notebook.read_text("utf-8")
    notebook.write_text(source.replace("bulletin.key_figures()", "bulletin.key_figure()"), "utf-8")
    finished = tongbao(project, "build", "wenzhou-monthly", "--engine", "embedded", code=3)
    assert "monthly.ipynb" in finished.stderr
    assert "key_figure" in finished.stderr
    assert "Traceback" not in finished.stderr
    assert not (project / "_site" / "reports" / "wenzhou-monthly" / "2021-01-to-02.html").exists()


def test_list_names_series_periods_and_parameters(run, project, monkeypatch):
    code, output, _ = run(project, "list")
    assert code == 0
    for word in ("taizhou-andun", "2019-04-to-06", "bottom_n", "wenzhou-monthly", "2021-01-to-02", "below_rate", "20"):
        assert word in output


@pytest.mark.parametrize("typed", ["20%", "２０％", "20 %", "＋20"])
def test_a_parameter_is_read_as_people_type_it(run, project, typed):
    code, output, _ = run(project, "diff", "wenzhou-monthly@2021-01-to-02", "-p", f"below_rate＝{typed}")
    assert code == 0
    assert "nothing changes" in output


def test_a_whole_number_is_no_percentage(run, project):
    code, _, error = run(project, "diff", "wenzhou-monthly@2021-01-to-02", "-p", "top_n=3%")
    assert code == 2
    assert "not a number" in error


def test_names_lists_all_that_a_text_may_use(run, project):
    found = json.loads(tongbao(project, "names", "wenzhou-monthly", "--json").stdout)
    names = {kind: [row["name"] for row in rows] for kind, rows in found.items()}
    assert "penalty_rate" in names["measures"]
    assert "non_accident_share" in names["measures"]
    assert "fact.inspections" in names["facts"]
    assert names["parameters"] == ["param.below_rate", "param.top_n"]
    assert "finding.rate_below" in names["findings"]
    assert set(names["rules"]) == {"state", "list", "range", "split", "target", "change", "judge", "faults"}
    assert "threshold" in next(row["detail"] for row in found["rules"] if row["name"] == "list")
    code, output, _ = run(project, "names", "wenzhou-monthly")
    assert code == 0
    assert "检查处罚率警戒线" in output


def test_names_are_listed_while_one_is_still_unknown(run, project):
    edit(project / "reports/wenzhou-monthly/series.yml", "measure: penalty_rate", "measure: penaltyrat")
    code, _, error = run(project, "build", "wenzhou-monthly")
    assert code == 2
    assert "`tongbao names wenzhou-monthly` lists every name" in error
    code, output, _ = run(project, "names", "wenzhou-monthly")
    assert code == 0
    assert "penalty_rate" in output


def test_check_names_the_units_of_both_circulars(run, project):
    assert "浙南产业集聚区" in tongbao(project, "--lang", "zh", "check", "wenzhou-monthly@2021-01-to-02").stdout
    said = tongbao(project, "--lang", "zh", "check", "taizhou-andun@2019-04-to-06").stdout
    assert "路桥区" in said
    assert "温岭市" in said
    assert "annex.csv C4" in said


def test_check_names_what_lies_there_under_another_name_or_is_of_another_period(project):
    (folder,) = (project / "data/raw/taizhou-andun").iterdir()
    shutil.copy(folder / "annex.csv", folder / "汇总（最终版）.csv")
    table = (folder / "annex.csv").read_text("utf-8")
    (folder / "annex.csv").write_text("2019年5月情况统计表\n2019年1-6月\n填报时间：2019年7月\n" + table, "utf-8")
    said = tongbao(project, "check", "taizhou-andun").stdout
    assert f"not read    {folder.relative_to(project).as_posix()}/汇总（最终版）.csv: no table" in said
    assert "another period" not in said, "January to June ends when the period does"
    assert "says January–June 2019, but was received for April–June 2019" in " ".join(said.split())
    assert "2019-01-to-06" not in said
    assert "name the period's folder by all their months" in " ".join(said.split())


@pytest.mark.parametrize("placeholder", ["finding.nothing_such", "figure.nothing_such", "fact.nothing_such"])
@pytest.mark.parametrize("part", ["main_points", "opening", "paragraphs"])
def test_check_finds_what_a_build_would_stop_at_in_the_texts(run, project, placeholder, part):
    path = project / "reports/taizhou-andun/series.yml"
    first = {"main_points": "专项行动共检查", "opening": "按照《台州市", "paragraphs": "行动以面上检查"}[part]
    text = path.read_text("utf-8")
    path.write_text(text.replace(first, first + "{{ " + placeholder + " }}", 1), "utf-8")
    code, said, error = run(project, "check", "taizhou-andun")
    assert code == 2
    assert "2 warnings" in said, "the figures are checked all the same"
    assert "nothing_such" in error
    assert part in error


@pytest.mark.parametrize(
    "title", ["2019年5月情况统计表", "情况统计表（5月份）", "1-5月情况统计表", "2018年4-6月情况统计表"]
)
@pytest.mark.parametrize("command", ["check", "build"])
def test_a_table_that_says_it_is_of_another_period_is_refused(run, project, command, title):
    table = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    table.write_text(f"{title}\n{table.read_text('utf-8')}", "utf-8")
    code, _said, error = run(project, command, "taizhou-andun")
    assert code == 1
    assert "annex.csv: a table of another period" in error
    assert re.search(r"expected: +2019年4-6月", error)


@pytest.mark.parametrize(
    "title",
    ["2019年4-6月情况统计表", "二季度（4-6月）", "截至6月份", "填报时间：2019年7月5日", "2019年二季度（上半年累计）"],
)
def test_a_table_of_the_period_may_say_so(run, project, title):
    table = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    table.write_text(f"{title}\n{table.read_text('utf-8')}", "utf-8")
    assert run(project, "check", "taizhou-andun")[0] == 0


def test_check_for_machines(project):
    (record,) = json.loads(tongbao(project, "--lang", "zh", "check", "taizhou-andun", "--json").stdout)
    assert [issue["unit"] for issue in record["issues"]] == ["luqiao", "wenling"]
    assert record["issues"][0]["cells"][0]["source"]["row"] == 4


def test_check_exits_1_on_an_error(project):
    path = project / "data/raw/taizhou-andun/2019-04-to-06/annex.csv"
    path.write_text(path.read_text("utf-8").replace("椒江区,908", "椒江区,20"), "utf-8")
    assert "1项错误" in tongbao(project, "--lang", "zh", "check", "taizhou-andun", code=1).stdout


@pytest.mark.parametrize("arguments", [["--version"], ["build", "--help"], []])
def test_help_and_version(run, project, arguments):
    code, output, error = run(project, *arguments)
    assert code == (2 if not arguments else 0)
    assert __version__ in output if "--version" in arguments else "Usage" in output + error


def test_python_m_tongbao_is_the_same_command(project):
    command = [sys.executable, "-m", "tongbao", "--version"]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
    assert done.stdout == f"tongbao {__version__}\n"


def test_works_from_a_folder_below_the_project(run, project):
    assert run(project / "notebooks", "list")[0] == 0


def test_verify_names_a_definition_or_text_that_is_not_the_one_on_record(built):
    text = built / "reports" / "wenzhou-monthly" / "2021-01-to-02.md"
    definition = text.with_name("series.yml")
    text.write_text(text.read_text("utf-8").replace("力度不足", "力度不够", 1), "utf-8")
    definition.write_text(definition.read_text("utf-8") + "\n", "utf-8")
    said = tongbao(built, "verify", "wenzhou-monthly", code=1).stdout
    assert "2021-01-to-02.md is not the text on record" in said
    assert "series.yml is not the definition" not in said  # a blank line says nothing
    definition.write_text(definition.read_text("utf-8").replace("default: 20,", "default: 25,", 1), "utf-8")
    said = tongbao(built, "verify", "wenzhou-monthly", code=1).stdout
    assert "series.yml is not the definition on record: parameters" in said


def test_progress_in_a_file_is_a_line_now_and_then(capsys, monkeypatch):
    clock = iter([0, 4, 11, 12, 24])
    monkeypatch.setattr(cli_output, "monotonic", lambda: next(clock))
    with cli_output.progress() as shown:
        shown.started("rendering", 10)
        for number in range(4):
            shown.step(str(number))
    assert capsys.readouterr().err.splitlines() == [
        "rendering  0/10",
        "rendering  2/10  about 44 s left",
        "rendering  4/10  about 36 s left",
    ]
