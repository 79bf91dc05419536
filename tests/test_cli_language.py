"""Messages in Chinese and English: each is translated, none mixes the two, and the reader chooses."""

import ast
import gettext
import os
import re
import subprocess
import sys
from unittest.mock import patch

import pytest
import yaml
from babel.messages.pofile import read_po
from hypothesis import assume, given
from hypothesis import strategies as st
from rich.cells import cell_len

import catalogue as tool
from conftest import tongbao
from tongbao.basics.catalogue import DOMAIN, LOCALE, catalogue
from tongbao.basics.errors import DefinitionError, Original, ToolError, said_in_kernel
from tongbao.cli_output import wrapped
from tongbao.definition.loader import load_series
from tongbao.findings.templates import names_in

with tool.PO.open("rb") as _stream:
    ENTRIES = {message.id: message.string for message in read_po(_stream) if message.id}
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# Names that stay as they are: of programs, formats, fields of a definition.
NAMES = set(
    re.findall(
        r"\w+",
        """tongbao python Python notebook Quarto quarto embedded auto Word PDF HTML XLSX JSON CSV Excel WPS PATH CHECK
        LANG UTF GB zh en html pdf docx htm below rate index audit json bulletin yml mean sum x bild assessment series
        build list status check form new diff verify render names papermill YYYY Dask dask Git ZIP SSH""",
    )
)

# Quoted texts, paths, parameters, files, options, ids, cells.
NO_WORDS = re.compile(
    r"^  [a-z]+  +|“[^”]*”|'[^']*'|`[^`]*`|\S*[/@=]\S*|[\w.-]*\.[a-z]\w*|--?[a-z][\w-]*|[\w-]*[_-][\w-]*|\b[A-Z]+\d+\b"
)


def in_language(project, *arguments, **environment):
    """What the command prints, of both streams, and its exit code."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_"))}
    done = subprocess.run(
        [sys.executable, "-m", "tongbao", *arguments],
        cwd=project,
        env=clean | {"COLUMNS": "100"} | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr, done.returncode


def here(project, *arguments, **environment):
    """The same in this process."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("LANG", "LC_"))}
    with patch.dict(os.environ, clean | environment, clear=True):
        done = tongbao(project, *arguments, code=None)
    return done.stdout + done.stderr, done.returncode


def english_in(text: str) -> list[str]:
    """Words of English in what is said in Chinese; names, paths, options and ids are none."""
    found = []
    for line in text.splitlines():
        if line.strip().startswith(("tongbao ", "提示：python -m tongbao")):  # an example to type
            continue
        plain = NO_WORDS.sub(" ", line)
        found += [word for word in re.findall(r"[A-Za-z]{2,}", plain) if word not in NAMES]
    return found


def test_every_message_has_a_translation_with_the_same_placeholders():
    found = tool.messages()
    assert [message for message in found if not ENTRIES.get(message)] == []
    assert [message for message in ENTRIES if message not in found] == []
    wrong = [m for m, said in ENTRIES.items() if tool.placeholders(m) != tool.placeholders(said)]
    assert wrong == []
    assert len(found) > 500


def test_translations_are_chinese_with_full_width_punctuation():
    for message, said in ENTRIES.items():
        assert CHINESE.search(said) or not re.search(
            r"[a-z]{3}", re.sub(r"\S*[=_{/]\S*|--\w+|true|quarto|python -m pip .*", "", said)
        ), message
        assert not re.search(r"[\u4e00-\u9fff][,;?!](?!\w)", said), message


def test_what_is_compiled_is_what_is_written():
    compiled = vars(gettext.translation(DOMAIN, LOCALE, ["zh"]))["_catalog"]
    assert {message: said for message, said in compiled.items() if message} == ENTRIES


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("def f(x):\n    raise DataError('a new fault', place=x)", "a new fault"),
        ("def f(x):\n    raise DataError(f'no {x.name} in {x.file}', hint='look again')", "no {name} in {file}"),
        ("def f(x):\n    hint = 'look' + ' again'\n    raise UsageError('x', hint=hint)", "look again"),
        (
            "def f(out, a):\n    out.print(f'  [green]{a.id}[/] moved to {len(a.names)} places')",
            "[green]{id}[/] moved to {names} places",
        ),
        ("def f(a):\n    return f'{a} holds {a.text or \"emptiness\"}'", "emptiness"),
    ],
)
def test_a_new_message_is_found(code, message):
    lines = [text.strip() for text in tool._Module(ast.parse(code), "tongbao/build/x.py").messages()]
    assert message in lines


