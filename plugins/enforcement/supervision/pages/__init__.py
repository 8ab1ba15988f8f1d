"""Pages of the supervisor and of the bodies that are supervised."""
