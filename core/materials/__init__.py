"""Files by their content: stored once, never changed, named by hash."""