def test_a_message_is_matched_by_its_longest_entry_and_what_stands_in_it_is_translated_too():
    tell = catalogue("zh")
    assert tell("no series wenzhou; did you mean wenzhou-monthly?") == "没有系列 wenzhou；是不是 wenzhou-monthly？"
    assert tell("the key label is missing") == "缺少键 label"
    assert tell("a.csv is missing") == "a.csv 不存在"
    assert tell("parameter x of y: not a number") == "y 的参数 x：不是数字"
    assert tell("data/raw/a.csv: a column is missing") == "data/raw/a.csv：缺少一列"
    assert tell("  found:    12 bytes\n  鹿城区 9") == "  实际：12字节\n  鹿城区 9"
    said = tell("not all     0 built, 1 unchanged, 1 failed in 3 s")  # columns come first
    assert said == tell("not all") + "     " + tell("0 built, 1 unchanged, 1 failed in 3 s")
    assert tell("Nobody has ever said this.") == "Nobody has ever said this."
    assert catalogue("en")("the key label is missing") == "the key label is missing"


COMMANDS = [
    ([], 2),
    (["--help"], 0),
    *(([name, "--help"], 0) for name in ("build", "list", "status", "check", "form", "new", "diff", "verify")),
    (["list"], 0),
    (["status"], 0),
    (["check", "hotline-monthly"], 0),
    (["bild"], 2),
    (["form"], 2),
    (["build", "--nonsense"], 2),
    (["build", "-j", "x"], 2),
    (["build", "wenzhou-montly"], 2),
    (["build", "wenzhou-monthly@2021-1"], 2),
    (["build", "wenzhou-monthly", "-p", "below_rate=x"], 2),
    (["build", "wenzhou-monthly", "-p", "top_n=2.5"], 2),
    (["build", "wenzhou-monthly", "-p", "below_rate"], 2),
    (["build", "--format", "htm"], 2),
    (["diff", "wenzhou-monthly"], 2),
    (["verify", "wenzhou-monthly"], 1),
    (["verify", "--audit", "wenzhou-monthly"], 1),
    (["new", "x", "--from", "nowhere.xlsx"], 1),
    (["new", "x"], 2),
    (["new", "wenzhou-monthly", "--from", "README.md"], 2),
    (["notebook", "x"], 2),
    (["render", "notebooks/monthly.ipynb"], 2),
]


@pytest.mark.long
def test_nothing_english_where_chinese_is_asked_for_and_nothing_chinese_where_english_is(project):
    for arguments, code in COMMANDS:
        said, ended = in_language(project, *arguments, LANG="zh_CN.UTF-8")
        assert (english_in(said), ended) == ([], code), f"{arguments}: {said}"
        assert CHINESE.search(said)
        said, ended = in_language(project, *arguments, LANG="en_US.UTF-8")
        assert ended == code
        if arguments[:1] != ["list"] and arguments[:1] != ["check"]:  # subjects and measures are data
            plain = re.sub(r".*tongbao (form|new) .*|某市热线办", "", said)
            assert not CHINESE.search(plain), f"{arguments}: {said}"


def test_names_of_commands_stay_as_they_are_typed(tmp_path):
    listed = re.compile(r"^  ([^\s-]\S*)  +\S", re.MULTILINE)
    english, chinese = (
        listed.findall(in_language(tmp_path, "--help", "--lang", lang)[0].split(title)[1])
        for lang, title in (("en", "Commands"), ("zh", "命令\n"))
    )
    assert chinese == english
    assert {"new", "build", "publish"} <= set(chinese)


def test_lang_stands_anywhere_and_beats_the_environment(project):
    chinese, english = "没有系列 x", "no series x"
    for arguments in (["--lang", "zh", "list", "x"], ["list", "x", "--lang=zh"]):
        assert chinese in here(project, *arguments, LANG="en_US.UTF-8")[0]
    assert english in here(project, "list", "x", "--lang", "en", LANG="zh_CN.UTF-8", LANGUAGE="zh_CN")[0]
    for way in (here, in_language):
        assert chinese in way(project, "list", "x", LANG="en_US.UTF-8", LC_ALL="zh_CN.UTF-8")[0]
    for environment in ({}, {"LANG": "C"}):
        assert english in here(project, "list", "x", **environment)[0]
    assert english in in_language(project, "list", "x", LANG="zh_CN.UTF-8", LC_ALL="POSIX")[0]
    said, code = here(project, "build", "--lang", "fr", LANG="zh_CN.UTF-8")
    assert ("没有语言fr" in said, code) == (True, 2)


