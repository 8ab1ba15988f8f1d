"""What the registers say: a certificate's worth on a day, a body's qualification and powers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from plugins.enforcement.officers.models import Body, Certificate, Change, Power
from plugins.enforcement.officers.vocabulary import ChangeKind, State

STATE_AFTER: Mapping[str, State] = {
    ChangeKind.ISSUED: State.VALID, ChangeKind.RESTORED: State.VALID, ChangeKind.SUSPENDED: State.SUSPENDED,
    ChangeKind.CANCELLED: State.CANCELLED}
"""Changes that decide the state; the others leave it."""


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate as it stood on a day.

    Attributes:
        number: as it was asked where there is none.
        until: last day of validity as known on that day.
    """

    number: str
    state: State
    name: str = ""
    organ: str = ""
    kind: str = ""
    until: date | None = None

    @property
    def valid(self) -> bool:
        """True where the holder may enforce on that day."""
        return self.state is State.VALID


def certificate_on(person_or_number: str, day: date) -> Held:
    """A certificate on a day, by its number or by its holder's account."""
    return certificates_on([person_or_number], day)[person_or_number]


def certificates_on(asked: Iterable[str], day: date) -> dict[str, Held]:
    """Certificates on a day by number or account; ``unknown`` for what is neither.

    Of several certificates of one account a valid one counts, then the one issued last.
    """
    wanted = list(dict.fromkeys(asked))
    rows: Any = Certificate.select().where(Certificate.number.in_(wanted) | Certificate.account.in_(wanted))
    found = {row.number: row for row in rows}
    history: dict[str, list[Any]] = defaultdict(list)
    changes: Any = Change.select().where(Change.certificate.in_(list(found))).order_by(Change.on, Change.id)
    for change in changes:
        history[change.certificate_id].append(change)
    of_account: dict[str, list[Any]] = defaultdict(list)
    for row in found.values():
        of_account[row.account].append(row)
    answers = {}
    for text in wanted:
        candidates = [found[text]] if text in found else of_account.get(text, [])
        held = [_held(row, history[row.number], day) for row in sorted(candidates, key=lambda one: one.issued)]
        answers[text] = next((one for one in held if one.valid), held[-1]) if held else Held(text, State.UNKNOWN)
    return answers


def _held(row: Any, history: Sequence[Any], day: date) -> Held:
    state, until = state_on(history, day)
    return Held(row.number, state, row.name, row.organ_id, row.kind, until)


def state_on(history: Sequence[Any], day: date) -> tuple[State, date | None]:
    """State and last day of validity on a day.

    Args:
        history: the certificate's changes in the order of their days.
    """
    state, until = State.NOT_YET, None
    for change in history:
        if change.on > day:
            break
        state = STATE_AFTER.get(change.kind, state)
        until = change.valid_until or until
    if state is State.VALID and until is not None and until < day:
        state = State.EXPIRED
    return state, until


def shown_state(row: Any, day: date) -> State:
    """The state of a certificate today, from its row alone."""
    if row.state != State.VALID:
        return State(row.state)
    if day < row.issued:
        return State.NOT_YET
    return State.EXPIRED if row.valid_until < day else State.VALID


def body_on(organ: str, day: date) -> Body | None:
    """The organ as a qualified body on a day; None where it is none."""
    return Body.get_or_none((Body.organ == organ) & (Body.valid_from <= day)
                            & (Body.valid_until.is_null() | (Body.valid_until >= day)))


def body_has_power(organ: str, act: str | None, day: date, item: str | None = None) -> bool | None:
    """Whether an act lies within a body's list of powers on a day.

    Args:
        act: an ``ActKind``; None where only ``item`` is known.
        item: code of the item in the list; None asks for any item of the kind.

    Returns:
        None where no list is registered, or nothing is known of the act.
    """
    if body_on(organ, day) is None:
        return False
    if act is None and item is None:
        return None
    listed: Any = Power.select().where(Power.body == organ)
    if not listed.exists():
        return None
    listed = listed.where((Power.valid_from.is_null() | (Power.valid_from <= day))
                          & (Power.valid_until.is_null() | (Power.valid_until >= day)))
    if act is not None:
        listed = listed.where(Power.act == act)
    if item is not None:
        listed = listed.where(Power.code == item)
    return bool(listed.exists())


def entrusted_by(organ: str, day: date) -> frozenset[str]:
    """Bodies that act in the organ's name on a day."""
    rows: Any = Body.select(Body.organ).where(
        (Body.entrusted_by == organ) & (Body.valid_from <= day)
        & (Body.valid_until.is_null() | (Body.valid_until >= day)))
    return frozenset(row.organ_id for row in rows)
