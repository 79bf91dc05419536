"""The checker as one file that needs nothing but Python: ``python -m tongbao_office.checker_file FILE`` writes it."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "tongbao_verify"
# Each module after those it imports.
MODULES = "formula numerals definition raw record claims published page annexes drawing document checker"
HEAD = '''"""Hold published bulletins to their raw figures: python tongbao_verify.py FOLDER [--raw FOLDER] [--json].

Made from the modules of the package tongbao_verify by tongbao_office.checker_file; needs nothing but Python 3.11.
Workbooks and PDF are read where python_calamine and pypdfium2 are installed.
"""

'''
TAIL = '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


def bundle() -> str:
    """The modules one after the other, their imports at the top.

    Raises:
        ValueError: two modules define the same name.
    """
    plain: set[str] = set()
    of_module: dict[str, set[str]] = {}
    names: set[str] = set()
    parts: list[str] = []
    for module in MODULES.split():
        source = (PACKAGE / f"{module}.py").read_text("utf-8")
        body = ast.parse(source).body
        last = 0
        for node in body:
            if isinstance(node, ast.Import):
                plain |= {ast.unparse(node)}
            elif isinstance(node, ast.ImportFrom):
                of_module.setdefault(str(node.module), set()).update(map(ast.unparse, node.names))
            for name in _defined(node):
                if name in names:
                    raise ValueError(f"{module}: {name} is defined in another module, too")
                names.add(name)
            last = node.end_lineno or 0 if isinstance(node, ast.Import | ast.ImportFrom) else last
        said = "".join(
            f"# {line}".rstrip() + "\n" for line in (ast.get_docstring(ast.parse(source)) or "").splitlines()
        )
        parts.append(f"\n\n# {'-' * 20} {module}\n{said}" + "\n".join(source.splitlines()[last:]) + "\n")
    chosen = {name: those for name, those in of_module.items() if not name.startswith("tongbao_verify")}
    lines = [
        *sorted(plain),
        *(f"from {name} import {', '.join(sorted(those))}" for name, those in sorted(chosen.items())),
    ]
    return HEAD + "\n".join(lines) + "\n" + "".join(parts) + TAIL


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bundle(), "utf-8")
