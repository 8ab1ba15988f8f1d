"""Plugins: found by entry point, loaded one by one, quarantined when broken."""
