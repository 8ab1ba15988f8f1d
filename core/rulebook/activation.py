"""Putting a bundle in force: proposed by one person, approved by others, recorded in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.cases.case import CaseHead
from core.database import database, is_sqlite
from core.errors import fail
from core.ledger.intake import NewEvent
from core.ledger.models import CaseRow
from core.ledger.reader import events_of
from core.ledger.recorder import Recorder
from core.organs.codes import contains, level_of
from core.organs.vocabulary import RegionLevel
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.store import ActivationRow, BundleStore, ProposalRow

PROCEDURE = "platform.rulebook"


@dataclass(frozen=True, slots=True)
class Approver:
    """A person acting for an organ; whether the role allows it is checked by the ledger's permit."""

    person: str
    organ: str
    region: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a call of ``propose`` or ``approve`` led to: in force, or how many approvals are still missing."""

    bundle: str
    active: bool
    missing: int


class Activation:
    """The way of a bundle into force."""

    def __init__(self, store: BundleStore, recorder: Recorder, approvals: int, now: Callable[[], datetime],
                 activated: Callable[[str], None], require_impact: bool = False) -> None:
        """Wire the way into force.

        Args:
            activated: told the hash of a bundle that came into force, in the same transaction.
            require_impact: refuse a proposal that does not say what it changes for recorded cases.
        """
        self._require_impact = require_impact
        self._activated = activated
        self._store = store
        self._recorder = recorder
        self._approvals = approvals
        self._now = now

    def first(self, bundle: Bundle, sources: Sequence[Source]) -> None:
        """Put the shipped bundle in force on a database that has none; nobody can approve before people exist."""
        with database.atomic():
            if not self.begun():
                self._store.put(bundle, sources)
                self._store.point_to(bundle.hash, "system:init", "随平台发布的规则包", self._now())

    def begun(self) -> bool:
        """Whether any bundle was ever put in force."""
        return bool(ActivationRow.select().exists())

    def adopt_after_upgrade(self, bundle: Bundle, sources: Sequence[Source]) -> None:
        """Put the rules on disk in force where this release can no longer read the bundle that was.

        Without it an upgrade that reads rules more strictly would leave an instance that can judge nothing, and
        that could not even approve the mended rules. Earlier receipts still name the bundle that made them.
        """
        with database.atomic():
            self._store.put(bundle, sources)
            self._store.point_to(bundle.hash, "system:upgrade", "平台升级后按新版本重新读入规则", self._now())
            self._activated(bundle.hash)

    def propose(self, bundle: Bundle, sources: Sequence[Source], who: Approver, document: str, impact: str = ""
                ) -> Outcome:
        """Propose a checked bundle under an issuing document; with one approval needed it is in force at once.

        Args:
            impact: what it changes for recorded cases, in words; recorded with the proposal.

        Raises:
            FazhiError: as :meth:`check`; ``activation-needs-impact`` where the instance demands one.
        """
        self.check(bundle, who, document)
        if self._require_impact and not impact.strip():
            raise fail("activation-needs-impact")
        with database.atomic():
            _one_proposal_at_a_time()
            self._store.put(bundle, sources)
            ProposalRow.update(state="superseded").where(ProposalRow.state == "open").execute()
            proposal = ProposalRow.create(bundle_hash=bundle.hash, document=document, organ=who.organ,
                                          proposed_by=who.person,
                                          proposed_at=self._now(), approvals=[who.person])
            self._record("bundle_proposed", who, who.organ,
                         {"bundle": bundle.hash, "document": document, "impact": impact})
            return self._activate_if_complete(proposal, who)

    def check(self, bundle: Bundle, who: Approver, document: str) -> None:
        """Refuse what cannot be proposed, before anybody works out an impact.

        Raises:
            FazhiError: ``bundle-already-active``, ``activation-needs-document``; ``activation-outside-territory``
                where a file changed that is not an overlay of the person's own region or of one below it.
        """
        if not document.strip():
            raise fail("activation-needs-document")
        if bundle.hash == self._store.current_hash():
            raise fail("bundle-already-active", hash=bundle.hash[:12])
        if foreign := outside_territory(self._store.current(), bundle, who.region):
            raise fail("activation-outside-territory", region=who.region, files="、".join(foreign))

    def approve(self, bundle_hash: str, who: Approver) -> Outcome:
        """Approve an open proposal; the last approval needed puts it in force.

        Raises:
            FazhiError: ``proposal-unknown``; ``second-person-needed`` where the approver has approved already.
        """
        with database.atomic():
            proposal = _locked(bundle_hash)
            if proposal is None:
                raise fail("proposal-unknown", hash=bundle_hash)
            if who.person in proposal.approvals:
                raise fail("second-person-needed", person=who.person)
            proposal.approvals = [*proposal.approvals, who.person]
            proposal.save()
            self._record("bundle_approved", who, proposal.organ, {"bundle": proposal.bundle_hash})
            return self._activate_if_complete(proposal, who)

    def open_proposal(self) -> ProposalRow | None:
        """The proposal that waits for approval, if any."""
        found: ProposalRow | None = ProposalRow.select().where(ProposalRow.state == "open").first()
        return found

    def _activate_if_complete(self, proposal: ProposalRow, who: Approver) -> Outcome:
        missing = self._approvals - len(proposal.approvals)
        if missing > 0:
            return Outcome(proposal.bundle_hash, False, missing)
        proposal.state = "active"
        proposal.save()
        self._record("bundle_activated", who, proposal.organ, {
            "bundle": proposal.bundle_hash, "document": proposal.document,
            "approved_by": "、".join(proposal.approvals)})
        self._store.point_to(proposal.bundle_hash, who.person, proposal.document, self._now())
        self._activated(proposal.bundle_hash)
        return Outcome(proposal.bundle_hash, True, 0)

    def _record(self, event_type: str, who: Approver, organ: str, payload: dict[str, str]) -> None:
        """On the rulebook case of the organ that proposed: every organ's activations are one chain."""
        event = NewEvent(type=event_type, occurred_at=self._now(), payload={k: v for k, v in payload.items() if v},
                         actor=who.person, organ=who.organ)
        case_id = f"{PROCEDURE}:{organ}"
        if CaseRow.select().where(CaseRow.id == case_id).exists():
            self._recorder.record(case_id, event)
        else:
            self._recorder.open_case(CaseHead(case_id, PROCEDURE, organ, who.region, title="规则启用"), event)


