"""A role ends on the page of the person who holds it, and counts no more from that day on."""

from __future__ import annotations

from core.database import database
from core.organs.models import RoleGrant
from tests.web.conftest import LogIn
from tests.web.world import World


def test_an_administrator_ends_a_role_and_the_grant_stays_on_record(world: World, log_in: LogIn) -> None:
    admin = log_in("admin")
    with database.connection_context():
        before = RoleGrant.select().where(RoleGrant.person == "regional").count()
    assert "终止岗位" in admin.get("/people/regional").text
    end = {"role": "supervisor", "organ": "just-r"}
    assert admin.post("/people/regional/roles/end", data=end).status_code == 302
    assert "终止岗位" not in admin.get("/people/regional").text
    with database.connection_context():
        assert RoleGrant.select().where(RoleGrant.person == "regional").count() == before
    assert log_in("regional").get("/ranking").status_code == 403


def test_nobody_ends_a_role_of_his_own_or_one_that_is_not_held(log_in: LogIn) -> None:
    admin = log_in("admin")
    assert admin.post("/people/admin/roles/end", data={"role": "admin", "organ": "just-r"}).status_code == 409
    assert admin.post("/people/regional/roles/end", data={"role": "auditor", "organ": "just-r"}).status_code == 422
