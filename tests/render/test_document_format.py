"""docs/document-format.md: each measure of GB/T 9704-2012, held to the PDFs of both engines; all within 1 mm."""

from __future__ import annotations

import json
from collections import Counter
from itertools import pairwise

import pypandoc
import pytest
import typst

from conftest import CIRCULARS, ROOT, built_once, copy_project, edit, tongbao
from paper import Paper
from tongbao.display.fonts import find_fonts

near = pytest.approx
MM = 1.0
PITCH = (225 - 16 * 25.4 / 72) / 21  # 22 lines of size 3 fill 225 mm
CHARACTER = 156 / 28
SIZE_4 = 14 * 25.4 / 72
GAP = 16 * 25.4 / 72 * 7 / 8

DECLARED = """document:
  sealed: true
  secrecy: {zh: 秘密★1年, en: Secret ★ 1 year}
  signatories: [{zh: 张三, en: Zhang San}, {zh: 李四, en: Li Si}, {zh: 王五, en: Wang Wu}]
  copies_to: {zh: "省应急管理厅，市委办公室，市人大常委会办公室，市政府办公室，市政协办公室，统计局", en: the province}
  printed_by: {zh: 温州市应急管理局办公室, en: Office}
number: {zh: "温应急〔{{ issued_year }}〕{{ number }}号", en: "No. {{ number }}"}
"""


def about(value: float) -> object:
    return near(value, abs=MM)


def declare_everything(root):
    """Wenzhou's circular with all that an official document can bear; Taizhou's letter with what a letter can."""
    series, text = root / "reports/wenzhou-monthly/series.yml", root / "reports/wenzhou-monthly/2021-01-to-02.md"
    edit(series, "\narea:", f"\n{DECLARED}area:")
    given = 'number: 12\ndocument: {copy_number: "000012", urgency: 特急, printed: 2021-03-11}\n'
    edit(text, "issued: 2021-03-10\n", f"issued: 2021-03-10\n{given}")
    borne = 'document: {copy_number: "000007", secrecy: 机密★2年, urgency: 加急, copies_to: 市政府办公室}\n'
    edit(root / "reports/taizhou-andun/2019-04-to-06.md", "number: 69\n", f"number: 69\n{borne}")


@pytest.fixture(scope="session")
def declared_site(tmp_path_factory):
    """Both circulars with all that can be declared, on paper and as pages."""
    arguments = (*CIRCULARS, "--format", "html,pdf")
    return built_once(tmp_path_factory, "declared", *arguments, series=CIRCULARS, prepare=declare_everything)


WENZHOU, TAIZHOU = "reports/wenzhou-monthly/2021-01-to-02", "reports/taizhou-andun/2019-04-to-06"


@pytest.fixture
def wenzhou(site):
    return Paper(site / f"_site/{WENZHOU}.pdf")


@pytest.fixture
def taizhou(site):
    return Paper(site / f"_site/{TAIZHOU}.pdf")


@pytest.fixture
def declared(declared_site):
    return Paper(declared_site / f"_site/{WENZHOU}.pdf")


@pytest.fixture
def letter(declared_site):
    return Paper(declared_site / f"_site/{TAIZHOU}.pdf")


@pytest.fixture(scope="module")
def long_words(tmp_path_factory):
    """A circular with a paragraph over pages and a long name of its annex."""

    def lengthen(root):
        long = "“2019安盾”2号专项执法行动情况及各县（市、区）整改落实情况统计表"
        title = "- table: action\n    title: "
        edit(root / "reports/taizhou-andun/series.yml", f"{title}“2019安盾”2号专项执法行动情况统计表", title + long)
        edit(root / "reports/taizhou-andun/2019-04-to-06.md", "从6月份开始", "长" * 1300 + "从6月份开始")

    root = built_once(tmp_path_factory, "long", "--format", "pdf", series=("taizhou-andun",), prepare=lengthen)
    return Paper(root / "_site/reports/taizhou-andun/2019-04-to-06.pdf")


def test_pages_are_a4_with_22_lines_of_28_characters_in_the_type_area(wenzhou, long_words):
    assert wenzhou.sizes[1] == (about(210), about(297))
    pages = Counter(box.page for sign, box in long_words.ink if sign == "长")
    full = max(pages, key=pages.__getitem__)
    lines = long_words.lines(full)
    assert len(lines) == 22
    assert (lines[0].top, lines[-1].bottom) == (about(37), about(37 + 225))
    assert [after.bottom - before.bottom for before, after in pairwise(lines)] == [about(PITCH)] * 21
    assert (min(line.left for line in lines), max(line.right for line in lines)) == (about(28), about(28 + 156))
    across = [
        box for sign, box in long_words.ink if sign == "长" and box.page == full and box.top == about(lines[5].top)
    ]
    assert len(across) == 28


