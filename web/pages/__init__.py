"""The platform's own pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint


def blueprints() -> Sequence[Blueprint]:
    """Every blueprint of the platform, without those of plugins."""
    from web.pages import (
        activation,
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
        rule_files,
        rules,
        sealing,
        search,
        session,
        steps,
        workbench,
    )

    modules = (session, pulse, workbench, cases, steps, materials, findings, receipts, publication, sealing, ranking,
               rules, activation, rule_files, audit, plugins, organs, people, imports, search)
    return [module.pages for module in modules]
