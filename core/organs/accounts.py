"""Accounts: activation, log-in, passwords (argon2id), lock and deactivation."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from core.database import database
from core.errors import fail
from core.organs.models import Person

MAX_FAILURES = 5
LOCK_SECONDS = 15 * 60
ACTIVATION_SECONDS = 72 * 3600
MIN_LENGTH = 10
MAX_LENGTH = 128


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    return _hasher().hash(secrets.token_urlsafe())


def _matches(stored: str | None, secret: str) -> bool:
    """Verify in the same time whether or not there is something to verify against."""
    try:
        return _hasher().verify(stored or _decoy(), secret) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def check_password_rules(account: str, password: str) -> None:
    """Length and variety that GB/T 22239 (等级保护) asks for.

    Raises:
        FazhiError: ``password-too-weak`` says what is missing.
    """
    kinds = sum(any(test(char) for char in password)
                for test in (str.isdigit, str.islower, str.isupper, lambda char: not char.isalnum()))
    if not MIN_LENGTH <= len(password) <= MAX_LENGTH or kinds < 2 or account.lower() in password.lower():
        raise fail("password-too-weak", least=MIN_LENGTH, most=MAX_LENGTH)


def set_password(person_id: str, password: str) -> None:
    """Give an account its password and end its open sessions.

    Raises:
        FazhiError: ``password-too-weak`` or ``person-unknown``.
    """
    check_password_rules(person_id, password)
    changed = Person.update(
        password_hash=_hasher().hash(password), activation_hash=None, activation_until=0, failed_logins=0,
        locked_until=0, credentials_version=Person.credentials_version + 1,
    ).where(Person.id == person_id).execute()
    if not changed:
        raise fail("person-unknown", person=person_id)


def change_password(person_id: str, old: str, new: str, now: float) -> None:
    """Replace a password by one who knows it."""
    log_in(person_id, old, now)
    set_password(person_id, new)


def issue_activation(person_id: str, now: float) -> str:
    """A one-time code with which the person chooses a first (or new) password within three days.

    Args:
        now: epoch seconds.

    Returns:
        The code; only its hash is kept, so that it is shown once.
    """
    code = secrets.token_hex(8)
    changed = Person.update(activation_hash=_hasher().hash(code), activation_until=now + ACTIVATION_SECONDS).where(
        Person.id == person_id).execute()
    if not changed:
        raise fail("person-unknown", person=person_id)
    return code


def activate(person_id: str, code: str, password: str, now: float) -> None:
    """Choose the password with a code.

    Raises:
        FazhiError: ``activation-refused`` for a wrong, used or expired code; ``password-too-weak``.
    """
    person = _admit(person_id, now)
    valid = person is not None and person.activation_until > now
    if not _matches(person.activation_hash if person and valid else None, code.strip()):
        _count_failure(person, now)
        raise fail("activation-refused")
    set_password(person_id, password)


def log_in(account: str, password: str, now: float) -> Person:
    """The person whose account and password these are.

    Args:
        now: epoch seconds.

    Raises:
        FazhiError: ``login-refused`` without telling whether the account exists; ``account-locked`` after five
            failures in a row, for fifteen minutes.
    """
    person = _admit(account, now)
    matched = _matches(person.password_hash if person else None, password)
    if person is None or not matched:
        _count_failure(person, now)
        raise fail("login-refused")
    if person.failed_logins or person.locked_until:
        Person.update(failed_logins=0, locked_until=0).where(Person.id == person.id).execute()
    if _hasher().check_needs_rehash(person.password_hash or ""):
        Person.update(password_hash=_hasher().hash(password)).where(Person.id == person.id).execute()
    return person


def _admit(account: str, now: float) -> Person | None:
    # Imported accounts are lower case, and people type capitals.
    names = (account.strip(), account.strip().lower())
    person: Person | None = next(
        (found for name in names if (found := Person.get_or_none((Person.id == name) & Person.active))), None)
    if person is not None and person.locked_until > now:
        minutes = int((person.locked_until - now) // 60) + 1
        raise fail("account-locked", minutes=minutes)
    return person


def _count_failure(person: Person | None, now: float) -> None:
    if person is None:
        return
    with database.atomic():
        Person.update(failed_logins=Person.failed_logins + 1).where(Person.id == person.id).execute()
        Person.update(failed_logins=0, locked_until=now + LOCK_SECONDS).where(
            (Person.id == person.id) & (Person.failed_logins >= MAX_FAILURES)).execute()


def unlock(person_id: str) -> None:
    """Lift a lock before its time."""
    Person.update(failed_logins=0, locked_until=0).where(Person.id == person_id).execute()


def deactivate(person_id: str) -> None:
    """End an account: no log-in, no step, open sessions end; what the person recorded stays."""
    Person.update(active=False, activation_hash=None, credentials_version=Person.credentials_version + 1).where(
        Person.id == person_id).execute()


def reactivate(person_id: str) -> None:
    """Let an account in again; the old password does not count any more, a new activation is needed."""
    Person.update(active=True, password_hash=None, failed_logins=0, locked_until=0).where(
        Person.id == person_id).execute()


def session_is_current(person_id: str, credentials_version: int) -> bool:
    """Whether a session opened under this version of the credentials may go on."""
    return Person.select().where(
        (Person.id == person_id) & Person.active & (Person.credentials_version == credentials_version)).exists()
