"""The four lists from their files."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from core.discretion.lists import Condition, Item, ListOfActs
from core.language.environment import Environment
from core.language.expression import Expression
from core.rulebook.build.context import Lookup, Problems, Site
from core.rulebook.build.expressions import compile_condition
from core.rulebook.build.periods import Filled
from core.rulebook.kinds.base import dates_of
from core.rulebook.kinds.lists import ListConditionSpec, ListDocument, ListItemSpec
from core.rulebook.stretches import overlap
from core.text import Text


def build_list(document: ListDocument, site: Site, environments: Mapping[str, Environment],
               tables: Mapping[str, Text], problems: Problems) -> ListOfActs:
    """The typed list; what is wrong with it goes to ``problems``.

    Args:
        environments: of the procedures in which the list is looked at, as far as they exist.
        tables: titles of all discretion tables.
    """
    own = {name: environments[name] for name in document.procedures if name in environments}
    conditions = {name: _condition(name, spec, own, site / "conditions" / name, problems)
                  for name, spec in document.conditions.items()}
    names = Lookup(problems, "list-condition", {name: each.title for name, each in document.conditions.items()})
    known_tables = Lookup(problems, "list-table", tables)
    seen: set[str] = set()
    items = [_item(spec, site / "items" / index, document, (names, known_tables), seen, problems)
             for index, spec in enumerate(document.items)]
    used = {name for item in items for name in item.conditions}
    _unused(conditions.keys() - used, site, problems)
    return ListOfActs(document.id, document.title, document.list_kind, document.procedures, conditions, tuple(items),
                      document.source, document.region or "", dates_of(document.valid))


def _condition(name: str, spec: ListConditionSpec, environments: Mapping[str, Environment], site: Site,
               problems: Problems) -> Condition:
    tests: dict[str, Expression] = {}
    for procedure, environment in environments.items():
        compiled = compile_condition(spec.cel, environment.with_steps({}), site / "cel", Filled({}, {}, problems))
        if compiled is not None:
            tests[procedure] = compiled
    return Condition(name, spec.title, tests)


def _item(spec: ListItemSpec, site: Site, document: ListDocument, lookups: tuple[Lookup, Lookup], seen: set[str],
          problems: Problems) -> Item:
    names, tables = lookups
    if spec.id in seen:
        problems.add("id-repeated", (site / "id").at, id=spec.id)
    seen.add(spec.id)
    if not (spec.all_of or spec.any_of):
        problems.add("list-item-unconditional", site.at, id=spec.id)
    clash = set(spec.exclude) & {*spec.all_of, *spec.any_of}
    if clash:
        problems.add("list-item-contradicts", (site / "exclude").at, id=spec.id, name="、".join(sorted(clash)))
    valid = overlap(dates_of(spec.valid), dates_of(document.valid))
    if valid is None:
        problems.add("valid-outside", (site / "valid").at)
    return Item(spec.id, spec.violation, names.all(spec.all_of, site / "all_of"),
                names.all(spec.any_of, site / "any_of"), names.all(spec.exclude, site / "exclude"),
                tables.all(spec.tables, site / "tables"), spec.education,
                tuple(each.citation() for each in spec.legal_basis), valid or dates_of(document.valid))


def _unused(names: Collection[str], site: Site, problems: Problems) -> None:
    for name in sorted(names):
        problems.add("list-condition-unused", (site / "conditions" / name).key, warning=True, name=name)
