"""Find the messages a user can read, bring the Chinese catalogue in step with them, and compile it.

    python tools/catalogue.py

What is found: in every module, what errors are raised with; in modules that speak to users, every text that reads as
prose; the help of the command line; and what programs we use say (below). An f-string becomes a message with named
placeholders. New messages come into the catalogue untranslated, and a test names them; those that are gone are dropped.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
DRAFT = SOURCE / "tongbao_desk" / "resources" / "series.yml"  # its comments are for whoever drafts a series
PO = SOURCE / "tongbao" / "locale" / "zh" / "LC_MESSAGES" / "tongbao.po"

# Here only what errors are raised with is for the user; the rest is words of bulletins, queries and formulas.
_MOSTLY_OTHER = re.compile(
    r"tongbao/(words|basics/(?!errors)|figures|checks|findings|display|bulletin/(annexes|dictionary|schemas|sheets))"
    r"|tongbao_chance|tongbao_records/(across|count|enterprises|files|header|lacking|tables)|tongbao_verify/numerals|tongbao_desk/draft/notebook"
    r"|tongbao_site/(entry|frame|make|pages|preview|search|tables|trends)"
    r"|tongbao_office/(checker_file|draft_copy|export|front|placing|records)|tongbao_review"
)
_ERRORS = re.compile(r"(Error|(?<!de)[Ff]ault|PydanticCustomError|Option|Argument|Typer|_shown|dict|tell)$")
# Whose functions are commands.
_COMMANDS = tuple(f"cli_{name}.py" for name in ("notebooks", "desk", "doctor", "office", "review", "site", "verify"))
_ARGUMENTS = {"message", "place", "found", "expected", "hint", "help", "metavar"}
_NOT_PROSE = re.compile(
    r"</|<(div|span|p|t|s|svg|li|ul|!--|article|details|section)\b"
    r"|SELECT|FILTER|CASE WHEN|GROUP BY|ORDER BY|PARTITION|LIKE| NULL| NOT |\(it\)|not \(|^it [<>=]"
    r"|\{\{|^lang: |^\w+\(|^tongbao |bold |^default-src |^from tongbao"
)
_PROSE = re.compile(r"[A-Za-z]{2}.* |\w [a-z]{3}|\} [a-z]|[a-z] \{")
_NAME = re.compile(
    r"[$].*|zh.en|[\w./*{}<>-]*[_/.=-][\w./*{}<>-]*|fact.|utf-8|tongbao .*"
    r"|notebooks?|reports|transport|debugpy|quarto render|findings|wording|lang|period|series|names: .*"
)  # of a file, key or option
_SILENT = re.compile(r"getattr$|.*\.(get|glob|r?partition|encode|startswith|removeprefix|replace)$")

# Words that are put together in ways no rule finds.
WORDS = """\
one that was merged or abolished belongs among the series' former_units
name the period's folder by all their months (2026-01-to-06), with `cumulative: monthly`, or correct the title
if the column counts what there is at the end of a month, give it `stated: allowed`: such figures are not summed
withdrawn
the issuer, as on the red heading
what the issuer calls all units together
what the circular is about
to whom it is sent
where the figures come from
the line that applies
columns of words, which are not read
rows that are no units, which are read past
the English names, some characters have two readings.
last period's words
revise them, then delete this line
the date of issue
this is the first day after the period
the day the figures were drawn
the running number
last period's was {number}
NAME=VALUE
Options
Arguments
Commands
COMMAND [ARGS]...
[OPTIONS]
error
warning
note
{count} error
{count} errors
{count} warning
{count} warnings
{count} note
{count} notes
written anew
{name} is {given} here, {default} in the series
{one} or {other}
did you mean {near}? {see}
{one}; {other}
{name} changed
{name} new
{name} removed
spaces
the whole text in quotation marks: "{{ … }}…"
tongbao new {name} --from FILE
{series} --from FILE
SERIES@PERIOD
measures
facts
parameters
findings
rules
texts
cases: {cases}
values: {values}
original:
{header} blank
its own
blank
changed
new
added
removed
counts
ok
missing
broken
packages
faces
characters
encoding
disk
writing
project folder
definitions
installed
"""

# What others say through us: Typer, the operating system, YAML, Jinja.
FOREIGN = """\
Show this message and exit.
Missing command.
No such command {name}.
No such command {name}. Did you mean {near}?
Missing argument {name}.
Missing option {name}.
No such option: {name}
No such option: {name} (Possible options: {names})
No such option: {name} Did you mean {near}?
Option {name} requires an argument.
Option {name} does not take a value.
Got unexpected extra argument ({arguments})
Got unexpected extra arguments ({arguments})
Got unexpected extra argument(s) ({arguments})
Invalid value for {name}: {problem}
Input should be a valid integer, unable to parse string as an integer
Input should be a valid number, unable to parse string as a number
Input should be less than or equal to {limit}
Input should be greater than or equal to {limit}
No such file or directory
Permission denied
Address already in use
Is a directory
Not a directory
File exists
No space left on device
Read-only file system
mapping values are not allowed here
could not find expected ':'
did not find expected key
expected <block end>, but found {token}
expected ',' or '}', but got {token}
expected ',' or ']', but got {token}
expected the node content, but found {token}
expected a single document in the stream
but found another document
found character {character} that cannot start any token
found unexpected end of stream
found unexpected document separator
found
expected
hint
found undefined alias {name}
found duplicate anchor {name}; first occurrence
found unknown escape character {character}
could not determine a constructor for the tag {tag}
special characters are not allowed
block sequence entries are not allowed here
mapping keys are not allowed here
sequence entries are not allowed here
day is out of range for month
month must be in 1..12
unexpected {character}
unexpected char {character} at {place}
unexpected end of template, expected {token}.
expected token {token}, got {other}
Unexpected end of template. Jinja was looking for the following tags: {tags}. \
The innermost block that needs to be closed is {block}.
Encountered unknown tag {name}.
Encountered unknown tag {name}. Jinja was looking for the following tags: {tags}. \
The innermost block that needs to be closed is {block}.
No filter named {name}.
No test named {name}.
{name} is undefined
unexpected end of data
"""


def placeholders(message: str) -> set[str]:
    """The names in braces."""
    return set(re.findall(r"\{([a-z_0-9]*)\}", message))


def messages() -> dict[str, set[str]]:
    """Every message, with the modules it stands in."""
    found: dict[str, set[str]] = {line: {"others"} for line in (WORDS + FOREIGN).splitlines()}
    for comment in re.findall(r"(?<!<)# (?!yaml-|CHECK)([A-Za-z].*)", DRAFT.read_text("utf-8")):
        for part in comment.split(" # ")[0].split("; "):
            found[re.sub(r"<< (\w+) >>", r"{\1}", part)] = {"draft"}
    for path in sorted(SOURCE.glob("tongbao*/**/*.py")):
        name = path.relative_to(SOURCE).as_posix()
        for message in _Module(ast.parse(path.read_text("utf-8")), name).messages():
            for line in message.split("\n"):
                if re.search("[A-Za-z]{2}.", re.sub(r"\[[a-z ]*\]", "", _bare(line))):
                    found.setdefault(line.strip(), set()).add(name)
    return found


def _bare(message: str, left: str = "") -> str:
    return re.sub(r"\{[a-z_0-9]*\}", left, message)


class _Part(str):
    """What stands in a message: a message, too, and be it a single word."""

    __slots__ = ()


class _Module:
    """The messages of one module."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        self.name, self.tree = name, tree
        self.aside = set(_docstrings(tree)) | set(_for_languages(tree))

    def messages(self) -> Iterator[str]:
        for function in ast.walk(self.tree):
            if isinstance(function, ast.FunctionDef):
                yield from self._help(function)
                if function.name == "problems" and "findings" in self.name:
                    yield from (text for text in self._texts(function) if _PROSE.search(_bare(text, "{}")))
                for call in ast.walk(function):
                    if isinstance(call, ast.Call):
                        yield from self._raised(call, function)
        for call in ast.walk(self.tree):
            if isinstance(call, ast.Call) and self.name.endswith(("cli.py", *_COMMANDS)):
                yield from self._raised(call, self.tree)
        if not _MOSTLY_OTHER.match(self.name):
            for text in self._texts(self.tree):
                is_said = isinstance(text, _Part) or _PROSE.search(_bare(text, "{}"))
                if is_said and not _NOT_PROSE.search(text) and not _NAME.fullmatch(text):
                    yield text

    def _help(self, function: ast.FunctionDef) -> Iterator[str]:
        commands = self.name.endswith(_COMMANDS) and not function.name.startswith("_")
        if commands or any("app." in ast.unparse(decorator) for decorator in function.decorator_list):
            for part in (ast.get_docstring(function) or "").split("\n\n"):
                if not part.strip().startswith("tongbao "):
                    yield " ".join(part.split())

    def _raised(self, call: ast.Call, within: ast.AST) -> Iterator[str]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if not _ERRORS.search(name):
            return
        for value in [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg in _ARGUMENTS)]:
            yield from (text for text in self._values(value, within) if not _NAME.fullmatch(text))

    def _values(self, value: ast.expr, within: ast.AST) -> Iterator[str]:
        """The texts that an argument can be, through the names that hold it."""
        for part in ast.walk(value):
            if isinstance(part, ast.Name):
                for other in ast.walk(within):
                    if isinstance(other, ast.Assign | ast.AnnAssign | ast.For | ast.NamedExpr) and other is not value:
                        targets = other.targets if isinstance(other, ast.Assign) else [other.target]
                        source = other.iter if isinstance(other, ast.For) else other.value
                        names = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
                        if part.id in names and source is not None:
                            yield from self._texts(source)
        yield from self._texts(value)

    def _texts(self, tree: ast.AST) -> Iterator[str]:
        """The texts in an expression, joined ones as one."""
        if id(tree) in self.aside or isinstance(tree, ast.Compare):
            return
        if isinstance(tree, ast.Subscript):
            yield from self._texts(tree.slice) if isinstance(tree.slice, ast.JoinedStr) else ()
        elif isinstance(tree, ast.Constant):
            if isinstance(tree.value, str):
                yield tree.value
        elif isinstance(tree, ast.Call):
            for argument in () if _SILENT.match(ast.unparse(tree.func)) else (*tree.args, *tree.keywords):
                yield from self._texts(argument)
        elif isinstance(tree, ast.JoinedStr) or (isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add)):
            yield from self._joined(list(_parts(tree)))
        else:
            for child in ast.iter_child_nodes(tree):
                yield from self._texts(child)

    def _joined(self, parts: list[str | ast.expr]) -> Iterator[str]:
        if not any(isinstance(part, str) for part in parts):
            for part in parts:
                yield from self._texts(part)
            return
        yield _with_placeholders(parts)
        for part in parts:
            for inner in ast.walk(part) if isinstance(part, ast.expr) else ():
                if isinstance(inner, ast.IfExp | ast.BoolOp | ast.Call):
                    yield from map(_Part, self._inner(inner))

    def _inner(self, node: ast.expr) -> Iterator[str]:
        """What is said in the place of something that is not there: ``{name or 'nothing'}``; and joined messages."""
        if isinstance(node, ast.IfExp):
            options = [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            options = node.values[1:]
        else:
            options = [arg for arg in node.args if isinstance(arg, ast.GeneratorExp | ast.ListComp)]
        for option in options:
            if isinstance(option, ast.Constant | ast.JoinedStr | ast.GeneratorExp | ast.ListComp):
                yield from self._texts(getattr(option, "elt", option))


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        elif isinstance(node, ast.Raise) and "AssertionError" in ast.unparse(node):
            yield id(node)


def _for_languages(tree: ast.AST) -> Iterator[int]:
    """Words that stand beside their own Chinese, descriptions for JSON schemas, and patterns."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in {"en", "description", "pattern"}:
            yield id(node.value)
        elif isinstance(node, ast.Dict):
            yield from (id(v) for k, v in zip(node.keys, node.values, strict=True) if k and ast.unparse(k) == "'en'")
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"re.compile", "TextColumn", "ast.unparse"}:
            yield id(node)


def _parts(tree: ast.AST) -> Iterator[str | ast.expr]:
    if isinstance(tree, ast.JoinedStr):
        for value in tree.values:
            yield from _parts(value)
    elif isinstance(tree, ast.BinOp) and isinstance(tree.op, ast.Add):
        yield from _parts(tree.left)
        yield from _parts(tree.right)
    elif isinstance(tree, ast.FormattedValue):
        yield tree.value
    elif isinstance(tree, ast.Constant):
        yield str(tree.value)
    elif isinstance(tree, ast.expr):
        yield tree


def _with_placeholders(parts: list[str | ast.expr]) -> str:
    names: dict[str, str] = {}
    said = ""
    for part in parts:
        if isinstance(part, str):
            said += part
            continue
        name, code = _name(part), ast.unparse(part)
        number = 2
        while names.setdefault(name, code) != code or f"{{{name}}}" in said:
            name, number = f"{name.rstrip('23456789')}{number}", number + 1
        said += f"{{{name}}}"
    return said


def _name(node: ast.expr) -> str:
    """A short name for what stands in a placeholder."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return re.sub("[^a-z0-9]+", "_", name.lower()).strip("_") or "it"
        case ast.Call(func=ast.Attribute(attr="join"), args=[argument, *_]):
            return _name(argument)
        case ast.Call(func=ast.Name(), args=[argument, *_]):
            return _name(argument)
        case ast.Call(func=ast.Attribute(value=value)):
            return _name(value)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return _name(ast.Name(id=key))
        case (
            ast.Subscript(value=value) | ast.BoolOp(values=[value, *_]) | ast.IfExp(body=value) | ast.BinOp(left=value)
        ):
            return _name(value)
        case ast.GeneratorExp(elt=value) | ast.Starred(value=value):
            return _name(value)
    return "it"


def update() -> list[str]:
    """Bring the catalogue in step, and compile it; the messages that lack a translation."""
    with PO.open("rb") as stream:
        old = {message.id: message.string for message in read_po(stream, locale="zh") if message.id}
    comment = "# The messages of the command line in Chinese."
    day = datetime(2026, 1, 1, tzinfo=UTC)  # not now: the same messages give the same bytes
    new = Catalog(locale="zh", domain="tongbao", header_comment=comment, creation_date=day)
    for message, modules in sorted(messages().items(), key=lambda item: (min(item[1]), item[0])):
        new.add(message, old.get(message, ""), locations=[(name, None) for name in sorted(modules)])
    with PO.open("wb") as stream:
        write_po(stream, new, width=120, omit_header=True)
    with PO.with_suffix(".mo").open("wb") as stream:
        write_mo(stream, new)
    return [str(message.id) for message in new if message.id and not message.string]


if __name__ == "__main__":
    lacking = update()
    sys.exit("\n".join(["no translation of:", *lacking]) if lacking else 0)
