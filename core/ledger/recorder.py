"""The one way in: a step is permitted, checked, chained, judged and announced in a single transaction."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from core.cases.case import CaseHead
from core.errors import FazhiError, Location, Problem, fail
from core.judge import Judge, PlatformEvent
from core.ledger.chain import ALGORITHMS, DEFAULT_ALGORITHM
from core.ledger.draft import Draft
from core.ledger.event import Event, Value
from core.ledger.facts import collected_facts
from core.ledger.following import followed, join
from core.ledger.intake import (
    AnyoneMayRecord,
    BatchResult,
    BundleSource,
    Collect,
    IssueDocuments,
    NewEvent,
    Permit,
    ProcedureBundle,
    Recorded,
)
from core.ledger.numbering import next_number
from core.ledger.papers import issued
from core.ledger.progress import Progress
from core.ledger.requests import NO_REQUEST, Request
from core.ledger.rows import events_of_cases
from core.ledger.sealing import erase, erased_for_good, to_seal
from core.ledger.validation import Check, Checked, MaterialKnown, check_head, same_person
from core.ledger.writing import after_last_root, head_of, locked, locked_case, recording, write, write_outbox
from core.organs.participants import remember_participants
from core.rulebook.model import Procedure

JUDGE = "system:judge"
COUNTERSIGNED = "step.countersigned"
CASES_AT_ONCE = 200

BatchItem = tuple[CaseHead, Sequence[NewEvent]]


@dataclass(frozen=True, slots=True)
class Recorder:
    """Records steps.

    Attributes:
        bundles: where procedures come from.
        judge: renews verdicts inside the transaction.
        permit: refuses who may not.
        now: the clock.
        material_known: whether a file with this hash is stored; None accepts every hash.
        algorithm: of new hashes; a chain may change it between two events.
        after_commit: renews what follows from a recording; its failure never undoes the recording.
        collect: what registers say about a step, recorded with it; None leaves collected fields unknown.
        issue: writes the documents that a step asks for; None refuses such steps.
    """

    bundles: BundleSource
    judge: Judge
    permit: Permit
    now: Callable[[], datetime]
    material_known: MaterialKnown | None = None
    algorithm: str = DEFAULT_ALGORITHM
    after_commit: Callable[[], object] | None = None
    collect: Collect | None = None
    issue: IssueDocuments | None = None

    def __post_init__(self) -> None:
        if self.algorithm not in ALGORITHMS:
            raise fail("hash-algorithm-unknown", algorithm=self.algorithm, allowed=", ".join(ALGORITHMS))

    def permitting(self, permit: Permit) -> Recorder:
        """The same recorder under another permit, for imports that an authorised person started."""
        return replace(self, permit=permit)

    def open_case(self, head: CaseHead, first: NewEvent, *, request_key: str | None = None,
                  after: tuple[str, str] | None = None) -> Recorded:
        """Open a case with its first step; a head without number gets the next one of its procedure.

        Args:
            request_key: the same key from the same actor records once, however often it is sent.
            after: the case and the step that lead to this one.

        Raises:
            FazhiError: with every problem found; ``case-exists``; ``request-key-reused``.
        """
        def attempt() -> Recorded:
            with recording(self.after_commit):
                bundle = self.bundles.current()
                request = Request.of(request_key, f"open:{head.procedure}", first,
                                     _procedure(bundle, head.procedure))
                if (earlier := request.earlier()) is not None:
                    return self._answer_of(earlier, bundle)
                if locked([head.id]):
                    raise fail("case-exists", Location("case", field="id"), case=head.id)
                draft, event = self._opened(head, first, bundle)
                source = [self._existing(after[0], bundle)] if after else []
                if after:
                    join(source[0], draft, after[1], first.actor, first.organ)
                return self._finish([draft, *source, *self._followed(draft, event, bundle)], request)[0]

        return _twice_if_overtaken(attempt)

    def record(self, case_id: str, new: NewEvent, *, expected_seq: int | None = None,
               request_key: str | None = None) -> Recorded:
        """Append a step, or a correction, to a case.

        Args:
            expected_seq: ``last_seq`` of the case as the person saw it; steps recorded since then refuse this one.
                What the platform itself recorded meanwhile does not count.

        Raises:
            FazhiError: with every problem found; ``case-unknown``; ``case-moved-on``; ``request-key-reused``.
        """
        def attempt() -> Recorded:
            with recording(self.after_commit):
                bundle = self.bundles.current()
                draft = self._existing(case_id, bundle)
                request = Request.of(request_key, f"case:{case_id}", new, draft.progress.procedure)
                if (earlier := request.earlier()) is not None:
                    return self._answer_of(earlier, bundle)
                if expected_seq is not None:
                    _refuse_moved_on(draft, expected_seq)
                event = self._append(draft, new, [])
                return self._finish([draft, *self._followed(draft, event, bundle)], request)[0]

        return _twice_if_overtaken(attempt)

    def record_platform(self, case_id: str, event: PlatformEvent, actor: str, organ: str) -> Recorded:
        """Append an event of the platform (a finding confirmed, a score published), then judge the case again.

        The caller answers for the actor's authority.

        Raises:
            FazhiError: ``case-unknown``; ``platform-event-name``.
        """
        if "." not in event.type:
            raise fail("platform-event-name", type=event.type)
        with recording(self.after_commit):
            draft = self._existing(case_id, self.bundles.current())
            draft.append_platform(event, actor, organ)
            return self._finish([draft])[0]

    def countersign(self, case_id: str, event_id: str, actor: str, organ: str) -> Recorded:
        """A second person vouches for a step that was recorded late, as ``step.countersigned``.

        Raises:
            FazhiError: ``countersign-unknown``, ``countersign-own``, ``countersign-twice``.
        """
        with recording(self.after_commit):
            draft = self._existing(case_id, self.bundles.current())
            event = draft.progress.by_id.get(event_id)
            if event is None or event.is_platform:
                raise fail("countersign-unknown", event=event_id)
            if event.actor == actor:
                raise fail("countersign-own")
            if any(e.type == COUNTERSIGNED and e.payload.get("event") == event_id for e in draft.progress.events):
                raise fail("countersign-twice")
            draft.append_platform(PlatformEvent(COUNTERSIGNED, {"event": event_id}), actor, organ)
            return self._finish([draft])[0]

    def seal(self, case_id: str, fields: Iterable[str], *, reason: str, actor: str, organ: str,
             event_id: str | None = None) -> Recorded:
        """Erase personal values of a case for good; the chain stays valid and tells who did it and why.

        The caller answers for the actor's authority.

        Args:
            fields: personal fields, in every event of the case or only in ``event_id``.

        Raises:
            FazhiError: ``seal-without-reason``; ``seal-nothing`` where no such value is left.
        """
        wanted = frozenset(fields)
        if not reason.strip():
            raise fail("seal-without-reason", Location("seal", field="reason"))
        with erased_for_good(), recording():
            draft = self._existing(case_id, self.bundles.current())
            found = to_seal(case_id, wanted, event_id)
            if not found:
                raise fail("seal-nothing", Location("seal", field="fields"), fields="、".join(sorted(wanted)))
            erase(found)
            draft.progress = Progress.of(draft.progress.procedure, events_of_cases([case_id])[case_id])
            for seal in found:
                draft.append_platform(seal.event(reason), actor, organ)
            return self._finish([draft])[0]

    def rejudge(self, case_ids: Sequence[str]) -> tuple[Recorded, ...]:
        """Judge cases again without a new step: time has passed, or another bundle is in force.

        Unknown ids are left out, and so are cases whose procedure the bundle in force no longer has (its plugin is
        switched off): nothing can be said about them.
        """
        with recording(self.after_commit):
            bundle = self.bundles.current()
            rows = {case_id: row for case_id, row in locked(case_ids).items() if row.procedure in bundle.procedures}
            events = events_of_cases(list(rows))
            return self._finish([self._draft(head_of(row), bundle, events[row.id], row) for row in rows.values()])

    def record_many(self, batch: Iterable[BatchItem], *, request_key: str | None = None) -> BatchResult:
        """Record whole cases: one check an event, one judgement a case, all of the batch or nothing.

        Args:
            batch: heads with their steps in intake order. A case that exists already is continued.
            request_key: a batch with the same key is recorded once; the second time nothing is appended.

        Raises:
            FazhiError: every problem of every event; its place is the case id, its line the step's position from 1.
        """
        result, problems = BatchResult(), list[Problem]()
        items = iter(batch)
        with recording(self.after_commit):
            bundle = self.bundles.current()
            request = Request.batch(request_key)
            if request.earlier() is not None:
                return BatchResult(repeated=True)
            while part := list(itertools.islice(items, CASES_AT_ONCE)):
                drafts = self._drafts(part, bundle, problems)
                if not problems:
                    self._finish(drafts)
                    result = result.plus(drafts)
            if problems:
                raise FazhiError(problems)
            request.remember("", ())
        return result

    def _numbered(self, head: CaseHead, bundle: ProcedureBundle) -> CaseHead:
        """The head with the next number of its procedure, unless it brings one or the procedure gives none."""
        procedure = _procedure(bundle, head.procedure)
        if head.number or procedure.number is None:
            return head
        year = self.now().astimezone(procedure.timezone).year
        return replace(head, number=next_number(procedure.number, head, year))

    def _drafts(self, part: Sequence[BatchItem], bundle: ProcedureBundle, problems: list[Problem]) -> list[Draft]:
        ids = [head.id for head, _ in part]
        rows, drafts = locked(ids), dict[str, Draft]()
        events = events_of_cases(list(rows))
        for head, news in part:
            row = rows.get(head.id)
            try:
                draft = drafts.get(head.id) or self._draft(head, bundle, events.get(head.id, []), row)
            except FazhiError as refused:
                problems.extend(refused.problems)
                continue
            if draft.head != head or (row is not None and head_of(row) != head):
                problems.append(Problem("case-head-differs", Location(head.id), {"case": head.id}))
                continue
            drafts[head.id] = draft
            problems.extend(self._append_all(draft, news))
        return list(drafts.values())

    def _append_all(self, draft: Draft, news: Sequence[NewEvent]) -> Iterator[Problem]:
        """Append what passes and give the problems of what does not; a case without opening is not looked into."""
        if not news and draft.progress.opening is None:
            yield Problem("case-without-steps", Location(draft.head.id), {"case": draft.head.id})
        if news and draft.progress.opening is None:
            yield from check_head(draft.head, draft.progress.procedure, news[0])
        permitted: dict[tuple[str, str, str], Sequence[Problem]] = {}
        for number, new in enumerate(news, 1):
            where = Location(draft.head.id, number)
            key = (new.actor, new.organ, new.type)
            if key not in permitted:
                permitted[key] = self._refusals(draft, new, where)
            checked, problems = self._checked(draft, new, where)
            yield from permitted[key]
            yield from problems
            if checked is not None:
                draft.append(checked, new.actor, new.organ, corrects=new.corrects, void=new.void,
                             recorded_at=new.recorded_at)
            elif draft.progress.opening is None:
                return

    def _followed(self, draft: Draft, event: Event, bundle: ProcedureBundle) -> list[Draft]:
        """Cases that the step leads to; whoever may record the step opens them by it."""
        anyone = self.permitting(AnyoneMayRecord())
        return followed(draft, event, bundle, lambda head, first: anyone._opened(head, first, bundle)[0])

    def _opened(self, head: CaseHead, first: NewEvent, bundle: ProcedureBundle) -> tuple[Draft, Event]:
        draft = self._draft(self._numbered(head, bundle), bundle, [])
        return draft, self._append(draft, first, check_head(head, draft.progress.procedure, first))

    def _append(self, draft: Draft, new: NewEvent, problems: list[Problem]) -> Event:
        """Append one step, or raise every problem that it has."""
        where = Location(new.type)
        if new.recorded_at is not None:
            problems.append(Problem("recorded-at-not-yours", Location(new.type, field="recorded_at")))
        problems.extend((*self._refusals(draft, new, where), *same_person(draft.progress, new, where)))
        facts = collected_facts(self.collect, draft, new)
        register = None
        if new.documents and not problems:
            if self.issue is None:
                raise fail("documents-not-offered")
            new, made = issued(self.issue, draft, new, where, self.material_known, facts)
            new, register = _with_numbers(draft, new, made.facts), made.register
            facts = {**facts, **{name: value for name, value in made.facts.items() if name not in new.payload}}
        checked, found = Check(new, draft.progress, draft.taken_at, where, self.material_known, facts).run()
        problems.extend(found)
        if problems or checked is None:
            raise FazhiError(problems)
        event = draft.append(checked, new.actor, new.organ, corrects=new.corrects, void=new.void)
        if register is not None:
            register(event)
        return event

    def _checked(self, draft: Draft, new: NewEvent, where: Location) -> tuple[Checked | None, list[Problem]]:
        facts = collected_facts(self.collect, draft, new)
        return Check(new, draft.progress, draft.taken_at, where, self.material_known, facts).run()

    def _refusals(self, draft: Draft, new: NewEvent, where: Location) -> Sequence[Problem]:
        if not new.actor or not new.organ:
            return [Problem("actor-missing", where)]
        try:
            self.permit.may_record(new.actor, new.organ, draft.progress.procedure, new.type, draft.head)
        except FazhiError as refused:
            return refused.problems
        return []

    def _existing(self, case_id: str, bundle: ProcedureBundle) -> Draft:
        row = locked_case(case_id)
        return self._draft(head_of(row), bundle, events_of_cases([case_id])[case_id], row)

    def _draft(self, head: CaseHead, bundle: ProcedureBundle, events: Sequence[Event], row: Any = None) -> Draft:
        progress = Progress.of(_procedure(bundle, head.procedure), events)
        taken_at = max(after_last_root(self.now()), events[-1].recorded_at) if events else after_last_root(self.now())
        if row is None:
            return Draft(head, progress, bundle.hash, self.algorithm, taken_at, rules=bundle)
        return Draft(head, progress, bundle.hash, self.algorithm, taken_at, row.last_seq, row.head_hash, written=True,
                     rules=bundle)

    def _finish(self, drafts: Sequence[Draft], request: Request = NO_REQUEST) -> tuple[Recorded, ...]:
        """Write, judge, write what the judge had to say, leave word in the outbox."""
        cases = {draft.head.id: draft.case() for draft in drafts}
        write(drafts, cases)
        remember_participants(list(cases.values()))
        judged = [cases[draft.head.id] for draft in drafts if not draft.progress.secret]
        said: Mapping[str, Sequence[PlatformEvent]] = {}
        if judged:
            said = self.judge.judge(judged, max(draft.taken_at for draft in drafts))
        for draft in drafts:
            for event in said.get(draft.head.id, ()):
                draft.append_platform(event, JUDGE, draft.head.organ)
        write(drafts, cases)
        write_outbox(drafts)
        recorded = tuple(Recorded(draft.head.id, tuple(draft.appended),
                                  draft.with_platform_events(cases[draft.head.id])) for draft in drafts)
        if recorded:
            request.remember(recorded[0].case_id, [event.seq for event in recorded[0].events])
        return recorded

    def _answer_of(self, row: Any, bundle: ProcedureBundle) -> Recorded:
        """What an earlier request with the same key recorded."""
        draft = self._existing(row.case_id, bundle)
        events = tuple(e for e in draft.progress.events if row.first_seq <= e.seq <= row.last_seq)
        return Recorded(row.case_id, events, draft.case(), repeated=True)


def _procedure(bundle: ProcedureBundle, procedure: str) -> Procedure:
    if procedure not in bundle.procedures:
        raise fail("case-procedure-unknown", procedure=procedure)
    return bundle.procedures[procedure]


def _with_numbers(draft: Draft, new: NewEvent, numbers: Mapping[str, Value]) -> NewEvent:
    """Numbers of documents into fields that people may fill in as well; others are the platform's alone."""
    fields = draft.progress.procedure.events[new.type].fields
    own = {name: value for name, value in numbers.items() if not fields[name].collected}
    return replace(new, payload={**new.payload, **own})


def _refuse_moved_on(draft: Draft, expected_seq: int) -> None:
    newer = [event for event in draft.progress.events if event.seq > expected_seq and not event.is_platform]
    if newer or expected_seq > draft.last_seq:
        last = newer[-1] if newer else draft.progress.events[-1]
        event_type = draft.progress.procedure.events.get(last.type)
        raise fail("case-moved-on", Location("case", field="expected_seq"), expected=expected_seq,
                   actual=draft.last_seq, actor=last.actor,
                   title=event_type.title.zh if event_type else last.type,
                   title_en=event_type.title.to("en") if event_type else last.type)


def _twice_if_overtaken(attempt: Callable[[], Recorded]) -> Recorded:
    """Run again where another process wrote the same case or request between our look and our write."""
    try:
        return attempt()
    except IntegrityError:
        return attempt()


__all__ = ["JUDGE", "AnyoneMayRecord", "BatchItem", "BatchResult", "BundleSource", "NewEvent", "Permit",
           "ProcedureBundle", "Recorded", "Recorder"]
