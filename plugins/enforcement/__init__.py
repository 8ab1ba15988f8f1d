"""The sub-platform of administrative enforcement supervision."""
