"""The closed lists of the library: levels of law and kinds of text, with their titles."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from core.text import Text


class LawLevel(StrEnum):
    """Rank of a text (立法法), highest first."""

    CONSTITUTION = "constitution"
    LAW = "law"
    REGULATION = "regulation"
    LOCAL_REGULATION = "local_regulation"
    DEPARTMENT_RULE = "department_rule"
    GOVERNMENT_RULE = "government_rule"
    NORMATIVE = "normative"
    OTHER = "other"


LEVEL_TITLES: Mapping[LawLevel, Text] = {
    LawLevel.CONSTITUTION: Text("宪法", {"en": "Constitution"}),
    LawLevel.LAW: Text("法律", {"en": "Law"}),
    LawLevel.REGULATION: Text("行政法规", {"en": "Administrative regulation"}),
    LawLevel.LOCAL_REGULATION: Text("地方性法规", {"en": "Local regulation"}),
    LawLevel.DEPARTMENT_RULE: Text("部门规章", {"en": "Department rule"}),
    LawLevel.GOVERNMENT_RULE: Text("政府规章", {"en": "Government rule"}),
    LawLevel.NORMATIVE: Text("行政规范性文件", {"en": "Normative document"}),
    LawLevel.OTHER: Text("其他", {"en": "Other"}),
}


class PartKind(StrEnum):
    """What a part of a text is."""

    ARTICLE = "article"
    ITEM = "item"
    """Of a text in numbered points (一、二、三、) without articles."""
    PREAMBLE = "preamble"
    ANNEX = "annex"
    WHOLE = "whole"
    """A text without any numbering."""


class Standing(StrEnum):
    """Where an edition stands on a day, as far as its text tells."""

    IN_FORCE = "in_force"
    UNKNOWN = "unknown"
    """The latest passed by that day, but its text does not state when it came into force."""
    NOT_YET = "not_yet"
    REPLACED = "replaced"
    REPEALED = "repealed"
    EXPIRED = "expired"


STANDING_TITLES: Mapping[Standing, Text] = {
    Standing.IN_FORCE: Text("施行中", {"en": "in force"}),
    Standing.UNKNOWN: Text("最新文本，施行日期未载明", {"en": "latest text; commencement not stated"}),
    Standing.NOT_YET: Text("尚未施行", {"en": "not yet in force"}),
    Standing.REPLACED: Text("已被替代", {"en": "replaced"}),
    Standing.REPEALED: Text("已废止", {"en": "repealed"}),
    Standing.EXPIRED: Text("有效期已满", {"en": "expired"}),
}
STANDING_TONES: Mapping[Standing, str] = {
    Standing.IN_FORCE: "green", Standing.UNKNOWN: "blue", Standing.NOT_YET: "yellow", Standing.REPLACED: "red",
    Standing.REPEALED: "red", Standing.EXPIRED: "red",
}
