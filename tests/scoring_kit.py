"""A small rulebook, ledger and judge for tests of scoring: one procedure, three rules, four templates, one scheme."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from core.calendars import Calendar
from core.calendars.calendar import CalendarYear
from core.cases.case import Case, CaseHead
from core.cases.fold import fold
from core.database import connect, database
from core.ledger.event import Event, MaterialRef
from core.ledger.models import MODELS as LEDGER_TABLES
from core.ledger.recorder import AnyoneMayRecord, NewEvent, Recorder
from core.organs.models import MODELS as ORGAN_TABLES
from core.rulebook.bundle import Bundle
from core.rulebook.documents import Source
from core.rulebook.load import load_sources
from scoring.engine.reference import Reference
from scoring.findings import Findings
from scoring.judge import CaseJudge
from scoring.judgement import Judgement, judge_case
from scoring.models import MODELS as SCORING_TABLES
from scoring.replay import Replayer

MATTER = "test.matter"
ZONE = ZoneInfo("Asia/Shanghai")
CLOSE_OF_YEAR = datetime(2025, 12, 31, 16, 0, tzinfo=UTC)

PROCEDURE = """
kind: procedure
id: test.matter
title: {zh: 测试事项, en: Test matter}
attributes:
  technical: {title: {zh: 专业性强, en: technical}, type: bool}
  private: {title: {zh: 依法不公开, en: not public}, type: bool}
opens_with: [opened]
closes_with: [closed]
withdraws_with: [given_up]
after_closing: [published]
stages:
  - {id: prepare, title: {zh: 准备, en: Preparation}, events: [opened, consulted, argued]}
  - {id: decide, title: {zh: 决定, en: Decision}, events: [reviewed, decided, published, given_up, closed]}
facts:
  legality_reviewed: {title: {zh: 已审查, en: reviewed}, cel: "happened('reviewed')"}
events:
  opened:
    title: {zh: 启动, en: opened}
    by: [case_handler]
    fields:
      technical: {title: {zh: 专业性强, en: technical}, type: bool}
      private: {title: {zh: 依法不公开, en: not public}, type: bool}
  consulted:
    title: {zh: 征求意见, en: consulted}
    by: [case_handler]
    fields:
      days: {title: {zh: 天数, en: days}, type: int}
      replies: {title: {zh: 意见条数, en: replies}, type: int}
      contact: {title: {zh: 联系人, en: contact}, type: string, personal: true}
    materials: [{id: notice, title: {zh: 公告, en: notice}}]
  argued:
    title: {zh: 专家论证, en: argued}
    by: [case_handler]
    fields: {signed: {title: {zh: 已署名, en: signed}, type: bool}}
  reviewed:
    title: {zh: 合法性审查, en: reviewed}
    by: [legal_reviewer]
    fields:
      lawful: {title: {zh: 合法, en: lawful}, type: bool}
      written: {title: {zh: 书面意见, en: in writing}, type: bool}
  decided:
    title: {zh: 作出决定, en: decided}
    by: [office_head]
    record_within: {days: 400}
  published:
    title: {zh: 公布, en: published}
    by: [case_handler]
    fields: {channel: {title: {zh: 渠道, en: channel}, type: enum, values: {web: 网站, board: 公告栏}}}
  given_up: {title: {zh: 终止, en: given up}, by: [office_head]}
  closed: {title: {zh: 办结, en: closed}, by: [case_handler]}
"""

SUPERVISION = """
kind: supervision
procedure: test.matter
valid: {from: 2020-01-01}
rules:
  - id: review-first
    code: T-REVIEW
    title: {zh: 决定前须经审查, en: Review before the decision}
    basis: [{law: 测试条例, article: "25"}]
    on: decided
    only_after: reviewed
    level: red
  - id: publish-in-time
    code: T-PUBLISH
    title: {zh: 决定后及时公布, en: Publish in time}
    basis: [{law: 测试条例, article: "32"}]
    on: decided
    followed_by: published
    within: {working_days: 5}
    warn: [{before: {working_days: 2}, level: blue}, {before: {working_days: 1}, level: orange}]
    level: yellow
  - id: consult-30
    code: T-CONSULT
    title: {zh: 征求意见不少于30日, en: Consult for 30 days}
    basis: [{law: 测试条例, article: "15(1)"}]
    on: consulted
    must: e.days >= 30
    level: orange
