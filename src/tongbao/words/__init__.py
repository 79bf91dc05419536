"""What pages and sentences say in the project's own words: one table, each word in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

__all__ = ["CLAUSE_ENDS", "SENTENCE_ENDS", "WORDS", "Word", "Words", "pieces", "with_numerals"]

CLAUSE_ENDS = "，。；！？\n"  # those of English are followed by a space
SENTENCE_ENDS = CLAUSE_ENDS[1:]
_NUMERAL = re.compile(r"[0-9两]|二项|\btwo\b")  # the table's other Chinese numerals count nothing: 一致, 为零


@dataclass(frozen=True)
class Word:
    """A word, or a sentence, in each language; as a part of ``Words`` it is a text in their language."""

    zh: str
    en: str

    def __get__(self, words: Words, _: object) -> str:
        return str(getattr(self, words.lang))


@dataclass(frozen=True)
class Words:
    """What the project says by itself in one language, by its use; braces are filled in."""

    lang: str

    # Punctuation
    brackets = Word("{}（{}）", "{} ({})")
    in_brackets = Word("（{}）", " ({})")
    behind_comma = Word("，{}", ", {}")
    colon = Word("：", ": ")
    semicolon = Word("；", "; ")
    comma = Word("、", ", ")
    sentence = Word("{}。", "{}.")
    space = Word("", " ")
    # Names: whose figure a measure is
    of_area = Word("{}", "{}'s ")
    of_mean = Word("各地平均", "the units' mean ")
    of_last_year = Word("上年同期", "last year's ")
    of_previous = Word("上期", "the previous period's ")
    of_year_to_date = Word("年初以来", "the year's ")
    # Sentences of findings
    up = Word("上升", "up ")
    down = Word("下降", "down ")
    grown = Word("增长", "up ")  # of what is counted or paid, and of a rate of growth
    unchanged = Word("持平", "unchanged")
    nearly_unchanged = Word("基本持平", "nearly unchanged")
    not_reported = Word("未报送", "not reported")
    no_data = Word("无数据", "no figure")
    compared = Word("{period}{figure}", "{figure} {period}")
    zero_before = Word("{}为零", "zero in {}")
    negative_before = Word("{}为负", "negative in {}")
    none_before = Word("无{}数据", "no figure of {}")
    not_computable_before = Word("{}无法计算", "cannot be computed for {}")
    none_alike = Word("无可比的{}数", "no comparable figure of {}")
    compared_alike = Word("{columns}与{base}比较：{names}。", "{columns} against {base}: {names}.")
    without = Word("{period}不含{names}", "{period} without {names}")
    without_alike = Word("按可比口径均不含{names}", "like for like, without {names} on either side")
    blank_beside_total = Word(
        "{names}的{columns}为空白，平均数和排名均不含。",
        "{columns} blank for {names}, who are in no mean or rank.",
    )
    blank_in_table = Word(
        "{names}的{columns}为空白，合计、平均数和排名均不含。",
        "{columns} blank for {names}, who are in no total, mean or rank.",
    )
    former_units = Word(
        "{period}的数据不含现已不再填报的{names}。",
        "The figures of {period} are without {names}, which report no more.",
    )
    no_table = Word("本期无此表。", "There is no such table for this period.")
    no_table_here = Word("本期无此表", "no such table for this period")
    in_table = Word("《{}》：", "{}: ")
    each_column = Word("各项数据", "all items")
    base_zero = Word("{names}{base}为零", "leaving out {names}, zero in {base}")
    base_negative = Word("{names}{base}为负", "leaving out {names}, negative in {base}")
    first_of = Word("{names}等{count}个{kind}", "{names} and others ({count} {kind} in all)")
    first_items = Word("{names}等{count}个", "{names} and others ({count} in all)")
    at_place = Word("{names}{place}", "{place} {names}")
    joint_at_place = Word("{names}并列{place}", "joint {place} {names}")
    between_places = Word("，", "; ")
    kind_count = Word("{}{}项", "{} ({})")
    # Key figures: how one compares with the same period last year
    year_up = Word("同比上升{}", "up {} on last year")
    year_down = Word("同比下降{}", "down {} on last year")
    year_same = Word("同比持平", "unchanged on last year")
    year_about = Word("同比基本持平", "nearly unchanged on last year")
    year_zero_base = Word("同比—（上年同期为零）", "— (zero in the same period last year)")
    year_negative_base = Word("同比—（上年同期为负）", "— (negative in the same period last year)")
    year_not_reported = Word("上年同期未报送", "not reported in the same period last year")
    period_up = Word("环比上升{}", "up {} on the previous period")
    period_down = Word("环比下降{}", "down {} on the previous period")
    period_same = Word("环比持平", "unchanged on the previous period")
    period_about = Word("环比基本持平", "nearly unchanged on the previous period")
    period_zero_base = Word("环比—（上期为零）", "— (zero in the previous period)")
    period_negative_base = Word("环比—（上期为负）", "— (negative in the previous period)")
    period_not_reported = Word("上期未报送", "not reported in the previous period")
    previous_unknown = Word("无上期数据", "no figures for the previous period")
    year_unknown = Word("无上年同期数据", "no figures for the same period last year")
    # Head of the page
    covers = Word("统计时段：", "Covers ")
    downloads = Word("下载", "Downloads")
    data = Word("数据（CSV）", "Data (CSV)")
    contents = Word("本页内容", "On this page")
    skip = Word("跳到正文", "Skip to the text")
    site = Word("通报", "Circulars")
    site_index = Word("目录", "All circulars")
    to_top = Word("回到页首", "Back to top")
    other_edition = Word("中文版", "English edition")
    draft_title = Word("（草稿）", " (draft)")
    draft_mark = Word("草稿", "DRAFT")
    draft_notice = Word(
        "【草稿】本文尚有待定内容，不得发布。",
        "[Draft] Parts of this text are to be settled; not for publication.",
    )
    reconstruction = Word(
        "【示例】数据按公开原文，文字有删节，非原件。原文：{}。",
        "[Example] Figures as published, text abridged; not the original document. Original: {}.",
    )
    # What is published: said above the page
    for_comment = Word("征求意见稿", "DRAFT FOR COMMENT")
    for_comment_notice = Word(
        "：本文未经批准，内容可能变动，不得作为正式文件引用。",
        ": not approved; it may change, and is not to be cited as an official document.",
    )
    retracted = Word("已撤回　", "Retracted. ")
    retracted_notice = Word(
        "本通报已于{date}撤回，请勿引用其中的数字和表述。原因：",
        "This bulletin was retracted on {date}; its figures and statements are not to be cited. Reason: ",
    )
    about_version = Word("版本说明", "About this version")
    superseded = Word(
        "本文为第{number}版（{date}），已被更正。", "This is version {number} of {date}. It was corrected. "
    )
    newest_version = Word("查看最新版本：第{number}版（{date}）", "See the newest: version {number} of {date}")
    correction = Word("更正说明　", "Correction. ")
    corrected = Word("第{number}版，{date}：", "Version {number}, {date}: ")
    changed_sentences = Word("改动的表述：", "Statements that changed:")
    changed_figures = Word("改动的数字：", "Figures that changed:")
    more_changes = Word("另有{}处", "and {} more")
    version_before = Word("更正前的版本", "The version before the correction")
    version_number = Word("第{number}版（{date}）", "version {number} ({date})")
    translation = Word("本文为译文，以原文为准。", "Translation; the original text is authoritative.")
    main_points = Word("要点", "Main points")
    key_figures = Word("主要指标", "Key figures")
    # Foot of the page
    issuer = Word("发布机关", "Issued by")
    published = Word("发布日期", "Published")
    contact = Word("联系方式", "Contact")
    licence = Word("使用许可", "Licence")
    corrections = Word("更新与更正", "Updates and corrections")
    address = Word("固定网址", "Stable address")
    cite = Word("引用格式", "How to cite")
    citation = Word("{issuer}. {title}[EB/OL]. ({issued}).", "{issuer} ({issued}). {title}.")
    # The index
    about_index = Word(
        "统计通报目录：每期的正文、附件、数据，以及每个数字的来源。",
        "Statistical circulars: text, annexes, data, and where each number comes from.",
    )
    example = Word("示例", "Example")
    synthetic = Word("合成数据", "Synthetic data")
    # What an official document bears
    signed_by = Word("签发人：", "Signed by: ")
    copies_to = Word("抄送：", "Copies to: ")
    printed_on = Word("{}印发", "printed on {}")
    # Annexes
    annex = Word("附件", "Annex")
    annex_number = Word("附件{}", "Annex {}")
    annexes = Word("附件：", "Annexes: ")
    number = Word("序号", "No.")
    enterprise = Word("企业名称", "Enterprise")
    where = Word("所在地", "Place")
    industry = Word("行业领域", "Industry")
    reason = Word("列入理由", "Reason")
    rank_by = Word("{of}{rank}", "{rank} by {of}")
    common_unit = Word("单位：{}", "Unit: {}")
    more_columns = Word("左右滑动可看其余各列", "Scroll sideways for more columns")
    no_figure = Word("—", "—")
    not_ranked = Word("不排名", "not ranked")
    not_computable = Word("无法计算", "cannot be computed")
    not_totalled = Word("不作合计", "not added up")
    total_unused = Word("未采用填报的合计", "the total reported is not used")
    no_figure_note = Word("{mark}　无数据（{why}），不是零。", "{mark} no figure ({why}); not a zero.")
    empty_cell = Word("空单元格", "empty cells:")
    this_table = Word("本表{}", "This table as {}")
    # Data notes
    notes = Word("数据说明", "Data notes")
    agrees = Word(
        "填报的{}与按数据计算的结果一致。",
        "{} as reported agree with those computed from the data.",
    )
    repeated_totals = Word("合计", "totals")
    repeated_rates = Word("比率", "rates")
    repeated_ranks = Word("排名", "ranks")
    nothing_found = Word("未发现问题。", "Nothing found.")
    # Charts
    unit = Word("单位", "Unit")
    period_column = Word("时段", "Period")
    rank = Word("排名", "Rank")
    measured = Word("{}，{}", "{}, {}")
    divided = Word("{}，括号内为{}/{}", "{}, in brackets {} / {}")
    now_and_then = Word("● {}，○ {}", "● {}, ○ {}")
    darker = Word("底色越深越靠后", "the darker, the further behind")
    source_line = Word("数据来源：{}。", "Source: {}.")
    chart_data = Word("图中数据", "Numbers of the chart")
    not_drawn = Word("{}，不画：{}", "{}, not drawn: {}")
    none_reported = Word("{}：各单位均未报送。", "{}: no unit reported.")
    no_table_of = Word("{}：本期无此表。", "{}: there is no such table for this period.")
    none_known = Word("{}：各单位均无数据。", "{}: no unit has a figure.")
    all_equal = Word("{}各单位均为{}。", "{}: {} in every unit.")
    all_known_equal = Word("{}：有数据的各单位均为{}。", "{}: {} in every unit with a figure.")
    highest_lowest = Word("{}最高为{}（{}），最低为{}（{}）。", "{}: highest in {} ({}), lowest in {} ({}).")
    best_worst = Word("{}最好为{}（{}），最差为{}（{}）。", "{}: best in {} ({}), worst in {} ({}).")
    below_line = Word("低于{}的有{}个。", " Below {}: {}.")
    fell = Word("较{}下降的有{}个：{}。", " Down on {}: {} – {}.")
    none_fell = Word("较{}均未下降。", " None is down on {}.")
    from_to = Word("{}由{}的{}变为{}的{}。", "{}: from {} ({}) to {} ({}).")
    then_and_last = Word("{}：{}为{}，{}为{}。", "{}: {} {}, {} {}.")
    from_unit_to = Word("{}至{}", "{} to {}")
    only_one = Word("{}：{}为{}。", "{}: {} {}.")
    below_line_are = Word("低于{}的有{}个：{}。", " Below {}: {} – {}.")
    # Evidence
    number_link = Word("数字来源：{}", "Where the numbers come from: {}")
    evidence = Word("数字溯源", "Where the numbers come from")
    evidence_help = Word(
        zh="正文中每个数字的算式和所依据的单元格。点击正文中的数字可就地查看（键盘：Tab 键到达句中数字，"
        "左右方向键在句内移动，回车键打开）；点击单元格可在附件表中查看。",
        en="Every number of the text with its formula and the cells behind it. Click a number in the text to see them "
        "in place (keyboard: Tab to a sentence's numbers, arrow keys from one to the next, Enter to open); click a "
        "cell to see it in the annex.",
    )
    print_evidence = Word("打印本页时一并打印数字溯源", "Print this part, too, when the page is printed")
    in_ten_thousand = Word("单位：万元", "Amounts below are in CNY 10,000")
    in_hundred_million = Word("单位：亿元", "Amounts below are in CNY 100 million")
    other_numbers = Word("正文中的其他数字", "Other numbers of the text")
    blank = Word("空白", "blank")
    absent = Word("（无）", "(none)")
    formula = Word("算式：{}", "Formula: {}")
    parameter = Word("参数，由系列定义或生成时给定。", "A parameter, set by the series or at the build.")
    declared_number = Word("系列定义中的数", "A number in the series' definition")
    document = Word("出处：{}", "Source: {}")
    cell_place = Word("第{row}行{column}列", "row {row}, column {column}")
    counted = Word("{}条记录，{}", "{} records: {}")
    count = Word("个数", "number of units")
    listed = Word("名单企业数", "number of enterprises listed")
    counted_list = Word("名单{}的企业数", "enterprises on the list {}")
    # Formulas
    sum_of = Word("各单位{}之和", "sum of the units' {}")
    mean_of = Word("各单位{}的平均", "mean of the units' {}")
    highest_of = Word("各单位{}的最高值", "highest of the units' {}")
    lowest_of = Word("各单位{}的最低值", "lowest of the units' {}")
    rank_of = Word("{}的名次", "rank in {}")
    count_of = Word("符合“{}”的个数", "number with {}")
    among = Word("{}（限{}）", "{} (of those with {})")
    is_blank = Word("{}空白", "{} blank")
    is_reported = Word("{}有数据", "{} reported")
    both = Word("且", "and")
    either = Word("或", "or")
    negated = Word("非", "not")
    limit_min = Word("最高为{}", "at most {}")
    limit_max = Word("最低为{}", "at least {}")
    limit_default = Word("空白时为{}", "{} where blank")
    limit_round = Word("保留{}位小数", "rounded to {} decimals")
    limit_floor = Word("按{}向下取整", "down to a multiple of {}")
    limit_ceil = Word("按{}向上取整", "up to a multiple of {}")
    change_of = Word("{}较{}的变化", "change of {} on {}")
    the_figure = Word("该项", "the item")
    faults = Word("填报数据中的问题", "faults in the returns")
    # Provenance
    provenance = Word("来源与版本", "Sources and versions")
    made_from = Word(
        "数据来源：{source}。由 tongbao {version} 根据下列文件和参数生成。",
        "Data: {source}. Made by tongbao {version} from these files and parameters.",
    )
    data_files = Word("可下载使用的数据：", "Data to download and use:")
    all_figures = Word("全部数字（CSV）", "All figures (CSV)")
    dictionary = Word("数据字典（CSVW）", "Data dictionary (CSVW)")
    findings_file = Word("数字、结论及依据（JSON）", "Figures, findings and evidence (JSON)")
    findings_schema = Word("JSON格式说明（JSON Schema）", "Schema of that JSON (JSON Schema)")
    file = Word("原始文件", "File received")
    digest = Word("SHA-256（前12位）", "SHA-256 (first 12)")
    setting = Word("参数", "Parameter")
    setting_value = Word("取值", "Value")
    default = Word("（默认{}）", " (default {})")

    def __iter__(self) -> Iterator[str]:
        """Every word of this table."""
        return (getattr(self, name) for name, word in vars(type(self)).items() if isinstance(word, Word))


WORDS: Mapping[str, Words] = {lang: Words(lang) for lang in ("zh", "en")}


def pieces(words: str) -> list[tuple[str, bool]]:
    """Words between their braces, and whether each piece holds a numeral.

    >>> pieces("横线：{}；虚线：95%界限")
    [('横线：', False), ('{}', False), ('；虚线：95%界限', True)]
    """
    found = filter(None, re.split(r"(\{\w*\})", words))
    return [(piece, not piece.startswith("{") and bool(_NUMERAL.search(piece))) for piece in found]


def with_numerals(table: Words) -> tuple[str, ...]:
    """All words of a table that hold a numeral and are no figure, in the pieces that pages print them in."""
    return tuple(piece for words in table for piece, numeral in pieces(words) if numeral)
