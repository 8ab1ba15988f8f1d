"""YAML rule sets: strict loading, typed bundles, overlays, activation."""
