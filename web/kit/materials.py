"""Files of a form on their way into the material store, piece by piece, never whole in memory."""

from __future__ import annotations

from collections.abc import Set

from flask import request

from core.errors import FazhiError
from core.ledger.event import MaterialRef
from core.rulebook.model import EventType
from web.kit.language import language
from web.kit.render import instance
from web.kit.step_form import MATERIAL_PREFIX, StepForm
from web.kit.uploads import KEPT, kept_materials, sent_files


def store_materials(event_type: EventType, account: str, form: StepForm,
                    only: Set[str] | None = None) -> tuple[MaterialRef, ...]:
    """Store every file that was sent; a refused one gets its message at its input.

    Files of an earlier try, which failed for another reason, are taken over by their signed notes.

    Args:
        only: materials to look at; None looks at all.
    """
    wanted = {requirement.id for requirement in event_type.materials if only is None or requirement.id in only}
    found = [one for one in kept_materials(request.form.getlist(KEPT), account) if one.requirement in wanted]
    for requirement in event_type.materials:
        if requirement.id not in wanted:
            continue
        name = MATERIAL_PREFIX + requirement.id
        for file in sent_files(name):
            try:
                stored = instance().materials.store(file.stream, file.filename or "")
            except FazhiError as refused:
                for problem in refused.problems:
                    form.wrong(name, f"{problem.message(language())} {problem.fix(language())}".strip())
                continue
            found.append(stored.answers(requirement.id))
    return tuple({(one.requirement, one.sha256): one for one in found}.values())
