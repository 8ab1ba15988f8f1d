"""What a plugin brings: one frozen, typed description of a sub-platform."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.text import Text

if TYPE_CHECKING:
    from core.instance import Instance

PLUGIN_ID = re.compile(r"[a-z][a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class NavigationItem:
    """An entry of the main navigation: a Flask endpoint and who may see it (action ids, empty: everyone)."""

    endpoint: str
    title: Text
    icon: str = ""
    actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demo:
    """Fills a database with a fictional region through the recorder.

    Attributes:
        generate: called with the instance, a seed and a number of cases; returns lines to print.
    """

    generate: Callable[[Instance, int, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class StepPanel:
    """A part of the form of one step that a plugin shows in its own way, renewed as values are entered.

    Attributes:
        procedure, step: whose form it is part of.
        endpoint: Flask endpoint with the arguments ``case_id`` and ``step``; it takes the whole form as POST and gives
            a piece of a page. Its inputs are named as the form's: ``field.<id>``, of a set ``field.<id>.<key>`` for
            ``key=value``.
        fields: fields of the step that it asks for; the form leaves them out.
    """

    procedure: str
    step: str
    endpoint: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseTool:
    """A page of the plugin that is about one case, offered to the case's own organ while it is open.

    Attributes:
        endpoint: Flask endpoint with the argument ``case_id``; it asks for the reader's authority itself.
        procedures: ids, or beginnings of ids that end in a dot, of the procedures whose cases offer it.
        action: what the reader must be allowed to do with the case to be offered it.
    """

    endpoint: str
    title: Text
    icon: str
    procedures: tuple[str, ...]
    action: str

    def about(self, procedure: str) -> bool:
        """Whether cases of a procedure offer it."""
        return any(procedure == name or (name.endswith(".") and procedure.startswith(name))
                   for name in self.procedures)


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that recurs: once a period, whoever ticks; it must be able to run again after a crash.

    Attributes:
        period: ``strftime`` format of the local time that names a period (``core.jobs.schedule``).
        run: called with the instance.
    """

    name: str
    period: str
    run: Callable[[Instance], object]


@dataclass(frozen=True, slots=True)
class Timed:
    """Work that is due at a second of its own: put into the job table with ``run_after``, taken within a second of it.

    Attributes:
        run: called with the instance and the job's arguments; it must be able to run again after a crash, and be short.
    """

    name: str
    run: Callable[..., object]


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that a search found: where it is, what it is called, and a line that tells more."""

    url: str
    title: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Finder:
    """What a plugin contributes to the platform's search.

    Attributes:
        title: heading over its hits.
        find: called in a request with the words and the most hits wanted; best first. Only what the reader may see.
        more: called with the words; the address of the plugin's own search.
    """

    title: Text
    find: Callable[[str, int], Sequence[Hit]]
    more: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Platform:
    """A sub-platform as its plugin declares it.

    Attributes:
        id: short, ASCII; tables are named ``plg_<id>_*``.
        rules: folders of YAML that belong to it.
        models: peewee models, all with the table prefix.
        blueprints: builds its pages for an instance (Flask blueprints; typed loosely since core has no web).
        jobs: name to handler, called with the instance and the job's arguments; it may be called again after a crash.
        periodic: work that recurs.
        timed: work that is due at a second of its own.
        commands: click commands added to ``fazhi``.
        demo: fills the demonstration region.
        step_panels: parts of step forms that it shows in its own way.
        case_tools: its pages that are about one case.
        finder: what it adds to the platform's search.
        translations: folder of gettext catalogues (``en/LC_MESSAGES/messages.mo`` …) for the words of its pages.
    """

    id: str
    title: Text
    description: Text = field(default_factory=lambda: Text(""))
    order: int = 100
    rules: tuple[Path, ...] = ()
    models: tuple[type[Any], ...] = ()
    blueprints: Callable[[Instance], Sequence[Any]] | None = None
    navigation: tuple[NavigationItem, ...] = ()
    jobs: Mapping[str, Callable[..., object]] = field(default_factory=dict)
    periodic: tuple[Periodic, ...] = ()
    timed: tuple[Timed, ...] = ()
    commands: tuple[Any, ...] = ()
    demo: Demo | None = None
    translations: Path | None = None
    step_panels: tuple[StepPanel, ...] = ()
    case_tools: tuple[CaseTool, ...] = ()
    finder: Finder | None = None

    def __post_init__(self) -> None:
        if not PLUGIN_ID.fullmatch(self.id):
            raise ValueError(f"id {self.id!r}: lower-case letters and digits, 2 to 21 characters")
        for folder in self.rules:
            if not folder.is_dir():
                raise ValueError(f"rules folder does not exist: {folder}")
        if self.translations is not None and not self.translations.is_dir():
            raise ValueError(f"translations folder does not exist: {self.translations}")
        prefix = f"plg_{self.id}_"
        for model in self.models:
            table = model._meta.table_name
            if not table.startswith(prefix):
                raise ValueError(f"table {table} must begin with {prefix}")
