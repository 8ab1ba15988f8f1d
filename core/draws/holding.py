"""Holding a draw on the ledger: the list and the hash of a secret first, the secret and the choice afterwards.

Nobody can steer it. Who is drawn follows from the list, from a secret that the platform made and whose hash was
recorded together with the list, from the hash of that very record (which nobody knew before it was made), and from
words that people who are present may add before the secret is opened.
"""

from __future__ import annotations

import io
import json
import os
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.cases.case import CaseHead
from core.draws.checking import seed_of
from core.draws.plan import ALGORITHM, Plan, read_plan, sha256
from core.draws.selection import select
from core.errors import fail
from core.instance import LOCAL_TIME
from core.ledger.event import Event
from core.ledger.models import CaseRow, EventRow
from core.ledger.reader import events_of
from core.ledger.recorder import AnyoneMayRecord, NewEvent, Recorder
from core.materials.store import MaterialStore
from core.organs.models import Organ

if TYPE_CHECKING:
    from core.instance import Instance

PROCEDURE, COMMITTED, REVEALED = "platform.draw", "list_committed", "choice_revealed"
RECORDED_IDS = 300
"""More chosen ids than this are not repeated in the step: they follow from list and seed."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A draw as it was recorded.

    Attributes:
        list_hash: SHA-256 of the committed list, which is a material of the first step.
        sealed: SHA-256 of the secret, recorded before it was opened.
        record: hash of the first step on the ledger.
        secret, witness, seed: empty until the choice was revealed.
        chosen, spares: ids in the order of drawing.
    """

    id: str
    organ: str
    plan: Plan
    list_hash: str
    sealed: str
    record: str
    committed_at: datetime
    committed_by: str
    secret: str = ""
    witness: str = ""
    seed: str = ""
    chosen: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()
    revealed_at: datetime | None = None
    revealed_by: str = ""

    @property
    def open(self) -> bool:
        """True while the choice has still to be revealed."""
        return not self.seed

    def label(self, candidate: str) -> str:
        """A candidate's name."""
        return next((one.label or one.id for one in self.plan.candidates if one.id == candidate), candidate)

    def record_text(self) -> str:
        """Everything that somebody needs to compute the draw again, as JSON text."""
        return json.dumps({"algorithm": ALGORITHM, "draw": self.id, "list": self.plan.text(),
                           "list_sha256": self.list_hash, "secret_sha256": self.sealed, "record": self.record,
                           "secret": self.secret, "witness": self.witness, "seed": self.seed,
                           "chosen": list(self.chosen), "spares": list(self.spares)}, ensure_ascii=False, indent=1)


