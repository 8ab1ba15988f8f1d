"""YAML rule sets as shipped: national and regional base; no Python lives here."""
