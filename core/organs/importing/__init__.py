"""Organs and people from spreadsheets: all rows or none, and every wrong cell named with a way out."""