def _one_proposal_at_a_time() -> None:
    """Let a second proposal wait for the first and supersede it; SQLite has one writer anyway.

    Approvals wait too: they lock a row of the table, which this lock does not allow meanwhile.
    """
    if not is_sqlite():
        database.execute_sql(f'LOCK TABLE "{ProposalRow._meta.table_name}" IN EXCLUSIVE MODE')


def _locked(bundle_hash: str) -> Any:
    """The open proposal, held until the transaction ends, so that of two approvals at once neither is lost."""
    query: Any = ProposalRow.select().where((ProposalRow.state == "open")
                                            & ProposalRow.bundle_hash.startswith(bundle_hash))
    return (query if is_sqlite() else query.for_update()).first() if bundle_hash else None


def impact_of(proposal: ProposalRow) -> str:
    """What a proposal said that it changes for recorded cases; empty where it said nothing."""
    said = [event.payload.get("impact") for event in events_of(f"{PROCEDURE}:{proposal.organ}")
            if event.type == "bundle_proposed" and event.payload.get("bundle") == proposal.bundle_hash]
    return str(said[-1] or "") if said else ""


def outside_territory(current: Bundle, candidate: Bundle, region: str) -> list[str]:
    """Changed files that a person of ``region`` may not change.

    An overlay belongs to its region and those above it; everything else to the autonomous region alone.
    """
    changed = {name for name in current.sources.keys() | candidate.sources.keys()
               if current.sources.get(name) != candidate.sources.get(name)}
    top = level_of(region) is RegionLevel.REGION
    overlays = {loaded.file.name: str(getattr(loaded.document, "region", ""))
                for bundle in (current, candidate) for loaded in bundle.documents("overlay")}
    return sorted(name for name in changed
                  if not (contains(region, overlays[name]) if name in overlays else top))
