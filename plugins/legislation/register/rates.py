"""报备率、及时率、规范率: what was published against what was filed, in time and complete, organ by organ, live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from peewee import JOIN, Case, fn

from plugins.legislation.register.models import Document
from scoring.models import VerdictRow

IN_TIME = ("legislation.document/filed-30-days", "legislation.rule/filed-30-days")
"""Rules on the period of filing, of documents and of government rules."""


@dataclass(frozen=True, slots=True)
class Rates:
    """The documents that an organ published in a year.

    Attributes:
        timely: filed within the period that the rule in force gave.
        regular: filed with material that met the requirements at registration.
        registered: filings whose material was looked at; the base of regularity.
        unlawful: reviewed with the demand to correct; ``corrected``: of these, those whose correction was verified.
    """

    issued: int = 0
    filed: int = 0
    timely: int = 0
    registered: int = 0
    regular: int = 0
    reviewed: int = 0
    unlawful: int = 0
    corrected: int = 0

    def __add__(self, other: Rates) -> Rates:
        return Rates(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


def rates(year: int, organs: Any) -> Mapping[str, Rates]:
    """Rates by organ of the documents published in a year (late filings of earlier years count there).

    Args:
        organs: a select of organ ids that the reader may look at.
    """
    demanded = Document.conclusion.in_(("correct", "annul"))
    query: Any = (
        Document.select(
            Document.organ, fn.COUNT(Document.case), _sum(Document.filed.is_null(False)),
            _sum(VerdictRow.state == "fulfilled"), _sum(Document.registered.is_null(False)),
            _sum(Document.complete == True), _sum(Document.reviewed.is_null(False)),  # noqa: E712
            _sum(demanded), _sum(demanded & (Document.corrected == True)))  # noqa: E712
        .join(VerdictRow, JOIN.LEFT_OUTER, on=((VerdictRow.case == Document.case) & (VerdictRow.rule.in_(IN_TIME))))
        .where(Document.organ.in_(organs) & Document.published.between(f"{year}-01-01", f"{year}-12-31"))
        .group_by(Document.organ).tuples())
    return {organ: Rates(*(int(count or 0) for count in counts)) for organ, *counts in query}


def years(organs: Any) -> list[int]:
    """Years in which any of the organs published a document, the latest first."""
    query: Any = Document.select(fn.SUBSTR(Document.published, 1, 4)).where(
        Document.organ.in_(organs) & Document.published.is_null(False)).distinct().tuples()
    return sorted((int(year) for (year,) in query), reverse=True)


def unfiled(year: int, organs: Any) -> Any:
    """Documents published in a year and not filed (查漏补缺), the oldest first."""
    return Document.select().where(
        Document.organ.in_(organs) & Document.published.between(f"{year}-01-01", f"{year}-12-31")
        & Document.filed.is_null()).order_by(Document.published, Document.case)


def _sum(condition: Any) -> Any:
    return fn.SUM(Case(None, [(condition, 1)], 0))
