"""A supervision rule as a sentence: what it demands, as a supervisor would say it, with its basis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.language.expression import Expression
from core.language.sentence import sentence
from core.language.words import either, number_of
from core.rulebook.model import RECORDER, Pattern, Period, Procedure, Rule, Template
from core.text import Text

_ACTOR_AND_ORGAN = {"actor": Text("承办人", {"en": "person"}), "organ": Text("机关", {"en": "organ"})}


@dataclass(frozen=True, slots=True)
class _Words:
    """How one language says each template; ``{a}`` is the activating step, ``{b}`` the other, ``{time}`` periods."""

    templates: Mapping[Template, str]
    condition: str
    matching: str
    same: str
    different: str
    comma: str
    released: str
    suspended: str
    resumed: str
    extended: str
    stop: str
    # periods in duties, in demands on what came before, in prohibitions
    within: str
    after: str
    between: str
    at_least_apart: str
    at_most_apart: str
    forbidden_for: str
    by: str
    forbidden_until: str


_CHINESE = _Words(
    templates={
        Template.FOLLOWED_BY: "每次记录{a}后，应当{time}记录{b}",
        Template.ONLY_AFTER: "每次记录{a}前，应当已经记录{b}{apart}",
        Template.NEVER_AFTER: "每次记录{a}后，{forbidden}不得记录{b}",
        Template.NOT_EARLIER_THAN: "记录{b}后，{wait}才可以记录{a}",
        Template.AT_MOST: "每个事项最多记录 {count} 次{a}",
        Template.AT_LEAST: "每个事项应当至少记录 {count} 次{a}",
        Template.EXACTLY: "每个事项应当恰好记录 {count} 次{a}",
        Template.NOT_BOTH: "同一事项中，{a}与{b}不得并存",
        Template.EACH_AFTER_A_NEW: "每次记录{a}前，都应当重新记录过{b}{apart}",
        Template.ANSWERED_BEFORE_NEXT: "每次记录{a}后，在再次记录{a}之前，应当{time}记录{b}",
        Template.DIFFERENT_PERSON: "同一事项中，{a}与{b}不得由同一人办理",
        Template.ALSO_REQUIRES: "记录了{a}的事项，也应当记录{b}，先后不限{apart}",
        Template.STARTS_WITH: "每个事项应当从{a}开始",
        Template.MUST: "每次记录{a}时，应当符合：{condition}",
        Template.DIRECTLY_FOLLOWED_BY: "每次记录{a}后，紧接着的一步应当是{b}",
        Template.DIRECTLY_AFTER: "每次记录{a}前，紧邻的上一步应当是{b}",
    },
    condition="如果 {0}，则", matching="（条件：{0}）", same="{0}与{1}相同", different="{0}与{1}不同", comma="；",
    released="；记录{0}后不再要求", suspended="；期限因{0}中止", resumed="，因{0}恢复", extended="；记录{0}后延长 {1}",
    stop="。", within="在 {0}内", after="在满 {0}后", between="在满 {0}后、{1}内",
    at_least_apart="，两者至少间隔 {0}", at_most_apart="，两者最多间隔 {0}", forbidden_for="{0}内",
    by="不迟于{0}", forbidden_until="在{0}届满前",
)
_ENGLISH = _Words(
    templates={
        Template.FOLLOWED_BY: "After each {a}, {b} must be recorded{time}",
        Template.ONLY_AFTER: "Before each {a}, {b} must have been recorded{apart}",
        Template.NEVER_AFTER: "After {a}, {b} must not be recorded{forbidden}",
        Template.NOT_EARLIER_THAN: "After {b}, {a} may be recorded only {wait}",
        Template.AT_MOST: "Each case has {a} at most {count} ×",
        Template.AT_LEAST: "Each case must have {a} at least {count} ×",
        Template.EXACTLY: "Each case must have {a} exactly {count} ×",
        Template.NOT_BOTH: "No case has both {a} and {b}",
        Template.EACH_AFTER_A_NEW: "Before each {a}, {b} must have been recorded anew{apart}",
        Template.ANSWERED_BEFORE_NEXT: "After each {a} and before the next {a}, {b} must be recorded{time}",
        Template.DIFFERENT_PERSON: "In one case, {a} and {b} must not be handled by the same person",
        Template.ALSO_REQUIRES: "A case with {a} must also have {b}, in either order{apart}",
        Template.STARTS_WITH: "Each case must start with {a}",
        Template.MUST: "At each {a} this must hold: {condition}",
        Template.DIRECTLY_FOLLOWED_BY: "After each {a}, the very next step must be {b}",
        Template.DIRECTLY_AFTER: "Before each {a}, the step just before must be {b}",
    },
    condition="If {0}: ", matching=" (where {0})", same="{0} as in {1}", different="{0} other than in {1}",
    comma="; ", released="; no longer demanded after {0}", suspended="; the period is suspended by {0}",
    resumed=" and resumed by {0}", extended="; {0} extends it by {1}", stop=".", within=" within {0}",
    after=" no sooner than {0} later", between=" no sooner than {0} and within {1}",
    at_least_apart=", at least {0} apart", at_most_apart=", at most {0} apart", forbidden_for=" for {0}",
    by=" by {0}", forbidden_until=" until {0} is over",
)
_PER_STEP_CONDITION = frozenset({Template.AT_MOST, Template.AT_LEAST, Template.EXACTLY, Template.NOT_BOTH,
                                 Template.STARTS_WITH})


def rule_sentence(rule: Rule, procedure: Procedure, language: str = "zh") -> str:
    """What the rule demands, in one sentence ending with its legal basis.

    Args:
        procedure: gives the titles of steps and fields.
        language: ``zh`` or ``en``; others read English.
    """
    return _Speaker(rule, procedure, "zh" if language == "zh" else "en").say()


@dataclass(frozen=True, slots=True)
class _Speaker:
    rule: Rule
    procedure: Procedure
    language: str

    @property
    def words(self) -> _Words:
        return _CHINESE if self.language == "zh" else _ENGLISH

    def say(self) -> str:
        rule, words = self.rule, self.words
        body = self.template().format(
            a=self.activation(), b=self.target(), time=self.time(), apart=self.apart(), wait=self.wait(),
            forbidden=self.forbidden(), count=rule.count,
            condition=rule.condition.sentence(self.language) if rule.condition else "",
        )
        if rule.on.when is not None and rule.template not in _PER_STEP_CONDITION:
            condition = words.condition.format(rule.on.when.sentence(self.language))
            body = condition + (body if self.language == "zh" else body[0].lower() + body[1:])
        return body + self.exceptions() + self.answering() + self.basis() + words.stop

    def template(self) -> str:
        """The template's words; a few read better in a special case."""
        rule, chinese = self.rule, self.language == "zh"
        if rule.template is Template.AT_MOST and rule.count == 0:
            return "不得记录{a}" if chinese else "{a} must not be recorded"
        if rule.template is Template.DIFFERENT_PERSON and rule.same:
            fields = self.fields(rule.same)
            return f"同一事项中，{{a}}与{{b}}的{fields}不得相同" if chinese else \
                f"In one case, {{a}} and {{b}} must differ in {fields}"
        if rule.template is Template.NOT_EARLIER_THAN and rule.not_before is None and rule.within is None:
            return "记录{b}后，不得记录{a}" if chinese else "After {b}, {a} must not be recorded"
        return self.words.templates[rule.template]

    def activation(self) -> str:
        titles = self.titles(self.rule.on)
        if self.rule.on.when is None or self.rule.template not in _PER_STEP_CONDITION:
            return titles
        return titles + self.words.matching.format(self.rule.on.when.sentence(self.language))

    def target(self) -> str:
        """The other step, with what it must be like."""
        rule, words = self.rule, self.words
        if rule.target is None:
            return ""
        demands = [self.target_condition(rule.target.when)] if rule.target.when else []
        if rule.same and rule.template is not Template.DIFFERENT_PERSON:
            demands.append(words.same.format(self.fields(rule.same), self.titles(rule.on)))
        if rule.different:
            demands.append(words.different.format(self.fields(rule.different), self.titles(rule.on)))
        return self.titles(rule.target) + (words.matching.format(words.comma.join(demands)) if demands else "")

    def target_condition(self, condition: Expression) -> str:
        """The answering step is the one just named, the activating one is named again."""
        if condition.tree is None:
            return condition.sentence(self.language)
        named = self.titles(self.rule.on)
        steps = {"t": "其{0}", "e": f"{named}的{{0}}"} if self.language == "zh" else \
            {"t": "its {0}", "e": f"{{0}} of {named}"}
        return sentence(condition.tree, self.language, steps)

    def titles(self, pattern: Pattern) -> str:
        return self.steps(pattern.events)

    def steps(self, events: tuple[str, ...]) -> str:
        known = self.procedure.events
        return either([known[event].title.to(self.language) if event in known else event for event in events],
                      self.language)

    def fields(self, names: tuple[str, ...]) -> str:
        """Titles of correlated fields."""
        declared = self.procedure.events[self.rule.on.events[0]].fields if self.rule.on.events else {}
        titles = {**_ACTOR_AND_ORGAN, **{name: field.title for name, field in declared.items()}}
        words = [titles[name].to(self.language) if name in titles else name for name in names]
        return ("、" if self.language == "zh" else " and ").join(words)

    def period(self, period: Period | None, phrase: str) -> str:
        return phrase.format(self.length(period)) if period is not None else ""

    def length(self, period: Period) -> str:
        return number_of(period.length, period.unit.value, self.language)

    def time(self) -> str:
        """When a duty may be and must be done."""
        rule, words = self.rule, self.words
        if rule.within is not None and rule.within.until is not None:
            return self.period(rule.not_before, words.after) + words.by.format(self.named(rule.within.until))
        if rule.not_before is not None and rule.within is not None:
            return words.between.format(self.length(rule.not_before), self.length(rule.within))
        return self.period(rule.not_before, words.after) + self.period(rule.within, words.within)

    def forbidden(self) -> str:
        """How long something must not be done."""
        within = self.rule.within
        if within is not None and within.until is not None:
            return self.words.forbidden_until.format(self.named(within.until))
        return self.period(within, self.words.forbidden_for)

    def named(self, fact: str) -> str:
        """Title of the fact ``e.field`` or ``c.attribute``."""
        side, _, name = fact.partition(".")
        fields = self.procedure.events[self.rule.on.events[0]].fields
        known = self.procedure.attributes if side == "c" else fields
        return known[name].title.to(self.language)

    def apart(self) -> str:
        """How far two steps must and may lie apart."""
        return self.period(self.rule.not_before, self.words.at_least_apart) + self.period(
            self.rule.within, self.words.at_most_apart)

    def wait(self) -> str:
        """How long ``not_earlier_than`` makes a step wait."""
        rule = self.rule
        waiting = rule.not_before or rule.within
        if waiting is None:
            return ""
        length = self.length(waiting)
        return f"满 {length}" if self.language == "zh" else f"{length} later or more"

    def exceptions(self) -> str:
        """Steps that end the demand, stop its clock or extend it."""
        rule, words = self.rule, self.words
        text = words.released.format(self.steps(rule.released_by)) if rule.released_by else ""
        if rule.clock is None:
            return text
        if rule.clock.suspended_by:
            text += words.suspended.format(self.steps(rule.clock.suspended_by))
        if rule.clock.resumed_by:
            text += words.resumed.format(self.steps(rule.clock.resumed_by))
        for event, period in rule.clock.extended_by.items():
            text += words.extended.format(self.steps((event,)), self.length(period))
        return text

    def answering(self) -> str:
        """Who answers, where that is not the organ whose case it is."""
        answers, chinese = self.rule.answers, self.language == "zh"
        if not answers:
            return ""
        if answers == (RECORDER,):
            return "；由记录该步骤的机关负责" if chinese else "; the organ that recorded the step answers for it"
        if answers[0].startswith("c."):
            name = self.named(answers[0])
            return f"；由{name}负责" if chinese else f"; answered for by: {name}"
        steps = self.steps(answers)
        return f"；由记录{steps}的机关负责" if chinese else f"; the organ that recorded {steps} answers for it"

    def basis(self) -> str:
        """The citations in brackets."""
        if not self.rule.basis:
            return ""
        if self.language == "zh":
            return "（" + "；".join(str(citation) for citation in self.rule.basis) + "）"
        return " (" + "; ".join(citation.to(self.language) for citation in self.rule.basis) + ")"
