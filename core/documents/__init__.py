"""Documents (文书) that the platform writes from what was recorded: templates, numbers, PDF and DOCX."""