"""

CHECKLIST = """
kind: checklist
procedure: test.matter
valid: {from: 2020-01-01}
checklists:
  - id: A1
    title: {zh: 征求意见, en: Consultation}
    scored_on: [consulted]
    materials: [consulted/notice]
    basis: [{law: 测试条例, article: "15(1)"}]
    checks:
      - id: period
        title: {zh: 期限, en: period}
        points: 3
        award:
          - {when: "e.days >= 30", points: 3}
          - {when: "e.days >= 10", points: 1, flag: {zh: 期限偏短, en: short}}
      - {id: replies, title: {zh: 意见已登记, en: replies}, points: 1, cel: "e.replies >= 0"}
  - id: A2
    title: {zh: 专家论证, en: Argument}
    applies: c.technical
    scored_on: [argued]
    basis: [{law: 测试条例, article: "19"}]
    checks: [{id: signed, title: {zh: 署名, en: signed}, points: 2, cel: e.signed}]
  - id: B1
    title: {zh: 合法性审查, en: Review}
    rigid: true
    scored_on: [reviewed]
    basis: [{law: 测试条例, article: "25"}]
    checks:
      - {id: lawful, title: {zh: 合法, en: lawful}, points: 2, cel: e.lawful}
      - {id: written, title: {zh: 书面, en: written}, points: 1, cel: e.written}
  - id: B2
    title: {zh: 公布, en: Publication}
    applies: "!c.private"
    scored_on: [published]
    basis: [{law: 测试条例, article: "32"}]
    checks: [{id: web, title: {zh: 网站公布, en: on the web}, points: 1, cel: e.channel == 'web'}]
"""

SCHEME = """
kind: indicators
id: test.score
title: {zh: 测试评分, en: Test score}
per: case
procedure: test.matter
total: 100
valid: {from: 2020-01-01}
basis: [{law: 测试条例, article: "9"}]
nodes:
  - id: A
    title: {zh: 参与, en: Participation}
    weight: 60
    children:
      - {id: A1, title: {zh: 征求意见, en: Consultation}, weight: 40, leaf: {metric: template, checklist: A1}}
      - {id: A2, title: {zh: 专家论证, en: Argument}, weight: 20, leaf: {metric: template, checklist: A2}}
  - id: B
    title: {zh: 决定, en: Decision}
    weight: 40
    children:
      - {id: B1, title: {zh: 合法性审查, en: Review}, weight: 30, leaf: {metric: template, checklist: B1}}
      - {id: B2, title: {zh: 公布, en: Publication}, weight: 10, leaf: {metric: template, checklist: B2}}
caps: [{node: A, most: 20, rules: [consult-30], title: {zh: 期限不足封顶, en: cap}}]
deductions: [{rules: [publish-in-time], points: 2, title: {zh: 逾期公布, en: late}}]
vetoes: [{rules: [review-first], title: {zh: 未经审查, en: veto}}]
"""

NOTICE = MaterialRef("notice", "a" * 64, "公告.pdf")


@cache
def rulebook(**changes: str) -> Bundle:
    """The bundle; ``changes`` replace whole files (``scheme=…``)."""
    files = {"procedure": PROCEDURE, "supervision": SUPERVISION, "checklist": CHECKLIST, "scheme": SCHEME} | changes
    bundle = load_sources([Source(f"{name}.yaml", text.encode()) for name, text in files.items()])
    weekdays = Calendar.of({year: CalendarYear() for year in range(2020, 2028)})
    regions = {code: replace(found, calendar=weekdays) for code, found in bundle.by_region.items()}
    return replace(bundle, by_region=regions)


@dataclass
class Clock:
    """A clock that tests set."""

    moment: datetime = CLOSE_OF_YEAR

    def __call__(self) -> datetime:
        return self.moment

    def set(self, day: date, hour: int = 12) -> None:
        self.moment = datetime.combine(day, time(hour), ZONE).astimezone(UTC)


@dataclass
class Bundles:
    """One bundle at a time; earlier ones are kept by hash."""

    bundle: Bundle = field(default_factory=rulebook)
    known: dict[str, Bundle] = field(default_factory=dict)

    def current(self) -> Bundle:
        self.known[self.bundle.hash] = self.bundle
        return self.bundle

    def get(self, bundle_hash: str, /) -> Bundle:
        return self.known[bundle_hash]


@dataclass
class Desk:
    """A recorder with its judge, and what people and jobs use around it."""

    clock: Clock
    bundles: Bundles
    judge: CaseJudge
    recorder: Recorder
    replayer: Replayer
    findings: Findings

    def open(self, case_id: str = "case-1", organ: str = "a-gov", region: str = "990121", on: date = date(2025, 3, 3),
             **fields: Any) -> None:
        self.recorder.open_case(CaseHead(case_id, MATTER, organ, region, f"事项{case_id}"),
                                step("opened", on, organ=organ, **fields))

    def record(self, event_type: str, on: date, case_id: str = "case-1", **fields: Any) -> str:
        """Record a step and return its event's id."""
        return self.recorder.record(case_id, step(event_type, on, **fields)).events[0].id


