"""Single values of a step: what fits its field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.ledger.values import Unfit, fit
from core.rulebook.model import Field, FieldType
from core.text import Text


@pytest.mark.parametrize(("value", "code"), [(-1, "event-field-below"), (0, ""), (9, ""), (10, "event-field-above")])
def test_a_number_stays_within_what_the_procedure_allows(value: int, code: str) -> None:
    field = Field("copies", Text("份数"), FieldType.INT, least=Decimal(0), most=Decimal(9))
    if not code:
        assert fit(value, field) == value
        return
    with pytest.raises(Unfit) as refused:
        fit(value, field)
    assert refused.value.code == code
