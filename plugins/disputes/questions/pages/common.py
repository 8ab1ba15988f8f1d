"""What the pages of questions share: fields, cities, the trap for robots, words of refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request

from core.errors import FazhiError
from core.organs.models import Region
from core.rulebook.model import Procedure
from plugins.disputes.questions.codes import new_token
from plugins.disputes.questions.desk import PROCEDURE, words_of
from plugins.disputes.questions.models import Said
from web.kit.language import language, say
from web.kit.render import instance

TRAP = "homepage"
"""An input that people never see; robots fill it in."""
FORM = "form"
"""A hidden input: who sends a form again because the answer was lost is taken at his word once."""


@dataclass(frozen=True, slots=True)
class Line:
    """Something said, as a page shows it; ``text`` None: erased."""

    text: str | None
    by: str
    firm: str
    at: datetime
    lawyer: int | None


def asking_limit() -> str:
    """How often one address may send a question or a request; the operator of a hall or a large network raises it."""
    often = instance().settings.asks_per_minute
    return f"{often} per minute; {often * 5} per hour"


def procedure(name: str = PROCEDURE) -> Procedure:
    """A procedure of the rules in force."""
    return instance().bundles.current().procedures[name]


def choices(attribute: str, name: str = PROCEDURE) -> Sequence[tuple[str, str]]:
    """Values of an attribute with their titles in the reader's language."""
    return [(one, say(title)) for one, title in procedure(name).attributes[attribute].values.items()]


def field_ids() -> Mapping[str, str]:
    """Title of a field in Chinese → its id."""
    return {title.zh: one for one, title in procedure().attributes["field"].values.items()}


def cities() -> Sequence[tuple[str, str]]:
    """Leagues and cities by code."""
    rows = Region.select().where(Region.level == "league").order_by(Region.code)
    return [(row.code, row.name if language() == "zh" else row.english or row.name) for row in rows]


def places() -> Sequence[tuple[str, str]]:
    """Leagues, cities, banners and counties by code, each county after its league."""
    rows = Region.select().where(Region.level.in_(("league", "county"))).order_by(Region.code)
    return [(row.code, ("" if row.level == "league" else "　") + row.name) for row in rows]


def form_token() -> str:
    """The token of the form that was sent; a new one where it has none, as pages of an older release."""
    return request.form.get(FORM, "").strip()[:64] or new_token()


def trapped() -> bool:
    """Whether a robot filled in the form."""
    return bool(request.form.get(TRAP, "").strip())


def refusal(refused: FazhiError) -> str:
    """The first problem in words."""
    problem = refused.problems[0]
    return f"{problem.message(language())} {problem.fix(language())}"


def lines_of(question: Any) -> Sequence[Line]:
    """Answers and follow-ups in their order."""
    words = words_of(question.id)
    rows = Said.select().where(Said.question == question.id).order_by(Said.at, Said.event)
    return [Line(words.get(row.event), row.lawyer.name if row.lawyer else "", row.lawyer.firm if row.lawyer else "",
                 row.at, row.lawyer_id) for row in rows]


def minutes_since(begin: datetime, end: datetime) -> float:
    """Minutes between two moments."""
    return (end - begin).total_seconds() / 60
