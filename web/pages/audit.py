"""Check of the ledger: chains, signed root and materials, run by a person and answered on the page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from core.ledger.models import CaseRow, EventRow, MerkleRoot
from core.ledger.verify import verify
from core.organs.authority import Action
from web.kit.access import page_required
from web.kit.render import instance, render_page

pages = Blueprint("audit", __name__)
ROOTS_SHOWN = 15


@pages.get("/audit", endpoint="index")
@page_required(Action.VERIFY_LEDGER)
def index() -> str:
    """What there is to check, and the signed roots."""
    return _page(None)


@pages.post("/audit/verify", endpoint="run")
@page_required(Action.VERIFY_LEDGER)
def run() -> str:
    """Check every chain against the newest signed root."""
    served = instance()
    folder = served.settings.roots_dir
    return _page(verify(folder=folder if folder.is_dir() else None, material_intact=served.materials.intact))


def _page(report: Any) -> str:
    roots = list(MerkleRoot.select().order_by(MerkleRoot.number.desc()).limit(ROOTS_SHOWN))
    return render_page("pages/audit.html", str(_("存证校验")), report=report, roots=roots,
                       cases=CaseRow.select().count(), events=EventRow.select().count(),
                       page_lead=str(_("每个事项的记录逐条相链，每日汇总成根并签名导出；任何改动、调换、插入、删除都能定位。")))
