"""Which columns have a total: told by the totals' row, else by the name and the unit of measurement."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

# Scores, levels, prices, deviations, changes and whatever is counted per something else: no two of them add up.
_NO_QUANTITY = re.compile(
    r"均|率|占比|比例|比重|百分比|得分|分数|评分|分值|考核分|指数|系数|倍数|强度|水平|中位|众数|分位|极差|方差|标准差|离差"
    r"|增幅|降幅|增速|增长|同比|环比|变化|变动|升降|波动|[名位]次|排名|排位|单价|价格|[房地物油电水均]价$|单产|亩产|年龄"
    r"|每(?!年|月|日|天|季|周)|^[十百千万亿][人户车元](?![以及]|$)|[万亿]元(?=GDP|产值|增加值|地区|国内)|单位(?=GDP|产值|面积|产品)"
    r"|水位|海拔|高程|标高|[气水体室地油温]温|酸碱|pH|距离|最[高低大小长短快慢]|(?<![长额年季月热])度$|比$"
    r"|\b(?:rate|share|ratio|average|mean|median|score|index|level|per|change|deviation)\b",
    re.IGNORECASE,
)
# What is a total only where it says so: 总时长, 工资总额, 累计天数.
_OF_ONE_CASE = re.compile(r"天数$|时长$|时间$|用时|耗时|时限|周期|工资|薪[酬资]|租金|标准$")
_TOGETHER = re.compile(r"总|累计|合计|额$")
_NO_SUM_UNITS = re.compile(r"[‰分度岁秒℃]|小时|分钟|天|米|.+/.+")
_BOTH_WAYS = re.compile(r"小时|分钟|[天米秒度]")  # a length of pipe adds up, a water level does not
_LENGTHS = re.compile(r"长$|长度|里程|管[道网线]?|道路|公路|河道|沟渠|用电|电量|耗电|发电")

NAMED = "not summed: its name says that it is no quantity"


def why_not(label: str, unit: str) -> str:
    """Why a column's figures may not be added up, by its name and unit of measurement; empty where they may.

    >>> why_not("受理量", "件"), why_not("罚款总额", "万元"), why_not("总时长", "小时"), why_not("道路里程", "公里")
    ('', '', '', '')
    >>> why_not("水位", "米") == why_not("每万人事故数", "起") == why_not("工资水平", "元") == NAMED
    True
    >>> why_not("服务", "分")
    'not summed: figures in 分 may be levels, scores or times of single cases, else delete area: none'
    """
    if _NO_QUANTITY.search(label):
        return NAMED
    together = _TOGETHER.search(label) is not None
    if _OF_ONE_CASE.search(label) and not together:
        return NAMED
    if _NO_SUM_UNITS.fullmatch(unit) and not (_BOTH_WAYS.fullmatch(unit) and (together or _LENGTHS.search(label))):
        return f"not summed: figures in {unit} may be levels, scores or times of single cases, else delete area: none"
    return ""


def is_sum(total: Decimal, figures: Sequence[Decimal]) -> bool:
    """Whether a stated total is the sum of the units' figures, or but a slip away from it.

    One that is no more than the largest figure, or far from the sum, is a mean, a median, a score: of 90, 88 and 93 a
    total of 90.3.
    """
    together = sum(figures, Decimal(0))
    return total == together or (total > max(figures, default=total) and abs(total - together) * 4 <= abs(together))
