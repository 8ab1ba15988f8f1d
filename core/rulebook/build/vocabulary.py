"""Which words go together in a supervision rule, checked before anything is looked up."""

from __future__ import annotations

from core.language.suggest import listing
from core.rulebook.build.context import Problems, Site
from core.rulebook.kinds.supervision import RuleSpec
from core.rulebook.model import Template

PERIODS: dict[Template, tuple[str, ...]] = {
    Template.FOLLOWED_BY: ("within", "not_before"),
    Template.ONLY_AFTER: ("not_before", "no_later_than"),
    Template.NEVER_AFTER: ("within",),
    Template.NOT_EARLIER_THAN: ("not_before",),
    Template.ANSWERED_BEFORE_NEXT: ("within", "not_before"),
    Template.EACH_AFTER_A_NEW: ("not_before", "no_later_than"),
    Template.ALSO_REQUIRES: ("within", "not_before"),
}
"""Periods that each template understands; the others take none."""

PAIRED = frozenset({
    Template.FOLLOWED_BY, Template.ONLY_AFTER, Template.NEVER_AFTER, Template.NOT_EARLIER_THAN,
    Template.EACH_AFTER_A_NEW, Template.ANSWERED_BEFORE_NEXT, Template.DIFFERENT_PERSON, Template.ALSO_REQUIRES,
    Template.DIRECTLY_FOLLOWED_BY, Template.DIRECTLY_AFTER,
})
"""Templates between two steps: these have a target and may correlate fields."""

FROM_ACTIVATION = (Template.FOLLOWED_BY, Template.ANSWERED_BEFORE_NEXT, Template.NEVER_AFTER)
"""Templates whose time always begins with the step that activates them: a date of that step can end it."""

CLOCKED = frozenset({Template.FOLLOWED_BY, Template.ALSO_REQUIRES, Template.ANSWERED_BEFORE_NEXT,
                     Template.ONLY_AFTER, Template.NEVER_AFTER, Template.EACH_AFTER_A_NEW})
"""Templates whose period can be suspended and extended."""


def template_of(spec: RuleSpec, site: Site, problems: Problems) -> Template | None:
    """The rule's template; None where the words do not make one rule."""
    words = spec.templates()
    if not words:
        problems.add("rule-no-template", site.at, rule=spec.id, words=listing([t.value for t in Template], 40))
        return None
    if len(words) > 1:
        problems.add("rule-two-templates", (site / words[1].value).key, rule=spec.id,
                     first=words[0].value, second=words[1].value)
        return None
    template = words[0]
    _check_on(spec, template, site, problems)
    _check_periods(spec, template, site, problems)
    if template not in PAIRED:
        for word in ("same", "different"):
            if getattr(spec, word):
                problems.add("word-without-use", (site / word).key, word=word, template=template.value)
    if template is Template.NOT_BOTH and spec.not_both is not None and len(spec.not_both) != 2:
        problems.add("not-both-two", (site / "not_both").at, found=len(spec.not_both))
        return None
    return template


def _check_on(spec: RuleSpec, template: Template, site: Site, problems: Problems) -> None:
    own = template in (Template.STARTS_WITH, Template.NOT_BOTH)
    if own and spec.on:
        problems.add("word-without-use", (site / "on").key, word="on", template=template.value)
    if not own and not spec.on:
        problems.add("rule-needs-on", site.at, rule=spec.id, template=template.value)


def _check_periods(spec: RuleSpec, template: Template, site: Site, problems: Problems) -> None:
    allowed = PERIODS.get(template, ())
    for word in ("within", "not_before", "no_later_than"):
        if getattr(spec, word) is not None and word not in allowed:
            problems.add("period-word", (site / word).key, word=word, template=template.value,
                         allowed=listing(allowed) or "—")
    if template is Template.NOT_EARLIER_THAN and spec.not_before is None:
        problems.add("not-earlier-needs-period", (site / template.value).key, rule=spec.id)
    timed = any((spec.within, spec.not_before, spec.no_later_than))
    clock = [word for word in ("suspended_by", "resumed_by", "extended_by") if getattr(spec, word)]
    for word in clock:
        if template not in CLOCKED or not timed:
            problems.add("clock-without-period", (site / word).key, word=word)
    if spec.resumed_by and not spec.suspended_by:
        problems.add("resumed-without-suspended", (site / "resumed_by").key)
    if spec.warn and spec.within is None and spec.no_later_than is None:
        problems.add("warn-without-period", (site / "warn").key, rule=spec.id)