def test_a_missing_argument_is_called_as_in_the_help(tmp_path):
    said, code = in_language(tmp_path, "publish", LANG="zh_CN.UTF-8")
    assert ("缺少参数'目的地'" in said, code) == (True, 2)


def test_names_are_listed_in_one_language(project):
    chinese, _ = here(project, "names", "wenzhou-monthly", LANG="zh_CN.UTF-8")
    english, _ = here(project, "names", "wenzhou-monthly", LANG="en_US.UTF-8")
    for message in ("measures", "parameters", "in its wording", "in every wording"):
        assert message in english
        assert message not in chinese
        assert catalogue("zh")(message) in chinese


def test_what_another_program_says_is_marked_and_stays_as_it_is():
    said = Original("error: the key label is missing\n  hint: look")
    error = ToolError("typst could not set x.ipynb", found=said)
    assert error.told("zh", catalogue("zh")) == f"typst 无法排版 x.ipynb\n  原文：{said}"
    assert str(error) == f"typst could not set x.ipynb\n  original: {said}"
    assert isinstance(said_in_kernel("KeyError", "x"), Original)
    assert said_in_kernel("UsageError", "no series x") == "no series x"


def test_a_template_that_does_not_end_is_told_in_chinese():
    with pytest.raises(DefinitionError) as caught:
        names_in("{% if x %}")
    told = caught.value.told("zh", catalogue("zh"))
    assert told == "占位符：没有写完：缺少 'elif' 或 'else' 或 'endif'，以结束 'if'"


def test_machine_readable_output_knows_no_language(project):
    said = (tongbao(project, "--lang", lang, "check", "taizhou-andun", "--json").stdout for lang in ("zh", "en"))
    chinese, english = said
    assert chinese == english


def test_a_wrong_figure_is_told_in_one_language(project):
    path = project / "data/raw/wenzhou-monthly/2021-01-to-02/annex1.csv"
    path.write_text(path.read_text("utf-8").replace("鹿城区,42.5,", "鹿城区,四十二,"), "utf-8")
    said, code = here(project, "build", "wenzhou-monthly", LANG="zh_CN.UTF-8")
    assert code == 1
    assert english_in(said) == []
    assert "annex1.csv B2：不是数字\n  实际：四十二\n  应为：罚款总数（万元）：数字或空白" in said


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("units", "x"),
        ("tables", ["x"]),
        ("formats", 3),
        ("authority", [1]),
        ("main_points", ["x"] * 9),
        ("below_rate.min", "low"),
        ("parameters", {"below_rate": {"label": "x", "default": [1]}}),
        ("sections", None),
        ("findings", {"x": {"rule": "lists", "section": "x"}}),
        ("findings", {"x": {"section": "x"}}),
        ("languages", ["fr"]),
    ],
)
def test_no_complaint_of_pydantics_reaches_a_reader_raw(project, key, value):
    path = project / "reports/wenzhou-monthly/series.yml"
    data = yaml.safe_load(path.read_text("utf-8"))
    data[key] = value
    path.write_text(yaml.safe_dump(data, allow_unicode=True), "utf-8")
    with pytest.raises(DefinitionError) as caught:
        load_series(path)
    assert not re.search(r"Input|should|valid (string|dict|list)|Tuple|Field", str(caught.value)), caught.value
    told = caught.value.told("zh", catalogue("zh"))
    assert CHINESE.search(told)
    assert not re.search(r" (is|are|needed|unknown|missing) ", told), told


@given(st.text(st.sampled_from("通报数据，。：（）“”《》、 abcXYZ-/.12\u3000"), max_size=120), st.integers(12, 80))
def test_lines_are_as_wide_as_asked_for_and_lose_nothing(text, width):
    assume(not re.search(r"(^|\s)[，。：）》”、]", text))
    lines = wrapped(text, width)
    assert re.sub(r"\s", "", "".join(lines)) == re.sub(r"\s", "", text)
    for line in lines[1:]:
        assert not line.lstrip().startswith(("，", "。", "：", "、"))
    for line in lines:
        pieces = re.findall(r"[（《“]*(?:[!-~]+|[^!-~\s])[，。：）》”、]*", line)
        assert cell_len(line.rstrip()) <= width or len(pieces) == 1
