"""Levels, kinds of organs and roles: the closed lists that authority is decided on."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.text import Text


class RegionLevel(StrEnum):
    """Level of a region, highest first."""

    REGION = "region"
    LEAGUE = "league"
    COUNTY = "county"
    TOWNSHIP = "township"

    @property
    def rank(self) -> int:
        """0 for the highest level."""
        return list(RegionLevel).index(self)


class OrganKind(StrEnum):
    """What an organ is in law; it decides whether the organ has a territory of its own."""

    GOVERNMENT = "government"
    DISPATCHED_OFFICE = "dispatched_office"  # 盟行政公署、街道办事处: acts for the government that sent it
    JUSTICE = "justice"
    DEPARTMENT = "department"
    ENFORCEMENT_BODY = "enforcement_body"
    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"
    OTHER = "other"


class Role(StrEnum):
    """What a person does in an organ. Plugins may name further roles in ``by``; the table grants them nothing."""

    CASE_HANDLER = "case_handler"
    LEGAL_REVIEWER = "legal_reviewer"
    OFFICE_HEAD = "office_head"
    SUPERVISOR = "supervisor"
    RULE_AUTHOR = "rule_author"
    RULE_APPROVER = "rule_approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


LEVEL_TITLES: Mapping[RegionLevel, Text] = MappingProxyType({
    RegionLevel.REGION: Text("自治区级", {"en": "region"}),
    RegionLevel.LEAGUE: Text("盟市级", {"en": "league or city"}),
    RegionLevel.COUNTY: Text("旗县级", {"en": "banner or county"}),
    RegionLevel.TOWNSHIP: Text("乡镇级", {"en": "township"}),
})

KIND_TITLES: Mapping[OrganKind, Text] = MappingProxyType({
    OrganKind.GOVERNMENT: Text("人民政府", {"en": "people's government"}),
    OrganKind.DISPATCHED_OFFICE: Text("派出机关", {"en": "dispatched office"}),
    OrganKind.JUSTICE: Text("司法行政机关", {"en": "justice department"}),
    OrganKind.DEPARTMENT: Text("政府部门", {"en": "department"}),
    OrganKind.ENFORCEMENT_BODY: Text("行政执法机构", {"en": "enforcement body"}),
    OrganKind.AUTHORISED: Text("法律法规授权组织", {"en": "organisation authorised by law"}),
    OrganKind.ENTRUSTED: Text("受委托组织", {"en": "entrusted organisation"}),
    OrganKind.OTHER: Text("其他", {"en": "other"}),
})

ROLE_TITLES: Mapping[Role, Text] = MappingProxyType({
    Role.CASE_HANDLER: Text("承办人", {"en": "case handler"}),
    Role.LEGAL_REVIEWER: Text("合法性审查人员", {"en": "legal reviewer"}),
    Role.OFFICE_HEAD: Text("机关负责人", {"en": "head of office"}),
    Role.SUPERVISOR: Text("监督人员", {"en": "supervisor"}),
    Role.RULE_AUTHOR: Text("规则编制人员", {"en": "rule author"}),
    Role.RULE_APPROVER: Text("规则审批人员", {"en": "rule approver"}),
    Role.AUDITOR: Text("审计人员", {"en": "auditor"}),
    Role.ADMIN: Text("系统管理员", {"en": "administrator"}),
})

TERRITORIAL_KINDS = frozenset({OrganKind.GOVERNMENT, OrganKind.DISPATCHED_OFFICE, OrganKind.JUSTICE})
"""Kinds whose organs look after the whole territory of their region (块)."""
