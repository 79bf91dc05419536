"""The made-up series with hostile texts wherever people write one: names, headers, titles, notes, facts, prose."""

from __future__ import annotations

from pathlib import Path

from demo import FACTS, MORE, SERIES, WORK, write_demo

# Each would do something where it is taken for more than text; all show the word by which tests find them.
NAMES = {
    "甲县": '甲<script>document.title="OWNED"</script>',
    "乙县": "乙<img src=x onerror=\"document.title='OWNED'\">",
    "丙县": '丙#read("/etc/hostname")#eval("1+1")$x^2$\\input{/etc/hostname}',
    "丁县": "丁[a](javascript:alert(1))*b*`c`{=html}~d~^e^@fig-x",
    "戊县": "=戊{{< include /etc/hostname >}}{{ 7*7 }}\u202e\u200b|",
}
HEADERS = {
    "检查（家次）": "检查<b onclick=alert(1)>（家次）",
    "立案（起）": '立案#panic("x")|$y$（起）',
}
PROSE = """\
---
issued: 2021-07-10
statistics_date: 2021-06-30
---
# 下步要求

各县要认真核对<script>document.title="OWNED"</script>，<img src=x onerror="document.title='OWNED'">见[此](javascript:alert(1))。

#read("/etc/hostname") #eval("1+1") {{ "{{< include /etc/hostname >}}" }} \\input{/etc/hostname} $x$

<iframe src="file:///etc/hostname"></iframe> <style>body{display:none}</style> <a href="x" onclick="alert(1)">y</a>
"""


def write_enemy(root: Path) -> None:
    """The series, its raw figures and the period's text."""
    write_demo(root)
    series = SERIES
    for name, hostile in NAMES.items():
        quoted = hostile.replace("'", "''")
        assert f"zh: {name}, short: {name[0]}" in series
        series = series.replace(f"zh: {name}, short: {name[0]}", f"zh: '{quoted}', short: '{quoted}短'")
    for header, hostile in HEADERS.items():
        assert f"header: {header}," in series
        series = series.replace(f"header: {header},", "header: '" + hostile.replace("'", "''") + "',")
    for old, new in (
        ("authority: {zh: 示例市应急管理局", "authority: {zh: '示例<script>document.title=\"OWNED\"</script>#panic()局'"),
        ("area: {zh: 全市", "area: {zh: '全<i onclick=alert(1)>市#eval(\"1\")'"),
        ("subject: {zh: 执法月报", "subject: {zh: '执法<script>x</script>$z$月报'"),
        ('title: {zh: "关于', 'title: {zh: "关于<script>document.title=\'OWNED\'</script>#panic()$x$*y*'),
        ("source: 各县填报（合成数据）", "source: '各县<script>document.title=\"OWNED\"</script>填报（合成数据）'"),
        ("addressees: 各县应急管理局", "addressees: '各县<script>document.title=\"OWNED\"</script>#panic()局'"),
        ("title: {zh: 执法情况表, en: Enforcement}", "title: {zh: '执法=<script>x</script>[]:*?/情况表', en: Enforcement}"),
        ("label: {zh: 处罚率,", "label: {zh: '处罚<script>x</script>#panic()率',"),
        ("annexes: [{table: work, title: 执法情况表}", "annexes: [{table: work, title: '执法<script>x</script>#panic()$q$情况表'}"),
    ):
        assert old in series, old
        series = series.replace(old, new)
    (root / "reports/demo/series.yml").write_text(series, "utf-8")
    (root / "reports/demo/2021-q2.md").write_text(PROSE, "utf-8")
    for path in (root / "data/raw/demo").glob("*/*.csv"):
        text = path.read_text("utf-8")
        for old, new in (NAMES | HEADERS).items():
            text = text.replace(old, '"' + new.replace('"', '""') + '"')
        path.write_text(text.replace("台账", "=台账<script>x</script>"), "utf-8")
