"""The roll of lawyers: import from a table, personal links, PINs."""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.database import database
from core.errors import FazhiError, Location, Problem, fail
from core.organs.models import Region
from plugins.disputes.questions.codes import hash_of, new_link
from plugins.disputes.questions.models import Lawyer
from plugins.disputes.tables import listed, rows_of

COLUMNS = ("执业证号", "姓名", "事务所", "城市", "层级", "领域", "电话")
LEVELS = {"法律顾问": "local", "全区律师": "region", "全国律师": "national"}
MOST_FAILURES = 5
LOCK_SECONDS = 15 * 60


@cache
def _hasher() -> PasswordHasher:
    """The least that OWASP recommends: a million PINs are soon tried at any price, the link keeps people out.

    When an alarm brings all lawyers in at once, citizens must not wait for the processor.
    """
    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def import_lawyers(data: bytes, name: str, region: str, fields: Mapping[str, str]) -> int:
    """Take lawyers from a table; a licence number that is there already is renewed. All rows or none.

    Args:
        region: of the justice department that registers them.
        fields: title of a field in Chinese → its id.

    Raises:
        FazhiError: every row that is wrong, with its line.
    """
    cities = {word: str(row.code) for row in Region.select().where(Region.level == "league")
              for word in (row.name, row.code)}
    others = {str(row.number) for row in Lawyer.select(Lawyer.number).where(Lawyer.region != region)}
    problems: list[Problem] = []
    rows: dict[str, dict[str, Any]] = {}
    for at, given in rows_of(data, name, COLUMNS, 5, "lawyer-column"):
        number, city, level = given["执业证号"], given["城市"], given["层级"]
        wanted = listed(given["领域"])
        found = [
            Problem("lawyer-row", at) if not number or not given["姓名"] else None,
            Problem("lawyer-twice", at, {"number": number}) if number in rows or number in others else None,
            Problem("lawyer-city", at, {"city": city}) if city not in cities else None,
            Problem("lawyer-level", at, {"level": level}) if level not in LEVELS else None,
            *(Problem("lawyer-field", at, {"field": one}) for one in wanted if one not in fields),
        ]
        if wrong := [one for one in found if one]:
            problems.extend(wrong)
            continue
        rows[number] = {"region": region, "number": number[:40], "name": given["姓名"][:100],
                        "firm": given["事务所"][:200], "city": cities[city], "level": LEVELS[level],
                        "fields": "\n".join(fields[one] for one in wanted), "phone": given["电话"][:40], "active": True}
    if problems:
        raise FazhiError(problems)
    with database.atomic():
        for number, values in rows.items():
            if not Lawyer.update(values).where(Lawyer.number == number).execute():
                Lawyer.create(**values)
    return len(rows)


def give_link(lawyer: Any) -> str:
    """A new personal link; the old one, the PIN and open sessions end."""
    secret = new_link()
    Lawyer.update(link_hash=hash_of(secret), pin_hash="", failures=0, locked_until=0,
                  session=Lawyer.session + 1).where(Lawyer.id == lawyer.id).execute()
    return secret


def by_link(secret: str) -> Any | None:
    """The active lawyer whose link this is."""
    return Lawyer.get_or_none((Lawyer.link_hash == hash_of(secret)) & Lawyer.active)


def open_with(lawyer: Any, pin: str) -> None:
    """Check the PIN, or take it as the lawyer's own where the link is opened for the first time.

    Raises:
        FazhiError: ``lawyer-locked``, ``lawyer-pin``, ``lawyer-pin-weak``.
    """
    if lawyer.locked_until > time.time():
        raise fail("lawyer-locked")
    if not lawyer.pin_hash:
        if not _good(pin):
            raise fail("lawyer-pin-weak", Location("pin", field="pin"))
        Lawyer.update(pin_hash=_hasher().hash(pin)).where((Lawyer.id == lawyer.id) & (Lawyer.pin_hash == "")).execute()
        return
    try:
        _hasher().verify(lawyer.pin_hash, pin)
    except (VerificationError, InvalidHashError):
        failures = lawyer.failures + 1
        locked = failures >= MOST_FAILURES
        Lawyer.update(failures=0 if locked else failures,
                      locked_until=time.time() + LOCK_SECONDS if locked else 0).where(Lawyer.id == lawyer.id).execute()
        raise fail("lawyer-pin", Location("pin", field="pin")) from None
    Lawyer.update(failures=0).where(Lawyer.id == lawyer.id).execute()


def _good(pin: str) -> bool:
    if len(pin) != 6 or not (pin.isascii() and pin.isdigit()):
        return False
    steps = {int(after) - int(before) for before, after in pairwise(pin)}
    return steps not in ({0}, {1}, {-1})
