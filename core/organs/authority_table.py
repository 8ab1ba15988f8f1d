"""Who may do what: the one table. What is not written here is not allowed.

``OBJECTS`` speaks of a case, a finding, a score or the people of an organ: action → what the organ concerned is to
the actor's organ → roles. ``FUNCTIONS`` speaks of the platform itself: action → roles. Pages answer a refused
object with 404 and a refused function with 403.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.organs.actors import Relation
from core.organs.vocabulary import OrganKind, Role
from core.text import Text


class Action(StrEnum):
    """What a person can want to do. Values are stable: pages and navigation name them."""

    VIEW_CASE = "view_case"
    DOWNLOAD_MATERIAL = "download_material"
    VIEW_PERSONAL = "view_personal"
    SEAL_PERSONAL = "seal_personal"
    RECORD_STEP = "record_step"
    CORRECT_STEP = "correct_step"
    APPROVE_STEP = "approve_step"
    VIEW_FINDING = "view_finding"
    ANSWER_FINDING = "answer_finding"
    DETERMINE_FINDING = "determine_finding"
    REPORT_CURE = "report_cure"
    VERIFY_CURE = "verify_cure"
    VIEW_SCORE = "view_score"
    VIEW_RECEIPT = "view_receipt"
    PUBLISH_SCORE = "publish_score"
    VIEW_PEOPLE = "view_people"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_ORGANS = "manage_organs"
    VIEW_OFFICERS = "view_officers"
    MANAGE_OFFICERS = "manage_officers"
    IMPORT_OFFICERS = "import_officers"
    VIEW_WORKBENCH = "view_workbench"
    VIEW_RANKING = "view_ranking"
    VIEW_RULES = "view_rules"
    AUTHOR_RULES = "author_rules"
    ACTIVATE_RULES = "activate_rules"
    IMPORT_LOG = "import_log"
    IMPORT_PEOPLE = "import_people"
    MAINTAIN_LAWS = "maintain_laws"
    VIEW_LEDGER = "view_ledger"
    VERIFY_LEDGER = "verify_ledger"
    VIEW_PLUGINS = "view_plugins"


def _roles(*roles: Role) -> frozenset[str]:
    return frozenset(role.value for role in roles)


_HANDLER, _REVIEWER, _HEAD, _SUPERVISOR = (
    Role.CASE_HANDLER, Role.LEGAL_REVIEWER, Role.OFFICE_HEAD, Role.SUPERVISOR)
_AUTHOR, _APPROVER, _AUDITOR, _ADMIN = Role.RULE_AUTHOR, Role.RULE_APPROVER, Role.AUDITOR, Role.ADMIN
_WORKING = _roles(_HANDLER, _REVIEWER, _HEAD)
_OVERSEEING = _roles(_REVIEWER, _HEAD, _SUPERVISOR, _AUDITOR)
_OWN, _SUBORDINATE, _PARTICIPANT = Relation.OWN, Relation.SUBORDINATE, Relation.PARTICIPANT

OBJECTS: Mapping[Action, Mapping[Relation, frozenset[str]]] = MappingProxyType({
    Action.VIEW_CASE: {
        _OWN: _WORKING | _roles(_SUPERVISOR, _AUDITOR), _SUBORDINATE: _OVERSEEING, _PARTICIPANT: _WORKING},
    Action.DOWNLOAD_MATERIAL: {
        _OWN: _WORKING, _SUBORDINATE: _roles(_REVIEWER, _HEAD, _SUPERVISOR), _PARTICIPANT: _WORKING},
    Action.VIEW_PERSONAL: {
        _OWN: _WORKING, _SUBORDINATE: _roles(_SUPERVISOR), _PARTICIPANT: _roles(_HANDLER, _REVIEWER)},
    # Erasing cannot be undone and would take evidence from the organ's own file: only a supervisor above it decides.
    Action.SEAL_PERSONAL: {_SUBORDINATE: _roles(_SUPERVISOR)},
    # A supervisor records supervision steps on others; on the own organ nobody supervises himself.
    # Which step which role records is the procedure's word; rule authors and approvers have the platform's own.
    Action.RECORD_STEP: {
        _OWN: _WORKING | _roles(_AUTHOR, _APPROVER), _SUBORDINATE: _roles(_SUPERVISOR, _APPROVER),
        _PARTICIPANT: _WORKING},
    Action.CORRECT_STEP: {_OWN: _WORKING, _SUBORDINATE: _roles(_SUPERVISOR), _PARTICIPANT: _WORKING},
    Action.APPROVE_STEP: {_OWN: _roles(_HEAD), _SUBORDINATE: _roles(_SUPERVISOR)},
    Action.VIEW_FINDING: {
        _OWN: _WORKING | _roles(_SUPERVISOR, _AUDITOR), _SUBORDINATE: _OVERSEEING, _PARTICIPANT: _WORKING},
    Action.ANSWER_FINDING: {_OWN: _WORKING},
    Action.DETERMINE_FINDING: {_SUBORDINATE: _roles(_SUPERVISOR)},
    Action.REPORT_CURE: {_OWN: _WORKING},
    Action.VERIFY_CURE: {_SUBORDINATE: _roles(_SUPERVISOR)},
    Action.VIEW_SCORE: {_OWN: _WORKING | _roles(_SUPERVISOR, _AUDITOR), _SUBORDINATE: _OVERSEEING},
    Action.VIEW_RECEIPT: {_OWN: _WORKING | _roles(_SUPERVISOR, _AUDITOR), _SUBORDINATE: _OVERSEEING},
    Action.PUBLISH_SCORE: {_SUBORDINATE: _roles(_SUPERVISOR)},
    Action.VIEW_PEOPLE: {_OWN: _roles(_ADMIN, _HEAD), _SUBORDINATE: _roles(_ADMIN)},
    Action.MANAGE_PEOPLE: {_OWN: _roles(_ADMIN), _SUBORDINATE: _roles(_ADMIN)},
    Action.MANAGE_ORGANS: {_SUBORDINATE: _roles(_ADMIN)},
    Action.VIEW_OFFICERS: {_OWN: _WORKING | _roles(_SUPERVISOR, _AUDITOR), _SUBORDINATE: _OVERSEEING},
    # 行政执法监督条例: qualification of bodies and officers is the justice departments' to confirm.
    Action.MANAGE_OFFICERS: {_OWN: _roles(_SUPERVISOR), _SUBORDINATE: _roles(_SUPERVISOR)},
})

FUNCTIONS: Mapping[Action, frozenset[str]] = MappingProxyType({
    Action.VIEW_WORKBENCH: _roles(*Role),
    Action.VIEW_RANKING: _roles(*Role) - _roles(_ADMIN),
    Action.VIEW_RULES: _roles(*Role),
    Action.AUTHOR_RULES: _roles(_AUTHOR),
    Action.ACTIVATE_RULES: _roles(_APPROVER),
    Action.IMPORT_LOG: _roles(_ADMIN),
    Action.IMPORT_PEOPLE: _roles(_ADMIN),
    Action.MAINTAIN_LAWS: _roles(_SUPERVISOR, _ADMIN),
    Action.IMPORT_OFFICERS: _roles(_SUPERVISOR),
    Action.VIEW_LEDGER: _roles(_AUDITOR),
    Action.VERIFY_LEDGER: _roles(_AUDITOR, _SUPERVISOR, _ADMIN),
    Action.VIEW_PLUGINS: _roles(_ADMIN, _AUDITOR),
})

ONLY_KINDS: Mapping[Action, frozenset[str]] = MappingProxyType(
    dict.fromkeys((Action.DETERMINE_FINDING, Action.VERIFY_CURE, Action.PUBLISH_SCORE, Action.SEAL_PERSONAL,
                   Action.MANAGE_OFFICERS),
                  frozenset({OrganKind.JUSTICE.value})))
"""Actions that only organs of these kinds perform, whatever roles their people hold."""

FOUR_EYES = frozenset({Action.APPROVE_STEP, Action.DETERMINE_FINDING, Action.VERIFY_CURE, Action.ACTIVATE_RULES})
"""Actions that nobody performs on what he did himself."""

ACTION_TITLES: Mapping[Action, Text] = MappingProxyType({
    Action.VIEW_CASE: Text("查看事项", {"en": "view a case"}),
    Action.DOWNLOAD_MATERIAL: Text("下载材料", {"en": "download a material"}),
    Action.VIEW_PERSONAL: Text("查看个人信息", {"en": "view personal data"}),
    Action.SEAL_PERSONAL: Text("封存个人信息", {"en": "seal personal data"}),
    Action.RECORD_STEP: Text("记录步骤", {"en": "record a step"}),
    Action.CORRECT_STEP: Text("更正步骤", {"en": "correct a step"}),
    Action.APPROVE_STEP: Text("复核补录步骤", {"en": "approve a step recorded late"}),
    Action.VIEW_FINDING: Text("查看问题", {"en": "view a finding"}),
    Action.ANSWER_FINDING: Text("申辩", {"en": "answer a finding"}),
    Action.DETERMINE_FINDING: Text("认定问题", {"en": "determine a finding"}),
    Action.REPORT_CURE: Text("报告整改", {"en": "report a cure"}),
    Action.VERIFY_CURE: Text("核验整改", {"en": "verify a cure"}),
    Action.VIEW_SCORE: Text("查看得分", {"en": "view a score"}),
    Action.VIEW_RECEIPT: Text("查看评分回执", {"en": "view a receipt"}),
    Action.PUBLISH_SCORE: Text("公布得分", {"en": "publish a score"}),
    Action.VIEW_PEOPLE: Text("查看人员", {"en": "view people"}),
    Action.MANAGE_PEOPLE: Text("管理人员", {"en": "manage people"}),
    Action.MANAGE_ORGANS: Text("管理机构", {"en": "manage organs"}),
    Action.VIEW_OFFICERS: Text("查看执法人员", {"en": "view officers"}),
    Action.MANAGE_OFFICERS: Text("管理执法资格", {"en": "manage the qualification of bodies and officers"}),
    Action.IMPORT_OFFICERS: Text("登记执法主体和执法证件", {"en": "register enforcement bodies and certificates"}),
    Action.VIEW_WORKBENCH: Text("工作台", {"en": "workbench"}),
    Action.VIEW_RANKING: Text("查看排名", {"en": "view the ranking"}),
    Action.VIEW_RULES: Text("查看规则", {"en": "view rules"}),
    Action.AUTHOR_RULES: Text("编制规则", {"en": "write rules"}),
    Action.ACTIVATE_RULES: Text("启用规则", {"en": "activate rules"}),
    Action.IMPORT_LOG: Text("导入事项记录", {"en": "import an event log"}),
    Action.IMPORT_PEOPLE: Text("导入机构和人员", {"en": "import organs and people"}),
    Action.MAINTAIN_LAWS: Text("维护法规库", {"en": "keep the library of laws"}),
    Action.VIEW_LEDGER: Text("查看存证记录", {"en": "read the ledger"}),
    Action.VERIFY_LEDGER: Text("校验存证", {"en": "verify the ledger"}),
    Action.VIEW_PLUGINS: Text("查看子平台", {"en": "view plugins"}),
})
