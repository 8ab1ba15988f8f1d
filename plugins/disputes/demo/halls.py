"""The buildings for dispute resolution of the demonstration: rooms, what is booked these days, pools of experts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from peewee import chunked

from core.calendars import Calendar
from core.errors import FazhiError
from core.instance import LOCAL_TIME, Instance
from core.ledger.models import CaseRow
from core.organs.vocabulary import Role
from plugins.disputes.demo.places import Place
from plugins.disputes.experts.models import Expert
from plugins.disputes.rooms.booking import book
from plugins.disputes.rooms.models import Room
from web.demo.words import person_name

ROOMS = (("第一听证室", "hearing", 40), ("第一调解室", "mediation", 12), ("仲裁庭", "arbitration", 30),
         ("行政裁决庭", "adjudication", 24), ("第二听证室", "hearing", 20), ("第二调解室", "mediation", 8))
AT_COUNTY, AT_LEAGUE = 3, 5
"""A county has the first rooms only; a league or city most of them; the region all."""

USES: Mapping[str, tuple[str, str]] = {
    "disputes.reconsideration": ("hearing", "复议听证"), "disputes.mediation": ("mediation", "人民调解"),
    "disputes.arbitration": ("arbitration", "仲裁开庭"), "disputes.adjudication": ("adjudication", "行政裁决审理")}
DAYS, HOURS = 6, ((18, 22), (20, 23), (28, 32), (30, 34), (36, 38))

FIELDS = ("土地和不动产", "劳动和社会保障", "交通事故责任", "医疗卫生", "工程建设", "生态环境", "知识产权", "财务审计")
EMPLOYERS = ("演示大学法学院", "演示律师事务所", "演示司法鉴定中心", "演示仲裁委员会", "演示医学会",
             "演示建设工程质量检测中心", "演示环境科学研究院", "演示会计师事务所")
EXPERTS, EXPERTS_BELOW = 80, 16


def furnish(instance: Instance, places: Sequence[Place], rng: Random) -> str:
    """Enter rooms, bookings and experts; a line to print. Nothing is entered twice."""
    if Room.select().exists() or Expert.select().exists():
        return ""
    today = instance.now().astimezone(LOCAL_TIME).date()
    bundle = instance.bundles.current()
    rooms = bookings = experts = 0
    for place in places:
        below = len(place.justice.region.rstrip("0"))
        number = AT_COUNTY if below > 4 else AT_LEAGUE if below > 2 else len(ROOMS)
        own = [_room(place, room) for room in ROOMS[:number]]
        rooms += len(own)
        bookings += _bookings(instance, place, own, _days(bundle.calendar(place.justice.region), today), rng)
        experts += _experts(place.justice.region, EXPERTS if below <= 2 else EXPERTS_BELOW, rng)
    return f"庭室和专家（演示）：庭室 {rooms}，预订 {bookings}，专家 {experts}（{rooms} rooms, {experts} experts）"


def _room(place: Place, room: tuple[str, str, int]) -> Any:
    name, kind, seats = room
    return Room.create(region=place.justice.region, organ=place.justice.organ, name=name, kind=kind, seats=seats)


def _days(calendar: Calendar, today: date) -> Sequence[date]:
    days = [calendar.next_working_day(today)]
    while len(days) < DAYS:
        days.append(calendar.next_working_day(days[-1] + timedelta(days=1)))
    return days


def _bookings(instance: Instance, place: Place, rooms: Sequence[Any], days: Sequence[date], rng: Random) -> int:
    """Open disputes of the place's justice department, each in a room of its kind, where one is free."""
    cases = list(CaseRow.select().where(
        (CaseRow.organ == place.justice.organ) & CaseRow.procedure.in_(list(USES)) & CaseRow.closed_at.is_null()
    ).order_by(CaseRow.id))
    made = 0
    for case in rng.sample(cases, min(len(cases), 3 * len(days))):
        kind, purpose = USES[case.procedure]
        fitting = [room for room in rooms if room.kind == kind]
        if not fitting:
            continue
        begins, ends = rng.choice(HOURS)
        try:
            book(rng.choice(fitting), rng.choice(days), begins, ends, f"{purpose}：{case.title}", case=case.id,
                 organ=place.justice.organ, person=place.justice.staff[Role.CASE_HANDLER],
                 now=datetime.combine(days[0], time(8), LOCAL_TIME))
        except FazhiError:  # somebody was first, as it happens; this one is not held these days
            continue
        made += 1
    return made


def _experts(region: str, number: int, rng: Random) -> int:
    rows = [{"region": region, "number": f"Z{n:03d}", "name": person_name(rng),
             "fields": "\n".join(rng.sample(FIELDS, 2 if rng.random() < 0.7 else 1)), "employer": rng.choice(EMPLOYERS),
             "ties": "", "active": rng.random() > 0.04} for n in range(1, number + 1)]
    for some in chunked(rows, 50):
        Expert.insert_many(some).execute()
    return number
