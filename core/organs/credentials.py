"""Credentials of other systems: accounts without a password, whose keys only let them record and read."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import date, datetime, timedelta

from peewee import CharField, ForeignKeyField

from core.database import BaseModel, database
from core.errors import fail
from core.instants import InstantField
from core.organs.models import Organ, Person, RoleGrant
from core.organs.vocabulary import Role

LONGEST_DAYS = 730
PREFIX = "fz"
SYSTEM_TITLE = "业务系统"
"""The office that a system account holds; people see it in lists."""
_ACCOUNT = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


class Credential(BaseModel):
    """A key of a system account; only its hash is kept.

    Attributes:
        id: the public part of the key.
        secret_hash: SHA-256 of the secret part, 256 random bits: no salt or slow hash makes these harder to guess.
        last_used_at: the latest minute in which the key opened something.
    """

    id = CharField(max_length=16, primary_key=True)
    person = ForeignKeyField(Person, backref="credentials", on_delete="RESTRICT")
    person_id: str
    secret_hash = CharField(max_length=64)
    issued_by = CharField(max_length=64)
    issued_at = InstantField()
    valid_until = InstantField()
    revoked_by = CharField(max_length=64, null=True)
    revoked_at = InstantField(null=True)
    last_used_at = InstantField(null=True)

    class Meta:
        table_name = "credential"


MODELS = (Credential,)


def add_system(account: str, name: str, organ: str, procedures: tuple[str, ...], by: str, today: date) -> Person:
    """A system account of an organ, that may do what a handler of these procedures may.

    Args:
        account: unique, lower-case letters, digits, dot and hyphen.
        procedures: ids, or ``prefix.*``; at least one.

    Raises:
        FazhiError: ``system-account-form``, ``system-account-taken``, ``system-account-procedures``,
            ``organ-unknown``.
    """
    if not _ACCOUNT.fullmatch(account) or len(account) > 64:
        raise fail("system-account-form", account=account)
    if not name.strip() or not procedures:
        raise fail("system-account-procedures")
    if Organ.get_or_none(Organ.id == organ) is None:
        raise fail("organ-unknown", organ=organ)
    with database.atomic():
        if Person.get_or_none(Person.id == account) is not None:
            raise fail("system-account-taken", account=account)
        person = Person.create(id=account, name=name.strip(), organ=organ, title=SYSTEM_TITLE)
        RoleGrant.create(person=account, role=Role.CASE_HANDLER.value, organ=organ, procedures=" ".join(procedures),
                         valid_from=today, granted_by=by)
    return person


def issue(account: str, by: str, now: datetime, days: int = 365) -> str:
    """A new key of a system account; it is shown once.

    Raises:
        FazhiError: ``person-unknown``; ``credential-of-a-person`` for an account that people log in with;
            ``credential-days``.
    """
    person = Person.get_or_none(Person.id == account)
    if person is None or not person.active:
        raise fail("person-unknown", person=account)
    if person.password_hash or person.activation_hash:
        raise fail("credential-of-a-person", account=account)
    if not 1 <= days <= LONGEST_DAYS:
        raise fail("credential-days", most=LONGEST_DAYS)
    public, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    Credential.create(id=public, person=account, secret_hash=_hashed(secret), issued_by=by, issued_at=now,
                      valid_until=now + timedelta(days=days))
    return f"{PREFIX}_{public}_{secret}"


def revoke(public: str, by: str, now: datetime) -> None:
    """End a key at once; ending it twice does no harm.

    Raises:
        FazhiError: ``credential-unknown``.
    """
    found = Credential.get_or_none(Credential.id == public)
    if found is None:
        raise fail("credential-unknown", credential=public)
    Credential.update(revoked_by=by, revoked_at=now).where(
        (Credential.id == public) & Credential.revoked_at.is_null()).execute()


def account_of(key: str, now: datetime) -> str:
    """The account that a key opens.

    Raises:
        FazhiError: ``credential-refused``, without telling what is wrong with the key.
    """
    prefix, _bar, rest = key.partition("_")
    public, _bar, secret = rest.partition("_")
    found = Credential.get_or_none(Credential.id == public) if prefix == PREFIX and len(public) == 16 else None
    stored = found.secret_hash if found else _hashed("")
    known = hmac.compare_digest(_hashed(secret), stored)
    if found is None or not known or found.revoked_at is not None or found.valid_until <= now:
        raise fail("credential-refused")
    if found.last_used_at is None or now - found.last_used_at >= timedelta(minutes=1):
        Credential.update(last_used_at=now).where(Credential.id == public).execute()
    return str(found.person_id)


def _hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
