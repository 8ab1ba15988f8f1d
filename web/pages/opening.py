"""Links to open a case, for those who may."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from web.kit.access import the_actor
from web.kit.language import say
from web.kit.procedures import openable


@dataclass(frozen=True, slots=True)
class OpeningLink:
    """A button that opens a case."""

    url: str
    title: str


def opening_links() -> Sequence[OpeningLink]:
    """A button for each procedure that the reader may open a case of."""
    return [OpeningLink(url_for("steps.open_case", procedure_id=procedure.id, event_type=event.id),
                        str(_("新建：%(title)s", title=say(procedure.title))))
            for procedure, event in openable(the_actor())]
