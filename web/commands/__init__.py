"""Commands of ``fazhi``, one module a subject."""
