"""What the review page says beside the words of all pages."""

from collections.abc import Mapping
from dataclasses import dataclass

from tongbao.words import Word, Words


@dataclass(frozen=True)
class ReviewWords(Words):
    """The words of that page, in one language."""

    review_of = Word("审核页：{}", "Review: {}")
    review_only = Word("审核用，不公开。", "For review; not for publication.")
    public_page = Word("公开页面", "The public page")
    # Where it stands
    standing = Word("现状", "Where it stands")
    built = Word("生成", "Built")
    not_built = Word("不能生成。", "It cannot be built.")
    manifest = Word("清单", "Manifest")
    approvals = Word("批准", "Approvals")
    approvals_held = Word("需{needed}人，有效{holding}人", "{holding} of {needed} hold")
    approved_by = Word("{by}，{time}", "{by}, {time}")
    signed = Word("已签名", "signed")
    not_signed = Word("未签名", "not signed")
    fallen = Word("{by}的批准已不算数：{reason}", "the approval by {by} does not count: {reason}")
    authors = Word("编写人（不算在内）", "Author, who does not count")
    changed_parameters = Word("非默认参数", "Other than default")
    parameter_value = Word("{label}：{value}（默认{default}）", "{label}: {value} (default {default})")
    all_default = Word("均为默认值", "all are the default")
    # What changed
    changes = Word("与已发布版本相比", "Changed since it was published")
    never_published = Word("本项目还没有发布过。", "Nothing was published from here yet.")
    not_there = Word("{}中还没有发布过本期。", "It is not published in {} yet.")
    other_record = Word("{}中的记录格式不同，无法比较。", "The record in {} is of another form: it cannot be compared.")
    compared_with = Word("与{place}中的第{number}版（{date}）相比。", "Against version {number} of {date} in {place}. ")
    nothing_changed = Word("没有变化。", "Nothing has changed.")
    not_compared = Word("尚未生成，无法比较。", "It is not built, so there is nothing to compare.")
    cells_changed = Word("原始数据（{}个单元格）", "Raw cells ({})")
    files_changed = Word("原始文件", "Raw files")
    file_new = Word("新增", "new")
    file_gone = Word("不再使用", "no longer used")
    file_same = Word("有改动，但用到的单元格没有变化", "changed, but in no cell that is used")
    figures_changed = Word("数字（{}个）", "Figures ({})")
    findings_changed = Word("结论（{}条）", "Findings ({})")
    lines_changed = Word("其他语句中的数字（{}处）", "Figures in other sentences ({})")
    words_changed = Word("文字（{}处）", "Words ({})")
    settings_changed = Word("参数和系列定义", "Parameters and definition")
    setting_name = Word("位置", "Where")
    before = Word("原来", "Before")
    now = Word("现在", "Now")
    touches = Word("影响：", "Touches:")
    figure_name = Word("数字", "Figure")
    same_sentence = Word("句子未变，变了的是：", "Same sentence; changed: ")
    case = Word("情形", "case")
    level = Word("级别", "level")
    units = Word("所列单位", "units")
    page_top = Word("页首", "top")
    evidence_there = Word("依据", "evidence")
    at_sentence = Word("结论{}", "Finding {}")
    at_line = Word("语句{}", "Sentence {}")
    # The audit
    audit = Word("数字核对", "Number audit")
    audited_file = Word("文件", "Document")
    held = Word("核对一致", "Held")
    left = Word("没有依据", "Left over")
    of_raw = Word("原始数据和记录", "Raw figures and record")
    no_audit = Word("尚未生成，没有核对。", "It is not built, so nothing was held.")
    left_in = Word("在：{}", "in: {}")
    not_read = Word("没有核对：{}", "Not read: {}")
    # What is open
    open_points = Word("待定内容", "Left to settle")
    none_open = Word("没有。", "None.")
    returns = Word("填报数据中待核实的问题", "Open questions about the returns")
    follow = Word("由此而来：", "What follows from it:")
    resting = Word("依据这些数据的结论：", "Findings that rest on these figures:")
    places = Word("所在单元格", "Cells")
    error = Word("错误", "Error")
    warning = Word("警告", "Warning")
    note = Word("提示", "Note")
    must_be_mended = Word("须改正", "to be mended")
    open = Word("未决", "open")
    disclosed = Word("公开页面已说明", "told on the public page")
    for_information = Word("仅作说明", "for information")
    # To tick
    ticks = Word("审核清单", "To tick")
    ticks_help = Word(
        "勾选保存在本机浏览器中；内容有变的，须重新勾选。",
        "Ticks stay in this browser; what changes is to be ticked again.",
    )
    each_finding = Word("结论", "Findings")
    each_issue = Word("未决问题", "Open questions")
    changed_mark = Word("有变化", "changed")
    see = Word("查看", "see")
    reviewer = Word("审核人", "Reviewer")
    day = Word("日期", "Date")
    signature = Word("签名", "Signature")


REVIEW_WORDS: Mapping[str, ReviewWords] = {lang: ReviewWords(lang) for lang in ("zh", "en")}
