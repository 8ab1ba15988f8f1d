"""Reverse analysis: what disputes say about how organs govern, and the rates of the sub-platform."""