def test_the_head_of_a_circular_without_a_number(wenzhou):
    mark, rule = wenzhou.text("温州市应急管理局"), wenzhou.rules(1)[0]
    assert mark.top == about(37 + 35)
    assert (mark.left + mark.right) / 2 == about(28 + 78)
    assert rule.top - mark.bottom == about(4)
    assert (rule.left, rule.right) == (about(28), about(184))
    assert wenzhou.text("关于2021年1-2月全市").top - rule.bottom == about(2 * PITCH)


def test_the_head_of_a_document_that_declares_everything(declared):
    number, mark, rule = declared.text("温应急〔2021〕12号"), declared.text("温州市应急管理局"), declared.rules(1)[0]
    borne = [declared.text(words) for words in ("000012", "秘密★1年", "特急")]
    assert [(box.left, box.top) for box in borne] == [(about(28), about(37 + row * PITCH)) for row in range(3)]
    assert mark.top == about(37 + 35)
    signed = [declared.text(words) for words in ("签发人：", "张三", "李四", "王五")]
    assert signed[0].top - mark.bottom == about(2 * PITCH)
    assert signed[2].right == about(184 - CHARACTER)
    assert signed[3].left == about(signed[1].left)  # the second line's first name under the first
    assert number.left == about(28 + CHARACTER)  # with signatories at the left, on the line of the last
    assert number.top == about(signed[3].top)
    assert rule.top - number.bottom == about(4)
    assert declared.text("关于2021年1-2月全市").top - rule.bottom == about(2 * PITCH)


@pytest.mark.long
def test_a_number_stands_two_lines_below_the_issuer(declared_site, tmp_path):
    root = copy_project(tmp_path / "project", "hotline-monthly")
    tongbao(root, "build", "hotline-monthly@2025-10", "--format", "pdf", "--engine", "embedded")
    paper = Paper(root / "_site/reports/hotline-monthly/2025-10.pdf")
    mark = paper.text("云川市12345热线工作办公室")  # too long for the usual size, and on one line all the same
    assert 28 <= mark.left < mark.right <= 184
    assert mark.bottom - mark.top < 13
    assert mark.top == about(37 + 35)
    number = paper.lines(1)[1]
    assert number.top - mark.bottom == about(2 * PITCH)
    assert (number.left + number.right) / 2 == about(106)
    assert paper.rules(1)[0].top - number.bottom == about(4)


def test_a_title_is_broken_between_words_in_a_shape_and_a_line_below_stand_the_addressees(wenzhou):
    first, second = wenzhou.text("关于2021年1-2月全市"), wenzhou.text("安全生产执法工作情况的通报")
    assert second.bottom > first.bottom + 8  # two lines
    assert all((line.left + line.right) / 2 == about(106) for line in (first, second))
    shorter, longer = sorted((first.right - first.left, second.right - second.left))
    assert 0.5 < shorter / longer < 0.95  # a trapezoid
    assert wenzhou.text("各县（市、区）").top - second.bottom == about(PITCH)
    assert wenzhou.text("各县（市、区）").left == about(28)
    assert wenzhou.text("2021年1-2月全市安全生产监察").left == about(28 + 2 * CHARACTER)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("关于2027年1月供热服务情况的通报（合成数据）", ["关于2027年1月供热", "服务情况的通报（合成数据）"]),
        (
            "关于2026年10月望山市安全生产行政执法检查情况的通报",
            ["关于2026年10月望山市安全生产", "行政执法检查情况的通报"],
        ),
    ],
)
def test_a_title_of_undeclared_words_is_not_broken_within_one(title, lines):
    text = f"<!-- head\nlang: zh\ntitle: {title}\n-->\n\n正文"
    options = ["--standalone", f"--lua-filter={ROOT / 'theme/bulletin.lua'}"]
    read = json.loads(pypandoc.convert_text(text, "json", format="markdown", extra_args=options))
    assert [line["c"][0]["c"] for line in read["meta"]["title-lines"]["c"]] == lines


