"""Issuing documents with the step that they belong to, and showing them before; one way for every sub-platform."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.cases.case import Case, Step
from core.documents.compose import Composer, Letterhead
from core.documents.content import Content
from core.documents.models import IssuedDocument
from core.documents.numbering import likely_number, take_number
from core.documents.pdf import PdfRenderer
from core.documents.pictures import signature_picture
from core.documents.template import DocumentTemplate
from core.errors import fail
from core.ledger.event import Event, MaterialRef, Value
from core.ledger.intake import Issue
from core.materials.store import MaterialStore
from core.rulebook.bundle import Bundle
from core.rulebook.model import MaterialRequirement
from core.rulebook.store import BundleStore

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
SECRET_LENGTH = 8
PREVIEW = "预览"


@dataclass(frozen=True, slots=True)
class Paper:
    """A document on its way out, as a certifier sees it.

    Attributes:
        title, number: as printed.
        organ: code of the issuing organ.
        actor: account of the person who records the step.
        case_id: the case.
        keys: the folder of the instance's keys.
    """

    title: str
    number: str
    organ: str
    actor: str
    case_id: str
    keys: Path


@dataclass(frozen=True, slots=True)
class Certified:
    """A certified document: the PDF with its signature, and who signed."""

    pdf: bytes
    signed_by: str


Certify = Callable[[bytes, Paper], Certified | None]


@dataclass(frozen=True, slots=True)
class Issuer:
    """Writes documents.

    Attributes:
        bundles: the rules, with the templates.
        materials: where documents are kept.
        key: from which codes are derived; without it nobody can guess one.
        address: the public address of a code; empty where the platform has none.
        keys: folder of the instance's keys, for certifiers.
        certify: asked for a certified signature; None from it: the document stays unsigned.
    """

    bundles: BundleStore
    materials: MaterialStore
    key: Callable[[], bytes]
    address: Callable[[str], str]
    certify: Certify
    keys: Path
    renderer: PdfRenderer = field(default_factory=PdfRenderer)

    def issue(self, case: Case, event: Event, wanted: Sequence[str], bundle: str) -> Issue:
        """Write the documents of a step, inside the transaction that records it.

        Args:
            case: folded with the step, which stands in it as ``event``.
            wanted: materials of the step that shall be written.

        Raises:
            FazhiError: ``document-not-offered``, ``document-fact-missing`` and those of setting.
        """
        rules, step = self.bundles.get(bundle), _step_of(case, event)
        refs: list[MaterialRef] = []
        facts: dict[str, Value] = {}
        rows: list[dict[str, Any]] = []
        for name in wanted:
            requirement, template = offered(rules, case, step, name)
            number = self._number(template, step, take_number)
            if template.number:
                facts[template.number.field] = number
            content = self._content(rules, template, case, step, number, issued=requirement)
            pdf = self.renderer.render(content)
            paper = Paper(template.title.zh, number, event.organ, event.actor, case.head.id, self.keys)
            certified = self.certify(pdf, paper) or Certified(pdf, "")
            stored = self.materials.store(io.BytesIO(certified.pdf), file_name(template, number, "pdf"))
            refs.append(stored.answers(requirement.id))
            rows.append({"document": template.id, "material": requirement.id, "number": number,
                         "title": template.title.zh, "issued_on": step.date, "sha256": stored.sha256,
                         "code": content.code or None, "secret": content.secret, "address": content.address,
                         "signed_by": certified.signed_by})
        return Issue(tuple(refs), facts, lambda recorded: _register(rows, recorded))

    def preview(self, case: Case, event: Event, name: str) -> bytes:
        """A document as it would be, marked 预览, with blanks for what is not known; takes no number."""
        rules, step = self.bundles.current(), _step_of(case, event)
        _, template = offered(rules, case, step, name)
        number = self._number(template, step, likely_number)
        return self.renderer.render(self._content(rules, template, case, step, number, lenient=True, mark=PREVIEW))

    def again(self, row: Any, case: Case, event: Event) -> Content:
        """What an issued document says, from the recorded facts; personal values that were sealed are blank."""
        rules = self.bundles.get(event.bundle)
        template = rules.document_templates.get(str(row.document))
        if template is None:
            raise fail("document-not-offered", name=str(row.document))
        content = self._content(rules, template, case, _step_of(case, event), str(row.number), lenient=True)
        return replace(content, code=row.code or "", secret=row.secret, address=row.address)

    def _content(self, rules: Bundle, template: DocumentTemplate, case: Case, step: Step, number: str, *,
                 lenient: bool = False, mark: str = "", issued: MaterialRequirement | None = None) -> Content:
        letterhead = Letterhead.of(step.event.organ, case.head.region)
        composer = Composer(template, case, step, rules.calendar(case.head.region), letterhead, number, lenient)
        code = secret = address = ""
        if issued is not None and template.audience == "party":
            seed = f"{case.head.id}|{step.event.seq}|{template.id}|{issued.id}|{number}"
            code, secret = self._derived("code", seed)[:22], spelled(self._digest("secret", seed))
            address = self.address(code)
            if not address:  # no page answers: a code on paper would lead nowhere
                code = secret = ""
        content = composer.content(code=code, secret=secret, address=address, mark=mark)
        pictures = {hand.picture: signature_picture(self.materials.path(hand.picture), hand.title)
                    for hand in content.hands if hand.picture and self.materials.knows(hand.picture)}
        return replace(content, pictures=pictures, hands=tuple(
            hand if hand.picture in pictures else replace(hand, picture="") for hand in content.hands))

    def _number(self, template: DocumentTemplate, step: Step, count: Callable[[str, str, str, str, int], str]) -> str:
        if template.number is None:
            return ""
        if typed := step.event.payload.get(template.number.field):
            return str(typed)
        organ = Letterhead.of(step.event.organ, "")
        return count(template.number.format, template.id, step.event.organ, organ.organ_short, step.date.year)

    def _digest(self, use: str, seed: str) -> bytes:
        return hmac.new(self.key(), f"document|{use}|{seed}".encode(), hashlib.sha256).digest()

    def _derived(self, use: str, seed: str) -> str:
        return base64.urlsafe_b64encode(self._digest(use, seed)).decode()


def offered(rules: Bundle, case: Case, step: Step, name: str) -> tuple[MaterialRequirement, DocumentTemplate]:
    """A material of a step that the platform can write, with its template.

    Raises:
        FazhiError: ``document-not-offered``.
    """
    event_type = case.procedure.events.get(step.type)
    for requirement in event_type.materials if event_type else ():
        template = rules.document_templates.get(requirement.document or "")
        if requirement.id == name and template is not None:
            return requirement, template
    raise fail("document-not-offered", name=name)


def spelled(digest: bytes) -> str:
    """A digest as a short code that people type: no letters that look like others."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:SECRET_LENGTH])


def file_name(template: DocumentTemplate, number: str, extension: str) -> str:
    """The name under which a document is kept and downloaded."""
    name = f"{template.title.zh}（{number}）" if number else template.title.zh
    return "".join("＿" if character in '\\/:*?"<>|' else character for character in name)[:120] + f".{extension}"


def _step_of(case: Case, event: Event) -> Step:
    found = next((step for step in case.steps if step.event is event or (event.id and step.event.id == event.id)), None)
    if found is None:
        raise fail("document-not-offered", name=event.type)
    return found


def _register(rows: Sequence[Mapping[str, Any]], recorded: Event) -> None:
    for row in rows:
        IssuedDocument.insert(id=uuid.uuid4().hex, case_id=recorded.case_id, event_id=recorded.id,
                              organ=recorded.organ, issued_at=recorded.recorded_at, **row).execute()
