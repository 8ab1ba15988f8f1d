"""The ledger's question before a step is appended: may this person record it?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from core.cases.case import CaseHead
from core.errors import FazhiError, fail
from core.organs.actors import Actor, Directory, Relation, actor_of
from core.organs.authority import granting_roles
from core.organs.authority_table import Action
from core.organs.models import CaseParticipant
from core.organs.vocabulary import ROLE_TITLES
from core.rulebook.model import Procedure


class StepPermit:
    """Lets a person record a step whose roles he holds, on a case that his organ has to do with.

    Args:
        today: the local date on which grants must be in effect.
        remember: read every person and organ once. Only for one run of an import, inside which a revoked role
            need not count; a server reads afresh for each step.
    """

    def __init__(self, today: Callable[[], date], *, remember: bool = False) -> None:
        self._today = today
        self._remember = remember
        self._directory = Directory(remember=remember)
        self._actors: dict[tuple[str, str], Actor] = {}
        self._granting: dict[tuple[str, str, frozenset[str]], frozenset[str]] = {}

    def may_record(self, person: str, organ: str, procedure: Procedure, event_type: str, case: CaseHead) -> None:
        """Nothing where the step may be recorded.

        Args:
            person: who records it.
            organ: the organ that the person acts for.

        Raises:
            FazhiError: the person or organ is unknown or inactive, the role is missing (``step-role-missing``), or
                the organ has nothing to do with the case (``step-organ-stranger``).
        """
        actor = self._actor(person, organ)
        event = procedure.events.get(event_type)
        named = frozenset(event.by) if event else frozenset()
        held = actor.roles_for(procedure.id)
        if not held & named:
            step = event.title.zh if event else event_type
            raise fail("step-role-missing", name=actor.name, organ=actor.place.name, step=step,
                       roles="、".join(_title(role, "zh") for role in sorted(named)) or "—",
                       roles_en=", ".join(_title(role, "en") for role in sorted(named)) or "—")
        if not held & named & self._roles_over(actor, case):
            raise fail("step-organ-stranger", name=actor.name, organ=actor.place.name, case=case.title or case.id)

    def _actor(self, person: str, organ: str) -> Actor:
        key = (person, organ)
        if self._remember and key in self._actors:
            return self._actors[key]
        actor = actor_of(person, organ, on=self._today(), directory=self._directory)
        if self._remember:
            self._actors[key] = actor
        return actor

    def _roles_over(self, actor: Actor, case: CaseHead) -> frozenset[str]:
        if actor.organ == case.organ:
            return granting_roles(Action.RECORD_STEP, (Relation.OWN,))
        takes_part = CaseParticipant.select().where(
            (CaseParticipant.case_id == case.id) & (CaseParticipant.organ_id == actor.organ)).exists()
        participants = frozenset({actor.organ}) if takes_part else frozenset()
        key = (actor.organ, case.organ, participants)
        if self._remember and key in self._granting:
            return self._granting[key]
        roles = granting_roles(
            Action.RECORD_STEP, self._directory.relations(actor, case.organ, participants))
        if self._remember:
            self._granting[key] = roles
        return roles


def _title(role: str, language: str) -> str:
    titles = {item.value: title for item, title in ROLE_TITLES.items()}
    return titles[role].to(language) if role in titles else role


def may_record(permit: StepPermit, person: str, organ: str, procedure: Procedure, event_type: str,
               case: CaseHead) -> bool:
    """Whether a page should offer the step; the recorder asks again when it is recorded."""
    try:
        permit.may_record(person, organ, procedure, event_type, case)
    except FazhiError:
        return False
    return True
