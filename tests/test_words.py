"""One table of words for each language: complete, and nowhere else in the main way."""

import ast
import re
from dataclasses import asdict, fields
from pathlib import Path

import pytest

import tongbao
from tongbao.words import WORDS, Words, pieces, with_numerals

SOURCE = Path(tongbao.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# No words of a page: what files and definitions are read by, the grammar of numbers and dates, names of font files;
# and what kinds of rules and of checks say, which stands with them.
ELSEWHERE = (
    "words",
    "definition",
    "reading",
    "checks",
    "findings",
    "basics/language.py",
    "basics/period.py",
    "display/assets.py",
    "display/word_reference.py",
)
READ = {
    "个",
    "家",
    "N地",
    "，",
}  # units of measurement and how to name, as definitions write them; between names of files
DOCUMENTED = {"What stands behind the figure (以上, 左右).", "its words in the column 英文数值"}


def given(call: ast.Call) -> list[str]:
    return [keyword.arg for keyword in call.keywords]


def test_every_language_gives_every_word_once():
    tree = ast.parse((SOURCE / "words" / "en.py").read_text("utf-8"))
    (call,) = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    assert given(call) == [field.name for field in fields(Words)]
    assert [words for words in asdict(WORDS["en"]).values() if CHINESE.search(words)] == []


@pytest.mark.parametrize("name", [field.name for field in fields(Words)])
def test_all_languages_fill_in_the_same(name):
    braces = {lang: sorted(re.findall(r"\{\w*\}", getattr(words, name))) for lang, words in WORDS.items()}
    assert braces["zh"] == braces["en"]


def literals(path: Path):
    """Texts of a module that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    documentation = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
            yield node.value


def test_no_other_module_holds_words_of_a_page():
    found = []
    for path in SOURCE.rglob("*.py"):
        name = path.relative_to(SOURCE).as_posix()
        if name.startswith((*ELSEWHERE, "audit", "cli.py")):
            continue
        found += [(name, text) for text in literals(path) if CHINESE.search(text) and text not in READ | DOCUMENTED]
    assert found == []


@pytest.mark.parametrize("lang", WORDS)
def test_words_with_a_numeral_are_all_listed(lang):
    listed = with_numerals(lang)
    for words in asdict(WORDS[lang]).values():
        assert "".join(piece for piece, _ in pieces(words)) == words
        without = re.sub("|".join(map(re.escape, sorted(listed, key=len, reverse=True))), "", words)
        assert not re.search(r"\d", without)
    assert listed
