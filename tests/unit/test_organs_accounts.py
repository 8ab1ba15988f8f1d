"""Accounts: activation, log-in, lock, deactivation; roles with dates."""

from datetime import date

import pytest
from organs_kit import TODAY, found_the_region, someone

from core.database import connect, database
from core.errors import FazhiError
from core.organs import accounts
from core.organs.authority import actor_of, organs_of
from core.organs.grants import end_role, grant_role
from core.organs.models import MODELS, Person
from core.organs.vocabulary import Role

GOOD = "Grassland-2026"


@pytest.fixture(autouse=True)
def _region():
    connect("sqlite:///:memory:")
    with database.connection_context():
        database.create_tables(MODELS)
        found_the_region()
        someone("a-police", Role.CASE_HANDLER, account="li")
        yield


def refused(code: str):
    return pytest.raises(FazhiError, match=rf"\[{code}\]")


def test_an_account_without_password_lets_nobody_in():
    for password in ("", "li", GOOD):
        with refused("login-refused"):
            accounts.log_in("li", password, now=0)


def test_a_code_activates_once_and_only_in_time():
    code = accounts.issue_activation("li", now=0)
    with refused("activation-refused"):
        accounts.activate("li", code, GOOD, now=accounts.ACTIVATION_SECONDS + 1)
    accounts.activate("li", code, GOOD, now=60)
    assert accounts.log_in("li", GOOD, now=61).id == "li"
    assert accounts.log_in(" LI ", GOOD, now=61).id == "li"
    with refused("activation-refused"):
        accounts.activate("li", code, GOOD + "x", now=62)


def test_the_code_and_the_password_are_kept_as_argon2id_only():
    code = accounts.issue_activation("li", now=0)
    row = Person.get_by_id("li")
    assert row.activation_hash.startswith("$argon2id$")
    assert code not in row.activation_hash
    accounts.activate("li", code, GOOD, now=1)
    assert Person.get_by_id("li").password_hash.startswith("$argon2id$")


@pytest.mark.parametrize("weak", ["short-1", "onlyletterslower", "1234567890123", "Li-li-li-li", "x" * 200 + "1"])
def test_weak_passwords_are_refused(weak):
    with refused("password-too-weak"):
        accounts.set_password("li", weak)


def test_five_failures_lock_the_account_for_a_quarter_of_an_hour_even_for_its_owner():
    accounts.set_password("li", GOOD)
    for _ in range(accounts.MAX_FAILURES):
        with refused("login-refused"):
            accounts.log_in("li", "wrong-wrong-1", now=100)
    with refused("account-locked"):
        accounts.log_in("li", GOOD, now=101)
    assert accounts.log_in("li", GOOD, now=100 + accounts.LOCK_SECONDS).id == "li"


def test_an_administrator_lifts_a_lock():
    accounts.set_password("li", GOOD)
    Person.update(locked_until=10_000).execute()
    accounts.unlock("li")
    assert accounts.log_in("li", GOOD, now=1).failed_logins == 0


def test_unknown_and_known_accounts_are_refused_with_the_same_words():
    words = []
    for account in ("li", "nobody"):
        with pytest.raises(FazhiError) as caught:
            accounts.log_in(account, "wrong-wrong-1", now=0)
        words.append(caught.value.render("zh"))
    assert words[0] == words[1]


def test_changing_the_password_asks_for_the_old_one_and_ends_open_sessions():
    accounts.set_password("li", GOOD)
    version = Person.get_by_id("li").credentials_version
    with refused("login-refused"):
        accounts.change_password("li", "wrong-wrong-1", "Steppe-2026-x", now=0)
    assert accounts.session_is_current("li", version)
    accounts.change_password("li", GOOD, "Steppe-2026-x", now=0)
    assert not accounts.session_is_current("li", version)
    assert accounts.log_in("li", "Steppe-2026-x", now=0).id == "li"


def test_a_deactivated_person_neither_logs_in_nor_acts_and_comes_back_without_the_old_password():
    accounts.set_password("li", GOOD)
    version = Person.get_by_id("li").credentials_version
    accounts.deactivate("li")
    assert not accounts.session_is_current("li", version)
    with refused("login-refused"):
        accounts.log_in("li", GOOD, now=0)
    with refused("person-inactive"):
        actor_of("li", on=TODAY)
    accounts.reactivate("li")
    with refused("login-refused"):
        accounts.log_in("li", GOOD, now=0)


def test_a_role_counts_on_its_days_only():
    grant_role("li", Role.OFFICE_HEAD, "a-police", by="root", valid_from=date(2026, 3, 1), valid_to=date(2026, 3, 31))
    for day, counts in ((date(2026, 2, 28), False), (date(2026, 3, 1), True), (date(2026, 3, 31), True),
                        (date(2026, 4, 1), False)):
        assert ("office_head" in actor_of("li", on=day).roles) is counts


def test_an_ended_role_counts_no_more_today_and_stays_on_record():
    assert end_role("li", Role.CASE_HANDLER, "a-police", today=TODAY) == 1
    assert actor_of("li", on=TODAY).roles == frozenset()
    assert actor_of("li", on=date(2026, 3, 1)).roles == {"case_handler"}


def test_a_person_acts_for_one_organ_at_a_time_with_the_roles_held_there():
    grant_role("li", Role.LEGAL_REVIEWER, "a-justice", by="root")
    assert organs_of("li", on=TODAY) == ("a-police", "a-justice")
    assert actor_of("li", on=TODAY).roles == {"case_handler"}
    assert actor_of("li", "a-justice", on=TODAY).roles == {"legal_reviewer"}


def test_nobody_grants_himself_a_role():
    with refused("grant-to-oneself"):
        grant_role("li", Role.ADMIN, "a-police", by="li")


def test_supervisors_sit_in_justice_departments():
    with refused("supervisor-outside-justice"):
        grant_role("li", Role.SUPERVISOR, "a-police", by="root")
