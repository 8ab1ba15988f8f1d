"""Event logs of other systems: CSV and XES, read row by row, recorded whole or not at all."""
