"""Web: pages, command line and the composition root."""
