"""Write the checker as one file that needs nothing but Python: ``python tools/bundle_checker.py FILE``."""

import ast
import sys
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "tongbao_verify"
# Each module after those it imports.
MODULES = ("period", "formula", "numerals", "definition", "raw", "books", "record", "claims", "text", "page", "document",
           "checker")  # fmt: skip
HEAD = '''"""Hold published bulletins to their raw figures: python tongbao_verify.py FOLDER [--raw FOLDER] [--json].

Made from the modules of the package tongbao_verify by tools/bundle_checker.py; needs nothing but Python 3.11. Workbooks,
PDF and series.yml are read where python_calamine, pypdfium2 and PyYAML are installed.
"""
'''


def bundle() -> str:
    """The modules one after the other, their imports at the top.

    Raises:
        ValueError: two modules define the same name.
    """
    imports: set[str] = set()
    names: set[str] = set()
    parts: list[str] = []
    for module in MODULES:
        source = (PACKAGE / f"{module}.py").read_text("utf-8")
        docstring, *statements = ast.parse(source).body
        rest = [node for node in statements if not isinstance(node, ast.Import | ast.ImportFrom)]
        imports |= {ast.unparse(node) for node in statements if isinstance(node, ast.Import)}
        imports |= {ast.unparse(node) for node in statements
                    if isinstance(node, ast.ImportFrom) and not f"{node.module}".startswith("tongbao_verify")}  # fmt: skip
        defined = {name for node in rest for name in _defined(node)}
        if twice := names & defined:
            raise ValueError(f"{module}: {', '.join(sorted(twice))} is defined in another module, too")
        names |= defined
        lines = source.splitlines()
        comments = [f"# {line}".rstrip() for line in ast.get_docstring(ast.Module([docstring], [])).splitlines()]
        first = docstring.end_lineno + 1 + max((n.end_lineno - docstring.end_lineno for n in statements
                                                if n not in rest), default=0)  # fmt: skip
        parts.append("\n".join(["", "", f"# {'-' * 20} {module}", *comments, *lines[first - 1 :]]))
    future = "from __future__ import annotations"
    top = "\n".join(sorted(imports - {future}, key=lambda line: (line.startswith("from"), line)))
    return f"{HEAD}\n{future}\n\n{top}\n" + "\n".join(parts) + '\n\nif __name__ == "__main__":\n    sys.exit(main())\n'


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(bundle(), "utf-8")
