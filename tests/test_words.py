"""One table of words in every language: complete, and nowhere else in the main way."""

import ast
import re
from pathlib import Path

import pytest

import tongbao
from tongbao.words import WORDS, Word, Words, pieces, with_numerals
from tongbao_chance.page_words import CHANCE_WORDS, ChanceWords
from tongbao_review.words import REVIEW_WORDS, ReviewWords

SOURCE = Path(tongbao.__file__).parent
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
# No words of a page: what files and definitions are read by, the grammar of numbers and dates;
# and what kinds of rules and of checks say, which stands with them.
ELSEWHERE = (
    "words",
    "definition",
    "reading",
    "checks",
    "findings",
    "basics/language.py",
    "basics/period.py",
    "basics/measurement.py",  # units as they are written
    "basics/catalogue.py",  # punctuation of what is said to users
    "basics/errors.py",
    "display/fonts.py",  # what faces are called
    "bulletin/annexes.py",  # how issuers name ranks
    "bulletin/dictionary.py",  # what columns of data files hold, in both languages
    "cli",
)
READ = {
    "个",
    "家",
    "N地",
    "，",
    "。.",
    "（[^）]*）|[!-~]+ *|.",
    "(?=[（(][^（(]*[）)]$)",
    r"[（(]?(?:[!-~]+|[^\s（）])[）)]?",
}  # units of measurement and how to name, as definitions write them; between names of files
DOCUMENTED = {"What stands behind the figure (以上, 左右).", "its words in the column 英文数值"}


TABLES = {
    "tongbao/words/__init__.py": (Words, WORDS),
    "tongbao_chance/page_words.py": (ChanceWords, CHANCE_WORDS),
    "tongbao_review/words.py": (ReviewWords, REVIEW_WORDS),
}
NAMES = {table: [name for name, word in vars(table).items() if isinstance(word, Word)] for table, _ in TABLES.values()}


@pytest.mark.parametrize("file", TABLES)
def test_every_word_is_given_once_in_every_language(file):
    table, known = TABLES[file]
    tree = ast.parse((SOURCE.parent / file).read_text("utf-8"))
    (found,) = (node for node in tree.body if isinstance(node, ast.ClassDef) and node.name == table.__name__)
    names = [target.id for node in found.body if isinstance(node, ast.Assign) for target in node.targets]
    assert names == NAMES[table]
    assert [words for words in known["en"] if CHINESE.search(words)] == []


@pytest.mark.parametrize("table", [ChanceWords, ReviewWords])
def test_no_word_of_all_pages_is_another_for_reviewers(table):
    assert set(NAMES[Words]).isdisjoint(NAMES[table])


@pytest.mark.parametrize(("file", "name"), [(file, name) for file, (one, _) in TABLES.items() for name in NAMES[one]])
def test_all_languages_fill_in_the_same(file, name):
    words = {lang: getattr(words, name) for lang, words in TABLES[file][1].items()}
    assert sorted(re.findall(r"\{\w*\}", words["zh"])) == sorted(re.findall(r"\{\w*\}", words["en"]))


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
        if name.startswith(ELSEWHERE):
            continue
        found += [(name, text) for text in literals(path) if CHINESE.search(text) and text not in READ | DOCUMENTED]
    assert found == []


@pytest.mark.parametrize("lang", WORDS)
def test_words_with_a_numeral_are_all_listed(lang):
    listed = with_numerals(WORDS[lang]) + with_numerals(CHANCE_WORDS[lang])
    for words in (*WORDS[lang], *CHANCE_WORDS[lang]):
        assert "".join(piece for piece, _ in pieces(words)) == words
        without = re.sub("|".join(map(re.escape, sorted(listed, key=len, reverse=True))), "", words)
        assert not re.search(r"\d", without)
    assert listed
