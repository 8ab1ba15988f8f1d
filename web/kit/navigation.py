"""The main navigation: the platform's own entries and those of plugins, each shown only to those who may follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from core.extension.platform import NavigationItem, Platform
from core.instance import Instance
from core.organs.authority import FUNCTIONS, OBJECTS, Action, Actor, allowed, is_function
from web.kit.language import say


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the platform itself."""

    endpoint: str
    title: Any
    icon: str
    action: Action


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as the template shows it."""

    url: str
    title: str
    icon: str
    current: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under a small heading."""

    title: str
    items: Sequence[Link]


WORK = (
    Entry("workbench.home", _l("工作台"), "house", Action.VIEW_WORKBENCH),
    Entry("cases.index", _l("事项办理"), "folder2-open", Action.VIEW_CASE),
    Entry("findings.index", _l("问题处置"), "exclamation-triangle", Action.VIEW_FINDING),
    Entry("ranking.index", _l("评分排名"), "bar-chart-line", Action.VIEW_RANKING),
    Entry("statistics.index", _l("统计查询"), "search", Action.VIEW_RANKING),
)
BASIS = (
    Entry("rules.index", _l("规则依据"), "book", Action.VIEW_RULES),
    Entry("audit.index", _l("存证校验"), "shield-check", Action.VERIFY_LEDGER),
)
MANAGE = (
    Entry("organs.index", _l("机构"), "building", Action.MANAGE_ORGANS),
    Entry("people.index", _l("人员"), "people", Action.VIEW_PEOPLE),
    Entry("systems.index", _l("业务系统"), "link-45deg", Action.IMPORT_PEOPLE),
    Entry("plugins.index", _l("子平台"), "puzzle", Action.VIEW_PLUGINS),
)


def navigation_for(actor: Actor, instance: Instance) -> tuple[Group, ...]:
    """The entries that ``actor`` may follow, in groups."""
    groups = (
        Group("", _own(actor, WORK)),
        *(Group(say(platform.title), _items(actor, platform)) for platform in instance.plugins.platforms),
        Group(str(_("依据与监督")), _own(actor, BASIS)),
        Group(str(_("系统管理")), _own(actor, MANAGE)),
    )
    return tuple(group for group in groups if group.items)


def may_follow(actor: Actor, action: Action) -> bool:
    """True for a function that the actor has, and for an action that some role of his has on some object."""
    if is_function(action):
        return allowed(actor, action)
    return any(actor.roles & roles for roles in OBJECTS[action].values())


def _own(actor: Actor, entries: Sequence[Entry]) -> list[Link]:
    return [_link(entry.endpoint, str(entry.title), entry.icon) for entry in entries if may_follow(actor, entry.action)]


def _items(actor: Actor, platform: Platform) -> list[Link]:
    return [_link(item.endpoint, say(item.title), item.icon or "journal-check") for item in platform.navigation
            if _open_to(actor, item)]


def _open_to(actor: Actor, item: NavigationItem) -> bool:
    known = {action.value for action in (*FUNCTIONS, *OBJECTS)}
    return not item.actions or any(name in known and may_follow(actor, Action(name)) for name in item.actions)


def _link(endpoint: str, title: str, icon: str) -> Link:
    here = (request.endpoint or "").rpartition(".")[0]
    return Link(url_for(endpoint), title, icon, here == endpoint.rpartition(".")[0])
