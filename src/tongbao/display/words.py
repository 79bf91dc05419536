"""The words of the page's frame in each language: headings, labels, descriptions; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass

from tongbao.definition.model import Lang


@dataclass(frozen=True)
class PageWords:
    """Everything that the page says beside the circular's own words."""

    # Punctuation
    brackets: str
    colon: str
    semicolon: str
    comma: str
    sentence: str
    # Head of the page
    covers: str
    downloads: str
    data: str
    contents: str
    skip: str
    other_edition: str
    translation: str
    main_points: str
    key_figures: str
    # Annexes
    annex: str
    annexes: str
    number: str
    enterprise: str
    where: str
    industry: str
    reason: str
    # Data notes
    notes: str
    quality: str
    agrees: str
    nothing_found: str
    # Charts
    unit: str
    rank: str
    value: str
    chart_data: str
    not_drawn: str
    none_reported: str
    all_equal: str
    highest_lowest: str
    below_line: str
    # Evidence
    evidence: str
    evidence_help: str
    other_numbers: str
    blank: str
    formula: str
    parameter: str
    declared_number: str
    document: str
    cell_place: str
    counted: str
    count: str
    listed: str
    sum_of: str
    mean_of: str
    rank_of: str
    # Provenance
    provenance: str
    made_from: str
    file: str
    digest: str
    setting: str
    setting_value: str
    default: str
    # Chance, for reviewers
    chance: str
    for_reviewers: str
    outside: str
    all_inside: str
    funnel_lines: str
    funnel_marks: str
    funnel: str
    funnel_data: str
    interval_table: str
    limits_95: str
    limits_998: str
    interval_95: str
    place: str
    possible_ranks: str
    against_limits: str
    inside: str
    above_95: str
    below_95: str
    above_998: str
    below_998: str


ZH = PageWords(
    brackets="{}（{}）",
    colon="：",
    semicolon="；",
    comma="、",
    sentence="{}。",
    covers="统计时段：",
    downloads="下载",
    data="数据（CSV）",
    contents="本页内容",
    skip="跳到正文",
    other_edition="中文版",
    translation="本文为译文，以原文为准。",
    main_points="要点",
    key_figures="主要指标",
    annex="附件",
    annexes="附件：",
    number="序号",
    enterprise="企业名称",
    where="所在地",
    industry="行业领域",
    reason="列入理由",
    notes="数据说明",
    quality="填报质量",
    agrees="填报的合计、比率和排名与按数据计算的结果一致。",
    nothing_found="未发现问题。",
    unit="单位",
    rank="排名",
    value="数值（{}）",
    chart_data="图中数据",
    not_drawn="未报送，不画：{}",
    none_reported="{}：各单位均未报送。",
    all_equal="{}各单位均为{}。",
    highest_lowest="{}最高为{}（{}），最低为{}（{}）。",
    below_line="低于{}的有{}个",
    evidence="数字溯源",
    evidence_help=(
        "正文中每个数字的算式和所依据的单元格。点击正文中的数字可就地查看（键盘：Tab 键到达句中数字，左右方向键"
        "在句内移动，回车键打开）；点击单元格可在附件表中查看。"
    ),
    other_numbers="正文中的其他数字",
    blank="空白",
    formula="算式：{}",
    parameter="参数，由系列定义或生成时给定。",
    declared_number="系列定义中的数",
    document="出处：{}",
    cell_place="第{row}行{column}列",
    counted="{}条记录，{}",
    count="个数",
    listed="名单企业数",
    sum_of="各单位{}之和",
    mean_of="各单位{}的平均",
    rank_of="{}的名次",
    provenance="来源与版本",
    made_from="数据来源：{source}。由 tongbao {version} 根据下列文件和参数生成。",
    file="原始文件",
    digest="SHA-256（前12位）",
    setting="参数",
    setting_value="取值",
    default="（默认{}）",
    chance="比率和名次的偶然波动",
    for_reviewers="供审核，不进入通报正文。",
    outside="{}：{}个单位在偶然波动的界限外",
    all_inside="{}：各单位都在偶然波动的界限内",
    funnel_lines="横线：{}{}；虚线：95%界限；实线：99.8%界限",
    funnel_marks="红色菱形：在99.8%界限外；黑色方形：在两条界限之间；{}",
    funnel="{}漏斗图，{}{}。{}",
    funnel_data="{}漏斗图数据",
    interval_table="{}的区间和可能名次",
    limits_95="95%界限",
    limits_998="99.8%界限",
    interval_95="95%区间（{}）",
    place="名次",
    possible_ranks="可能名次",
    against_limits="与界限相比",
    inside="界限内",
    above_95="高于95%界限",
    below_95="低于95%界限",
    above_998="高于99.8%界限",
    below_998="低于99.8%界限",
)