@contextmanager
def desk_in(url: str) -> Iterator[Desk]:
    """A desk on an empty database."""
    connect(url)
    with database.connection_context():
        database.create_tables([*LEDGER_TABLES, *ORGAN_TABLES, *SCORING_TABLES])
        clock, bundles = Clock(), Bundles()
        judge = CaseJudge(bundles, Reference())
        recorder = Recorder(bundles, judge, AnyoneMayRecord(), clock)
        replayer = Replayer(bundles, Reference())
        yield Desk(clock, bundles, judge, recorder, replayer, Findings(recorder, replayer))


def step(event_type: str, on: date, *, materials: tuple[MaterialRef, ...] = (), corrects: str | None = None,
         void: bool = False, actor: str = "zhang", organ: str = "a-gov", reason: str = "", **fields: Any) -> NewEvent:
    """A step by the handler."""
    return NewEvent(event_type, on, fields, materials, corrects=corrects, void=void, actor=actor, organ=organ,
                    reason=reason)


@dataclass
class Story:
    """A case told step by step without a database."""

    bundle: Bundle = field(default_factory=rulebook)
    events: list[Event] = field(default_factory=list)

    def then(self, event_type: str, on: date, *, materials: tuple[MaterialRef, ...] = (), corrects: str | None = None,
             void: bool = False, recorded: date | None = None, **payload: Any) -> Story:
        seq = len(self.events) + 1
        moment = datetime.combine(on, time(), ZONE).astimezone(UTC)
        taken = datetime.combine(recorded or on, time(18), ZONE).astimezone(UTC)
        self.events.append(Event(f"e{seq}", "case-1", seq, event_type, moment, taken, "zhang", "a-gov", payload,
                                 materials, "date", corrects, void))
        return self

    def case(self, as_of: datetime | None = None) -> Case:
        head = CaseHead("case-1", MATTER, "a-gov", "990121", "事项")
        return fold(head, self.bundle.procedures[MATTER], self.events, as_of)

    def judged(self, at: datetime = CLOSE_OF_YEAR) -> Judgement:
        return judge_case(self.case(), self.bundle, Reference(), at)

    def determined(self, kind: str, rule: str, at: datetime = CLOSE_OF_YEAR) -> Story:
        """Raise what is violated, then let a person determine the finding of ``rule``."""
        judged = self.judged(at)
        for event in judged.events:
            self.platform(event.type, event.payload, event.occurred_at or at, "system:judge")
        finding = next(f for f in judged.findings.values() if f.rule.endswith(rule))
        self.platform(f"finding.{kind}", {"finding": finding.id, "reason": "查明"}, at, "supervisor")
        return self

    def platform(self, event_type: str, payload: Mapping[str, Any], at: datetime, actor: str) -> None:
        """Put an event of the platform on the chain."""
        seq = len(self.events) + 1
        self.events.append(Event(f"e{seq}", "case-1", seq, event_type, at, at, actor, "justice", payload))


def full_story(days: int = 20, published: date = date(2025, 4, 14), technical: bool = False) -> Story:
    """A closed case: consultation of ``days`` days, reviewed, decided on Monday 7 April 2025, published, closed."""
    return (Story().then("opened", date(2025, 3, 3), technical=technical, private=False)
            .then("consulted", date(2025, 3, 4), materials=(NOTICE,), days=days, replies=3, contact="张三")
            .then("reviewed", date(2025, 4, 1), lawful=True, written=True)
            .then("decided", date(2025, 4, 7))
            .then("published", published, channel="web")
            .then("closed", max(published, date(2025, 4, 30)) + timedelta(days=1)))
