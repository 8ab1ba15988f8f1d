"""Tables of regions, organs, people and their roles."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    DoubleField,
    ForeignKeyField,
    IntegerField,
    TextField,
)

from core.database import BaseModel


class Region(BaseModel):
    """An administrative region by its GB/T 2260 code (townships: nine digits, GB/T 10114)."""

    code = CharField(max_length=9, primary_key=True)
    name = CharField()
    english = CharField(default="")
    level = CharField(max_length=12, index=True)
    kind = CharField(max_length=24, default="")
    parent = ForeignKeyField("self", null=True, backref="children", on_delete="RESTRICT")
    note = TextField(default="")

    class Meta:
        table_name = "region"


class RegionAlias(BaseModel):
    """A code that data sets use although it is no administrative region (development zones)."""

    code = CharField(max_length=12, primary_key=True)
    name = CharField()
    within = ForeignKeyField(Region, backref="aliases", on_delete="RESTRICT")
    within_id: str
    note = TextField(default="")

    class Meta:
        table_name = "region_alias"


class Organ(BaseModel):
    """An organ: 块 through region and ``government``, 条 through ``upper_department``.

    Attributes:
        id: unified social credit code (GB 32100), or the region's own code where there is none.
        level: the organ's own level; below its region's level for bodies without a region (a zone committee).
        kind: an ``OrganKind``.
        government: the government or dispatched office that it belongs to.
        upper_department: the department above it in its line.
    """

    id = CharField(max_length=32, primary_key=True)
    name = CharField(index=True)
    short_name = CharField(default="")
    region = ForeignKeyField(Region, backref="organs", on_delete="RESTRICT")
    level = CharField(max_length=12, index=True)
    kind = CharField(max_length=24, index=True)
    # An import may name organs in any order: the references are checked when the transaction ends.
    government = ForeignKeyField("self", null=True, backref="governed", on_delete="RESTRICT",
                                 deferrable="INITIALLY DEFERRED")
    upper_department = ForeignKeyField("self", null=True, backref="lower_departments", on_delete="RESTRICT",
                                       deferrable="INITIALLY DEFERRED")
    region_id: str
    government_id: str | None
    upper_department_id: str | None
    active = BooleanField(default=True)

    class Meta:
        table_name = "organ"


class Person(BaseModel):
    """A person with an account.

    Attributes:
        id: the account name.
        password_hash: argon2id; None until the account is activated.
        organ: the organ that employs the person.
        locked_until: epoch seconds; log-in is refused before.
        activation_hash: argon2id of the one-time code that lets the person choose a password.
        credentials_version: grows whenever open sessions of the person must end.
    """

    id = CharField(max_length=64, primary_key=True)
    name = CharField(index=True)
    organ = ForeignKeyField(Organ, backref="people", on_delete="RESTRICT")
    organ_id: str
    title = CharField(default="")
    phone = CharField(default="")
    certificate = CharField(default="")
    active = BooleanField(default=True)
    password_hash = CharField(null=True)
    activation_hash = CharField(null=True)
    activation_until = DoubleField(default=0)
    failed_logins = IntegerField(default=0)
    locked_until = DoubleField(default=0)
    credentials_version = IntegerField(default=1)

    class Meta:
        table_name = "person"


class RoleGrant(BaseModel):
    """A role that a person holds in an organ on the days from ``valid_from`` to ``valid_to``, both included.

    Attributes:
        procedures: ``*``, or procedures that the role is limited to, separated by blanks
            (``enforcement.* legislation.filing``).
        granted_by: who is answerable for the grant.
    """

    person = ForeignKeyField(Person, backref="grants", on_delete="CASCADE")
    role = CharField(max_length=32)
    organ = ForeignKeyField(Organ, backref="grants", on_delete="RESTRICT")
    person_id: str
    organ_id: str
    procedures = CharField(default="*")
    valid_from = DateField(null=True)
    valid_to = DateField(null=True)
    granted_by = CharField(max_length=64, default="")

    class Meta:
        table_name = "role_grant"
        indexes = ((("person", "organ", "role"), False),)


class CaseParticipant(BaseModel):
    """An organ that a case's steps name beside the organ that owns the case; rebuilt from the steps.

    The case is named without a foreign key: the ledger's tables are not this folder's to know.
    """

    id = AutoField()
    case_id = CharField(max_length=64)
    organ_id = CharField(max_length=32, index=True)

    class Meta:
        table_name = "case_participant"
        indexes = ((("case_id", "organ_id"), True),)


MODELS = (Region, RegionAlias, Organ, Person, RoleGrant, CaseParticipant)
