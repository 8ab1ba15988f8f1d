"""The closed lists of the registers: how a body is qualified, kinds of acts, states and changes of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from core.text import Text


class Qualification(StrEnum):
    """Where a body has its power from (行政处罚法 17 to 21)."""

    STATUTORY = "statutory"
    AUTHORISED = "authorised"
    ENTRUSTED = "entrusted"


class ActKind(StrEnum):
    """Kinds of administrative acts, as lists of powers and duties (权责清单) sort them."""

    PENALTY = "penalty"
    PERMIT = "permit"
    COERCION = "coercion"
    INSPECTION = "inspection"
    COLLECTION = "collection"
    REQUISITION = "requisition"
    PAYMENT = "payment"
    CONFIRMATION = "confirmation"
    REWARD = "reward"
    RULING = "ruling"
    OTHER = "other"


class CertificateKind(StrEnum):
    """Officers enforce, supervisors supervise (行政执法证, 行政执法监督证)."""

    ENFORCEMENT = "enforcement"
    SUPERVISION = "supervision"


class State(StrEnum):
    """What a certificate is worth on a day."""

    VALID = "valid"
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    NOT_YET = "not_yet"
    UNKNOWN = "unknown"


class ChangeKind(StrEnum):
    """What can happen to a certificate."""

    ISSUED = "issued"
    UPDATED = "updated"
    RENEWED = "renewed"
    REPLACED = "replaced"
    SUSPENDED = "suspended"
    RESTORED = "restored"
    CANCELLED = "cancelled"


def _words(**titles: tuple[str, str]) -> dict[str, Text]:
    return {name: Text(zh, {"en": en}) for name, (zh, en) in titles.items()}


QUALIFICATION_TITLES: Mapping[str, Text] = MappingProxyType(_words(
    statutory=("法定行政机关", "organ with statutory power"), authorised=("法律法规授权组织", "authorised by law"),
    entrusted=("受委托组织", "entrusted organisation")))

ACT_TITLES: Mapping[str, Text] = MappingProxyType(_words(
    penalty=("行政处罚", "penalty"), permit=("行政许可", "permit"), coercion=("行政强制", "coercion"),
    inspection=("行政检查", "inspection"), collection=("行政征收", "collection of charges"),
    requisition=("行政征用", "requisition"), payment=("行政给付", "payment"), confirmation=("行政确认", "confirmation"),
    reward=("行政奖励", "reward"), ruling=("行政裁决", "ruling"), other=("其他权力", "other")))

CERTIFICATE_TITLES: Mapping[str, Text] = MappingProxyType(_words(
    enforcement=("行政执法证", "enforcement certificate"), supervision=("行政执法监督证", "supervision certificate")))

STATE_TITLES: Mapping[str, Text] = MappingProxyType(_words(
    valid=("有效", "valid"), suspended=("暂扣", "suspended"), expired=("过期", "expired"),
    cancelled=("注销", "cancelled"), not_yet=("未到启用日期", "not yet valid"), unknown=("没有登记", "not registered")))

STATE_TONES: Mapping[str, str] = MappingProxyType({
    "valid": "green", "suspended": "orange", "expired": "yellow", "cancelled": "grey", "not_yet": "blue",
    "unknown": "red"})

CHANGE_TITLES: Mapping[str, Text] = MappingProxyType(_words(
    issued=("核发", "issued"), updated=("更正登记", "record corrected"), renewed=("换发", "renewed"),
    replaced=("补发（原二维码作废）", "replaced (the old code is void)"), suspended=("暂扣", "suspended"),
    restored=("恢复", "restored"), cancelled=("注销", "cancelled")))
