"""The pages' own words, Chinese with English."""

from __future__ import annotations

from core.text import Text
from web.kit.language import say

ENGLISH = {
    "年度目录": "Catalogues of the year",
    "决策后评估": "Post-evaluation",
    "各机关公布的重大行政决策事项年度目录及其办理情况。":
        "Published catalogues of major decisions and what became of their items.",
    "按地区比较决策后评估的开展情况和实施效果。": "Post-evaluations and their results, region by region.",
    "名称、文号": "Title or number",
    "行政区划": "Region",
    "查询": "Search",
    "筛选": "Filter",
    "目录": "Catalogue",
    "机关": "Organ",
    "公布日期": "Published",
    "党委同意": "Consent",
    "事项数": "Items",
    "已启动": "Taken up",
    "已出台": "Issued",
    "未公布": "Not published",
    "没有符合条件的目录。": "No catalogue fits.",
    "序号": "No.",
    "事项名称": "Matter",
    "类别": "Category",
    "承办单位": "Handling unit",
    "计划季度": "Quarter",
    "应当履行的程序": "Compulsory steps",
    "合法性审查": "legality review",
    "集体讨论决定": "collective discussion",
    "办理情况": "Progress",
    "尚未启动": "Not taken up",
    "已办结": "Closed",
    "查看目录卷宗": "Open the catalogue's record",
    "地区": "Region",
    "出台决策": "Issued",
    "开展后评估": "Evaluated",
    "评估率": "Share",
    "平均效果评分": "Mean effect",
    "继续执行": "Keep",
    "调整决策": "Adjust",
    "停止执行": "Stop",
    "评估单位不独立": "Evaluator not independent",
    "本级": "own organs",
    "还没有决策后评估记录。": "No post-evaluation is recorded yet.",
    "效果评分由后评估报告给出，只反映已评估的决策，不计入排名。":
        "The effect is what evaluation reports say of the decisions evaluated; it does not count in the ranking.",
    "目录公布网址": "Published at",
    "返回上级": "Up",
}


def word(chinese: str) -> str:
    """A phrase of these pages in the reader's language."""
    return say(Text(chinese, {"en": ENGLISH[chinese]}))
