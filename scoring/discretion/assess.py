"""The whole order of evaluation of a penalty's discretion; a person decides, this says within what and why.

Limitation → capacity and no-penalty grounds → first offence → law at the act or the lighter new law → grounds to
lighten → grounds to aggravate → table tier → statutory range → amount.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from core.discretion.fines import Money
from core.discretion.intervals import plain
from core.discretion.model import Table
from core.text import Text
from scoring.discretion import grounds
from scoring.discretion.answer import Answer, State, Why, why
from scoring.discretion.circumstances import CIRCUMSTANCES, Circumstances
from scoring.discretion.evaluate import Facts
from scoring.discretion.grounds import Ground
from scoring.discretion.laws import Readings, read
from scoring.words import joined

ELSE = {"found_on": Text("发现日期", {"en": "date of discovery"})}


class Conclusion(StrEnum):
    """What the evaluation comes to. ``answered``: see the answer's state."""

    TIME_BARRED = "time_barred"
    NOT_PUNISHED = "not_punished"
    NEEDS_FACT = "needs_fact"
    UNDECIDED = "undecided"
    ANSWERED = "answered"


class Change(StrEnum):
    """Whether a ground changes the weight of the penalty."""

    NONE = "none"
    MAY = "may"
    MUST = "must"


@dataclass(frozen=True, slots=True)
class Shares:
    """How a statutory range is divided: lighter is its lowest part, heavier its highest.

    The shares are those of 国市监法规〔2022〕2号, not checked against its text; other sectors set their own.
    """

    lighter: Decimal = Decimal("0.3")
    heavier: Decimal = Decimal("0.7")


@dataclass(frozen=True, slots=True)
class Assessment:
    """The result of the whole evaluation.

    Attributes:
        answer: the reading that counts.
        readings: the answers under the law at the act and at the decision.
        fine: the range to decide in, grounds to lighten or aggravate included; None where there is none.
        lighten: ``must``: lighter or reduced; ``may``: a person decides.
        reducible: below the statutory minimum is possible, with an assessment of its own (减轻).
        may_spare: first offence: no penalty may be imposed; a person decides.
        missing: circumstances and inputs that have to be found out first.
        open: circumstances that are not known and could only help the party at the agency's choice.
    """

    conclusion: Conclusion
    answer: Answer | None = None
    readings: Readings | None = None
    fine: Money | None = None
    lighten: Change = Change.NONE
    aggravate: bool = False
    reducible: bool = False
    may_spare: bool = False
    missing: tuple[str, ...] = ()
    open: tuple[str, ...] = ()
    why: tuple[Why, ...] = ()

    def explain(self, language: str = "zh") -> tuple[str, ...]:
        """The trace as sentences."""
        return tuple(line.text(language) for line in self.why)


def assess(versions: Sequence[Table], facts: Facts, found: Circumstances, shares: Shares | None = None) -> Assessment:
    """Evaluate a case in the order of the law.

    Args:
        versions: all versions of one table for the case's region.
        facts: values of the table's inputs; what is not there is unknown.
        found: circumstances that the Penalty Law looks at.
        shares: how a range is divided into lighter and heavier; the published guidance by default.

    Raises:
        FazhiError: a fact is none of the table's inputs, or its value is impossible.
    """
    readings = read(versions, facts, found.law_day, found.decided_on)
    own = next((table.limitation for table in versions if table.limitation is not None), None)
    limited = grounds.limitation(found, own)
    steps: list[Why] = []
    if limited.holds is not None:
        steps.append(why("limitation", "time-barred" if limited.holds else "in-time", limited.basis,
                         found=str(found.found_on), until=str(limited.until)))
    if limited.holds:
        return Assessment(Conclusion.TIME_BARRED, readings=readings, why=tuple(steps))
    exempt = grounds.exemptions(found)
    for ground in exempt:
        if ground.holds:
            return Assessment(Conclusion.NOT_PUNISHED, readings=readings,
                              why=(*steps, _ground("exemption", ground)))
    lightening, heavier = grounds.must_lighten(found), grounds.must_aggravate(found)
    lightens = [ground for ground in lightening if ground.holds]
    unknown = [limited, *exempt, *(() if lightens else lightening), heavier]
    missing = dict.fromkeys(name for ground in unknown if ground.holds is None for name in ground.missing)
    for answer in (readings.at_act, readings.at_decision):
        if answer.state is State.NEEDS_FACT:
            missing |= dict.fromkeys(answer.missing)
    if missing:
        titles = joined([_title(name, versions) for name in missing])
        return Assessment(Conclusion.NEEDS_FACT, readings=readings, missing=tuple(missing),
                          why=(*steps, why("facts", "needs-circumstances", missing=titles)))
    spared, partial = grounds.remission(found), grounds.may_lighten(found)
    if spared.holds:
        steps.append(_ground("exemption", spared))
    steps += [_ground("lighten", ground) for ground in (*lightens, *((partial,) if partial.holds else ()))]
    if heavier.holds:
        steps.append(_ground("aggravate", heavier))
    helpful = tuple(name for ground in (spared, partial) if ground.holds is None for name in ground.missing)
    lighten = Change.MUST if lightens else Change.MAY if partial.holds else Change.NONE
    return _weighed(readings, lighten, bool(heavier.holds), bool(spared.holds), helpful, steps, shares or Shares())


def _weighed(readings: Readings, lighten: Change, aggravate: bool, spare: bool, helpful: tuple[str, ...],
             steps: Sequence[Why], shares: Shares) -> Assessment:
    answer = readings.answer
    lines = [*steps, *readings.why]
    if answer is None:
        return Assessment(Conclusion.UNDECIDED, None, readings, None, lighten, aggravate, lighten is not Change.NONE,
                          spare, (), helpful, (*lines, *readings.at_act.why, *readings.at_decision.why))
    lines += answer.why
    fine, reducible = answer.fine, lighten is not Change.NONE
    conclusion = Conclusion.ANSWERED
    law = answer.provided.fine if answer.provided is not None else None
    if answer.state is State.TIER and fine is not None and law is not None:
        if lighten is Change.MUST and aggravate:
            conclusion, fine = Conclusion.UNDECIDED, None
            lines.append(why("amount", "both-ways"))
        elif lighten is Change.MUST and not answer.lightest:
            fine = _lower(fine, law.part(Decimal(0), shares.lighter))
            lines.append(why("amount", "lightened", fine=fine.text, share=plain(shares.lighter * 100)))
        elif aggravate and not answer.gravest:
            fine = law.part(shares.heavier, Decimal(1))
            lines.append(why("amount", "aggravated", fine=fine.text, share=plain((1 - shares.heavier) * 100)))
        if reducible and fine is not None:
            lines.append(why("amount", "reducible", (grounds.article("32"),), low=law.text))
    return Assessment(conclusion, answer, readings, fine if answer.state is State.TIER else None, lighten, aggravate,
                      reducible, spare, (), helpful, tuple(lines))


def _lower(tier: Money, light: Money) -> Money:
    """The tier's own range where it lies within the lighter part, else that part."""
    return tier if tier.high <= light.high else light


def _ground(step: str, ground: Ground) -> Why:
    return why(step, ground.code, ground.basis)


def _title(name: str, versions: Iterable[Table]) -> Text:
    known = next((table.inputs[name].title for table in versions if name in table.inputs), None)
    return known or CIRCUMSTANCES.get(name) or ELSE.get(name) or Text(name)
