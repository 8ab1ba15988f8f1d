"""The engine: one meaning, a reference that defines it, and a live evaluator on durable-rules."""