@pytest.mark.parametrize(
    "title",
    ["Indicators, January–July 2025 (synthetic data)", "Figures and indicators of the January–July 2025 of the city"],
)
def test_a_title_is_not_broken_within_months_that_a_dash_joins(title):
    options = ["--standalone", f"--lua-filter={ROOT / 'theme/bulletin.lua'}"]
    text = f"<!-- head\nlang: en\ntitle: {title}\n-->\n\nText"
    read = json.loads(pypandoc.convert_text(text, "json", format="markdown", extra_args=options))
    lines = ["".join(one.get("c", " ") for one in line["c"]) for line in read["meta"]["title-lines"]["c"]]
    assert " ".join(lines) == title
    assert sum("January–July" in line for line in lines) == 1


def test_the_letter_form(taizhou, letter):
    for paper in (taizhou, letter):
        mark, rules = paper.text("台州市应急管理局"), paper.rules(1)
        assert mark.top == about(30)
        assert rules[0].top - mark.bottom == about(4)
        assert rules[-1].bottom == about(297 - 20)
        assert [rule.right - rule.left for rule in rules] == [about(170)] * 4
        assert all((rule.left + rule.right) / 2 == about(105) for rule in rules)
        thick, thin, *last = (rule.bottom - rule.top for rule in rules)
        assert thick > 2 * thin
        assert last[1] > 2 * last[0]
        number = paper.text("台应急便函〔2019〕69号")
        assert number.right == about(184)
        assert number.top - rules[1].bottom == about(GAP)
        assert not [sign for sign, box in paper.ink if box.page == 1 and sign == "—"]  # no number on the first page
    assert taizhou.text("关于“2019安盾”").top - taizhou.text("〔2019〕69号").bottom == about(2 * PITCH)
    borne = [letter.text(words) for words in ("000007", "机密★2年", "加急")]
    first = letter.rules(1)[1].bottom + GAP
    assert [(box.left, box.top) for box in borne] == [(about(28), about(first + row * PITCH)) for row in range(3)]
    assert letter.text("关于“2019安盾”").top - borne[-1].bottom == about(2 * PITCH)
    copies = letter.text("抄送：市政府办公室。")
    assert copies.bottom == about(262 - 1)
    assert copies.page == len(letter.sizes)
    assert letter.rules(copies.page) == []


def test_the_list_of_annexes(wenzhou, letter):
    last = wenzhou.text("总，填报人员月末务必对本地区数据进行审核校对。")
    label, names = wenzhou.text("附件："), [wenzhou.text(f"{number}.2021年1-2月全市") for number in (1, 2)]
    assert label.left == about(28 + 2 * CHARACTER)
    assert label.top - last.top == about(2 * PITCH)  # one line is left empty
    assert names[1].left == about(names[0].left)
    assert names[1].top - names[0].top == about(PITCH)
    assert wenzhou.text("2021年1-2月全市危险化学品").left == about(wenzhou.text("2021年1-2月全市安全生产执法有关").left)


def test_a_long_name_of_an_annex_goes_on_under_its_first_character(long_words):
    label = long_words.text("附件：")
    below = next(line for line in long_words.lines(label.page) if line.top > label.bottom + 2)
    assert below.left == about(28 + 5 * CHARACTER)


def test_issuer_and_date_without_a_seal(wenzhou):
    listed, issuer, date = (
        wenzhou.text("2021年1-2月全市危险化学品"),
        wenzhou.text("温州市应急管理局", 2),
        wenzhou.text("2021年3月10日"),
    )
    assert issuer.page == date.page == listed.page
    assert issuer.top - listed.top == about(2 * PITCH)
    assert issuer.right == about(184 - 2 * CHARACTER)
    assert date.left - issuer.left == about(2 * CHARACTER)
    assert date.top - issuer.top == about(PITCH)


def test_lines_move_closer_so_that_issuer_and_date_do_not_stand_alone(wenzhou, declared):
    text, date = declared.text("填报人员月末务必"), declared.text("2021年3月10日")
    assert date.page == text.page
    above = declared.text("月通报和年终目标责任制")
    closer = text.bottom - above.bottom
    assert 26 * 25.4 / 72 <= closer < PITCH - 0.3
    usual = wenzhou.text("填报人员月末务必").bottom - wenzhou.text("月通报和年终目标责任制").bottom
    assert usual == near(PITCH, abs=0.3)


