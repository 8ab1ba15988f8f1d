"""The platform's own pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint


def blueprints() -> Sequence[Blueprint]:
    """Every blueprint of the platform, without those of plugins."""
    from web.pages import (
        audit,
        cases,
        findings,
        imports,
        materials,
        organs,
        people,
        plugins,
        publication,
        pulse,
        ranking,
        receipts,
        rules,
        sealing,
        search,
        session,
        steps,
        workbench,
    )

    modules = (session, pulse, workbench, cases, steps, materials, findings, receipts, publication, sealing, ranking,
               rules, audit, plugins, organs, people, imports, search)
    return [module.pages for module in modules]
