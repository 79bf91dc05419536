"""The made-up series with hostile texts wherever a person writes one that is shown."""

from __future__ import annotations

from pathlib import Path

from demo import SERIES, write_demo

# Names that a definition may hold: to Typst, TeX, Markdown, Jinja, a spreadsheet or a regular expression more than text.
NAMES = {
    "甲县": '=甲"\'&#x3c;#read("/etc/passwd")',
    "乙县": '+乙#eval("1+1")$x^2$\\input{/etc/passwd}',
    "丙县": "@丙*b*_i_`c`~d~^e^[f](g)|h",
    "丁县": "-丁\\1\\g<0>@fig-penalty-rate&amp;",
    "戊县": "戊{a}%s%n../../x",
}
HEADERS = {"检查（家次）": "=检查#panic()（家次）", "立案（起）": "立案*|$y$（起）"}
OTHERS = (
    ("authority: {zh: 示例市应急管理局", "authority: {zh: '示例\"\\#panic()]市局'"),
    ("area: {zh: 全市", "area: {zh: '全*市#eval(\"1\")'"),
    ("subject: {zh: 执法月报", "subject: {zh: '执法$z$月报'"),
    ('title: {zh: "关于', 'title: {zh: "=关于#panic()$x$*y*'),
    ("source: 各县填报（合成数据）", "source: '=各县填报#panic()（合成数据）'"),
    ("addressees: 各县应急管理局", "addressees: '各县#panic()]局'"),
    ("title: {zh: 执法情况表, en: Enforcement}", "title: {zh: '=执法[]:*?/情况表', en: Enforcement}"),
    ("label: {zh: 处罚率,", "label: {zh: '处罚#panic()*率*',"),
    ("annexes: [{table: work, title: 执法情况表}", "annexes: [{table: work, title: '=执法#panic()]$q$情况表'}"),
    (
        "opening: 现将情况通报如下：",
        "document: {copies_to: '各县#read(\"/etc/passwd\")]局', printed_by: '#panic()办'}\nopening: 现将情况通报如下：",
    ),
)
# A fact's words and its source come from a file that others fill in: HTML, too, is text there.
FACT = '<script>document.title="OWNED"</script><img src=x onerror="document.title=\'OWNED\'">`x`{=typst}{{< include /etc/passwd >}}'
PROSE = """\
---
issued: 2021-07-10
statistics_date: 2021-06-30
---
# 下步要求

各县要认真核对，{{ fact.words }}。#read("/etc/passwd")
"""


def write_enemy(root: Path) -> None:
    """The series, its raw figures and the period's text."""
    write_demo(root)
    series = SERIES.replace("source: 各县", "source: 各县", 1)
    for name, hostile in NAMES.items():
        quoted = hostile.replace("'", "''")
        old = f"zh: {name}, short: {name[0]}"
        assert old in series
        series = series.replace(old, f"zh: '{quoted}', short: '{quoted}短'")
    for header, hostile in HEADERS.items():
        assert f"header: {header}," in series
        series = series.replace(f"header: {header},", f"header: '{hostile}',")
    for old, new in OTHERS:
        assert old in series, old
        series = series.replace(old, new)
    (root / "reports/demo/series.yml").write_text(series, "utf-8")
    (root / "reports/demo/2021-q2.md").write_text(PROSE, "utf-8")
    for path in (root / "data/raw/demo").glob("*/*.csv"):
        text = path.read_text("utf-8")
        for old, new in (NAMES | HEADERS).items():
            text = text.replace(old, '"' + new.replace('"', '""') + '"')
        if path.name == "facts.csv":
            text += 'words,"=话","{0}",,,"@{0}"\n'.format(FACT.replace('"', '""'))
        path.write_text(text, "utf-8")