def test_issuer_and_date_under_a_seal(declared):
    issuer, date = declared.text("温州市应急管理局", 2), declared.text("2021年3月10日")
    assert date.right == about(184 - 4 * CHARACTER)
    assert (issuer.left + issuer.right) / 2 == about((date.left + date.right) / 2)
    text = declared.text("2021年1-2月全市危险化学品")
    seal = (text.bottom + PITCH, text.bottom + PITCH + 42)  # its head within a line below the text
    assert seal[0] < issuer.top < date.bottom < seal[1]
    assert (issuer.top + date.bottom) / 2 == near(sum(seal) / 2, abs=PITCH)
    assert seal[1] < 262


def test_annexes_begin_with_label_and_title_on_the_first_and_third_line(wenzhou, taizhou):
    for number in (1, 2):
        label = wenzhou.text(f"附件{number}")
        assert (label.left, label.top) == (about(28), about(37))
        assert label.page == 3 + number
        assert wenzhou.lines(label.page)[1].top == about(37 + 2 * PITCH)
    turned = taizhou.text("附件", 1)
    assert (turned.left, turned.top) == (about(35), about(28))
    assert taizhou.lines(turned.page)[1].top == about(28 + 2 * PITCH)


def test_a_table_is_turned_only_if_it_needs_it(wenzhou, taizhou):
    assert all(width < height for width, height in wenzhou.sizes)
    assert [width > height for width, height in taizhou.sizes] == [False] * 4 + [True]


def test_totals_are_set_apart(taizhou):
    total = taizhou.text("合计")
    heavy = [box for width, box in taizhou.strokes(total.page) if width > 1]
    assert heavy
    assert all(total.top - 3 < box.top < box.bottom < total.top for box in heavy)


def test_page_numbers_stand_in_the_same_place_of_every_sheet(wenzhou, taizhou, declared):
    for paper in (wenzhou, taizhou, declared):
        dashes = [(box, paper.sizes[box.page - 1]) for sign, box in paper.ink if sign == "—"]
        assert {box.page for box, _ in dashes} == set(range(2 if paper is taizhou else 1, len(paper.sizes) + 1))
        for page in {box.page for box, _ in dashes}:
            (left, size), (right, _) = [one for one in dashes if one[0].page == page]
            if size[0] > size[1]:  # the sheet turned back: its foot is at the left of the page, its left edge above
                sides = (left.top, right.bottom)
                assert size[0] - left.right == about(262 + 7)
            else:
                sides = (left.left, right.right)
                assert left.top == about(262 + 7)
            if page % 2:
                assert sides[1] == about(184 - SIZE_4)
            else:
                assert sides[0] == about(28 + SIZE_4)


def test_the_imprint_stands_at_the_foot_of_the_last_page_which_is_even(declared):
    copies, printer, day = (declared.text(words) for words in ("抄送：", "温州市应急管理局办公室", "2021年3月11日印发"))
    rules = declared.rules(copies.page)[-3:]
    assert copies.page == printer.page == day.page == len(declared.sizes)
    assert copies.page % 2 == 0
    assert [(rule.left, rule.right) for rule in rules] == [(about(28), about(184))] * 3
    assert [rule.bottom - rule.top for rule in rules] == [
        near(0.35, abs=0.05),
        near(0.25, abs=0.05),
        near(0.35, abs=0.05),
    ]
    assert rules[-1].bottom == about(262)
    assert rules[0].bottom < copies.top < rules[1].top < printer.top < rules[2].top
    assert (copies.left, printer.left, day.right) == (about(28 + SIZE_4), about(28 + SIZE_4), about(184 - SIZE_4))
    more = next(line for line in declared.lines(copies.page) if line.top > copies.bottom)
    assert more.left == about(28 + 4 * SIZE_4)  # under the first character after the colon


def test_what_is_declared_stands_on_the_page_and_is_accounted_for(declared_site):
    page = (declared_site / "_site/reports/wenzhou-monthly/2021-01-to-02.html").read_text("utf-8")
    for words in ("000012", "秘密★1年", "特急", "签发人：张三 李四 王五", "抄送：省应急管理厅", "2021年3月11日印发"):
        assert words in page
    assert "0 left over" in tongbao(declared_site, "verify", "--audit", *CIRCULARS).stdout


def test_no_page_of_text_stays_a_third_empty(wenzhou, taizhou, declared):
    for paper in (wenzhou, taizhou, declared):
        signed = next(box.page for sign, box in paper.ink if sign == "附")
        for page in range(1, signed):
            lowest = max(box.bottom for _, box in paper.ink if box.page == page and box.bottom < 262.5)
            assert 262 - lowest < 225 / 3


