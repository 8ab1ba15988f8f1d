"""Links to open a case, for those who may."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from web.kit.access import the_actor
from web.kit.language import say
from web.kit.procedures import openable
from web.kit.render import instance


@dataclass(frozen=True, slots=True)
class OpeningLink:
    """What opens a case."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class OpeningGroup:
    """What a sub-platform lets the reader open."""

    title: str
    links: Sequence[OpeningLink]


def opening_links() -> Sequence[OpeningGroup]:
    """What the reader may open, by sub-platform; a procedure that opens in several ways names the way too."""
    offered = openable(the_actor())
    ways = Counter(procedure.id for procedure, _event in offered)
    titles = {platform.id: say(platform.title) for platform in instance().plugins.platforms}
    groups: dict[str, list[OpeningLink]] = {}
    for procedure, event in offered:
        title = say(procedure.title)
        if ways[procedure.id] > 1:
            title = str(_("%(procedure)s：%(step)s", procedure=title, step=say(event.title)))
        group = titles.get(procedure.id.partition(".")[0]) or str(_("其他"))
        groups.setdefault(group, []).append(OpeningLink(
            url_for("steps.open_case", procedure_id=procedure.id, event_type=event.id), title))
    return [OpeningGroup(title, links) for title, links in groups.items()]
