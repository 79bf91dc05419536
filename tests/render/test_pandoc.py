"""One Pandoc for many texts makes what Pandoc's command line makes of each."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from conftest import ROOT
from tongbao.basics.errors import ToolError
from tongbao.render import pandoc

READER = "markdown-auto_identifiers+east_asian_line_breaks"
TEXT = """---
title: 通报
---

## 一、情况

第一行，
第二行 one
two **粗**
`code` 三

### 细目

1. 甲
2. 乙 <span class="x" data-figure="a@b">12</span>

```python
x = "y"
```

| 甲 | 乙 |
|:---|---:|
| 1  | 2  |

![图](a.png "title") [link](https://example.org) mail@example.org 1\t2 --- "quoted" $x^2$
"""
FILTER = """
function Str(element)
  if element.text == "甲" then
    return pandoc.Str(FORMAT)
  end
end
"""
OTHER = "return { { Strong = function(element) return element.content end } }"


@pytest.fixture
def order(tmp_path):
    """An order for a format."""
    for name, text in {"one.lua": FILTER, "two.lua": OTHER, "page.html": "$title$\n$body$", "a.png": ""}.items():
        (tmp_path / name).write_text(text, "utf-8")

    def made(writer, text=TEXT, shift=-1, **more):
        return {
            "text": text.expandtabs(4),
            "from": READER,
            "to": writer,
            "shift": shift,
            "metadata": {"lang": "zh"},
            "filters": [str(tmp_path / "one.lua"), str(tmp_path / "two.lua")],
            "options": {},
            "folder": str(tmp_path),
            "epoch": "1600000000",
            "output": str(tmp_path / "made"),
        } | more

    return made


def by_command(order, *more):
    command = [
        *(pandoc.pandoc_program(), f"--from={order['from']}", f"--to={order['to']}"),
        *(f"--shift-heading-level-by={order['shift']}", "--metadata=lang:zh", f"--data-dir={pandoc.RESOURCES}"),
        *(f"--lua-filter={path}" for path in order["filters"]),
        *more,
    ]
    environment = os.environ | {"SOURCE_DATE_EPOCH": order["epoch"], "LC_ALL": "C.UTF-8"}
    text = order["text"].encode()
    return subprocess.run(
        command, input=text, cwd=order["folder"], env=environment, capture_output=True, check=True
    ).stdout


def made_of(order):
    pandoc.convert("pandoc on x", order, 60)
    return Path(order["output"]).read_bytes()


@pytest.mark.parametrize("shift", [-1, 0, 1, -2])
@pytest.mark.parametrize("writer", ["html", "typst", "native"])
def test_as_the_command_line(order, writer, shift):
    asked = order(writer, shift=shift)
    assert made_of(asked) == by_command(asked).removesuffix(b"\n") or made_of(asked) == by_command(asked)


def test_options_and_templates(order, tmp_path):
    template = str(tmp_path / "page.html")
    options = {
        "section_divs": True,
        "email_obfuscation": "none",
        "wrap_text": "none",
        "variables": {"css": "x.css"},
    }
    asked = order("html", template=template, options=options)
    words = ["--standalone", f"--template={template}", "--variable=css=x.css", "--section-divs"]
    expected = by_command(asked, *words, "--email-obfuscation=none", "--wrap=none")
    assert made_of(asked).strip() == expected.strip()
    (tmp_path / "page.html").write_text("other $title$", "utf-8")
    assert made_of(asked).decode().strip() == "other 通报"


def test_a_document_for_word(order, tmp_path):
    (tmp_path / "a.png").unlink()
    asked = order("docx")
    by_command(asked, f"--output={tmp_path / 'theirs'}")
    assert made_of(asked) == (tmp_path / "theirs").read_bytes()


def test_a_fault_of_one_text_is_told_and_none_of_the_next(order, tmp_path):
    (tmp_path / "bad.lua").write_text("function Str() error('no such word') end", "utf-8")
    with pytest.raises(ToolError, match="pandoc on x failed") as caught:
        pandoc.convert("pandoc on x", order("html", filters=[str(tmp_path / "bad.lua")]), 60)
    assert "no such word" in str(caught.value.found)
    (service,) = pandoc._RUNNING
    assert b"<h1" in made_of(order("html"))
    assert [service] == pandoc._RUNNING


def test_what_a_filter_leaves_behind_is_not_there_for_the_next(order, tmp_path):
    (tmp_path / "leaves.lua").write_text("left = 'behind'\nprint('said')\nreturn {}", "utf-8")
    (tmp_path / "looks.lua").write_text("function Pandoc(doc) doc.meta.title = tostring(left) return doc end", "utf-8")
    (tmp_path / "page.html").write_text("$title$", "utf-8")
    made_of(order("html", filters=[str(tmp_path / "leaves.lua")]))
    found = order("html", filters=[str(tmp_path / "looks.lua")], template=str(tmp_path / "page.html"))
    assert made_of(found).strip() == b"nil"


def test_one_that_was_ended_meanwhile_is_started_again(order):
    made_of(order("html"))
    pandoc._RUNNING[0].end()
    assert b"<h1" in made_of(order("html"))


def test_one_that_is_killed_at_work_is_tried_again(order, tmp_path, monkeypatch):
    program = tmp_path / "pandoc"
    once = f"if mkdir {tmp_path}/killed 2>/dev/null; then read line; kill -9 $$; fi"
    program.write_text(f'#!/bin/sh\n{once}\nexec {pandoc.pandoc_program()} "$@"\n', "utf-8")
    program.chmod(0o755)
    monkeypatch.setattr(pandoc, "pandoc_program", lambda: str(program))
    monkeypatch.setattr(pandoc, "_RUNNING", [])
    assert b"<h1" in made_of(order("html"))
    assert (tmp_path / "killed").is_dir()
    pandoc._RUNNING[0].end()


def test_after_so_many_pages_another_takes_its_place(order, monkeypatch):
    made_of(order("html"))
    (first,) = pandoc._RUNNING
    monkeypatch.setattr(pandoc, "_PAGES", first.made + 1)
    made_of(order("html"))
    assert first.lives
    made_of(order("html"))
    assert not first.lives
    assert pandoc._RUNNING[0].made == 1


TABLES = """
-----  ----- ----
甲     1     2
乙     3     4
-----  ----- ----

| 单位 | 检查数（家次） | 处罚率（%） |
|---|--:|--:|
| 浙南产业集聚区 | 1 | 2.00 |
"""


def test_a_table_of_a_text_in_print_with_headers_and_without():
    command = [pandoc.pandoc_program(), "--to=typst", f"--lua-filter={ROOT / 'theme/bulletin.lua'}"]
    made = subprocess.run(command, input=TABLES, capture_output=True, text=True, check=True).stdout
    bare, headed = made.split("#table(")[1:]
    assert "columns: 3," in bare
    assert [len(row.split("], [")) for row in bare.splitlines() if row.startswith("    [")] == [3, 3]
    shares = [float(share) for share in re.search(r"columns: \((.*?)\)", headed)[1].replace("%", "").split(", ")]
    assert shares[0] > shares[1] > shares[2]  # as wide as what they hold
