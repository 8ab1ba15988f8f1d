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
        deadlines,
        documents,
        draws,
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
        statistics,
        steps,
        systems,
        workbench,
    )

    modules = (session, pulse, workbench, cases, steps, documents, materials, findings, receipts, publication, sealing,
               ranking, statistics, rules, deadlines, activation, rule_files, audit, draws, plugins, organs, people,
               systems, imports, search)
    return [module.pages for module in modules]
