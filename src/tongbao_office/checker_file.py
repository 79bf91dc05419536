"""The checker as one file that needs nothing but Python: ``python -m tongbao_office.checker_file FILE`` writes it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pprint import pformat

from tongbao.basics import catalogue

PACKAGE = Path(__file__).parents[1] / "tongbao_verify"
# Each module after those it imports.
MODULES = (
    "formula numerals definition raw key record claims published page annexes words print drawing notes "
    "document checker"
)
# With which the messages are told in Chinese, and what of its module that takes.
TELLING = Path(catalogue.__file__)
_TELLS = {"Lang", "LANGUAGES", "PLACEHOLDER", "_LONGEST", "_GAPS", "_MANY_GAPS", "language_of", "_Pattern", "Catalogue"}
HEAD = '''"""Hold published bulletins to their raw figures: python tongbao_verify.py FOLDER [--raw FOLDER] [--json].

将已发布的通报与原始数据逐一核对。语言随系统，也可用环境变量 LANG 指定（zh 或 en）。

Made from the modules of the package tongbao_verify by tongbao_office.checker_file; needs nothing but Python 3.11.
Workbooks and PDF are read where python_calamine and pypdfium2 are installed.
"""

'''
TAIL = """

if __name__ == "__main__":
    system = "zh" if (locale.getlocale()[0] or "").startswith(("zh", "Chinese")) else ""
    sys.exit(main(tell=Catalogue(CHINESE) if language_of({"LANG": system, **os.environ}) == "zh" else str))
"""


@cache
def bundle() -> str:
    """The modules one after the other, their imports at the top, and what they say in Chinese.

    Raises:
        ValueError: two modules define the same name.
    """
    plain = {"import locale", "import os"}
    of_module: dict[str, set[str]] = {}
    names: set[str] = set()
    parts: list[str] = []
    paths = [PACKAGE / f"{module}.py" for module in MODULES.split()]
    for path in (*paths, TELLING):
        source = path.read_text("utf-8")
        tree = ast.parse(source)
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        for node in imports:
            if isinstance(node, ast.Import):
                plain |= {ast.unparse(node)}
            else:
                of_module.setdefault(str(node.module), set()).update(map(ast.unparse, node.names))
        own = [node for node in tree.body if path != TELLING or _TELLS.issuperset(_defined(node) or {""})]
        for name in (name for node in own for name in _defined(node)):
            if name in names:
                raise ValueError(f"{path.stem}: {name} is defined in another module, too")
            names.add(name)
        after = source.splitlines()[imports[-1].end_lineno or 0 :]
        body = "\n".join(after if path != TELLING else map(ast.unparse, own))
        parts.append(f"\n\n# {'-' * 20} {path.stem}\n{_remark(ast.get_docstring(tree) or '')}{body}\n")
    chosen = {name: those for name, those in of_module.items() if not name.startswith(("tongbao_verify", "__"))}
    lines = [
        *sorted(plain),
        *(f"from {name} import {', '.join(sorted(those))}" for name, those in sorted(chosen.items())),
    ]
    chinese = f"\n\nCHINESE = {pformat(_chinese(paths), width=120, sort_dicts=True)}\n"
    return HEAD + "\n".join(lines) + "\n" + "".join(parts) + chinese + TAIL


def _remark(text: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in text.splitlines())


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]


def _chinese(paths: list[Path]) -> dict[str, str]:
    """The catalogue's messages whose text stands in one of the modules."""
    said = {text for path in paths for text in _texts(ast.parse(path.read_text("utf-8")))}
    split = catalogue.PLACEHOLDER.split
    return {text: chinese for text, chinese in catalogue.messages("zh").items() if tuple(split(text)[::2]) in said}


def _texts(tree: ast.AST) -> Iterator[tuple[str, ...]]:
    """Each text, in the pieces that its placeholders leave."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield (node.value,)
        elif isinstance(node, ast.JoinedStr):
            pieces = [""]
            for part in node.values:
                if isinstance(part, ast.Constant):
                    pieces[-1] += str(part.value)
                else:
                    pieces.append("")
            yield tuple(pieces)


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bundle(), "utf-8")
