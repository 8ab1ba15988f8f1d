"""The typed rulebook: what the strict loader builds from YAML and everything else reads.

These are the resolved forms. Where a parameter may differ by region or date, the bundle hands out one
``Rule`` for each stretch of time in which its values are constant, with ``valid`` set to that stretch; a
reader never sees overlays or placeholders.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Literal
from zoneinfo import ZoneInfo

from core.language import Expression
from core.rulebook.leading import LeadsTo
from core.rulebook.schemes import Cap, Deduction, Leaf, Node, Scheme, Veto
from core.rulebook.terms import ALWAYS, Citation, DateRange, FieldType, Level, Period, Scalar, Unit
from core.text import Text

__all__ = ["Award", "Cap", "Check", "Checklist", "Citation", "Clock", "DateRange", "Deduction", "EventType", "Fact",
           "Field", "FieldType", "GuideStep", "Leaf", "Level", "MaterialRequirement", "Node", "Pattern", "Period",
           "Procedure",
           "Rule", "Scalar", "Scheme", "Stage", "Template", "Unit", "Veto", "Warning_"]


@dataclass(frozen=True, slots=True)
class Field:
    """A typed field of an event, or an attribute of the case.

    ``personal`` values enter the hash chain as salted commitments and can be sealed. ``collected`` ones are filled
    in by the platform when a step is recorded (hook ``step_facts``); nobody enters them. ``least`` and ``most``
    bound a number, both included. ``document``: the document (文书) that asks for it; empty for the step's own.
    """

    id: str
    title: Text
    type: FieldType
    unit: str | None = None
    values: Mapping[str, Text] = field(default_factory=dict)
    required: bool = False
    personal: bool = False
    help: Text | None = None
    collected: bool = False
    least: Decimal | None = None
    most: Decimal | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class MaterialRequirement:
    """A material that a step needs or may carry.

    ``document``: the document that the platform can write for it; ``signature``: holds the picture of a hand signature.
    """

    id: str
    title: Text
    required: bool = False
    document: str | None = None
    signature: bool = False


@dataclass(frozen=True, slots=True)
class EventType:
    """One kind of step. ``by`` lists the roles that may record it, ``aliases`` its names in imported logs.

    Attributes:
        other_person_than: whoever recorded one of these steps may not record this one.
        renews: attributes that hold only from this step on: what was known of them before is unknown again.
        leads_to: cases of other procedures that the step opens.
    """

    id: str
    title: Text
    by: tuple[str, ...] = ()
    fields: Mapping[str, Field] = field(default_factory=dict)
    materials: tuple[MaterialRequirement, ...] = ()
    record_within: Period | None = None
    precision: Literal["instant", "date"] = "date"
    repeatable: bool = True
    help: Text | None = None
    aliases: tuple[str, ...] = ()
    other_person_than: tuple[str, ...] = ()
    renews: tuple[str, ...] = ()
    leads_to: tuple[LeadsTo, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of a procedure (CMMN), made of event types."""

    id: str
    title: Text
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GuideStep:
    """What an officer is told on the spot at one step of a procedure.

    Attributes:
        prompt: shown, and spoken.
        optional: done only where the case asks for it.
        show: what is held out to the party: ``badge``, ``basis``, ``document``.
        sign: materials of the step that are hand signatures drawn on the screen.
        record: material of the step that takes a recording which may begin at an earlier step.
    """

    step: str
    prompt: Text
    optional: bool = False
    show: tuple[str, ...] = ()
    sign: tuple[str, ...] = ()
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Procedure:
    """What can happen in a kind of case, who may do it, what it needs.

    Attributes:
        withdraws_with: events that end the case without its duties (a decision that is not pursued):
            pending activations become vacuous instead of violated.
        after_closing: events that a closed case still takes (evaluation afterwards, archiving).
        guide: the order in which steps are taken on the spot, with what the officer is told at each.
        secrecy: ``state_secret`` where of each matter only its existence may be recorded (保守国家秘密法).
    """

    id: str
    title: Text
    events: Mapping[str, EventType]
    stages: tuple[Stage, ...]
    opens_with: tuple[str, ...]
    closes_with: tuple[str, ...]
    attributes: Mapping[str, Field] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)
    withdraws_with: tuple[str, ...] = ()
    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Asia/Shanghai"))
    basis: tuple[Citation, ...] = ()
    valid: DateRange = ALWAYS
    number: str | None = None
    after_closing: tuple[str, ...] = ()
    secrecy: Literal["none", "state_secret"] = "none"
    guide: tuple[GuideStep, ...] = ()


@dataclass(frozen=True, slots=True)
class Fact:
    """A derived value of the case, computed by CEL; conditions name it like an attribute."""

    id: str
    title: Text
    expression: Expression


