"""Write the pages of examples, in English and in Chinese, from one file each: docs/examples/*.yml.

    python tools/examples.py

A part of such a file is text in both languages, what both pages have (a table, a block), or an example: a heading, what
is declared, and what it gives in each language. Tests run the examples as they stand in these files.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

DOCS = Path(__file__).parents[1] / "docs"
NAMES = ("statements", "options")
WORDS = {
    "en": {
        "cells": "Say `work.csv` has {}.",
        "file": "The file received:",
        "without": "Without it:",
        "set": "With it:",
    },
    "zh": {"cells": "假定 `work.csv` 中 {}。", "file": "收到的文件：", "without": "不写时：", "set": "写上以后："},
}


def parts(name: str) -> list[dict[str, Any]]:
    """What a page consists of, in order."""
    found: list[dict[str, Any]] = yaml.load((DOCS / "examples" / f"{name}.yml").read_text("utf-8"), yaml.CSafeLoader)
    return found


def place(name: str, lang: str) -> Path:
    """Where the page in a language is written."""
    return DOCS / ("zh" if lang == "zh" else "") / f"{name}.md"


def text(name: str, lang: str) -> str:
    """The page in a language."""
    return "\n\n".join(map(str.strip, (block for part in parts(name) for block in _blocks(part, lang)))) + "\n"


def _blocks(part: dict[str, Any], lang: str) -> list[str]:
    if "heading" not in part:
        return [part.get("both") or part[lang]]
    heading = f"### {part['heading'][lang]}"
    if "rule" in part:  # a page in English shows what an English edition says, too
        said = part["says"]["zh"] if lang == "zh" else f"{part['says']['zh']}\n\n{part['says']['en']}"
        return [heading, f"```yaml\n{part['rule']}```", _said(said)]
    words, received = WORDS[lang], []
    if "file" in part:
        received = [words["file"], f"```csv 2026-06/{part.get('name', 'work.csv')}\n{part['file']}```"]
    elif "cells" in part:
        received = [words["cells"].format(("、" if lang == "zh" else ", ").join(_cells(part["cells"], lang)))]
    if "without" in part:
        received += [words["without"], _said(part["without"][lang])]
    colon = "：" if lang == "zh" else ":"
    declared = [f"`{place}`{colon}\n\n```yaml\n{text}```" for place, text in part["set"].items()]
    after = [words["set"]] if "without" in part else []
    return [
        heading,
        *([part["more"][lang]] if "more" in part else []),
        *received,
        *declared,
        *after,
        _said(part["says"][lang]),
    ]


def _cells(cells: dict[str, str], lang: str) -> list[str]:
    blank = "空白" if lang == "zh" else "blank"
    return [f"{place} {'为' if lang == 'zh' else '='} {text or blank}" for place, text in cells.items()]


def _said(text: str) -> str:
    """What an example gives: a table as it is, lines of a message as they are printed, sentences as quotations."""
    if text.startswith("|"):
        return text
    if "\n  " in text:
        return f"```text\n{text}\n```"
    return "\n>\n".join(f"> {line}" for line in text.splitlines() if line)


if __name__ == "__main__":
    for name in NAMES:
        for lang in ("en", "zh"):
            place(name, lang).write_text(text(name, lang), "utf-8", newline="\n")
