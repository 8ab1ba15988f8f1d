"""The composition root: wires core, scoring, plugins and jobs into an instance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from core.config import Settings
from core.database import connect
from core.documents.issuing import Issuer
from core.extension.certifying import certifier
from core.extension.facts import collector
from core.extension.manager import Plugins, load_plugins
from core.instance import LOCAL_TIME, Instance
from core.jobs.queue import Worker
from core.jobs.schedule import EVERY_DAY, EVERY_MINUTE, Recurring
from core.ledger.outbox import forget_delivered
from core.ledger.recorder import Recorder
from core.ledger.roots import daily_root
from core.marks import DEMO, is_marked
from core.materials.chunks import ChunkedUploads
from core.materials.store import MaterialStore
from core.migrations import Owner, migrate
from core.organs.permit import StepPermit
from core.organs.sessions import forget_ended
from core.rulebook.store import BundleStore
from core.schema import CORE
from scoring.announce import announce
from scoring.assessment.batch import nightly as nightly_assessment
from scoring.assessment.history import rebuild_entries
from scoring.batch.nightly import compare_everything
from scoring.engine.guarded import Guarded
from scoring.engine.live import Live
from scoring.engine.markers import Markers
from scoring.judge import CaseJudge
from scoring.patterns.watch import Watch
from scoring.rejudge import rejudge_open_cases
from scoring.schema import SCORING
from scoring.sweep import sweep
from web.kit.address import party_address

RECURRING = (
    Recurring("clock-sweep", EVERY_MINUTE),
    Recurring("renew-units", EVERY_MINUTE),
    Recurring("patterns", EVERY_DAY),
    Recurring("batch-compare", EVERY_DAY),
    Recurring("daily-root", EVERY_DAY),
    Recurring("assessment-nightly", EVERY_DAY),
    Recurring("forget-jobs", EVERY_DAY),
)


def utc_now() -> datetime:
    """The clock of a real instance."""
    return datetime.now(UTC)


def build(settings: Settings, now: Callable[[], datetime] = utc_now) -> Instance:
    """Connect the database and wire an instance; changes nothing in the database."""
    settings.home.mkdir(parents=True, exist_ok=True)
    connect(settings.database_url)
    plugins = load_plugins(settings.disabled_plugins)
    bundles = BundleStore()
    judge = CaseJudge(bundles, Guarded(Live(), Markers(settings.home / "engine")))
    materials = MaterialStore(settings.materials_dir)
    issuer = Issuer(bundles, materials, settings.secret_key, party_address(settings), certifier(plugins.manager),
                    settings.home / "keys")
    permit = StepPermit(lambda: now().astimezone(LOCAL_TIME).date())
    plain = Recorder(bundles, judge, permit, now, material_known=materials.knows,
                     collect=collector(plugins.manager), issue=issuer.issue)
    watch = Watch(plain)
    recorder = replace(plain, after_commit=lambda: announce(now(), watch.after, bundles.current()))
    handlers = _handlers(settings, bundles, recorder, watch, materials, now)
    periodic = {f"{platform.id}.{job.name}": job for platform in plugins.platforms for job in platform.periodic}
    recurring = (*RECURRING, *(Recurring(name, job.period) for name, job in periodic.items()))
    timed = {f"{platform.id}.{job.name}": job for platform in plugins.platforms for job in platform.timed}
    worker = Worker(handlers, timed=frozenset(timed))
    instance = Instance(settings, plugins, bundles, recorder, judge, materials, worker, recurring, now,
                    {"is_demo": lambda: is_marked(DEMO)}, issuer)
    handlers.update({f"{platform.id}.{name}": lambda job=job, **given: _done(job(instance, **given))
                     for platform in plugins.platforms for name, job in platform.jobs.items()})
    handlers.update({name: lambda job=job: _done(job.run(instance)) for name, job in periodic.items()})
    handlers.update({name: lambda job=job, **given: _done(job.run(instance, **given)) for name, job in timed.items()})
    return instance


def prepare_database(plugins: Plugins) -> dict[str, tuple[int, ...]]:
    """Bring the tables of core, scoring and each running plugin up to date; the versions applied now."""
    return migrate(owners_of(plugins))


def owners_of(plugins: Plugins) -> list[Owner]:
    """Who owns tables: core, scoring, then each running plugin."""
    return [CORE, SCORING, *(Owner.of_tables(f"plg_{platform.id}", platform.models)
                             for platform in plugins.platforms if platform.models)]


def _handlers(settings: Settings, bundles: BundleStore, recorder: Recorder, watch: Watch,
              materials: MaterialStore, now: Callable[[], datetime]) -> dict[str, Callable[..., None]]:
    return {
        "clock-sweep": lambda: _done(sweep(recorder, now())),
        "renew-units": lambda: _done(announce(now(), watch.after, bundles.current())),
        "patterns": lambda: _done(watch.everyone()),
        "rejudge-open": lambda bundle: _done((rejudge_open_cases(recorder, bundle), rebuild_entries(bundles.current()),
                                              watch.everyone())),
        "assessment-nightly": lambda: _done(nightly_assessment(bundles.current(), now())),
        "batch-compare": lambda: _done(compare_everything(bundles, settings.home / "segments", now)),
        "daily-root": lambda: _done(daily_root(settings.roots_dir, settings.signing_key, now())),
        "forget-jobs": lambda: _done((Worker({}).forget_done(), materials.forget_stale(),
                                       ChunkedUploads(materials).forget_stale(),
                                       forget_delivered(now() - timedelta(days=7)),
                                       forget_ended(now() - timedelta(days=2)))),
    }


def _done(_: object) -> None:
    """A job's result is what it wrote; nothing reads its return value."""