class Template(StrEnum):
    """DECLARE templates by the word that YAML uses (DESIGN section 5)."""

    FOLLOWED_BY = "followed_by"  # response
    ONLY_AFTER = "only_after"  # precedence, timed
    NEVER_AFTER = "never_after"  # not response
    NOT_EARLIER_THAN = "not_earlier_than"  # timed not precedence
    AT_MOST = "at_most"  # absence
    AT_LEAST = "at_least"  # existence
    EXACTLY = "exactly"
    NOT_BOTH = "not_both"  # not co-existence
    EACH_AFTER_A_NEW = "each_after_a_new"  # alternate precedence
    ANSWERED_BEFORE_NEXT = "answered_before_next"  # alternate response
    DIFFERENT_PERSON = "different_person"  # not responded existence, same resource
    ALSO_REQUIRES = "also_requires"  # responded existence
    STARTS_WITH = "starts_with"  # init
    MUST = "must"  # a condition at an event
    DIRECTLY_FOLLOWED_BY = "directly_followed_by"  # chain response
    DIRECTLY_AFTER = "directly_after"  # chain precedence

    @property
    def per_case(self) -> bool:
        """True where the case gets one verdict, not every activation one."""
        return self in (Template.STARTS_WITH, Template.AT_MOST, Template.AT_LEAST, Template.EXACTLY,
                        Template.NOT_BOTH)


@dataclass(frozen=True, slots=True)
class Pattern:
    """Events of one of these types for which the condition is true."""

    events: tuple[str, ...]
    when: Expression | None = None


@dataclass(frozen=True, slots=True)
class Warning_:
    """Early warning: so long before the due date, at this level."""

    before: Period
    level: Level


OWNER, RECORDER = "owner", "recorder"
"""Who answers for what a rule finds, beside steps and attributes that name the organ."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One supervision rule, resolved for a region and a stretch of time.

    Attributes:
        id: ``procedure/rule``.
        code: the finding's code as officials know it (``DEC-CONSULT-SHORT``).
        on: what activates it (for ``not_both``: the first of the two; for ``starts_with``: what must begin).
        target: what answers, must precede, or must not follow; alternatives are listed in its pattern.
        not_before: lower bound between the two (``not_before``), counted from the earlier.
        within: upper bound (``within``, ``no_later_than``), counted from the earlier.
        count: n of ``at_most`` / ``at_least`` / ``exactly``.
        same, different: fields of correlation; ``actor``, ``organ`` or a payload field of both events.
        condition: what ``must`` be true at the activating event.
        released_by: events after which a pending activation no longer binds.
        valid: activations on these local dates are judged by this version.
        answers: whose the duty is: empty for the case's own organ, ``(RECORDER,)`` for the organ that recorded the
            activating step, event types for the one that recorded the latest of these before it, ``c.attribute``
            for the one that the case names.
        adjust: ``{"suspended_by": …}`` and extension are compiled into ``clock``.
    """

    id: str
    title: Text
    procedure: str
    template: Template
    on: Pattern
    basis: tuple[Citation, ...]
    target: Pattern | None = None
    not_before: Period | None = None
    within: Period | None = None
    count: int | None = None
    same: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    condition: Expression | None = None
    released_by: tuple[str, ...] = ()
    level: Level = Level.YELLOW
    warn: tuple[Warning_, ...] = ()
    remedy: Text | None = None
    code: str = ""
    confidence: Literal["verified", "unverified"] = "verified"
    valid: DateRange = ALWAYS
    clock: Clock | None = None
    origin: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[str, ...] = ()

    @property
    def local_id(self) -> str:
        """The id inside its procedure."""
        return self.id.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Clock:
    """How a running period is suspended (中止), resumed and extended (延长)."""

    suspended_by: tuple[str, ...] = ()
    resumed_by: tuple[str, ...] = ()
    extended_by: Mapping[str, Period] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Award:
    """Points earned when the condition is true; the first true award of a check counts."""

    when: Expression
    points: Decimal
    flag: Text | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a checklist, worth ``points`` at most."""

    id: str
    title: Text
    points: Decimal
    awards: tuple[Award, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """A template of checks scored when one of its steps is recorded (考核模板, review sheet).

    Attributes:
        scored_on: event types whose recording makes the template due and scored.
        applies: unknown counts as applicable.
        materials: ``event_type/requirement`` of what must be uploaded for any point to count; empty: none.
        rigid: never not applicable, whatever a region sets.
        guide: review points (审查要点): never scored, shown with a case to which they apply.
    """

    id: str
    title: Text
    procedure: str
    scored_on: tuple[str, ...]
    checks: tuple[Check, ...]
    basis: tuple[Citation, ...]
    applies: Expression | None = None
    materials: tuple[str, ...] = ()
    rigid: bool = False
    valid: DateRange = ALWAYS
    guide: bool = False

    @property
    def points(self) -> Decimal:
        """Full marks."""
        return sum((check.points for check in self.checks), Decimal(0))
