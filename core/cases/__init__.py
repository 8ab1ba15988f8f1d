"""The case as it stands: what the events of one matter amount to."""
