"""What the reader asked for: whose score, under which scheme, of which year, as of which day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request

from core.organs.authority import Action
from core.organs.codes import CODE
from core.organs.models import Organ
from core.organs.vocabulary import OrganKind
from core.rulebook.schemes import Scheme
from plugins.assessment.pages.asking import schemes_in_use
from scoring.assessment.history import organ_as_of
from scoring.assessment.keeping import World
from scoring.assessment.queries import organ_detail
from scoring.assessment.score import OrganScored
from web.kit.access import permit, the_actor, today_of
from web.kit.language import say
from web.kit.render import instance
from web.kit.years import asked_year, years

GOVERNING = (OrganKind.GOVERNMENT.value, OrganKind.DISPATCHED_OFFICE.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """An organ with scheme, year and day.

    Attributes:
        scheme: None where no scheme is in use for the organ that year.
        day: the day whose close is looked at; today unless the reader chose an earlier one.
        earlier: whether that is an earlier day, so that the score is computed from the ledger.
    """

    organ: Any
    schemes: Sequence[Scheme]
    scheme: Scheme | None
    year: int
    day: date
    earlier: bool

    @property
    def kept(self) -> dict[str, Any]:
        """What links to the same scheme, year and day carry on."""
        found = {"scheme": self.scheme.id if self.scheme else "", "year": str(self.year)}
        return found | ({"day": self.day.isoformat()} if self.earlier else {})

    @property
    def choices(self) -> dict[str, Any]:
        """Schemes and years to choose from."""
        return {"schemes": [(each.id, say(each.title)) for each in self.schemes], "years": years()}


def asked_for(organ: Any) -> Asked:
    """What the request asks of an organ that the reader may see; 404 where he may not."""
    if organ is None:
        abort(404)
    permit(Action.VIEW_SCORE, organ.id)
    year, today = asked_year(), today_of(instance())
    schemes = schemes_in_use(organ.region_id, year)
    wanted = request.args.get("scheme", "")
    scheme = next((each for each in schemes if each.id == wanted), next(iter(schemes), None))
    day = _day(today)
    return Asked(organ, schemes, scheme, year, day, day < today)


def find_organ(organ: str) -> Any:
    """An organ by its id; None where there is none."""
    return Organ.get_or_none(Organ.id == organ)


def own_organ() -> Any:
    """Whose score the reader's first page shows: his own organ's; a justice department looks at its government's."""
    place = the_actor().place
    if place.kind == OrganKind.JUSTICE.value:
        return government_of(place.region) or find_organ(place.id)
    return find_organ(place.id)


def government_of(region: str) -> Any:
    """The government (or the office that stands for it) of a region; None where none is registered."""
    if not CODE.fullmatch(region):
        return None
    return Organ.select().where((Organ.region == region) & Organ.active & Organ.kind.in_(GOVERNING)).order_by(
        Organ.government.is_null(False), Organ.kind.desc(), Organ.id).first()


def scored_of(asked: Asked) -> OrganScored | None:
    """The whole tree of the organ asked for; None where no scheme is in use for it."""
    if asked.scheme is None:
        return None
    bundle = instance().bundles.current()
    if not asked.earlier:
        return organ_detail(bundle, asked.scheme.id, asked.year, asked.organ.id, asked.day)
    world = World.around([asked.organ.id])
    place = world.places.get(asked.organ.id)
    found = organ_as_of(bundle, asked.scheme.id, asked.year, place, world, asked.day) if place else None
    return found[0] if found else None


def _day(today: date) -> date:
    asked = request.args.get("day", "")
    try:
        day = date.fromisoformat(asked)
    except ValueError:
        return today
    return min(day, today)
