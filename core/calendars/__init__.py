"""Working days, legal periods and dated holiday calendars."""