@pytest.mark.long
def test_a_chart_may_be_an_annex(tmp_path):
    root = copy_project(tmp_path / "project", "taizhou-andun")
    edit(
        root / "reports/taizhou-andun/series.yml",
        "annexes:\n",
        "annexes:\n  - {chart: penalty_rate, title: 各地检查处罚率图}\n",
    )
    tongbao(root, "notebook", "taizhou-andun")
    tongbao(root, "build", "--format", "html,pdf", "--engine", "embedded")
    paper = Paper(root / f"_site/{TAIZHOU}.pdf")
    label, caption = paper.text("附件1"), paper.text("数据来源：")
    assert caption.page == label.page == paper.text("2019年7月22日").page + 1
    assert "0 left over" in tongbao(root, "verify", "--audit").stdout


FONTS = sorted({path.parent for path in find_fonts(ROOT)})
SENTENCE = "各地要对照通报查找原因，采取有针对性的措施，切实解决检查不执法、执法不处罚、处罚走形式的问题。"
DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" width="530" height="320"><rect width="530" height="320"/></svg>'


def set_text(place, sentences, *, before, sealed):
    """A circular of so many sentences, five a paragraph, with a drawing before one of the paragraphs."""
    paragraphs = [SENTENCE * min(5, sentences - at) for at in range(0, sentences, 5)]
    paragraphs.insert(before, '#figure(image("drawing.svg"), kind: image, supplement: [图], caption: [图名])')
    *above, last = paragraphs
    text = "\n\n".join(
        [
            (ROOT / "theme/typst-template.typ").read_text("utf-8"),
            '#show: doc => bulletin(title: [通报], author: "某某市应急管理局", issuer: [某某市应急管理局], doc)',
            *above,
            f"#last-paragraph([{last}])",
            "#closing[#annex-list([附件：], [], [名称])",
            f"#signature([某某市应急管理局], [2021年3月10日], sealed: {str(sealed).lower()})]",
        ]
    )
    (place / "drawing.svg").write_text(DRAWING, "utf-8")
    (place / "page.typ").write_text(text, "utf-8")
    typst.compile(place / "page.typ", place / "page.pdf", font_paths=FONTS, ignore_system_fonts=True)
    return Paper(place / "page.pdf")


@pytest.mark.parametrize("sentences", range(12, 48, 3))
@pytest.mark.parametrize(("before", "sealed"), [(1, False), (2, True)])
def test_whatever_its_length_no_drawing_leaves_a_third_empty_and_nobody_signs_alone(
    tmp_path, sentences, before, sealed
):
    paper = set_text(tmp_path, sentences, before=before, sealed=sealed)
    date, name = paper.text("2021年3月10日"), paper.text("附件：")
    assert date.page == name.page
    assert paper.lines(date.page)[0].top < name.top - 3  # text above
    caption = paper.text("图名")
    if paper.lines(caption.page)[0].top > caption.top - 3 and caption.page > 1:  # at the head of its page
        lowest = max(line.bottom for line in paper.lines(caption.page - 1) if line.bottom < 263)
        assert 262 - lowest < 225 / 3


@pytest.mark.quarto
@pytest.mark.parametrize("name", [WENZHOU, f"{WENZHOU}.en", TAIZHOU])
def test_both_engines_put_everything_in_the_same_place(site, quarto_site, name):
    ours, theirs = (Paper(project / f"_site/{name}.pdf") for project in (site, quarto_site))
    assert ours.sizes == theirs.sizes
    assert [sign for sign, _ in ours.ink] == [sign for sign, _ in theirs.ink]
    assert [tuple(box) for _, box in ours.ink] == [near(tuple(box), abs=0.1) for _, box in theirs.ink]
    assert [ours.rules(page) for page in range(1, len(ours.sizes) + 1)] == [
        [near(tuple(rule), abs=0.1) for rule in theirs.rules(page)] for page in range(1, len(ours.sizes) + 1)
    ]


@pytest.mark.quarto
def test_quarto_sets_what_is_declared_in_the_same_place(declared_site, tmp_path):
    root = copy_project(tmp_path / "project", *CIRCULARS)
    declare_everything(root)
    tongbao(root, "build", *CIRCULARS, "--format", "pdf", "--engine", "quarto")
    for name in (WENZHOU, TAIZHOU):
        ours, theirs = (Paper(project / f"_site/{name}.pdf") for project in (declared_site, root))
        assert [sign for sign, _ in ours.ink] == [sign for sign, _ in theirs.ink]
        assert [tuple(box) for _, box in ours.ink] == [near(tuple(box), abs=0.1) for _, box in theirs.ink]