EN = PageWords(
    brackets="{} ({})",
    colon=": ",
    semicolon="; ",
    comma=", ",
    sentence="{}.",
    covers="Covers ",
    downloads="Downloads",
    data="Data (CSV)",
    contents="On this page",
    skip="Skip to the text",
    other_edition="English edition",
    translation="Translation; the original text is authoritative.",
    main_points="Main points",
    key_figures="Key figures",
    annex="Annex",
    annexes="Annexes: ",
    number="No.",
    enterprise="Enterprise",
    where="Place",
    industry="Industry",
    reason="Reason",
    notes="Data notes",
    quality="Quality of reporting",
    agrees="Totals, rates and ranks as reported agree with those computed from the data.",
    nothing_found="Nothing found.",
    unit="Unit",
    rank="Rank",
    value="Value ({})",
    chart_data="Numbers of the chart",
    not_drawn="Not reported, not drawn: {}",
    none_reported="{}: no unit reported.",
    all_equal="{}: {} in every unit.",
    highest_lowest="{}: highest in {} ({}), lowest in {} ({}).",
    below_line="Below {}: {}",
    evidence="Where the numbers come from",
    evidence_help=(
        "Every number of the text with its formula and the cells behind it. Click a number in the text to see them in "
        "place (keyboard: Tab to a sentence's numbers, arrow keys from one to the next, Enter to open); click a cell "
        "to see it in the annex."
    ),
    other_numbers="Other numbers of the text",
    blank="blank",
    formula="Formula: {}",
    parameter="A parameter, set by the series or at the build.",
    declared_number="A number in the series' definition",
    document="Source: {}",
    cell_place="row {row}, column {column}",
    counted="{} records: {}",
    count="number of units",
    listed="number of enterprises listed",
    sum_of="sum of the units' {}",
    mean_of="mean of the units' {}",
    rank_of="rank in {}",
    provenance="Sources and versions",
    made_from="Data: {source}. Made by tongbao {version} from these files and parameters.",
    file="File received",
    digest="SHA-256 (first 12)",
    setting="Parameter",
    setting_value="Value",
    default=" (default {})",
    chance="What chance can do to rates and ranks",
    for_reviewers="For reviewers; no part of the circular.",
    outside="{}: {} outside the limits of chance",
    all_inside="{}: every unit inside the limits of chance",
    funnel_lines="Level line: {} {}; dashed: 95% limits; solid: 99.8% limits",
    funnel_marks="Red diamonds: outside 99.8%; black squares: between the limits; {}",
    funnel="Funnel plot of the {}, {} {}. {}",
    funnel_data="Numbers of the funnel plot of the {}",
    interval_table="Intervals and possible ranks of the {}",
    limits_95="95% limits",
    limits_998="99.8% limits",
    interval_95="95% interval ({})",
    place="Rank",
    possible_ranks="Possible ranks",
    against_limits="Against the limits",
    inside="inside",
    above_95="above 95%",
    below_95="below 95%",
    above_998="above 99.8%",
    below_998="below 99.8%",
)

WORDS: dict[Lang, PageWords] = {"zh": ZH, "en": EN}
