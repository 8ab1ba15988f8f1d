"""Tables of the library: laws, their editions, the articles of each, and what could not be read."""

from __future__ import annotations

from peewee import (
    AutoField,
    BooleanField,
    CharField,
    DateField,
    ForeignKeyField,
    IntegerField,
    SmallIntegerField,
    TextField,
)

from core.database import BaseModel, json_field
from core.instants import InstantField


class Law(BaseModel):
    """A law under one name, whatever its editions.

    Attributes:
        key: the title as search compares it; stands in addresses of pages.
        level: a ``LawLevel``.
        amendment: the text changes another one (修正案, 关于修改…的决定).
        subject: the branch of law under which it was filed, or empty.
        maker: who made it, for documents of the region; empty for national texts.
        cited: how many other laws name it.
        repealed_by: key of the law whose text repeals it, or empty.
        repealed_on: when; None where that text does not state its commencement.
    """

    key = CharField(max_length=200, primary_key=True)
    title = CharField(max_length=300)
    level = CharField(max_length=20, index=True)
    amendment = BooleanField(default=False)
    subject = CharField(max_length=100, default="")
    maker = CharField(max_length=200, default="")
    cited = IntegerField(default=0)
    repealed_by = CharField(max_length=200, default="")
    repealed_on = DateField(null=True)

    class Meta:
        table_name = "plg_legislation_law"


class Edition(BaseModel):
    """One text of a law.

    Attributes:
        slug: the date passed, as pages' addresses write it; ``undated`` where nothing tells it.
        passed: passed or amended.
        in_force: commencement as the text states it; None is unknown, never a guess.
        until: last day of a document's own period of validity; None has no end of its own.
        latest: no later edition is in the library.
        number: document number of a document of the region.
        sources: names of the files with their SHA-256, ``[name, hash]`` each.
        digest: hash over all of these; an import that finds it again does nothing.
        reader: version of the reader that made the articles.
        rank: order among candidates of a search, best first.
    """

    id = AutoField()
    law_id: str
    law = ForeignKeyField(Law, backref="editions", on_delete="CASCADE")
    slug = CharField(max_length=20)
    passed = DateField(null=True, index=True)
    in_force = DateField(null=True)
    until = DateField(null=True)
    latest = BooleanField(default=True)
    number = CharField(max_length=100, default="")
    history = json_field(default=list)
    sources = json_field(default=list)
    digest = CharField(max_length=64)
    reader = SmallIntegerField()
    articles = IntegerField(default=0)
    rank = IntegerField(default=0)
    imported_at = InstantField()

    class Meta:
        table_name = "plg_legislation_edition"
        indexes = ((("law", "slug"), True),)


class Article(BaseModel):
    """An article, or another part of a text that can be cited or found by itself.

    Attributes:
        place: order in the text, from 1.
        label: 第五十八条, 一, 序言, 附件一.
        anchor: where it stands on the page of its edition; stable.
        kind: a ``PartKind``.
        headings: the headings above it, outermost first.
        text: a line for each paragraph, item and sub-item.
        units: the text as search sees it, blanks between units.
        rank: that of its edition.
    """

    id = AutoField()
    edition_id: int
    edition = ForeignKeyField(Edition, backref="parts", on_delete="CASCADE", index=False)
    place = IntegerField()
    label = CharField(max_length=60)
    anchor = CharField(max_length=60)
    kind = CharField(max_length=10)
    number = IntegerField(default=0)
    branch = IntegerField(default=0)
    headings = json_field(default=list)
    text = TextField()
    units = TextField()
    rank = IntegerField(default=0)

    class Meta:
        table_name = "plg_legislation_article"
        indexes = ((("edition", "place"), True), (("edition", "number"), False))


class Refusal(BaseModel):
    """A file that the last import of its folder could not take, and why."""

    name = CharField(max_length=400, primary_key=True)
    code = CharField(max_length=60)
    details = json_field(default=dict)
    at = InstantField()

    class Meta:
        table_name = "plg_legislation_refusal"


class Upload(BaseModel):
    """Texts that somebody sent for the library.

    Attributes:
        phase: ``checking``, ``checked``, ``storing``, ``stored``, ``discarded``, ``failed``.
        total, done: editions to be read in this phase, and how many were.
    """

    id = CharField(max_length=32, primary_key=True)
    person = CharField(max_length=64)
    at = InstantField()
    phase = CharField(max_length=12, default="checking")
    total = IntegerField(default=0)
    done = IntegerField(default=0)

    class Meta:
        table_name = "plg_legislation_upload"


class UploadedFile(BaseModel):
    """One file of an upload and what becomes of it.

    Attributes:
        outcome: ``new``, ``renewed`` (replaces the text that is there), ``same`` or ``refused``.
        code, details: of a refusal.
        law, slug, title: of the edition that it is read as.
        articles: parts of that edition.
    """

    id = AutoField()
    upload = CharField(max_length=32, index=True)
    name = CharField(max_length=400)
    outcome = CharField(max_length=10)
    code = CharField(max_length=60, default="")
    details = json_field(default=dict)
    law = CharField(max_length=200, default="")
    title = CharField(max_length=300, default="")
    slug = CharField(max_length=20, default="")
    level = CharField(max_length=20, default="")
    articles = IntegerField(default=0)

    class Meta:
        table_name = "plg_legislation_uploaded_file"


class Ending(BaseModel):
    """How a document of the region lost force other than by its own validity.

    Attributes:
        law: key of the document; one that is made anew under the same name is another edition.
        kind: ``repealed`` or ``expired``.
        on: first day on which it does not count.
        replaced_by: number of the document that took its place, as its maker wrote it.
    """

    id = AutoField()
    law = CharField(max_length=200, index=True)
    slug = CharField(max_length=20)
    kind = CharField(max_length=10)
    on = DateField()
    replaced_by = CharField(max_length=200, default="")

    class Meta:
        table_name = "plg_legislation_ending"
