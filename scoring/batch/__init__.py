"""The batch evaluator: whole procedures judged in columns, equal to the reference verdict by verdict."""