@dataclass(frozen=True, slots=True)
class Draws:
    """Holds draws. The caller answers for the person's authority.

    Attributes:
        folder: where secrets wait until they are opened; not in the database.
    """

    recorder: Recorder
    materials: MaterialStore
    folder: Path
    now: Callable[[], datetime]

    @classmethod
    def of(cls, instance: Instance) -> Draws:
        """The draws of an instance."""
        return cls(instance.recorder.permitting(AnyoneMayRecord()), instance.materials,
                   instance.settings.home / "draws", instance.now)

    def commit(self, plan: Plan, person: str, organ: str) -> str:
        """Record the list and the hash of a new secret; the draw's id.

        Args:
            person, organ: who holds the draw, for which organ.

        Raises:
            FazhiError: what is wrong with the plan (``Plan.checked``); ``organ-unknown``.
        """
        place: Any = Organ.get_or_none(Organ.id == organ)
        if place is None:
            raise fail("organ-unknown", organ=organ)
        text = plan.checked().text()
        stored = self.materials.store(io.BytesIO(text.encode()), "candidates.txt")
        draw, secret = uuid.uuid4().hex, secrets.token_hex(32)
        self._keep(draw, secret)
        self.recorder.open_case(
            CaseHead(draw, PROCEDURE, organ, str(place.region_id), plan.purpose),
            NewEvent(COMMITTED, self._today(), {
                "purpose": plan.purpose, "about": plan.about, "algorithm": ALGORITHM,
                "candidates": len(plan.candidates), "left_out": len(plan.left_out),
                "wanted": sum(plan.wanted().values()), "list_sha256": stored.sha256, "secret_sha256": sha256(secret)},
                (stored.answers("list"),), actor=person, organ=organ))
        return draw

    def reveal(self, draw: str, person: str, organ: str, witness: str = "") -> Drawn:
        """Open the secret and record who was drawn. Asked again, it gives the answer that was recorded.

        Args:
            witness: words or figures that people who are present give now, mixed into the seed.

        Raises:
            FazhiError: ``draw-unknown``; ``draw-secret-lost``: hold another draw, this one stays on record.
        """
        found = self.find(draw)
        if not found.open:
            return found
        secret, witness = self._secret(draw, found), witness.strip()[:200]
        seed = seed_of(secret, found.record, witness)
        choice = select(found.plan, seed)
        payload: dict[str, Any] = {"secret": secret, "seed": seed, "chosen_number": len(choice.chosen)}
        if witness:
            payload["witness"] = witness
        if len(choice.chosen) + len(choice.spares) <= RECORDED_IDS:
            payload["chosen"] = "\n".join(choice.chosen)
            if choice.spares:
                payload["spares"] = "\n".join(choice.spares)
        self.recorder.record(draw, NewEvent(REVEALED, self._today(), payload, actor=person, organ=organ))
        self._path(draw).unlink(missing_ok=True)
        return self.find(draw)

    def hold(self, plan: Plan, person: str, organ: str, witness: str = "") -> Drawn:
        """Commit and reveal at once, for draws that nobody has to watch."""
        return self.reveal(self.commit(plan, person, organ), person, organ, witness)

    def find(self, draw: str) -> Drawn:
        """A draw as recorded.

        Raises:
            FazhiError: ``draw-unknown``.
        """
        row: Any = CaseRow.get_or_none((CaseRow.id == draw) & (CaseRow.procedure == PROCEDURE))
        if row is None:
            raise fail("draw-unknown", draw=draw[:80])
        events = {event.type: event for event in events_of(draw)}
        return self._drawn(str(row.organ), events[COMMITTED], events.get(REVEALED))

    def about(self, subject: str) -> list[str]:
        """Ids of all draws for the same thing, oldest first: one that was repeated shows."""
        query: Any = EventRow.select(EventRow.case, EventRow.payload).join(CaseRow).where(
            (EventRow.type == COMMITTED) & EventRow.payload.contains(json.dumps(subject, ensure_ascii=False))
            ).order_by(EventRow.recorded_at, CaseRow.number, EventRow.case).tuples()
        return [case for case, payload in query if json.loads(payload).get("about") == subject]

    def _drawn(self, organ: str, first: Event, last: Event | None) -> Drawn:
        with self.materials.open(first.materials[0].sha256) as file:
            plan = read_plan(file.read().decode())
        drawn = Drawn(first.case_id, organ, plan, _text(first, "list_sha256"), _text(first, "secret_sha256"),
                      _hash_of(first), first.recorded_at, first.actor)
        if last is None:
            return drawn
        seed = _text(last, "seed")
        chosen, spares = _lines(last, "chosen"), _lines(last, "spares")
        if not chosen:
            choice = select(plan, seed)
            chosen, spares = choice.chosen, choice.spares
        return Drawn(drawn.id, organ, plan, drawn.list_hash, drawn.sealed, drawn.record, drawn.committed_at,
                     drawn.committed_by, _text(last, "secret"), _text(last, "witness"), seed, chosen, spares,
                     last.recorded_at, last.actor)

    def _today(self) -> date:
        return self.now().astimezone(LOCAL_TIME).date()

    def _keep(self, draw: str, secret: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path(draw), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secret)
            file.flush()
            os.fsync(file.fileno())

    def _secret(self, draw: str, found: Drawn) -> str:
        path = self._path(draw)
        secret = path.read_text("ascii") if path.is_file() else ""
        if sha256(secret) != found.sealed:
            raise fail("draw-secret-lost", draw=draw)
        return secret

    def _path(self, draw: str) -> Path:
        return self.folder / f"{draw}.secret"


def _hash_of(event: Event) -> str:
    row: Any = EventRow.get(EventRow.id == event.id)
    return str(row.hash)


def _text(event: Event, name: str) -> str:
    return str(event.payload.get(name) or "")


def _lines(event: Event, name: str) -> tuple[str, ...]:
    return tuple(line for line in _text(event, name).splitlines() if line)
