"""Working days and periods of law."""

from core.calendars.calendar import Calendar, CalendarYear, close_of
from core.calendars.counting import CountedDay, Counting, explain

__all__ = ["Calendar", "CalendarYear", "CountedDay", "Counting", "close_of", "explain"]
