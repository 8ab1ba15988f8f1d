"""Words for what the platform itself writes on a case: findings, publications, sealed data."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

VIEWED = "personal.viewed"
PLATFORM_TITLES = {
    "finding.raised": _l("提示疑似问题"), "finding.withdrawn": _l("撤回疑似问题"), "finding.answered": _l("提交申辩"),
    "finding.confirmed": _l("确认问题"), "finding.dismissed": _l("排除问题"), "finding.cured": _l("整改完成"),
    "finding.cure_reported": _l("报告整改"), "score.published": _l("公布得分"),
    "document.rated": _l("当事人评价"), "step.countersigned": _l("复核补录"), "personal.sealed": _l("封存个人信息"),
    VIEWED: _l("查看个人信息"), "case.led_to": _l("产生后续事项"), "case.opened_from": _l("由其他事项而来"),
}
REASONS = {
    "cause-removed": _l("引起问题的记录已更正"), "rule-no-longer-applies": _l("规则不再适用"),
    "another-organ-answers": _l("改由另一机关负责"),
}


def platform_title(event_type: str) -> str:
    """The title of an event that the platform writes."""
    return str(PLATFORM_TITLES.get(event_type, event_type))


def finding_reason(text: str) -> str:
    """Why a finding was withdrawn, in words; what a person wrote stays as it is."""
    return str(REASONS.get(text, text))
