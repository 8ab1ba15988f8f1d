"""``/api/v1``: other systems record steps and read what came of them, each with a key of its own."""
